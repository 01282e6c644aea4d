"""Opening sign-up for many shifts at one moment, so that everyone has the same chance."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import func, select
from sqlalchemy.orm import Session, selectinload

from portal import clock
from portal.act import Act
from portal.audit.log import record
from portal.images import watch
from portal.permissions import Permission, Viewer
from portal.programs.models import Program
from portal.programs.scopes import in_viewers_programs
from portal.reads import read
from portal.shifts.models import Shift, Slot
from portal.shifts.undoable import SHIFTS
from portal.web.errors import Refused, unless_seen
from portal.words import text

MOST = 700
LONGEST = timedelta(days=366)


@dataclass(frozen=True)
class Opening:
    """A shift whose sign-up opens at the new moment, and when it opened `before` (None: it is open now). One
    that closes too `early` for that stays as it is."""

    shift_id: int
    heading: str
    starts_at: datetime
    ends_at: datetime
    zone: str
    before: datetime | None
    early: bool


def set_opening(
    act: Act, program: Program, days: tuple[date, date], opens_at: datetime, zone: str, seen: str
) -> int:
    """Have sign-up for a program's shifts on some days open at one moment; gives for how many. Whoever is
    signed up stays. Raises Preview unless the list was `seen`."""
    first, last = days
    if not first <= last <= first + LONGEST:
        raise Refused(
            fields={"last": text("Enter a last day on or after the first, within one year.")}
        )
    if opens_at <= act.at:
        raise Refused(fields={"opens_on": text("Enter a time that is still ahead.")})
    shifts = _coming(act.db, program.id, days, zone, act.at)
    if len(shifts) > MOST:
        raise Refused(fields={"last": text("That's too many shifts at once. Choose fewer days.")})
    found = [
        Opening(
            one.id, one.heading, one.starts_at, one.ends_at, one.zone,
            one.opens_at if one.opens_at and one.opens_at > act.at else None,
            one.closes_at <= opens_at,
        )
        for one in shifts
    ]  # fmt: skip
    if all(one.early for one in found):
        raise Refused(text("No shift on these days opens for sign-up after that."))
    unless_seen(found, seen)
    late = {one.shift_id for one in found if not one.early}
    watch(act, SHIFTS, sorted(late))
    for shift in shifts:
        if shift.id in late:
            shift.opens_at = opens_at
            record(act, "shift.opening", shift)
    act.db.flush()
    return len(late)


def _coming(
    db: Session, program_id: int, days: tuple[date, date], zone: str, at: datetime
) -> Sequence[Shift]:
    first, last = days
    return db.scalars(
        select(Shift)
        .where(
            Shift.program_id == program_id,
            Shift.starts_at > at,
            Shift.starts_at >= clock.start_of_day(first, zone),
            Shift.starts_at < clock.start_of_day(last + clock.ONE_DAY, zone),
            Shift.canceled_at.is_(None),
        )
        .order_by(Shift.starts_at, Shift.id)
        .options(selectinload(Shift.slots).joinedload(Slot.position))
        .limit(MOST + 1)
    ).all()


class SetOpening(NamedTuple):
    """Shifts of a program that open for sign-up at one moment: how many, when the first and the last begin."""

    program: str
    translations: Mapping[str, Any]
    opens_at: datetime
    number: int
    first: datetime
    last: datetime


def set_openings(db: Session, viewer: Viewer, at: datetime) -> Sequence[SetOpening]:
    """What opens later in a coordinator's programs, the soonest first."""
    rows = (
        select(
            Program.name.label("program"),
            Program.translations,
            Shift.opens_at,
            func.count().label("number"),
            func.min(Shift.starts_at).label("first"),
            func.max(Shift.starts_at).label("last"),
        )
        .join(Program, Program.id == Shift.program_id)
        .where(
            in_viewers_programs(Shift.program_id, viewer, Permission.SHIFTS_MANAGE),
            Shift.opens_at > at,
            Shift.starts_at > at,
            Shift.canceled_at.is_(None),
        )
        .group_by(Program.id, Program.name, Program.translations, Shift.opens_at)
        .order_by(Shift.opens_at, Program.name)
        .limit(50)
    )
    return read(db, SetOpening, rows)
