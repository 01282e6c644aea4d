"""A person's own coming shifts, and the next that are short of people."""

from datetime import datetime

from sqlalchemy import and_, bindparam, or_, select
from sqlalchemy.orm import Session

from portal import clock
from portal.reads import rows
from portal.shifts.lines import LINES, ShiftLine, lines_of
from portal.shifts.models import Shift, Signup, SignupState, Slot
from portal.shifts.viewer_scope import EVERYWHERE, STAFF_OF, Insight, reach
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


_GAPS = (
    LINES.where(
        Shift.id.in_(
            select(Slot.shift_id)
            .join(Shift, Shift.id == Slot.shift_id)
            .where(
                Shift.starts_at > bindparam("at"),
                Shift.starts_at < bindparam("last"),
                Shift.canceled_at.is_(None),
                Slot.filled < Slot.minimum,
                or_(EVERYWHERE, STAFF_OF),
            )
            .order_by(Shift.starts_at, Shift.id)
            .limit(bindparam("size"))
        )
    )
).order_by(Shift.starts_at, Shift.id, Slot.id)


def coming_gaps(db: Session, insight: Insight, at: datetime, size: int) -> list[ShiftLine]:
    """The next shifts of the coming two weeks that are short of people, in one's programs."""
    parameters = reach(insight) | {"at": at, "last": at + 14 * clock.ONE_DAY, "size": size}
    parameters.pop("inside")
    return lines_of(rows(db, _GAPS, parameters), insight)
