"""Regular volunteers: taking a pattern's shifts again and again, being away, stopping.

Each date is an ordinary signup, by the ordinary rules. What pressing would do is shown date by
date first (see Preview); the worker goes on when the pattern has written more dates.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from portal import clock
from portal.audit.log import record
from portal.commitments.commitments import lock_people
from portal.permissions import COMMAND_LINE, Viewer
from portal.shifts import signups, waiting
from portal.shifts.facts import Facts, facts_of_all
from portal.shifts.models import (
    Absence,
    Pattern,
    Regular,
    Shift,
    Signup,
    SignupState,
    Slot,
)
from portal.shifts.obstacles import Kind, clash_of, signup_obstacles
from portal.shifts.slots import lock_slots
from portal.web.errors import NotFound, Refused, unless_seen
from portal.web.words import Words, text

REGULAR = "regular"
MOST_DATES = 120


@dataclass(frozen=True)
class OneDate:
    """One date of a pattern for a person: whether it will be theirs, and what stands in the way."""

    day: date
    shift_id: int
    slot_id: int
    starts_at: datetime
    ends_at: datetime
    takes: bool = False
    has: bool = False
    full: bool = False
    why: tuple[Words, ...] = ()


def dates_of(
    db: Session, by: Viewer, person_id: int, pattern_id: int, position_id: int, at: datetime
) -> list[OneDate]:
    """The coming dates of a pattern, with what stands in the person's way on each."""
    ids = db.scalars(
        select(Shift.id)
        .where(
            Shift.pattern_id == pattern_id,
            Shift.starts_at > at,
            Shift.called_off_at.is_(None),
        )
        .order_by(Shift.starts_at, Shift.id)
        .limit(MOST_DATES)
    ).all()
    absent = absences(db, person_id)
    known = facts_of_all(db, by, ids, person_id, at)
    found = (_one_date(db, known[one], position_id, absent, at) for one in ids if one in known)
    return [one for one in found if one]


def _one_date(
    db: Session, facts: Facts, position_id: int, absent: Sequence[Absence], at: datetime
) -> OneDate | None:
    spot = next((spot for spot in facts.spots if spot.position_id == position_id), None)
    if spot is None or facts.person is None:
        return None
    row = facts.row
    day = clock.local_day(row.starts_at, row.zone)
    obstacles = signup_obstacles(facts, spot, at, clash_of(db, facts))
    has = facts.person.own_slot_id is not None
    why = tuple(obstacle.words for obstacle in obstacles)
    if any(absence.first_day <= day <= absence.last_day for absence in absent):
        why = (*why, text("You are away."))
    full = not has and [obstacle.kind for obstacle in obstacles] == [Kind.FULL] and len(why) == 1
    return OneDate(
        day,
        row.shift_id,
        spot.id,
        row.starts_at,
        row.ends_at,
        not why,
        has,
        full,
        () if has else why,
    )


def wanted_dates(
    dates: Sequence[OneDate], every: int, first_day: date, last_day: date | None
) -> list[OneDate]:
    """Those of some dates that a rhythm asks for: each week of the pattern, or every other one."""
    from_here = [one for one in dates if one.day >= first_day]
    weeks = sorted({_week(one.day) for one in from_here})
    kept = set(weeks[:: max(1, every)])
    return [
        one
        for one in from_here
        if _week(one.day) in kept and (last_day is None or one.day <= last_day)
    ]


def _week(day: date) -> date:
    return day - day.weekday() * clock.ONE_DAY


def take(
    db: Session,
    by: Viewer,
    person_id: int,
    shift_id: int,
    position_id: int,
    every: int,
    last_day: date | None,
    ticked: Sequence[int],
    join_lines: bool,
    seen: str,
    at: datetime,
) -> tuple[int, int]:
    """Take a pattern's shifts from this one on: every week, every other one, or (0) the ticked ones.

    Gives how many dates were taken, and how many lines were joined. Raises Preview unless the dates
    were `seen`, and Refused when none of them can be taken.
    """
    pattern = _pattern_of(db, shift_id)
    _lock(db, person_id, pattern.id, at)
    if every:
        _refuse_twice(db, person_id, pattern.id)
    dates = dates_of(db, by, person_id, pattern.id, position_id, at)
    first = next((one.day for one in dates if one.shift_id == shift_id), None)
    if first is None:
        raise NotFound
    if every:
        wanted = wanted_dates(dates, every, first, last_day)
    else:
        wanted = [one for one in dates if one.shift_id in ticked]
    if not any(one.takes or one.has or (one.full and join_lines) for one in wanted):
        raise Refused(text("None of these dates can be taken. Please choose others."))
    unless_seen(wanted, seen)
    regular_id = (
        _add(db, by, person_id, pattern, position_id, every, first, last_day, at) if every else None
    )
    return _take_dates(db, by, person_id, wanted, regular_id, join_lines, at)


def _take_dates(
    db: Session,
    by: Viewer,
    person_id: int,
    dates: Sequence[OneDate],
    regular_id: int | None,
    join_lines: bool,
    at: datetime,
) -> tuple[int, int]:
    taken = joined = 0
    for one in dates:
        if one.takes:
            signups.sign_up(db, by, person_id, one.shift_id, at, slot_id=one.slot_id)
            taken += 1
        elif one.full and join_lines:
            waiting.join(db, by, person_id, one.slot_id, at)
            joined += 1
    if regular_id:
        ids = [one.shift_id for one in dates if one.takes or one.has]
        db.execute(
            update(Signup)
            .where(
                Signup.shift_id.in_(ids),
                Signup.person_id == person_id,
                Signup.state == SignupState.SIGNED_UP,
            )
            .values(regular_id=regular_id)
        )
    return taken, joined


def _refuse_twice(db: Session, person_id: int, pattern_id: int) -> None:
    there = db.scalar(
        select(Regular.id).where(
            Regular.pattern_id == pattern_id,
            Regular.person_id == person_id,
            Regular.ended_at.is_(None),
        )
    )
    if there:
        raise Refused(
            text("You take this shift regularly already. Stop first to change how often.")
        )


def _add(
    db: Session,
    by: Viewer,
    person_id: int,
    pattern: Pattern,
    position_id: int,
    every: int,
    first_day: date,
    last_day: date | None,
    at: datetime,
) -> int:
    regular = Regular(
        pattern_id=pattern.id, position_id=position_id, person_id=person_id, every=every,
        first_day=first_day, last_day=last_day, carried_until=pattern.written_until, since=at,
    )  # fmt: skip
    db.add(regular)
    db.flush()
    _record(db, by, "regular.started", regular, at)
    return regular.id


def due() -> Any:
    """The regulars whose pattern has written more than was decided for them."""
    return (
        select(Regular.id)
        .join(Pattern, Pattern.id == Regular.pattern_id)
        .where(
            Regular.ended_at.is_(None),
            Pattern.written_until > Regular.carried_until,
            or_(Regular.last_day.is_(None), Regular.last_day > Regular.carried_until),
        )
        .order_by(Regular.id)
    )


def carry_on(db: Session, regular_id: int, at: datetime) -> int:
    """Take the dates that were written since; gives how many. What stands in the way of one is
    shown on the person's page, and they decide."""
    regular = db.get_one(Regular, regular_id)
    if regular.ended_at:
        return 0
    _lock(db, regular.person_id, regular.pattern_id, at)
    dates = dates_of(
        db, COMMAND_LINE, regular.person_id, regular.pattern_id, regular.position_id, at
    )
    wanted = wanted_dates(dates, regular.every, _counted_from(regular, dates), regular.last_day)
    new = [one for one in wanted if one.day > regular.carried_until]
    taken, _ = _take_dates(db, COMMAND_LINE, regular.person_id, new, regular.id, False, at)
    regular.carried_until = regular.pattern.written_until
    _record(db, COMMAND_LINE, "regular.carried_on", regular, at)
    return taken


def _counted_from(regular: Regular, dates: Sequence[OneDate]) -> date:
    """A day from which every other week counts as it did on the first day."""
    if not dates:
        return regular.first_day
    weeks = (_week(dates[0].day) - _week(regular.first_day)).days // 7
    return (
        regular.first_day
        if weeks <= 0
        else dates[0].day + (weeks % regular.every) * 7 * clock.ONE_DAY
    )


def stop(db: Session, by: Viewer, regular: Regular, at: datetime) -> tuple[int, int]:
    """End it, and take the person off the coming dates; those past their cut-off stay, and they call.
    Gives how many were given back, and how many stay."""
    if regular.ended_at:
        return 0, 0
    regular.ended_at = at
    _record(db, by, "regular.stopped", regular, at)
    coming = (Signup.regular_id == regular.id) & (Shift.starts_at > at)
    return _give_back(db, by, regular.person_id, coming, at)


def resume(db: Session, by: Viewer, regular: Regular, at: datetime) -> int:
    """Take a stop back: the dates that are still free are the person's again. Gives how many."""
    if regular.ended_at is None:
        return 0
    regular.ended_at = None
    db.flush()
    _record(db, by, "regular.resumed", regular, at)
    return _take_again(db, by, regular, regular.first_day, regular.last_day, at)


def go_away(
    db: Session, by: Viewer, person_id: int, first_day: date, last_day: date, at: datetime
) -> tuple[int, int]:
    """Be away for some days: off every shift on them that may still be given back. Gives how many
    were given back, and how many stay because their cut-off has passed."""
    if not first_day <= last_day <= first_day + 366 * clock.ONE_DAY:
        raise Refused(
            fields={"last_day": text("The last day comes after the first, within a year.")}
        )
    absence = Absence(person_id=person_id, first_day=first_day, last_day=last_day, since=at)
    db.add(absence)
    db.flush()
    subject = ("absence", absence.id)
    record(db, by, "absence.added", subject, at=at, person_id=person_id)
    span = Shift.starts_at.between(*_moments(first_day, last_day)) & (Shift.starts_at > at)
    return _give_back(db, by, person_id, span, at, first_day, last_day)


def come_back(db: Session, by: Viewer, absence: Absence, at: datetime) -> int:
    """Take an absence back; regular dates on its days that are still free are taken again."""
    if absence.ended_at:
        return 0
    absence.ended_at = at
    db.flush()
    record(db, by, "absence.ended", ("absence", absence.id), at=at, person_id=absence.person_id)
    mine = select(Regular).where(Regular.person_id == absence.person_id, Regular.ended_at.is_(None))
    return sum(
        _take_again(db, by, regular, absence.first_day, absence.last_day, at)
        for regular in db.scalars(mine.order_by(Regular.id)).all()
    )


def absences(db: Session, person_id: int) -> Sequence[Absence]:
    """When a person is away."""
    return db.scalars(
        select(Absence)
        .where(Absence.person_id == person_id, Absence.ended_at.is_(None))
        .order_by(Absence.first_day)
    ).all()


def _take_again(
    db: Session, by: Viewer, regular: Regular, first_day: date, last_day: date | None, at: datetime
) -> int:
    _lock(db, regular.person_id, regular.pattern_id, at)
    dates = dates_of(db, by, regular.person_id, regular.pattern_id, regular.position_id, at)
    wanted = wanted_dates(dates, regular.every, _counted_from(regular, dates), regular.last_day)
    among = [
        one
        for one in wanted
        if one.day >= first_day
        and (last_day is None or one.day <= last_day)
        and one.day <= regular.carried_until
    ]
    taken, _ = _take_dates(db, by, regular.person_id, among, regular.id, False, at)
    return taken


def _give_back(
    db: Session,
    by: Viewer,
    person_id: int,
    which: Any,
    at: datetime,
    first_day: date = date.min,
    last_day: date = date.max,
) -> tuple[int, int]:
    given = stay = 0
    lock_people(db, [person_id])
    mine = db.scalars(_mine(person_id, which)).all()
    lock_slots(db, Slot.shift_id.in_([shift.id for shift in mine]))
    for shift in mine:
        if not first_day <= clock.local_day(shift.starts_at, shift.zone) <= last_day:
            continue
        if at <= shift.withdraw_until:
            signups.withdraw(db, by, person_id, shift.id, at)
            given += 1
        else:
            stay += 1
    return given, stay


def _mine(person_id: int, which: Any) -> Any:
    return (
        select(Shift)
        .join(Signup, Signup.shift_id == Shift.id)
        .where(Signup.person_id == person_id, Signup.state == SignupState.SIGNED_UP, which)
        .order_by(Shift.id)
    )


def _moments(first_day: date, last_day: date) -> tuple[datetime, datetime]:
    """A span of moments that holds these days in every zone."""
    return (
        clock.start_of_day(first_day - clock.ONE_DAY, "UTC"),
        clock.start_of_day(last_day + 2 * clock.ONE_DAY, "UTC"),
    )


def _lock(db: Session, person_id: int, pattern_id: int, at: datetime) -> None:
    """Hold the person, then every slot of the pattern's coming shifts."""
    lock_people(db, [person_id])
    ahead = select(Shift.id).where(Shift.pattern_id == pattern_id, Shift.starts_at > at)
    lock_slots(db, Slot.shift_id.in_(ahead))


def _pattern_of(db: Session, shift_id: int) -> Pattern:
    pattern = db.scalar(
        select(Pattern).join(Shift, Shift.pattern_id == Pattern.id).where(Shift.id == shift_id)
    )
    if pattern is None:
        raise NotFound
    return pattern


def _record(db: Session, by: Viewer, action: str, regular: Regular, at: datetime) -> None:
    record(
        db, by, action, (REGULAR, regular.id), at=at, person_id=regular.person_id,
        program_id=regular.pattern.program_id,
    )  # fmt: skip
