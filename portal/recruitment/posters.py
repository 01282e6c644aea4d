"""A poster for an opportunity: one page to print, with a short link and its QR code, in each language."""

import io
import re
from collections.abc import Callable
from typing import Any

import segno

from portal.recruitment.models import Opportunity
from portal.settings import Settings
from portal.words import CATALOGS, Words, in_language, text

POSTER = "poster"
"""The mark with which someone comes by a poster."""
SOURCES = (POSTER, "flyer", "email", "social", "web")
"""The marks that a link may carry, so that it is counted who applied by it."""


_TALK = re.compile(r"talk[1-9][0-9]{0,8}", re.ASCII)


def talk_source(talk_id: int) -> str:
    """The mark with which someone comes by the poster of a presentation."""
    return f"talk{talk_id}"


def known_source(value: str | None) -> str:
    """A mark that a link may carry; "" for anything else."""
    found = value or ""
    return found if found in SOURCES or _TALK.fullmatch(found) else ""


def talk_poster(link: str, settings: Settings, language: str) -> dict[str, Any]:
    """What the poster of a presentation says: that one may help, and where."""
    say = CATALOGS[language].say
    return {
        "title": say(text("Volunteer with us")),
        "language": language,
        "agency": settings.agency_name,
        "summary": say(text("Thank you for listening! See how you can help.")),
        "facts": [],
        **contact_of(link, settings, say),
    }


APPLY = text("Apply online, no account needed:")


def contact_of(
    link: str, settings: Settings, say: Callable[[Words], str], how: Words = APPLY
) -> dict[str, str]:
    """The end of a poster: what to do online, with the link and its QR code, and whom to call."""
    return {
        "apply": say(how),
        "link": link.partition("://")[2],
        "alt": say(text("QR code for %(link)s", link=link)),
        "qr": qr_code(link),
        "call": say(text("Or call %(phone)s", phone=settings.agency_phone))
        if settings.agency_phone
        else "",
    }


def short_link(settings: Settings, opportunity_id: int, source: str = POSTER) -> str:
    """The address that a poster says: it leads to the opportunity and remembers where it was read."""
    return f"{settings.base_url.rstrip('/')}/o/{opportunity_id}/{source}"


def qr_code(link: str) -> str:
    """A QR code of a link as an SVG picture. It reads although a quarter of it is damaged."""
    found = io.BytesIO()
    segno.make(link, error="q", micro=False).save(found, kind="svg", scale=10, border=2)
    return found.getvalue().decode()


def poster(row: Opportunity, settings: Settings, language: str) -> dict[str, Any]:
    """What a poster says in a language; nothing but what the public page says."""
    say = CATALOGS[language].say

    def written(name: str) -> str:
        return in_language(language, getattr(row, name), row.translations, name)

    link = short_link(settings, row.id)
    facts = [written("commitment"), written("schedule"), say(ONLINE) if row.online else row.area]
    return {
        "title": written("title"),
        "language": language,
        "agency": settings.agency_name,
        "summary": written("summary") or written("description")[:300],
        "facts": [fact for fact in facts if fact],
        **contact_of(link, settings, say),
    }


ONLINE = text("Online")
