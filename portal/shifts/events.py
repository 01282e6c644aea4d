"""Shifts as calendar events, as neutral as their programs ask for (CALENDARS 6, SECURITY P2, P10)."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import and_, bindparam, func, or_, select
from sqlalchemy.orm import Session, aliased

from portal.ical import Happening
from portal.occasions.outside import (
    CANCELED_SINCE,
    calendar_of,
    happening,
    shown,
    site_of,
    title_of,
)
from portal.programs.models import Position, Program, Site
from portal.reads import rows
from portal.settings import Settings
from portal.shifts.lines import VOLUNTEER
from portal.shifts.models import Shift, Signup, SignupState, Slot
from portal.words import in_language

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
    Shift.title, Shift.canceled_at, Shift.canceled_reason, Shift.sequence, Shift.revised_at,
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
        Signup.id,
        Signup.state,
        Signup.person_id,
        Signup.since,
        Signup.ended_at,
        Signup.reason,
        Signup.cant_at,
        Signup.cant_reason,
        Signup.coming_asked_at,
        Signup.coming_at,
        Signup.regular_id,
        *_SHIFT,
        _ended_before.label("ended_before"),
        _last_ended.label("last_ended"),
    )
    .join(Shift, Shift.id == Signup.shift_id)
    .join(Slot, Slot.id == Signup.slot_id)
)
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
        *shown(Shift.starts_at, Shift.ends_at),
        or_(
            and_(Signup.state == SignupState.SIGNED_UP, Shift.canceled_at.is_(None)),
            and_(
                Signup.state == SignupState.CANCELED,
                Shift.canceled_at > CANCELED_SINCE,
            ),
        ),
    )
    .order_by(Shift.starts_at, Signup.id)
    .limit(2000)
)


def what_of(row: Any, language: str) -> str:
    """What a shift is called outside the portal: its title or role; the label of a sensitive program."""
    role = in_language(language, row.position, row.position_translations, "name")
    return title_of(row, language, VOLUNTEER, row.title or role)


def happening_of(
    row: Any, settings: Settings, language: str, *, canceled: bool = False
) -> Happening:
    """A signup as a calendar event."""
    name, path = f"shift-{row.shift_id}", f"/shifts/{row.shift_id}"
    title = what_of(row, language)
    return happening(row, settings, name, title, site_of(row), path, canceled=canceled)


def feed_of(
    db: Session, person_id: int, settings: Settings, language: str, at: datetime
) -> Sequence[Happening]:
    """A person's shifts as events: those they have, and for a while those that were canceled."""
    found: dict[int, Happening] = {}
    for row in rows(db, _FEED, calendar_of(person_id, at)):
        found[row.shift_id] = happening_of(row, settings, language)
    return list(found.values())
