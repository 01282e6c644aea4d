"""The sums of attendance that agencies report."""

from collections.abc import Sequence
from functools import partial
from typing import Any, NamedTuple

from sqlalchemy import and_, func, literal, select
from sqlalchemy.orm import Session

from portal import clock
from portal.domain import Figure
from portal.periods import Asked, By
from portal.permissions import Permission, Viewer
from portal.programs.scopes import in_viewers_programs
from portal.programs.totals import Line, labels, lines_of, paid_by, place, work_of
from portal.shifts.models import CAME, Attendance, Shift, Signup, SignupState, Slot
from portal.words import text


class AttendanceNumbers(NamedTuple):
    """How many shifts and spots there were, and who came of those signed up."""

    shifts: int
    minimum: int
    maximum: int
    filled: int
    came: int
    no_shows: int
    excused: int
    unmarked: int


def attendance(
    db: Session, viewer: Viewer, asked: Asked, zone: str
) -> list[Line[AttendanceNumbers]]:
    """How full shifts were and who came, in the viewer's programs: spots needed, spots, people on them,
    came, no-shows, excused, and those whom no one marked."""
    keys = {
        By.PROGRAM: Shift.program_id,
        By.POSITION: Slot.position_id,
        By.SITE: Shift.site_id,
        By.FUNDING: paid_by(
            labels(db, viewer, asked),
            Shift.program_id,
            Slot.position_id,
            Shift.starts_at,
            partial(clock.start_of_day, zone_name=zone),
        ),
        By.PERSON: Signup.person_id,
        By.WORK: work_of(Signup.person_id),
    }
    found = _rosters(viewer, asked, zone, keys[asked.by])
    numbers = (
        func.count(found.c.shift_id.distinct()).label("shifts"),
        *(
            func.coalesce(func.sum(found.c[name]), 0).label(name)
            for name in ("minimum", "maximum", "filled", *_MARKS)
        ),
    )
    return lines_of(db, asked, found, AttendanceNumbers, numbers)


_OF_PEOPLE = (By.PERSON, By.WORK)
_MARKS = ("came", "no_shows", "excused", "unmarked")
_SPOTS = (Slot.minimum, Slot.maximum, Slot.filled)
_ONE_SPOT = (
    literal(0).label("minimum"), literal(0).label("maximum"), literal(1).label("filled")
)  # fmt: skip
"""A person's own spot; how many there were says nothing of them."""


def _rosters(viewer: Viewer, asked: Asked, zone: str, key: Any) -> Any:
    """The slots of a span, or each person's, with how many came; a line for each."""
    day_starts = [clock.start_of_day(one.first, zone) for one in asked.periods[1:]]
    spots: Sequence[Any] = _ONE_SPOT if asked.by in _OF_PEOPLE else _SPOTS
    marked = {
        "came": Signup.attendance.in_(CAME),
        "no_shows": Signup.attendance == Attendance.NO_SHOW,
        "excused": Signup.attendance == Attendance.EXCUSED,
        "unmarked": and_(Signup.id.is_not(None), Signup.attendance.is_(None)),
    }
    return (
        select(
            place(Shift.starts_at, day_starts).label("period"),
            key.label("key"),
            Shift.id.label("shift_id"),
            *spots,
            *(func.count().filter(marked[name]).label(name) for name in _MARKS),
        )
        .select_from(Shift)
        .join(Slot, Slot.shift_id == Shift.id)
        .join(
            Signup,
            and_(Signup.slot_id == Slot.id, Signup.state == SignupState.SIGNED_UP),
            isouter=asked.by not in _OF_PEOPLE,
        )
        .where(
            in_viewers_programs(Shift.program_id, viewer, Permission.REPORTS_READ),
            Shift.starts_at >= clock.start_of_day(asked.first, zone),
            Shift.starts_at < clock.start_of_day(asked.last + clock.ONE_DAY, zone),
            Shift.canceled_at.is_(None),
            Slot.maximum > 0,
        )
        .group_by(Shift.id, Slot.id, *([Signup.person_id] if asked.by in _OF_PEOPLE else []))
        .subquery()
    )


COLUMNS = {
    "shifts": text("Shifts"),
    "minimum": text("Spots needed"),
    "maximum": text("Spots"),
    "filled": text("Filled"),
    "came": text("Attended"),
    "no_shows": text("No-show"),
    "excused": text("Excused"),
    "unmarked": text("Not recorded"),
}
ATTENDANCE = Figure(
    "attendance",
    "reports/attendance.html",
    COLUMNS,
    attendance,
)
