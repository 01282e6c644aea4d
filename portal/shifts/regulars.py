"""Regular volunteers: taking a pattern's shifts again and again, stopping, and going on.

Each date is an ordinary signup, by the ordinary rules. What pressing would do is shown date by
date first (see Preview); the worker goes on when the pattern has written more dates.
"""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session, contains_eager

from portal import clock
from portal.act import Act, Ref
from portal.audit.log import record
from portal.images import watch
from portal.people.notify import notify
from portal.people.people import lock_people
from portal.permissions import COMMAND_LINE
from portal.shifts import message_kinds, signups, waiting
from portal.shifts.companions import lock_with_companions
from portal.shifts.dates import OneDate, dates_of, together, wanted_dates, week_of
from portal.shifts.models import Shift, Signup, SignupState, Slot
from portal.shifts.pattern_models import Pattern, Regular
from portal.shifts.slots import lock_slots
from portal.shifts.undoable import REGULARS, SHIFTS
from portal.web.errors import NotFound, Refused, unless_seen
from portal.words import text

REGULAR = "regular"


def take(
    act: Act,
    person_id: int,
    shift_id: int,
    position_id: int,
    every: int,
    last_day: date | None,
    selected: Sequence[int],
    join_lines: bool,
    seen: str,
) -> tuple[int, int]:
    """Take a pattern's shifts from this one on: every week, every other one, or (0) the checked ones.
    With `asked`, here and below, staff do it for someone who asked in the way named.

    Gives how many dates were taken, and how many lines were joined. Raises Preview unless the dates
    were `seen`, and Refused when none of them can be taken.
    """
    pattern = _pattern_of(act.db, shift_id)
    _lock(act.db, person_id, pattern.id, act.at)
    if every:
        _refuse_twice(act.db, person_id, pattern.id)
    staff = act.asked is not None
    dates = dates_of(act, person_id, pattern.id, position_id, staff=staff)
    first = next((one.day for one in dates if one.shift_id == shift_id), None)
    if first is None:
        raise NotFound
    wanted = together([one for one in dates if one.shift_id in selected])
    if every:
        wanted = wanted_dates(dates, every, first, last_day)
    if not any(one.takes or one.has or (one.full and join_lines) for one in wanted):
        raise Refused(text("None of these dates can be taken. Select others."))
    unless_seen(wanted, seen)
    given = act, person_id, pattern, position_id, every, first, last_day
    regular_id = _add(*given) if every else None
    found = _take_dates(act, person_id, wanted, regular_id, join_lines)
    if regular_id:
        program_id = pattern.program_id
        notify(act, message_kinds.REGULAR, Ref(REGULAR, regular_id, None, program_id), [person_id])
    return found


def _take_dates(
    act: Act,
    person_id: int,
    dates: Sequence[OneDate],
    regular_id: int | None,
    join_lines: bool,
    *,
    regularly: bool = False,
) -> tuple[int, int]:
    """Take those of some dates that can be taken; what is carried on is taken `regularly`."""
    staff = act.asked is not None
    watch(act, SHIFTS, [one.shift_id for one in dates])
    taken = joined = 0
    for one in dates:
        if one.takes:
            signups.sign_up(
                act,
                person_id,
                one.shift_id,
                slot_id=one.slot_id,
                staff=staff,
                quiet=regular_id is not None,
                regularly=regularly,
            )
            taken += 1
        elif one.full and join_lines:
            waiting.join(act, person_id, one.slot_id)
            joined += 1
    if regular_id:
        ids = [one.shift_id for one in dates if one.takes or one.has]
        act.db.execute(
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
            text("You already have this recurring shift. End it first to change how often.")
        )


def _add(
    act: Act,
    person_id: int,
    pattern: Pattern,
    position_id: int,
    every: int,
    first_day: date,
    last_day: date | None,
) -> int:
    regular = Regular(
        pattern_id=pattern.id,
        position_id=position_id,
        person_id=person_id,
        every=every,
        first_day=first_day,
        last_day=last_day,
        carried_until=pattern.written_until,
        since=act.at,
    )
    act.db.add(regular)
    act.db.flush()
    watch(act, REGULARS, [regular.id], new=True)
    record(act, "regular.started", regular)
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
    act = Act(db, COMMAND_LINE, at)
    theirs = regular.person_id, regular.pattern_id, regular.position_id
    dates = dates_of(act, *theirs, regularly=True)
    wanted = wanted_dates(dates, regular.every, _counted_from(regular, dates), regular.last_day)
    new = [one for one in wanted if one.day > regular.carried_until]
    taken, _ = _take_dates(act, regular.person_id, new, regular.id, False, regularly=True)
    regular.carried_until = regular.pattern.written_until
    record(act, "regular.carried_on", regular)
    return taken


def _counted_from(regular: Regular, dates: Sequence[OneDate]) -> date:
    """A day from which every other week counts as it did on the first day."""
    if not dates:
        return regular.first_day
    weeks = (week_of(dates[0].day) - week_of(regular.first_day)).days // 7
    return (
        regular.first_day
        if weeks <= 0
        else dates[0].day + (weeks % regular.every) * 7 * clock.ONE_DAY
    )


def stop(act: Act, regular: Regular) -> tuple[int, int]:
    """End it, and take the person off the coming dates; those past their cut-off stay, and they call.
    Gives how many were given back, and how many stay."""
    if regular.ended_at:
        return 0, 0
    watch(act, REGULARS, [regular.id])
    regular.ended_at = act.at
    record(act, "regular.stopped", regular)
    coming = (Signup.regular_id == regular.id) & (Shift.starts_at > act.at)
    return give_back(act, regular.person_id, coming)


def resume(act: Act, regular: Regular) -> int:
    """Take a stop back: the dates that are still free are the person's again. Gives how many."""
    if regular.ended_at is None:
        return 0
    lock_with_companions(act.db, regular.person_id)
    _refuse_twice(act.db, regular.person_id, regular.pattern_id)
    watch(act, REGULARS, [regular.id])
    regular.ended_at = None
    act.db.flush()
    record(act, "regular.resumed", regular)
    return take_again(act, regular, regular.first_day, regular.last_day)


def take_again(act: Act, regular: Regular, first_day: date, last_day: date | None) -> int:
    """Take those dates of a span again that are still free; gives how many."""
    _lock(act.db, regular.person_id, regular.pattern_id, act.at)
    dates = dates_of(
        act, regular.person_id, regular.pattern_id, regular.position_id, staff=act.asked is not None
    )
    wanted = wanted_dates(dates, regular.every, _counted_from(regular, dates), regular.last_day)
    among = [
        one
        for one in wanted
        if one.day >= first_day
        and (last_day is None or one.day <= last_day)
        and one.day <= regular.carried_until
    ]
    taken, _ = _take_dates(act, regular.person_id, among, regular.id, False)
    return taken


def give_back(
    act: Act, person_id: int, which: Any, first_day: date = date.min, last_day: date = date.max
) -> tuple[int, int]:
    """Take a person off those of their shifts for which `which` holds, on days of a span. Gives how many
    were given back, and how many are too near for that."""
    given = stay = 0
    lock_people(act.db, [person_id])
    mine = act.db.scalars(_mine(person_id, which)).all()
    lock_slots(act.db, Slot.shift_id.in_([signup.shift_id for signup in mine]))
    watch(act, SHIFTS, [signup.shift_id for signup in mine])
    for signup in mine:
        shift = signup.shift
        if not first_day <= clock.local_day(shift.starts_at, shift.zone) <= last_day:
            continue
        quiet = signup.regular_id is not None
        if act.asked is not None:
            signups.remove(act, signup, "", quiet=quiet)
            given += 1
        elif act.at <= shift.withdraw_until:
            signups.withdraw(act.but(asked=None), person_id, shift.id, quiet=quiet)
            given += 1
        else:
            stay += 1
    return given, stay


def _mine(person_id: int, which: Any) -> Any:
    return (
        select(Signup)
        .join(Shift, Shift.id == Signup.shift_id)
        .where(Signup.person_id == person_id, Signup.state == SignupState.SIGNED_UP, which)
        .order_by(Shift.id)
        .options(contains_eager(Signup.shift))
    )


def _lock(db: Session, person_id: int, pattern_id: int, at: datetime) -> None:
    """Hold the person, with their companions, then every slot of the pattern's coming shifts."""
    lock_with_companions(db, person_id)
    ahead = select(Shift.id).where(Shift.pattern_id == pattern_id, Shift.starts_at > at)
    lock_slots(db, Slot.shift_id.in_(ahead))


def _pattern_of(db: Session, shift_id: int) -> Pattern:
    pattern = db.scalar(
        select(Pattern).join(Shift, Shift.pattern_id == Pattern.id).where(Shift.id == shift_id)
    )
    if pattern is None:
        raise NotFound
    return pattern
