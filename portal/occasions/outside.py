"""What of an occasion may leave the portal, in messages and calendars (CALENDARS 6, SECURITY P2, P10).

A row has the `visibility`, `public_label` and `program_translations` of its program (None without one), and
`site`, `address` and `confidential` of its place. What outsiders may not read is cut here, for every domain.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import BindParameter, ColumnElement, bindparam

from portal.ical import Happening
from portal.programs.models import Visibility
from portal.settings import Settings
from portal.words import CATALOGS, Words, in_language, text

BACK, AHEAD, SHOWN_CANCELED = timedelta(days=60), timedelta(days=365), timedelta(days=30)
"""How far a person's calendar shows, and how long what was canceled stays in it (CALENDARS 7, 8)."""

ONLINE = text("Online, see the link in the portal")
IN_PORTAL = text("See the location in the portal")
CANCELED_SINCE: BindParameter[Any] = bindparam("cancelled_since")


def is_private(row: Any) -> bool:
    """Whether a row's program goes by its label outside the portal."""
    return row.visibility is not None and row.visibility != Visibility.PUBLIC


def title_of(row: Any, language: str, kind: Words, own: str) -> str:
    """What something is called outside the portal: its `own` title; the kind of thing and the label of a
    sensitive program."""
    if not is_private(row):
        return own
    label = in_language(language, row.public_label, row.program_translations, "public_label")
    return f"{CATALOGS[language].say(kind)}, {label}"


def site_of(row: Any) -> str:
    """A site's name and address, where they may leave the portal; else nothing."""
    if row.confidential or is_private(row) or not row.site:
        return ""
    return ", ".join(filter(None, (row.site, row.address)))


def happening(
    row: Any,
    settings: Settings,
    name: str,
    title: str,
    place: str,
    path: str,
    *,
    canceled: bool = False,
) -> Happening:
    """Someone's part in an occasion as a calendar event. Whoever comes back to it gets a later one than was
    withdrawn (RFC 5545, SEQUENCE)."""
    private = row.confidential or is_private(row)
    contact = (row.program, row.contact_name, row.contact_phone)
    moments = (row.revised_at, row.since, row.last_ended)
    return Happening(
        uid=f"{name}@{settings.host}",
        sequence=row.sequence + row.ended_before,
        revised_at=max(one for one in moments if one),
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        summary=title,
        location=place,
        description="" if private else " · ".join(filter(None, contact)),
        url=settings.base_url.rstrip("/") + path,
        canceled=canceled or row.canceled_at is not None,
    )


def shown(starts_at: Any, ends_at: Any) -> tuple[ColumnElement[bool], ...]:
    """Inside a query for a person's calendar: whether it shows something with these columns."""
    return ends_at > bindparam("first"), starts_at < bindparam("last")


def calendar_of(person_id: int, at: datetime) -> Mapping[str, Any]:
    """The parameters of such a query."""
    return {
        "person_id": person_id,
        "first": at - BACK,
        "last": at + AHEAD,
        "cancelled_since": at - SHOWN_CANCELED,
    }
