"""A poster for an open event, with a short link and its QR code."""

from typing import Any

from sqlalchemy.orm import Session

from portal import clock
from portal.guests.events import title_of
from portal.guests.models import OpenEvent
from portal.programs.models import Site
from portal.recruitment.posters import POSTER, contact_of
from portal.settings import Settings
from portal.words import CATALOGS, in_language, text


def short_link(settings: Settings, event_id: int, source: str = POSTER) -> str:
    """The address that a poster says: it leads to the event and remembers where it was read."""
    return f"{settings.base_url.rstrip('/')}/e/{event_id}/{source}"


def event_poster(
    db: Session, row: OpenEvent, settings: Settings, language: str, this_year: int
) -> dict[str, Any]:
    """What the poster says in a language; nothing but what the public page says."""
    say, shift = CATALOGS[language].say, row.shift
    site = db.get(Site, shift.site_id) if shift.site_id else None
    when = clock.span_text(shift.starts_at, shift.ends_at, shift.zone, language, this_year)
    where = in_language(language, site.name, site.translations, "name") if site else ""
    return {
        "title": title_of(db, row, language),
        "language": language,
        "agency": settings.agency_name,
        "summary": say(text("Come and help! Everyone 18 or older is welcome.")),
        "facts": [one for one in (when, where) if one],
        **contact_of(short_link(settings, row.id), settings, say, EVENT),
    }


EVENT = text("Sign up online, no account needed:")
