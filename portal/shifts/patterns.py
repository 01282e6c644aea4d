"""Patterns: writing a recurrence down, carrying it on, changing it, pausing and ending it.

A pattern writes ordinary shifts. What a change would do is first worked out as a list of
`Change`s, which the page shows; the verb then does exactly that list. A shift with people on it is
never destroyed: it is changed in place with them, or kept as a shift of its own.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, selectinload

from portal import clock
from portal.act import Act
from portal.audit.log import record
from portal.images import watch
from portal.people.notify import tell_each
from portal.programs.models import Program
from portal.shifts import message_kinds
from portal.shifts.endings import lock_shifts
from portal.shifts.models import Shift, Signup, SignupState
from portal.shifts.pattern_changes import (
    LEFT_THE_PATTERN,
    add_shifts,
    apply,
    change_pattern_slots,
    changes_of,
    let_go,
    pattern_slot,
    remove_shift,
)
from portal.shifts.pattern_days import new_days, pattern_values
from portal.shifts.pattern_models import Pattern, Regular
from portal.shifts.pattern_splits import split
from portal.shifts.roster import names_on
from portal.shifts.shift_slots import SlotWish
from portal.shifts.shifts import check_place_and_slots
from portal.shifts.undoable import PATTERNS, SHIFTS
from portal.web.errors import Refused, unless_seen, unless_stale
from portal.words import text

PATTERN = "pattern"


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
        for change in new_days(act.db, program.id, values, since, until)
        if change.to is None or change.to.starts_at > act.at
    ]
    if not changes:
        raise Refused(
            fields={"first_day": text("None of these days is in the future. Check the days.")}
        )
    unless_seen(changes, seen)
    pattern = Pattern(program_id=program.id, written_until=until, **values)
    pattern.slots = [pattern_slot(wish) for wish in slots]
    act.db.add(pattern)
    act.db.flush()
    watch(act, PATTERNS, [pattern.id], new=True)
    add_shifts(act, pattern, changes)
    record(act, "pattern.added", pattern)
    return pattern


def edit_pattern(
    act: Act,
    pattern: Pattern,
    values: Mapping[str, Any],
    slots: Sequence[SlotWish],
    version: int | None,
    seen: str,
    from_day: date | None = None,
) -> Pattern:
    """Change a pattern and its coming shifts in place. Raises Preview unless the changes were `seen`,
    and Stale if someone saved since `version` was shown. With `from_day`, what is earlier stays as it is, and
    the later part is a pattern of its own, which it gives."""
    unless_stale(pattern_values(pattern), version)
    _check(values)
    check_place_and_slots(act.db, act.by, pattern.program_id, values["site_id"], slots)
    coming = _lock_coming(act.db, pattern, act.at)
    if from_day and from_day > max(pattern.first_day, clock.local_day(act.at, pattern.zone)):
        if values["first_day"] != pattern.first_day:
            words = text("With a day to change from, the first day stays as it is.")
            raise Refused(fields={"first_day": words})
        pattern = split(act, pattern, from_day)
        values = {**values, "first_day": pattern.first_day}
        _check(values)
        coming = _lock_coming(act.db, pattern, act.at)
    changes = changes_of(act.db, pattern, values, slots, coming, act.at)
    unless_seen(changes, seen)
    watch(act, PATTERNS, [pattern.id])
    regulars = _regulars_on(act.db, [change.shift_id for change in changes if change.shift_id])
    for name, value in values.items():
        setattr(pattern, name, value)
    change_pattern_slots(pattern, slots)
    act.db.flush()
    apply(act, pattern, changes, {shift.id: shift for shift in coming})
    _tell_regulars(act, pattern, regulars)
    record(act, "pattern.edited", pattern)
    return pattern


def pause(act: Act, pattern: Pattern) -> None:
    """Write nothing new until it goes on. The shifts that are there stay."""
    if pattern.paused_at is None:
        watch(act, PATTERNS, [pattern.id])
        pattern.paused_at = act.at
        record(act, "pattern.paused", pattern)


def go_on(act: Act, pattern: Pattern, until: date) -> int:
    """Take a pause back and write what is missing. Days that passed meanwhile stay empty."""
    if pattern.paused_at is None:
        return 0
    watch(act, PATTERNS, [pattern.id])
    pattern.paused_at = None
    record(act, "pattern.resumed", pattern)
    return extend(act, pattern, until)


def extend(act: Act, pattern: Pattern, until: date) -> int:
    """Write the shifts up to a day that are not there yet; gives how many. Twice does it once."""
    if pattern.paused_at or until <= pattern.written_until or pattern.program.closed_at:
        return 0
    today = clock.local_day(act.at, pattern.zone)
    since = max(today, pattern.written_until + clock.ONE_DAY)
    changes = new_days(act.db, pattern.program_id, pattern_values(pattern), since, until)
    watch(act, PATTERNS, [pattern.id])
    pattern.written_until = until
    added = add_shifts(act, pattern, changes)
    record(act, "pattern.extended", pattern)
    return added


def end_pattern(act: Act, pattern: Pattern, last_day: date, reason: str) -> tuple[int, int]:
    """Let the last day be this one. Later shifts go: those with people are canceled if there is a
    `reason`, else they stay as shifts of their own. Gives how many went and how many stayed."""
    if last_day < pattern.first_day:
        raise Refused(fields={"last_day": text("This is before the first day.")})
    coming = _lock_coming(act.db, pattern, act.at)
    watch(act, PATTERNS, [pattern.id])
    watch(act, SHIFTS, [shift.id for shift in coming])
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
            let_go(shift)
            kept += 1
        else:
            remove_shift(act, shift, reason or LEFT_THE_PATTERN)
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


def _check(values: Mapping[str, Any]) -> None:
    if values["last_day"] and values["last_day"] < values["first_day"]:
        raise Refused(fields={"last_day": text("The last day can't be before the first.")})


def _lock_coming(db: Session, pattern: Pattern, at: datetime) -> Sequence[Shift]:
    """The coming shifts of a pattern, with their people and then their slots held."""
    mine = (Shift.pattern_id == pattern.id) & (Shift.starts_at > at) & Shift.canceled_at.is_(None)
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
    kind, program_id = message_kinds.REGULAR_CHANGED, pattern.program_id
    tell_each(act, kind, "regular", regulars, program_id=program_id)
