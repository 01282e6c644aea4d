"""Copying a week: the same shifts, some weeks later, without the people."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from portal import clock
from portal.act import Act
from portal.audit.log import record
from portal.images import watch
from portal.permissions import Permission, Viewer
from portal.programs.closures import closures_between
from portal.programs.models import Program
from portal.programs.scopes import in_viewers_programs
from portal.shifts.models import Shift, Slot
from portal.shifts.shift_slots import new_slot, wishes_of
from portal.shifts.shifts import limits_at
from portal.shifts.undoable import SHIFTS
from portal.shifts.week import week_bounds
from portal.web.errors import Refused, unless_seen
from portal.words import text

MOST = 700


@dataclass(frozen=True)
class Copy:
    """A shift to copy, when it will be, and why not if it will not be: closed, or there already."""

    shift_id: int
    title: str
    starts_at: datetime
    ends_at: datetime
    zone: str
    closed: str = ""
    there: bool = False

    @property
    def wanted(self) -> bool:
        return not self.closed and not self.there


def copy_week(act: Act, first_day: date, to: date, zone: str, seen: str) -> int:
    """Copy a week's shifts of one's programs to another week; gives how many. Raises Preview unless
    the list was `seen`. One that is there already is not written twice."""
    if to <= first_day or clock.start_of_day(to + 7 * clock.ONE_DAY, zone) <= act.at:
        raise Refused(fields={"to": text("Select a later week that isn't over.")})
    found = _shifts(act.db, act.by, first_day, zone)
    copies = _copies(act, found, to - first_day, to, zone)
    if not copies:
        raise Refused(text("That week has no shifts to copy."))
    unless_seen(copies, seen)
    by_id = {shift.id: shift for shift in found}
    made = [_copied(by_id[copy.shift_id], copy) for copy in copies if copy.wanted]
    act.db.add_all(made)
    act.db.flush()
    watch(act, SHIFTS, [shift.id for shift in made], new=True)
    for shift in made:
        record(act, "shift.added", shift)
    return len(made)


def _shifts(db: Session, by: Viewer, first_day: date, zone: str) -> Sequence[Shift]:
    bounds = week_bounds(first_day, zone)
    return db.scalars(
        select(Shift)
        .join(Program, Program.id == Shift.program_id)
        .where(
            in_viewers_programs(Shift.program_id, by, Permission.SHIFTS_MANAGE),
            Program.closed_at.is_(None),
            Shift.starts_at >= bounds["week_first"],
            Shift.starts_at < bounds["week_last"],
            Shift.canceled_at.is_(None),
        )
        .order_by(Shift.starts_at, Shift.id)
        .options(selectinload(Shift.slots).joinedload(Slot.position))
        .limit(MOST)
    ).all()


def _copies(act: Act, found: Sequence[Shift], later: timedelta, to: date, zone: str) -> list[Copy]:
    closures = closures_between(act.db, to, to + 7 * clock.ONE_DAY)
    there = {_mark(shift, shift.starts_at) for shift in _shifts(act.db, act.by, to, zone)}
    copies = []
    for shift in found:
        first, last = (clock.to_local(one, shift.zone) for one in (shift.starts_at, shift.ends_at))
        day = first.date() + later
        starts_at = clock.as_calendars_do(day, first.time(), shift.zone)
        ends_at = clock.as_calendars_do(last.date() + later, last.time(), shift.zone)
        if starts_at <= act.at or ends_at <= starts_at:
            continue
        where = shift.site_id, shift.program_id, (first.time(), last.time())
        closed = next((one.reason for one in closures if one.covers(day, *where)), "")
        copies.append(
            Copy(
                shift.id,
                shift.heading,
                starts_at,
                ends_at,
                shift.zone,
                closed,
                _mark(shift, starts_at) in there,
            )
        )
    return copies


def _mark(shift: Shift, starts_at: datetime) -> tuple[object, ...]:
    """What makes two shifts the same: program, place, title, start and roles."""
    roles = frozenset(slot.position_id for slot in shift.wanted_slots)
    return shift.program_id, shift.site_id, shift.title, starts_at, roles


def _copied(shift: Shift, copy: Copy) -> Shift:
    made = Shift(
        program_id=shift.program_id,
        site_id=shift.site_id,
        title=shift.title,
        note=shift.note,
        zone=shift.zone,
        adults=shift.adults,
        starts_at=copy.starts_at,
        ends_at=copy.ends_at,
        **limits_at(shift, copy.starts_at),
    )
    still_open = [slot for slot in shift.slots if slot.position.closed_at is None]
    made.slots = [new_slot(wish) for wish in wishes_of(still_open)]
    return made
