"""Copying a week: the same shifts, some weeks later, without the people, or with them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import NamedTuple

from sqlalchemy import select, true
from sqlalchemy.orm import Session, selectinload

from portal import clock
from portal.act import Act
from portal.audit.log import record
from portal.images import watch
from portal.people.models import Person
from portal.permissions import Permission, Viewer
from portal.programs.closures import closures_between
from portal.programs.models import Program
from portal.programs.scopes import in_viewers_programs
from portal.reads import read
from portal.savepoints import savepoint, tried
from portal.shifts import asks
from portal.shifts.companions import lock_with_companions
from portal.shifts.models import Shift, Signup, SignupState, Slot
from portal.shifts.shift_slots import new_slot, wishes_of
from portal.shifts.shifts import limits_at
from portal.shifts.signups import sign_up
from portal.shifts.undoable import SHIFTS
from portal.shifts.week import week_bounds
from portal.web.errors import Refused, unless_seen
from portal.words import text

MOST = 700
MOST_PEOPLE = 300
"""So many spots are asked for or carried along at once."""


class With(StrEnum):
    """What becomes of the people who were on the shifts."""

    NO_ONE = "no"
    ASKED = "ask"
    CARRIED = "carry"


class Copied(NamedTuple):
    """What a copy made: so many shifts, so many asked or signed up, and who can't come then, by name."""

    shifts: int
    people: int
    left: Sequence[str]


class On(NamedTuple):
    """Someone on a shift that is copied."""

    shift_id: int
    position_id: int
    person_id: int
    name: str


@dataclass(frozen=True)
class Copy:
    """A shift to copy, when it will be, who was on it, and why not if it won't be: closed, or there already."""

    shift_id: int
    title: str
    starts_at: datetime
    ends_at: datetime
    zone: str
    closed: str = ""
    there: bool = False
    people: tuple[str, ...] = ()

    @property
    def wanted(self) -> bool:
        return not self.closed and not self.there


def copy_week(
    act: Act,
    first_day: date,
    to: date,
    zone: str,
    seen: str,
    people: With = With.NO_ONE,
    program_id: int | None = None,
) -> Copied:
    """Copy a week's shifts of one's programs, or of one of them, to another week; their people are asked or
    signed up, where they can come. Raises Preview unless the list was `seen`. One that is already there is not
    written twice."""
    if to <= first_day or clock.start_of_day(to + 7 * clock.ONE_DAY, zone) <= act.at:
        raise Refused(fields={"to": text("Select a later week that isn't over.")})
    found = shifts_of_week(act.db, act.by, first_day, zone, program_id)
    copies = _copies(act, found, to - first_day, to, zone)
    if not copies:
        raise Refused(text("That week has no shifts to copy."))
    wanted = [copy for copy in copies if copy.wanted]
    on = [] if people == With.NO_ONE else _people_on(act.db, [copy.shift_id for copy in wanted])
    if len(on) > MOST_PEOPLE:
        raise Refused(text("That's too many people at once. Copy the week without them."))
    copies = [replace(copy, people=_names(on, copy)) for copy in copies]
    unless_seen(copies, seen)
    by_id = {shift.id: shift for shift in found}
    made = [_copied(by_id[copy.shift_id], copy) for copy in wanted]
    act.db.add_all(made)
    act.db.flush()
    watch(act, SHIFTS, [shift.id for shift in made], new=True)
    for shift in made:
        record(act, "shift.added", shift)
    of = {copy.shift_id: shift for copy, shift in zip(wanted, made, strict=True)}
    return Copied(len(made), *_bring(act, on, of, people))


def _people_on(db: Session, shift_ids: Sequence[int]) -> Sequence[On]:
    """Who is on some shifts and can make it, in the order in which they signed up."""
    rows = (
        select(Signup.shift_id, Slot.position_id, Signup.person_id, Person.name)
        .join(Slot, Slot.id == Signup.slot_id)
        .join(Person, Person.id == Signup.person_id)
        .where(
            Signup.shift_id.in_(shift_ids),
            Signup.state == SignupState.SIGNED_UP,
            Signup.cant_at.is_(None),
            Signup.trainee.is_(False),
        )
        .order_by(Signup.since, Signup.id)
        .limit(MOST_PEOPLE + 1)
    )
    return read(db, On, rows)


def _names(on: Sequence[On], copy: Copy) -> tuple[str, ...]:
    return tuple(one.name for one in on if one.shift_id == copy.shift_id)


def _bring(
    act: Act, on: Sequence[On], of: Mapping[int, Shift], people: With
) -> tuple[int, Sequence[str]]:
    """Ask or sign up who was on the shifts, for their copies; gives how many, and who can't come."""
    lock_with_companions(act.db, *{one.person_id for one in on})
    able: dict[int, list[int]] = {}
    left = set()
    for one in on:
        shift = of[one.shift_id]
        slot = next((each for each in shift.slots if each.position_id == one.position_id), None)
        if slot is None or not _comes(act, one, shift.id, slot.id, people):
            left.add(one.name)
            continue
        able.setdefault(slot.id, []).append(one.person_id)
    if people == With.ASKED and able:
        slots = {slot.id: slot for shift in of.values() for slot in shift.slots}
        asks.ask_all(
            act,
            [
                asks.Wanted(
                    number, slots[number].shift_id, slots[number].shift.program_id, tuple(ids)
                )
                for number, ids in able.items()
            ],
        )
    return sum(len(ids) for ids in able.values()), sorted(left)


def _comes(act: Act, one: On, shift_id: int, slot_id: int, people: With) -> bool:
    """Whether someone can come to a copy; whoever is carried along is signed up."""
    part = tried if people == With.ASKED else savepoint
    try:
        with part(act.db):
            sign_up(act, one.person_id, shift_id, slot_id=slot_id, staff=True)
    except Refused:
        return False
    return True


def shifts_of_week(
    db: Session, by: Viewer, first_day: date, zone: str, program_id: int | None = None
) -> Sequence[Shift]:
    """The shifts of a week in a viewer's programs, or in one of them, that take place."""
    bounds = week_bounds(first_day, zone)
    one = true() if program_id is None else Shift.program_id == program_id
    return db.scalars(
        select(Shift)
        .join(Program, Program.id == Shift.program_id)
        .where(
            in_viewers_programs(Shift.program_id, by, Permission.SHIFTS_MANAGE),
            Program.closed_at.is_(None),
            Shift.starts_at >= bounds["week_first"],
            Shift.starts_at < bounds["week_last"],
            Shift.canceled_at.is_(None),
            one,
        )
        .order_by(Shift.starts_at, Shift.id)
        .options(selectinload(Shift.slots).joinedload(Slot.position))
        .limit(MOST)
    ).all()


def _copies(act: Act, found: Sequence[Shift], later: timedelta, to: date, zone: str) -> list[Copy]:
    closures = closures_between(act.db, to, to + 7 * clock.ONE_DAY)
    there = {_mark(shift, shift.starts_at) for shift in shifts_of_week(act.db, act.by, to, zone)}
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
