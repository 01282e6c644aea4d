"""Shifts: writing one, changing or moving it, and calling it off."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy.orm import Session

from portal import clock
from portal.act import Act
from portal.audit.log import record
from portal.commitments.commitments import clashes, move_time
from portal.commitments.kinds import SHIFT
from portal.images import watch
from portal.people.availability import days_away
from portal.people.notify import tell_each
from portal.people.people import lock_people
from portal.permissions import Viewer
from portal.programs.models import Program, Site
from portal.programs.scopes import usable_sites
from portal.requirements.change_models import Cause
from portal.requirements.credentials import note_change
from portal.shifts import message_kinds
from portal.shifts.endings import current_signups
from portal.shifts.group_spots import tell_contacts, unsettle_groups
from portal.shifts.models import LONGEST, Shift, Signup, SignupState, Slot
from portal.shifts.shift_slots import SlotWish, change_slots, check_slots, new_slot, wishes_of
from portal.shifts.signups import end_all
from portal.shifts.slots import lock_slots
from portal.shifts.undoable import SHIFTS
from portal.shifts.weighing import note_move, weighed_together
from portal.web.errors import Again, Refused, unless_stale
from portal.words import text


def add_shift(
    act: Act, program: Program, values: Mapping[str, Any], slots: Sequence[SlotWish]
) -> Shift:
    """Publish a shift with its slots. `values` holds the columns that a form sets."""
    if program.closed_at:
        raise Refused(text("This program is closed."))
    _check_times(values)
    check_place_and_slots(act.db, act.by, program.id, values["site_id"], slots)
    shift = Shift(program_id=program.id, **values)
    shift.slots = [new_slot(wish) for wish in slots]
    act.db.add(shift)
    act.db.flush()
    watch(act, SHIFTS, [shift.id], new=True)
    record(act, "shift.added", shift)
    return shift


def edit_shift(
    act: Act,
    shift: Shift,
    values: Mapping[str, Any],
    slots: Sequence[SlotWish],
    version: int | None,
) -> None:
    """Change a shift in place; a new time moves everyone who is signed up along with it.

    Refuses a move into other commitments of theirs, and fewer spots than people. Raises Stale
    if someone saved since `version` was shown.
    """
    unless_stale(shift_values(shift), version)
    if shift.canceled_at:
        raise Refused(text("This shift was canceled. Add a new one."))
    _check_times(values)
    if values["site_id"] != shift.site_id:
        _check_site(act.db, act.by, shift.program_id, values["site_id"])
    check_slots(act.db, shift.program_id, slots, {slot.position_id for slot in shift.slots})
    action = "shift.moved" if change_shift(act, shift, values, slots) else "shift.edited"
    shift.apart = shift.pattern_id is not None
    act.db.flush()
    record(act, action, shift)


def change_shift(
    act: Act,
    shift: Shift,
    values: Mapping[str, Any],
    slots: Sequence[SlotWish],
    *,
    quiet_regulars: bool = False,
    elsewhere: str | None = None,
) -> bool:
    """Set a shift's columns and slots under its locks, its people moved along and told. Gives whether
    it moved. With `quiet_regulars`, the caller tells those who come regularly; `elsewhere` is another place, in
    words, that is no site of ours."""
    with weighed_together(act.db):
        return _change(act, shift, values, slots, quiet_regulars, elsewhere)


def _change(
    act: Act,
    shift: Shift,
    values: Mapping[str, Any],
    slots: Sequence[SlotWish],
    quiet_regulars: bool,
    elsewhere: str | None,
) -> bool:
    moved = (values["starts_at"], values["ends_at"]) != (shift.starts_at, shift.ends_at)
    signups = current_signups(act.db, shift.id)
    people = [signup.person_id for signup in signups]
    lock_people(act.db, people)
    lock_slots(act.db, Slot.shift_id == shift.id)
    watch(act, SHIFTS, [shift.id])
    if moved:
        _forget_answers(act.db, signups, shift)
        _move_people(act.db, shift, values["starts_at"], values["ends_at"], people)
        note_change(
            act.db, set(people), Cause.LAPSE, act.at
        )  # cleared for the old day, not yet for the new
    change_slots(act.db, shift, slots)
    if moved or elsewhere is not None or values.get("site_id", shift.site_id) != shift.site_id:
        shift.sequence += 1
        before = {"starts_at": shift.starts_at.isoformat(), "ends_at": shift.ends_at.isoformat()}
        if elsewhere is not None:
            before["place"] = elsewhere
        whom = {
            signup.id: signup.person_id
            for signup in signups
            if not (quiet_regulars and signup.regular_id)
        }
        tell_each(
            act, message_kinds.CHANGED, "signup", whom, program_id=shift.program_id, told=before
        )
        tell_contacts(act, shift, message_kinds.GROUP_CHANGED, **before)
    shift.revised_at = act.at
    for name, value in values.items():
        setattr(shift, name, value)
    act.db.flush()
    return moved


def _forget_answers(db: Session, signups: Sequence[Signup], shift: Shift) -> None:
    """Forget what was said about a shift that moves: that people come, and what groups were reminded of."""
    for signup in signups:
        signup.coming_asked_at = signup.coming_at = None
    unsettle_groups(db, shift.id)


def move_shift(
    act: Act,
    shift: Shift,
    day: date,
    starts: time | None,
    *,
    note: str | None = None,
    elsewhere: str | None = None,
    was: str = "",
) -> None:
    """Move a shift, with its people, to a local day and, if given, another time. Its length on the
    clock, its cut-off and its closing move along. `note` replaces the shift's; `elsewhere` is another place, in
    words, that is no site of ours. Refuses when it is no longer on the day it `was` on."""
    if was and was != clock.local_day(shift.starts_at, shift.zone).isoformat():
        raise Refused(text("Someone else moved this shift since you opened the page."))
    starts_at, ends_at = moved_to(shift, day, starts)
    values: dict[str, Any] = {
        "starts_at": starts_at,
        "ends_at": ends_at,
        **limits_at(shift, starts_at),
    }
    if shift.opens_at and shift.opens_at < values["closes_at"]:
        del values["opens_at"]  # it opens when the others do
    if shift.canceled_at:
        raise Refused(text("This shift was canceled. Add a new one."))
    if values["starts_at"] <= act.at or shift.starts_at <= act.at:
        raise Refused(
            fields={"day": text("Only an upcoming shift can be moved, and only to a future time.")}
        )
    if note is not None:
        values["note"] = note
    change_shift(act, shift, values, wishes_of(shift.slots), elsewhere=elsewhere)
    shift.apart = shift.pattern_id is not None
    record(act, "shift.moved", shift)


def moved_to(shift: Shift, day: date, starts: time | None) -> tuple[datetime, datetime]:
    """From when to when a shift would be on another local day and, if given, at another time: as long on the
    clock as it is."""
    first, last = (clock.to_local(one, shift.zone) for one in (shift.starts_at, shift.ends_at))
    begins = datetime.combine(day, starts or first.time())
    ends = begins + (last.replace(tzinfo=None) - first.replace(tzinfo=None))
    starts_at = clock.as_calendars_do(begins.date(), begins.time(), shift.zone)
    ends_at = clock.as_calendars_do(ends.date(), ends.time(), shift.zone)
    return starts_at, max(ends_at, starts_at + timedelta(minutes=1))


def cancel(act: Act, shift: Shift, reason: str, *, quiet_regulars: bool = False) -> int:
    """Call a shift off: everyone on it is free and told, and it stays with its reason. Gives their
    number."""
    if shift.canceled_at:
        return 0
    lock_slots(act.db, Slot.shift_id == shift.id)
    watch(act, SHIFTS, [shift.id])
    ended = end_all(act, shift, SignupState.CANCELED, reason, quiet_regulars=quiet_regulars)
    shift.canceled_at, shift.canceled_reason = act.at, reason
    shift.sequence, shift.revised_at = shift.sequence + 1, act.at
    record(act, "shift.called_off", shift)
    return len(ended)


def limits_at(shift: Shift, starts_at: datetime) -> dict[str, datetime | None]:
    """When sign-up opens and closes, and until when one may withdraw, for this shift at another time."""
    later = starts_at - shift.starts_at
    return {
        "opens_at": shift.opens_at and shift.opens_at + later,
        "closes_at": shift.closes_at + later,
        "withdraw_until": shift.withdraw_until + later,
    }


def shift_values(shift: Shift) -> dict[str, Any]:
    """What a form sets of a shift, with its version."""
    names = (
        "site_id", "title", "note", "starts_at", "ends_at", "zone", "adults", "opens_at", "version",
    )  # fmt: skip
    return {name: getattr(shift, name) for name in names}


def check_place_and_slots(
    db: Session, by: Viewer, program_id: int, site_id: int | None, slots: Sequence[SlotWish]
) -> None:
    """Refuse a place the program may not use, and slots that make no sense."""
    _check_site(db, by, program_id, site_id)
    check_slots(db, program_id, slots, set())


def _check_times(values: Mapping[str, Any]) -> None:
    length = values["ends_at"] - values["starts_at"]
    if not timedelta() < length <= LONGEST:
        raise Refused(
            fields={"ends": text("Enter an end time after the start, at most 36 hours later.")}
        )


def _check_site(db: Session, by: Viewer, program_id: int, site_id: int | None) -> None:
    if site_id is None:
        return
    site = db.scalar(usable_sites(by).where(Site.id == site_id))
    if site is None or site.program_id not in (None, program_id):
        raise Refused(fields={"site_id": text("Select a location this program uses.")})
    if site.closed_at:
        raise Refused(fields={"site_id": text("This location is closed. Select another.")})


def _move_people(
    db: Session, shift: Shift, starts_at: datetime, ends_at: datetime, locked: list[int]
) -> None:
    signups = current_signups(db, shift.id)
    if not {signup.person_id for signup in signups} <= set(locked):
        raise Again
    own = {signup.id for signup in signups}
    before, day = (clock.local_day(one, shift.zone) for one in (shift.starts_at, starts_at))
    away = {row.person_id for row in days_away(db, locked, day, day)} if day != before else set()
    note_move(db, shift, signups)
    busy = [
        signup.person.name
        for signup in signups
        if signup.person_id in away
        or any(
            (row.kind, row.source_id) != (SHIFT, signup.id)
            for row in clashes(db, signup.person_id, starts_at, ends_at)
        )
    ]
    if busy:
        raise Refused(
            text(
                "These people are busy or away then: %(names)s. Choose another time, or remove "
                "them first.",
                names=", ".join(sorted(busy)),
            )
        )
    move_time(db, SHIFT, own, starts_at, ends_at)
