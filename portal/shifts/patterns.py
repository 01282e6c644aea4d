"""Patterns: writing a recurrence down, carrying it on, changing it, pausing and ending it.

A pattern writes ordinary shifts. What a change would do is first worked out as a list of
`Change`s, which the page shows; the verb then does exactly that list. A shift with people on it is
never destroyed: it is changed in place with them, or kept as a shift of its own.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import delete, or_, select
from sqlalchemy.orm import Session, selectinload

from portal import clock
from portal.act import Act
from portal.audit.log import record
from portal.people.telling import tell_each
from portal.programs.closures import Closed, closures_between
from portal.programs.models import Program
from portal.shifts import notices, shifts
from portal.shifts.models import (
    Pattern,
    PatternSlot,
    Regular,
    Shift,
    Signup,
    SignupState,
    Slot,
    Waiting,
)
from portal.shifts.recurrence import Occurrence, days_of, occurrence
from portal.shifts.shifts import SlotWish, change_shift, check_place_and_slots, new_slot, wishes_of
from portal.shifts.signups import lock_shifts, names_on
from portal.web.errors import Refused, unless_seen, unless_stale
from portal.web.words import text

PATTERN = "pattern"
MOST_SHIFTS = 1500
LEFT_THE_PATTERN = "The schedule changed."

_SHARED = ("site_id", "title", "note", "zone")
"""What shifts take over from their pattern as it is."""


class Does(StrEnum):
    """What a change of a pattern does to one day."""

    ADD = "add"
    CHANGE = "change"
    REMOVE = "remove"
    KEEP = "keep"
    CLOSED = "closed"


@dataclass(frozen=True)
class Change:
    """One day: what happens, to which shift, with whom on it, and when it is then."""

    does: Does
    day: date
    to: Occurrence | None = None
    shift_id: int | None = None
    people: tuple[str, ...] = ()
    why: str = ""


def add_pattern(
    act: Act,
    program: Program,
    values: Mapping[str, Any],
    slots: Sequence[SlotWish],
    until: date,
    seen: str,
) -> Pattern:
    """Write a pattern and its shifts up to a day. Raises Preview unless its days were `seen`."""
    if program.closed_at:
        raise Refused(text("This program is closed."))
    _check(values)
    check_place_and_slots(act.db, act.by, program.id, values["site_id"], slots)
    today = clock.local_day(act.at, values["zone"])
    since = max(today, values["first_day"])
    changes = [
        change
        for change in _new_days(act.db, values, since, until)
        if change.to is None or change.to.starts_at > act.at
    ]
    if not changes:
        raise Refused(
            fields={"first_day": text("No day from now on fits. Please look at the days.")}
        )
    unless_seen(changes, seen)
    pattern = Pattern(program_id=program.id, written_until=until, **values)
    pattern.slots = [_pattern_slot(wish) for wish in slots]
    act.db.add(pattern)
    act.db.flush()
    _add_shifts(act, pattern, changes)
    record(act, "pattern.added", pattern)
    return pattern


def edit_pattern(
    act: Act,
    pattern: Pattern,
    values: Mapping[str, Any],
    slots: Sequence[SlotWish],
    version: int | None,
    seen: str,
) -> None:
    """Change a pattern and its coming shifts in place. Raises Preview unless the changes were `seen`,
    and Stale if someone saved since `version` was shown."""
    unless_stale(pattern_values(pattern), version)
    _check(values)
    check_place_and_slots(act.db, act.by, pattern.program_id, values["site_id"], slots)
    coming = _lock_coming(act.db, pattern, act.at)
    changes = _changes(act.db, pattern, values, slots, coming, act.at)
    unless_seen(changes, seen)
    regulars = _regulars_on(act.db, [change.shift_id for change in changes if change.shift_id])
    for name, value in values.items():
        setattr(pattern, name, value)
    _change_pattern_slots(pattern, slots)
    act.db.flush()
    _apply(act, pattern, changes, {shift.id: shift for shift in coming})
    _tell_regulars(act, pattern, regulars)
    record(act, "pattern.edited", pattern)


def pause(act: Act, pattern: Pattern) -> None:
    """Write nothing new until it goes on. The shifts that are there stay."""
    if pattern.paused_at is None:
        pattern.paused_at = act.at
        record(act, "pattern.paused", pattern)


def go_on(act: Act, pattern: Pattern, until: date) -> int:
    """Take a pause back and write what is missing. Days that passed meanwhile stay empty."""
    if pattern.paused_at is None:
        return 0
    pattern.paused_at = None
    record(act, "pattern.resumed", pattern)
    return extend(act, pattern, until)


def extend(act: Act, pattern: Pattern, until: date) -> int:
    """Write the shifts up to a day that are not there yet; gives how many. Twice does it once."""
    if pattern.paused_at or until <= pattern.written_until or pattern.program.closed_at:
        return 0
    today = clock.local_day(act.at, pattern.zone)
    since = max(today, pattern.written_until + clock.ONE_DAY)
    changes = _new_days(act.db, pattern_values(pattern), since, until)
    pattern.written_until = until
    added = _add_shifts(act, pattern, changes)
    record(act, "pattern.extended", pattern)
    return added


def end_pattern(act: Act, pattern: Pattern, last_day: date, reason: str) -> tuple[int, int]:
    """Let the last day be this one. Later shifts go: those with people are called off if there is a
    `reason`, else they stay as shifts of their own. Gives how many went and how many stayed."""
    if last_day < pattern.first_day:
        raise Refused(fields={"last_day": text("This is before its first day.")})
    coming = _lock_coming(act.db, pattern, act.at)
    pattern.last_day = last_day
    gone = kept = 0
    people = names_on(act.db, [shift.id for shift in coming])
    regulars = _regulars_on(
        act.db, [shift.id for shift in coming if shift.pattern_day and shift.pattern_day > last_day]
    )
    for shift in coming:
        if not shift.pattern_day or shift.pattern_day <= last_day or shift.apart:
            continue
        if people.get(shift.id) and not reason:
            _let_go(shift)
            kept += 1
        else:
            _remove(act, shift, reason or LEFT_THE_PATTERN)
            gone += 1
    if reason:
        _tell_regulars(act, pattern, regulars)
    record(act, "pattern.ended", pattern)
    return gone, kept


def due(until: date) -> Any:
    """The patterns that are not written up to a day yet."""
    return (
        select(Pattern.id)
        .join(Program, Program.id == Pattern.program_id)
        .where(
            Pattern.written_until < until,
            Pattern.paused_at.is_(None),
            Program.closed_at.is_(None),
            or_(Pattern.last_day.is_(None), Pattern.last_day > Pattern.written_until),
        )
        .order_by(Pattern.id)
    )


def pattern_values(pattern: Pattern) -> dict[str, Any]:
    """What a form sets of a pattern, with its version."""
    names = (
        *_SHARED,
        "rule",
        "first_day",
        "last_day",
        "starts",
        "ends",
        "on_closures",
        "withdrawal_hours",
        "closes_hours",
        "version",
    )
    return {name: getattr(pattern, name) for name in names}


def _check(values: Mapping[str, Any]) -> None:
    if values["last_day"] and values["last_day"] < values["first_day"]:
        raise Refused(fields={"last_day": text("The last day cannot be before the first.")})


def _new_days(db: Session, values: Mapping[str, Any], since: date, until: date) -> list[Change]:
    """The days to write, and those that a closure takes."""
    last = min(until, values["last_day"] or until)
    closures = closures_between(db, since, last)
    found = []
    for day in days_of(values["rule"], values["first_day"], since, last):
        if why := _closed(closures, day, values):
            found.append(Change(Does.CLOSED, day, why=why))
        else:
            found.append(Change(Does.ADD, day, _occurrence(values, day)))
    if len(found) > MOST_SHIFTS:
        raise Refused(text("That makes too many shifts at once. Please end it earlier."))
    return found


def _occurrence(values: Mapping[str, Any], day: date) -> Occurrence:
    return occurrence(day, values["starts"], values["ends"], values["zone"])


def _closed(closures: Sequence[Closed], day: date, values: Mapping[str, Any]) -> str:
    if values["on_closures"]:
        return ""
    return next((one.reason for one in closures if one.covers(day, values["site_id"])), "")


def _changes(
    db: Session,
    pattern: Pattern,
    values: Mapping[str, Any],
    slots: Sequence[SlotWish],
    coming: Sequence[Shift],
    at: datetime,
) -> list[Change]:
    """What new values do to each coming day, in order."""
    since = max(clock.local_day(at, values["zone"]), values["first_day"])
    wanted = {change.day: change for change in _new_days(db, values, since, pattern.written_until)}
    people = names_on(db, [shift.id for shift in coming])
    there = set(  # also those that were called off, and one of today that has begun
        db.scalars(
            select(Shift.pattern_day).where(
                Shift.pattern_id == pattern.id, Shift.pattern_day >= since
            )
        )
    )
    found = []
    for shift in coming:
        assert shift.pattern_day
        change, on_it = wanted.pop(shift.pattern_day, None), people.get(shift.id, ())
        if shift.apart:
            continue
        if change and change.to:
            if _differs(shift, values, slots, change.to):
                found.append(Change(Does.CHANGE, shift.pattern_day, change.to, shift.id, on_it))
        else:
            does = Does.KEEP if on_it else Does.REMOVE
            why = change.why if change else ""
            found.append(Change(does, shift.pattern_day, None, shift.id, on_it, why))
    found += [
        change
        for change in wanted.values()
        if change.day not in there and (change.to is None or change.to.starts_at > at)
    ]
    return sorted(found, key=lambda change: (change.day, change.does))


def _differs(
    shift: Shift, values: Mapping[str, Any], slots: Sequence[SlotWish], to: Occurrence
) -> bool:
    columns = _columns(values, to)
    own = set(shifts.wishes_of(shift.wanted_slots))
    return own != set(slots) or any(
        getattr(shift, name) != value for name, value in columns.items()
    )


def _columns(values: Mapping[str, Any], to: Occurrence) -> dict[str, Any]:
    """The columns of a shift that a pattern writes."""
    return {name: values[name] for name in _SHARED} | {
        "starts_at": to.starts_at,
        "ends_at": to.ends_at,
        "closes_at": to.starts_at - timedelta(hours=values["closes_hours"]),
        "withdraw_until": to.starts_at - timedelta(hours=values["withdrawal_hours"]),
    }


def _apply(
    act: Act, pattern: Pattern, changes: Sequence[Change], coming: Mapping[int, Shift]
) -> None:
    values, wishes = pattern_values(pattern), wishes_of(pattern.slots)
    for change in changes:
        shift = coming.get(change.shift_id or 0)
        if change.does is Does.CHANGE and shift and change.to:
            moved = change_shift(
                act, shift, _columns(values, change.to), wishes, quiet_regulars=True
            )
            action = "shift.moved" if moved else "shift.edited"
            record(act, action, shift)
        elif change.does is Does.KEEP and shift:
            _let_go(shift)
        elif change.does is Does.REMOVE and shift:
            _remove(act, shift, change.why or LEFT_THE_PATTERN)
    act.db.flush()
    _add_shifts(act, pattern, changes)


def _add_shifts(act: Act, pattern: Pattern, changes: Sequence[Change]) -> int:
    values, wishes = pattern_values(pattern), wishes_of(pattern.slots)
    added = []
    for change in changes:
        if change.does is Does.ADD and change.to and change.to.starts_at > act.at:
            columns = _columns(values, change.to)
            shift = Shift(
                program_id=pattern.program_id,
                pattern_id=pattern.id,
                pattern_day=change.day,
                **columns,
            )
            shift.slots = [new_slot(wish) for wish in wishes]
            added.append(shift)
    act.db.add_all(added)
    act.db.flush()
    for shift in added:
        record(act, "shift.added", shift)
    return len(added)


def _lock_coming(db: Session, pattern: Pattern, at: datetime) -> Sequence[Shift]:
    """The coming shifts of a pattern, with their people and then their slots held."""
    mine = (Shift.pattern_id == pattern.id) & (Shift.starts_at > at) & Shift.called_off_at.is_(None)
    ids = list(db.scalars(select(Shift.id).where(mine)))
    lock_shifts(db, ids)
    return db.scalars(
        select(Shift)
        .where(mine)
        .options(selectinload(Shift.slots))
        .order_by(Shift.starts_at, Shift.id)
        .execution_options(populate_existing=True)
    ).all()


def _regulars_on(db: Session, shift_ids: Sequence[int]) -> dict[int, int]:
    """The regulars with dates among some shifts, and whose they are."""
    found = (
        select(Regular.id, Regular.person_id)
        .join(Signup, Signup.regular_id == Regular.id)
        .where(Signup.shift_id.in_(shift_ids), Signup.state == SignupState.SIGNED_UP)
        .distinct()
    )
    return {row.id: row.person_id for row in db.execute(found)}


def _tell_regulars(act: Act, pattern: Pattern, regulars: Mapping[int, int]) -> None:
    """One message to each who comes regularly, however many of their dates changed."""
    kind, program_id = notices.REGULAR_CHANGED, pattern.program_id
    tell_each(act, kind, "regular", regulars, program_id=program_id)


def _let_go(shift: Shift) -> None:
    """The pattern does not care for it any more; it stays as it is."""
    shift.apart = True


def _remove(act: Act, shift: Shift, reason: str) -> None:
    """Take a shift out: one that nobody ever signed up for disappears, any other is called off."""
    ever = select(Signup.id).where(Signup.shift_id == shift.id).exists()
    in_line = select(Waiting.id).where(Waiting.shift_id == shift.id).exists()
    if act.db.scalar(select(ever | in_line)):
        shifts.call_off(act, shift, reason, quiet_regulars=True)
        return
    record(act, "shift.removed", shift)
    act.db.execute(delete(Slot).where(Slot.shift_id == shift.id))
    act.db.execute(delete(Shift).where(Shift.id == shift.id))
    act.db.expunge(shift)


def _pattern_slot(wish: SlotWish) -> PatternSlot:
    return PatternSlot(
        position_id=wish.position_id,
        minimum=wish.minimum,
        maximum=wish.maximum,
        trainees=wish.trainees,
    )


def _change_pattern_slots(pattern: Pattern, wishes: Sequence[SlotWish]) -> None:
    wanted = {wish.position_id: wish for wish in wishes}
    for slot in list(pattern.slots):
        wish = wanted.pop(slot.position_id, None)
        if wish is None:
            pattern.slots.remove(slot)
        else:
            slot.minimum, slot.maximum, slot.trainees = wish.minimum, wish.maximum, wish.trainees
    pattern.slots += [_pattern_slot(wish) for wish in wanted.values()]
