"""A person's own coming shifts, and the next that are short of people."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import and_, bindparam, select
from sqlalchemy.orm import Session

from portal import clock
from portal.permissions import Viewer
from portal.programs.models import Position
from portal.reads import read, rows
from portal.shifts.gaps import coming, short_slots
from portal.shifts.lines import LINES, ShiftLine, lines_of
from portal.shifts.models import Shift, Signup, SignupState, Slot
from portal.shifts.viewer_scope import Insight, reach
from portal.web.paging import PAGE_SIZE

_MINE = (
    LINES.join(Signup, and_(Signup.shift_id == Shift.id, Signup.slot_id == Slot.id))
    .where(
        Signup.person_id == bindparam("person_id"),
        Signup.state == SignupState.SIGNED_UP,
        Shift.ends_at > bindparam("at"),
        Shift.starts_at < bindparam("until"),
    )
    .order_by(Shift.starts_at, Shift.id)
    .limit(bindparam("size"))
)


def my_shifts(
    db: Session,
    person_id: int,
    insight: Insight,
    at: datetime,
    size: int = PAGE_SIZE,
    until: datetime | None = None,
) -> list[ShiftLine]:
    """A person's shifts that end after a moment, soonest first. Each has the one slot they are on."""
    until = until or clock.END_OF_TIME
    parameters = reach(insight) | {"person_id": person_id, "at": at, "size": size, "until": until}
    parameters.pop("inside")
    return lines_of(rows(db, _MINE, parameters), insight)


def coming_gaps(
    db: Session, viewer: Viewer, insight: Insight, at: datetime, zone: str, size: int
) -> list[ShiftLine]:
    """The next few of the unfilled shifts that Home counts."""
    short = short_slots(viewer, coming(at, zone)).with_only_columns(Slot.shift_id)
    soonest = short.order_by(Shift.starts_at, Shift.id).limit(size)
    found = LINES.where(Shift.id.in_(soonest)).order_by(Shift.starts_at, Shift.id, Slot.id)
    parameters = reach(insight)
    parameters.pop("inside")
    return lines_of(rows(db, found, parameters), insight)


class ComingShift(NamedTuple):
    """A coming shift of a person."""

    id: int
    starts_at: datetime
    ends_at: datetime
    zone: str
    title: str
    position: str
    position_translations: Mapping[str, Any]


def coming_of(
    db: Session, person_id: int, at: datetime, programs: Any, size: int = 50
) -> Sequence[ComingShift]:
    """A person's coming shifts in some programs, for the people who run those."""
    return read(
        db,
        ComingShift,
        select(
            Shift.id,
            Shift.starts_at,
            Shift.ends_at,
            Shift.zone,
            Shift.title,
            Position.name.label("position"),
            Position.translations.label("position_translations"),
        )
        .join(Signup, Signup.shift_id == Shift.id)
        .join(Slot, Slot.id == Signup.slot_id)
        .join(Position, Position.id == Slot.position_id)
        .where(
            Signup.person_id == person_id,
            Signup.state == SignupState.SIGNED_UP,
            Shift.ends_at > at,
            programs,
        )
        .order_by(Shift.starts_at, Shift.id)
        .limit(size),
    )
