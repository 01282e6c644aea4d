"""Shifts as calendar events, as neutral as their programs ask for (CALENDARS 6, SECURITY P2, P10)."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import and_, bindparam, func, or_, select
from sqlalchemy.orm import Session, aliased

from portal.db import rows
from portal.ical import Happening
from portal.programs.models import Position, Program, Site, Visibility
from portal.settings import Settings
from portal.shifts.lines import VOLUNTEER
from portal.shifts.models import Shift, Signup, SignupState, Slot
from portal.web.words import CATALOGS, in_language

BACK, AHEAD, SHOWN_CANCELLED = timedelta(days=60), timedelta(days=365), timedelta(days=30)

_earlier = aliased(Signup)
_ended_before = (
    select(func.count())
    .where(
        _earlier.shift_id == Signup.shift_id,
        _earlier.person_id == Signup.person_id,
        _earlier.state != SignupState.SIGNED_UP,
    )
    .scalar_subquery()
)
_last_ended = (
    select(func.max(_earlier.ended_at))
    .where(_earlier.shift_id == Signup.shift_id, _earlier.person_id == Signup.person_id)
    .scalar_subquery()
)
_SHIFT = (
    Shift.id.label("shift_id"), Shift.program_id, Shift.starts_at, Shift.ends_at, Shift.zone,
    Shift.title, Shift.called_off_at, Shift.called_off_reason, Shift.sequence, Shift.revised_at,
    Program.name.label("program"), Program.public_label, Program.visibility,
    Program.translations.label("program_translations"), Program.contact_name, Program.contact_phone,
    Position.name.label("position"), Position.translations.label("position_translations"),
    Site.name.label("site"), Site.address, Site.confidential,
)  # fmt: skip


def _with_place(statement: Any) -> Any:
    return (
        statement.join(Position, Position.id == Slot.position_id)
        .join(Program, Program.id == Shift.program_id)
        .outerjoin(Site, Site.id == Shift.site_id)
    )


ABOUT = _with_place(
    select(
        Signup.id, Signup.state, Signup.person_id, Signup.since, Signup.ended_at, Signup.reason,
        Signup.cant_at, Signup.cant_reason, Signup.regular_id, *_SHIFT,
        _ended_before.label("ended_before"), _last_ended.label("last_ended"),
    )
    .join(Shift, Shift.id == Signup.shift_id)
    .join(Slot, Slot.id == Signup.slot_id)
)  # fmt: skip
"""A signup with its shift, as messages and calendars need it."""

OF_SLOT = _with_place(
    select(Slot.filled, Slot.held, Slot.maximum, *_SHIFT)
    .select_from(Slot)
    .join(Shift, Shift.id == Slot.shift_id)
)
"""A slot with its shift, for those who are not on it."""

_FEED = (
    ABOUT.where(
        Signup.person_id == bindparam("person_id"),
        Shift.ends_at > bindparam("first"),
        Shift.starts_at < bindparam("last"),
        or_(
            and_(Signup.state == SignupState.SIGNED_UP, Shift.called_off_at.is_(None)),
            and_(
                Signup.state == SignupState.CALLED_OFF,
                Shift.called_off_at > bindparam("cancelled_since"),
            ),
        ),
    )
    .order_by(Shift.starts_at, Signup.id)
    .limit(2000)
)


def what_of(row: Any, language: str) -> str:
    """What a shift is called outside the portal: its title or role; the label of a sensitive program."""
    own = row.program_translations
    if row.visibility != Visibility.PUBLIC:
        label = in_language(language, row.public_label, own, "public_label")
        return f"{CATALOGS[language].say(VOLUNTEER)}, {label}"
    return row.title or in_language(language, row.position, row.position_translations, "name")


def place_of(row: Any) -> str:
    """Where a shift is, where that may leave the portal; else nothing."""
    if row.confidential or row.visibility != Visibility.PUBLIC or not row.site:
        return ""
    return ", ".join(filter(None, (row.site, row.address)))


def happening_of(
    row: Any, settings: Settings, language: str, *, cancelled: bool = False
) -> Happening:
    """A signup as a calendar event. Whoever signs up again has a later one than was withdrawn."""
    private = row.confidential or row.visibility != Visibility.PUBLIC
    moments = (row.revised_at, row.since, row.last_ended)
    return Happening(
        uid=f"shift-{row.shift_id}@{settings.host}",
        sequence=row.sequence + row.ended_before,
        revised_at=max(one for one in moments if one),
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        summary=what_of(row, language),
        location=place_of(row),
        description=""
        if private
        else " · ".join(filter(None, (row.program, row.contact_name, row.contact_phone))),
        url=f"{settings.base_url.rstrip('/')}/shifts/{row.shift_id}",
        cancelled=cancelled or row.called_off_at is not None,
    )


def feed_of(
    db: Session, person_id: int, settings: Settings, language: str, at: datetime
) -> Sequence[Happening]:
    """A person's shifts as events: those they have, 60 days back and 365 ahead, and for 30 days those
    that were called off (CALENDARS 7, 8)."""
    parameters = {
        "person_id": person_id,
        "first": at - BACK,
        "last": at + AHEAD,
        "cancelled_since": at - SHOWN_CANCELLED,
    }
    found: dict[int, Happening] = {}
    for row in rows(db, _FEED, parameters):
        found[row.shift_id] = happening_of(row, settings, language)
    return list(found.values())
