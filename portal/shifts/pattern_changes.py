"""What a change of a pattern does to the shifts it wrote."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from portal import clock
from portal.act import Act
from portal.audit.log import record
from portal.images import watch
from portal.savepoints import savepoint
from portal.shifts import shift_slots, shifts
from portal.shifts.group_models import GroupSpots
from portal.shifts.models import Shift, Signup, Slot
from portal.shifts.pattern_days import (
    SHARED,
    Change,
    Does,
    new_days,
    opening_of,
    pattern_values,
)
from portal.shifts.pattern_models import Pattern, PatternSlot
from portal.shifts.recurrence import Occurrence
from portal.shifts.roster import names_on
from portal.shifts.shift_slots import SlotWish, new_slot, wishes_of
from portal.shifts.shifts import change_shift
from portal.shifts.undoable import SHIFTS
from portal.shifts.waiting_models import Waiting
from portal.shifts.weighing import weighed_together

LEFT_THE_PATTERN = "The schedule changed."


def changes_of(
    db: Session,
    pattern: Pattern,
    values: Mapping[str, Any],
    slots: Sequence[SlotWish],
    coming: Sequence[Shift],
    at: datetime,
) -> list[Change]:
    """What new values do to each coming day, in order."""
    since = max(clock.local_day(at, values["zone"]), values["first_day"])
    wanted = _wanted(db, pattern, values, since)
    people = names_on(db, [shift.id for shift in coming])
    there = set(  # also those that were canceled, and one of today that has begun
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
            found += _changed(pattern, shift, values, slots, change.to, on_it)
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


def _changed(
    pattern: Pattern,
    shift: Shift,
    values: Mapping[str, Any],
    slots: Sequence[SlotWish],
    to: Occurrence,
    people: tuple[str, ...],
) -> list[Change]:
    """What new values do to a shift that stays in the pattern, if anything."""
    assert shift.pattern_day
    opens_at = _opens(pattern, shift, values, to)
    opening = opens_at != shift.opens_at
    if not opening and not _differs(shift, values, slots, to):
        return []
    day = shift.pattern_day
    return [Change(Does.CHANGE, day, to, shift.id, people, opens_at=opens_at, opening=opening)]


def _wanted(
    db: Session, pattern: Pattern, values: Mapping[str, Any], since: date
) -> dict[date, Change]:
    """The days that a pattern would write with other values, by day."""
    found = new_days(db, pattern.program_id, values, since, pattern.written_until)
    return {change.day: change for change in found}


def _differs(
    shift: Shift, values: Mapping[str, Any], slots: Sequence[SlotWish], to: Occurrence
) -> bool:
    columns = _columns(values, to)
    own = set(shift_slots.wishes_of(shift.wanted_slots))
    return own != set(slots) or any(
        getattr(shift, name) != value for name, value in columns.items()
    )


def _columns(values: Mapping[str, Any], to: Occurrence) -> dict[str, Any]:
    """The columns of a shift that a pattern writes."""
    return {name: values[name] for name in SHARED} | {
        "starts_at": to.starts_at,
        "ends_at": to.ends_at,
        "closes_at": to.starts_at - timedelta(hours=values["closes_hours"]),
        "withdraw_until": to.starts_at - timedelta(hours=values["withdrawal_hours"]),
    }


def _opens(
    pattern: Pattern, shift: Shift, values: Mapping[str, Any], to: Occurrence
) -> datetime | None:
    """When sign-up for a date opens after a change: by the new rule, unless it was set for the date itself."""
    day = clock.local_day(shift.starts_at, pattern.zone)
    if shift.opens_at != opening_of(pattern_values(pattern), day):
        return shift.opens_at
    return opening_of(values, to.day)


def apply(
    act: Act, pattern: Pattern, changes: Sequence[Change], coming: Mapping[int, Shift]
) -> None:
    """Do to the shifts of a pattern what `changes_of` found; limits are weighed once all of them moved."""
    with weighed_together(act.db):
        _apply(act, pattern, changes, coming)


def _apply(
    act: Act, pattern: Pattern, changes: Sequence[Change], coming: Mapping[int, Shift]
) -> None:
    watch(act, SHIFTS, sorted(coming))
    values, wishes = pattern_values(pattern), wishes_of(pattern.slots)
    for change in changes:
        shift = coming.get(change.shift_id or 0)
        if change.does is Does.CHANGE and shift and change.to:
            columns = _columns(values, change.to) | {"opens_at": change.opens_at}
            moved = change_shift(act, shift, columns, wishes, quiet_regulars=True)
            action = "shift.moved" if moved else "shift.edited"
            record(act, action, shift)
        elif change.does is Does.KEEP and shift:
            let_go(shift)
        elif change.does is Does.REMOVE and shift:
            remove_shift(act, shift, change.why or LEFT_THE_PATTERN)
    act.db.flush()
    add_shifts(act, pattern, changes)


def add_shifts(act: Act, pattern: Pattern, changes: Sequence[Change]) -> int:
    values, wishes = pattern_values(pattern), wishes_of(pattern.slots)
    added = []
    for change in changes:
        if change.does is Does.ADD and change.to and change.to.starts_at > act.at:
            columns = _columns(values, change.to) | {"opens_at": opening_of(values, change.day)}
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
    watch(act, SHIFTS, [shift.id for shift in added], new=True)
    for shift in added:
        record(act, "shift.added", shift)
    return len(added)


def remove_shift(act: Act, shift: Shift, reason: str) -> None:
    """Take a shift out: one that no one ever signed up for, and nothing else refers to, disappears; any other
    is canceled."""
    ever = select(Signup.id).where(Signup.shift_id == shift.id).exists()
    groups = select(GroupSpots.id).where(GroupSpots.shift_id == shift.id).exists()
    in_line = select(Waiting.id).where(Waiting.shift_id == shift.id).exists()
    if act.db.scalar(select(ever | in_line | groups)):
        shifts.cancel(act, shift, reason, quiet_regulars=True)
        return
    try:
        with savepoint(act.db):
            act.db.execute(delete(Slot).where(Slot.shift_id == shift.id))
            act.db.execute(delete(Shift).where(Shift.id == shift.id))
    except IntegrityError:  # a domain above needs it, such as for guests of an open event
        shifts.cancel(act, shift, reason, quiet_regulars=True)
        return
    record(act, "shift.removed", shift)
    act.db.expunge(shift)


def pattern_slot(wish: SlotWish) -> PatternSlot:
    return PatternSlot(
        position_id=wish.position_id,
        minimum=wish.minimum,
        maximum=wish.maximum,
        trainees=wish.trainees,
    )


def change_pattern_slots(pattern: Pattern, wishes: Sequence[SlotWish]) -> None:
    wanted = {wish.position_id: wish for wish in wishes}
    for slot in list(pattern.slots):
        wish = wanted.pop(slot.position_id, None)
        if wish is None:
            pattern.slots.remove(slot)
        else:
            slot.minimum, slot.maximum, slot.trainees = wish.minimum, wish.maximum, wish.trainees
    pattern.slots += [pattern_slot(wish) for wish in wanted.values()]


def let_go(shift: Shift) -> None:
    """The pattern does not care for it any more; it stays as it is."""
    shift.apart = True
