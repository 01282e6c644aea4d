"""What a change of a pattern does to the shifts it wrote."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from portal import clock
from portal.act import Act
from portal.audit.log import record
from portal.images import watch
from portal.programs.closures import Closed, closures_between
from portal.savepoints import savepoint
from portal.shifts import shift_slots, shifts
from portal.shifts.group_models import GroupSpots
from portal.shifts.models import Shift, Signup, Slot
from portal.shifts.pattern_models import Pattern, PatternSlot
from portal.shifts.recurrence import Occurrence, days_of, occurrence
from portal.shifts.roster import names_on
from portal.shifts.shift_slots import SlotWish, new_slot, wishes_of
from portal.shifts.shifts import change_shift
from portal.shifts.undoable import SHIFTS
from portal.shifts.waiting_models import Waiting
from portal.shifts.weighing import weighed_together
from portal.web.errors import Refused
from portal.words import text

LEFT_THE_PATTERN = "The schedule changed."
SHARED = ("site_id", "title", "note", "zone", "adults")
"""What shifts take over from their pattern as it is."""
MOST_SHIFTS = 1500


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
    return (
        {name: values[name] for name in SHARED}
        | _opening(values, to)
        | {
            "starts_at": to.starts_at,
            "ends_at": to.ends_at,
            "closes_at": to.starts_at - timedelta(hours=values["closes_hours"]),
            "withdraw_until": to.starts_at - timedelta(hours=values["withdrawal_hours"]),
        }
    )


def _opening(values: Mapping[str, Any], to: Occurrence) -> dict[str, datetime]:
    """When sign-up opens, where the pattern says so; without, each shift keeps its own."""
    days = values.get("opens_days")
    if days is None:
        return {}
    day = clock.local_day(to.starts_at, values["zone"]) - days * clock.ONE_DAY
    return {"opens_at": clock.as_calendars_do(day, values["opens_time"], values["zone"])}


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
            moved = change_shift(
                act, shift, _columns(values, change.to), wishes, quiet_regulars=True
            )
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


def pattern_values(pattern: Pattern) -> dict[str, Any]:
    """What a form sets of a pattern, with its version."""
    names = (
        *SHARED,
        "rule",
        "first_day",
        "last_day",
        "starts",
        "ends",
        "on_closures",
        "withdrawal_hours",
        "closes_hours",
        "opens_days",
        "opens_time",
        "version",
    )
    return {name: getattr(pattern, name) for name in names}


def new_days(
    db: Session, program_id: int, values: Mapping[str, Any], since: date, until: date
) -> list[Change]:
    """The days to write for a program, and those that a closure takes."""
    last = min(until, values["last_day"] or until)
    closures = closures_between(db, since, last)
    found = []
    for day in days_of(values["rule"], values["first_day"], since, last):
        if why := closed_on(closures, day, values, program_id):
            found.append(Change(Does.CLOSED, day, why=why))
        else:
            found.append(Change(Does.ADD, day, occurrence_on(values, day)))
    if len(found) > MOST_SHIFTS:
        raise Refused(text("That's too many shifts at once. Choose an earlier end."))
    return found


def let_go(shift: Shift) -> None:
    """The pattern does not care for it any more; it stays as it is."""
    shift.apart = True


def occurrence_on(values: Mapping[str, Any], day: date) -> Occurrence:
    return occurrence(day, values["starts"], values["ends"], values["zone"])


def closed_on(
    closures: Sequence[Closed], day: date, values: Mapping[str, Any], program_id: int
) -> str:
    """The name of the closure that takes a day from a pattern, or ""."""
    if values["on_closures"]:
        return ""
    hours = values["starts"], values["ends"]
    place = values["site_id"], program_id
    return next((one.reason for one in closures if one.covers(day, *place, hours)), "")
