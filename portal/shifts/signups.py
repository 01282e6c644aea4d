"""Signing up, taking oneself off, and being removed.

Lock order, everywhere: persons by id, then slots by id, never back. The counter's CHECK and
the partial unique index stand behind it.
"""

from collections.abc import Collection
from datetime import datetime
from functools import partial
from typing import cast

from sqlalchemy import ColumnElement, Table, bindparam, insert, select, update
from sqlalchemy.orm import Session

from portal import clock
from portal.audit.log import record
from portal.commitments.commitments import commit_time, free_time, lock_people
from portal.permissions import Viewer
from portal.shifts.models import Shift, Signup, SignupState, Slot
from portal.shifts.obstacles import SHIFT, Place, place_of, signup_obstacles, standing_of
from portal.web.errors import Again, NotFound, Refused
from portal.web.words import Words, text

_slot, _signup = cast(Table, Slot.__table__), cast(Table, Signup.__table__)
_TAKE_SPOT = (
    update(_slot)
    .where(_slot.c.id == bindparam("slot_id"), _slot.c.filled < _slot.c.maximum)
    .values(filled=_slot.c.filled + 1)
)
_FREE_SPOT = (
    update(_slot).where(_slot.c.id == bindparam("slot_id")).values(filled=_slot.c.filled - 1)
)
_ADD = insert(_signup).returning(_signup.c.id)


def sign_up(
    db: Session,
    by: Viewer,
    person_id: int,
    slot_id: int,
    at: datetime,
    *,
    asked: str | None = None,
    staff: bool = False,
) -> Place:
    """Give a person a spot. Raises Refused with every obstacle there is.

    Asking for a spot one has already changes nothing, so a second press is harmless.
    `staff` is for a coordinator acting for somebody, who `asked` in the way named.
    """
    lock_people(db, [person_id])
    lock_slots(db, [slot_id])
    place = place_of(db, slot_id)
    if place is None:
        raise NotFound
    person = standing_of(db, person_id, place)
    if person.own_slot_id == slot_id:
        return place
    if obstacles := signup_obstacles(place, person, at, staff=staff):
        raise Refused(*obstacles)
    if db.execute(_TAKE_SPOT, {"slot_id": slot_id}).rowcount != 1:  # type: ignore[attr-defined]
        raise Again
    row = {
        "slot_id": slot_id,
        "shift_id": place.shift_id,
        "person_id": person_id,
        "state": SignupState.SIGNED_UP,
        "since": at,
        "reason": "",
    }
    signup_id = db.execute(_ADD, row).scalar_one()
    commit_time(db, person_id, SHIFT, signup_id, place.starts_at, place.ends_at)
    record(
        db,
        by,
        "signup.made",
        ("signup", signup_id),
        at=at,
        person_id=person_id,
        program_id=place.program_id,
        asked=asked,
    )
    return place


def withdraw(
    db: Session,
    by: Viewer,
    person_id: int,
    shift_id: int,
    at: datetime,
    *,
    asked: str | None = None,
) -> None:
    """Take a person off a shift at their own wish. Later than the cut-off it takes a call.

    Someone who is not on it has nothing to take back, so a second press is harmless.
    """
    signup = _current(db, (Signup.shift_id == shift_id) & (Signup.person_id == person_id))
    if signup is None:
        return
    if obstacle := too_late_to_withdraw(signup.shift, at):
        raise Refused(obstacle)
    _end(db, by, signup, SignupState.WITHDRAWN, at, asked=asked)


def too_late_to_withdraw(shift: Shift, at: datetime) -> Words | None:
    """Why people cannot take themselves off any more, or None while they can."""
    if at <= shift.withdraw_until:
        return None
    until = partial(clock.moment_text, shift.withdraw_until, shift.zone, this_year=at.year)
    if shift.program.contact_phone:
        return text(
            "You could take yourself off until %(when)s. Now please call %(name)s, %(phone)s.",
            when=until,
            name=shift.program.contact_name,
            phone=shift.program.contact_phone,
        )
    return text(
        "You could take yourself off until %(when)s. Now please call the office.", when=until
    )


def remove(
    db: Session, by: Viewer, signup: Signup, reason: str, at: datetime, *, asked: str | None = None
) -> None:
    """Take a person off a shift for a coordinator, with the reason they gave.

    If the person `asked` for it, it counts as their own withdrawal.
    """
    current = _current(db, Signup.id == signup.id)
    if current is None:
        raise Refused(text("This person is not on the shift any more."))
    state = SignupState.WITHDRAWN if asked else SignupState.REMOVED
    _end(db, by, current, state, at, asked=asked, reason=reason)


def end_all(
    db: Session, by: Viewer, shift: Shift, state: SignupState, reason: str, at: datetime
) -> list[Signup]:
    """End every signup of a shift whose slots the caller has locked."""
    signups = current_signups(db, shift.id)
    for signup in signups:
        _close(db, by, signup, state, at, None, reason)
    free_time(db, SHIFT, [signup.id for signup in signups])
    db.execute(update(_slot).where(_slot.c.shift_id == shift.id).values(filled=0))
    return signups


def current_signups(db: Session, shift_id: int) -> list[Signup]:
    """Who is on a shift now."""
    return list(
        db.scalars(
            select(Signup)
            .where(Signup.shift_id == shift_id, Signup.state == SignupState.SIGNED_UP)
            .order_by(Signup.id)
            .execution_options(populate_existing=True)
        )
    )


def lock_slots(db: Session, slot_ids: Collection[int]) -> None:
    """Hold slots still until the transaction ends, in order of id (a no-op on SQLite's one writer)."""
    if db.get_bind().dialect.name == "postgresql":
        db.execute(
            select(Slot.id)
            .where(Slot.id.in_(slot_ids))
            .order_by(Slot.id)
            .with_for_update(key_share=True)
        ).all()


def _current(db: Session, condition: ColumnElement[bool]) -> Signup | None:
    """A signup that counts, read again with its slot locked."""
    current = select(Signup).where(condition, Signup.state == SignupState.SIGNED_UP)
    signup = db.scalar(current)
    if signup is None:
        return None
    lock_slots(db, [signup.slot_id])
    return db.scalar(current.execution_options(populate_existing=True))


def _end(
    db: Session,
    by: Viewer,
    signup: Signup,
    state: SignupState,
    at: datetime,
    *,
    asked: str | None = None,
    reason: str = "",
) -> None:
    _close(db, by, signup, state, at, asked, reason)
    free_time(db, SHIFT, [signup.id])
    db.execute(_FREE_SPOT, {"slot_id": signup.slot_id})


def _close(
    db: Session,
    by: Viewer,
    signup: Signup,
    state: SignupState,
    at: datetime,
    asked: str | None,
    reason: str,
) -> None:
    signup.state = state
    signup.ended_at, signup.ended_by_id, signup.reason = at, by.person_id, reason
    record(
        db,
        by,
        f"signup.{state.value}",
        ("signup", signup.id),
        at=at,
        person_id=signup.person_id,
        program_id=signup.shift.program_id,
        asked=asked,
    )
