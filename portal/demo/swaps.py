"""The demo agency's trade board: shifts on offer, one proposed to the volunteer, and a swap to approve."""

from contextlib import suppress
from datetime import datetime, time, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal import clock
from portal.act import Act
from portal.people.identity_models import Identity
from portal.people.models import Membership
from portal.permissions import COMMAND_LINE, Viewer
from portal.programs.models import Program, Visibility
from portal.savepoints import savepoint
from portal.shifts import shifts, signups
from portal.shifts.candidates import candidates
from portal.shifts.models import Shift, Signup, SignupState, Slot
from portal.shifts.shift_slots import SlotWish
from portal.swaps import swaps
from portal.swaps.models import Swap
from portal.web.errors import Refused

AHEAD = range(15, 2, -1)
"""How many days ahead the first of the shifts is: the first of these on which everyone can come."""


def give_swaps(db: Session, zone: str, at: datetime) -> None:
    """Write four shifts with one person each, the demo's volunteer on the first, and swap between them."""
    volunteer = db.scalars(
        select(Identity.person_id).where(Identity.address == "volunteer@demo.example")
    ).one()
    slot = _slot_of(db, volunteer)
    for first in AHEAD:
        with suppress(Refused, LookupError), savepoint(db):
            _swap(db, slot, zone, at, volunteer, first)
            return


def _swap(db: Session, slot: Slot, zone: str, at: datetime, volunteer: int, first: int) -> None:
    made = [_shift(db, slot, zone, at, first + number) for number in range(4)]
    people = [volunteer, *_others(db, made, volunteer)]
    if len(people) < len(made):
        raise LookupError
    for person, shift in zip(people, made, strict=True):
        signups.sign_up(Act(db, COMMAND_LINE, at), person, shift.id, staff=True, quiet=True)
    mine, second, third, fourth = zip(people, made, strict=True)
    _propose(db, at, mine, second)
    agreed = _propose(db, at, third, fourth)
    swaps.accept(Act(db, Viewer(person_id=third[0]), at), agreed)
    swaps.offer(Act(db, Viewer(person_id=second[0]), at), *_ids(second))


def _ids(one: tuple[int, Shift]) -> tuple[int, int]:
    return one[0], one[1].id


def _slot_of(db: Session, volunteer: int) -> Slot:
    """A slot that the volunteer is on, in a program of the demo's coordinator."""
    own = (
        select(Membership.program_id)
        .join(Identity, Identity.person_id == Membership.person_id)
        .where(Identity.address == "coordinator@demo.example")
    )
    found = (
        select(Slot)
        .join(Signup, Signup.slot_id == Slot.id)
        .join(Shift, Shift.id == Slot.shift_id)
        .join(Program, Program.id == Shift.program_id)
        .where(
            Signup.person_id == volunteer,
            Signup.state == SignupState.SIGNED_UP,
            Program.visibility == Visibility.PUBLIC,
            Shift.program_id.in_(own),
        )
        .order_by(Slot.id.desc())
    )
    slot = db.scalars(found).first()
    assert slot
    return slot


def _shift(db: Session, slot: Slot, zone: str, at: datetime, days: int) -> Shift:
    day = clock.local_day(at, zone) + timedelta(days=days)
    starts, ends = (clock.from_local(day, time(hour), zone) for hour in (17, 19))
    values = {
        "title": "Evening desk", "site_id": slot.shift.site_id, "note": "", "starts_at": starts,
        "ends_at": ends, "zone": zone, "opens_at": None, "closes_at": starts,
        "withdraw_until": starts - timedelta(hours=24), "adults": 0,
    }  # fmt: skip
    act = Act(db, COMMAND_LINE, at)
    return shifts.add_shift(act, slot.shift.program, values, [SlotWish(slot.position_id, 1, 1)])


def _others(db: Session, made: list[Shift], volunteer: int) -> list[int]:
    """Three others who could take any of the shifts."""
    able = [[one.id for one in candidates(db, COMMAND_LINE, shift, "", size=40)] for shift in made]
    everywhere = [one for one in able[0] if all(one in each for each in able)]
    return [one for one in everywhere if one != volunteer][:3]


def _propose(
    db: Session, at: datetime, offerer: tuple[int, Shift], other: tuple[int, Shift]
) -> Swap:
    """One offers their shift, and the other one theirs for it."""
    offer = swaps.offer(Act(db, Viewer(person_id=offerer[0]), at), *_ids(offerer))
    own = db.scalars(
        select(Signup.id).where(
            Signup.person_id == other[0],
            Signup.shift_id == other[1].id,
            Signup.state == SignupState.SIGNED_UP,
        )
    ).one()
    return swaps.propose(Act(db, Viewer(person_id=other[0]), at), offer.id, own)
