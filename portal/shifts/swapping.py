"""Swapping: two people take each other's spot, both or neither, under every rule of sign-up."""

from collections.abc import Sequence
from functools import partial

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.act import Act
from portal.images import watch
from portal.people.notify import notify
from portal.shifts import message_kinds
from portal.shifts.adults import missing
from portal.shifts.companions import lock_with_companions
from portal.shifts.endings import hand_over
from portal.shifts.facts import Facts
from portal.shifts.models import Signup, SignupState, Slot
from portal.shifts.obstacles import clash_of, signup_obstacles
from portal.shifts.signups import take_handed
from portal.shifts.slots import lock_slots
from portal.shifts.spots import Spot
from portal.shifts.undoable import SHIFTS
from portal.web.errors import Refused, refuse_for
from portal.words import text

ADULTS = text("A shift would have too few adults then.")
THEIRS = text("The other person can't take your shift.")
GONE = text("One of you isn't on this shift now.")


def _refuse_to_hand(act: Act, signup: Signup) -> None:
    """Raise Refused for a spot that can't be handed over, with the reason only to its own person."""
    try:
        refuse_to_hand(act, signup)
    except Refused:
        if act.by.person_id == signup.person_id:
            raise
        raise Refused(THEIRS) from None


def lock_pair(db: Session, ids: Sequence[int]) -> list[Signup]:
    """Hold two signups' people and slots; gives the signups in the order asked for, or Refused where one does
    not count any more."""
    people = db.scalars(select(Signup.person_id).where(Signup.id.in_(ids))).all()
    lock_with_companions(db, *people)
    shifts = select(Signup.shift_id).where(Signup.id.in_(ids))
    lock_slots(db, Slot.shift_id.in_(db.scalars(shifts).all()))
    found = db.scalars(
        select(Signup).where(Signup.id.in_(ids)).execution_options(populate_existing=True)
    )
    by_id = {one.id: one for one in found if one.state == SignupState.SIGNED_UP}
    if len(by_id) < len(set(ids)) or len(by_id) < len(ids):
        raise Refused(GONE)
    return [by_id[number] for number in ids]


def refuse_to_hand(act: Act, signup: Signup) -> None:
    """Raise Refused for a spot that can't be handed to someone else by its person."""
    if act.at >= signup.shift.starts_at or signup.shift.canceled_at:
        raise Refused(text("This shift started, or was canceled."))
    if signup.in_at is not None:
        raise Refused(text("You're checked in on this shift."))
    if signup.trainee:
        raise Refused(text("You're shadowing on this shift. You can cancel your spot instead."))
    if signup.lead:
        raise Refused(text("You lead this shift. Ask the coordinator to change it."))


def swap(act: Act, one_id: int, other_id: int) -> None:
    """Have the people of two signups take each other's spot, and tell both.

    Whoever acts reads what stands in their own way; of the other they read only that it isn't possible.
    Raises Refused, and nothing has happened then.
    """
    pair = lock_pair(act.db, [one_id, other_id])
    one, other = pair
    for signup in pair:
        _refuse_to_hand(act, signup)
    if one.person_id == other.person_id:
        raise Refused(GONE)
    if one.shift_id == other.shift_id:
        raise Refused(text("You're both on this shift already."))
    watch(act, SHIFTS, sorted({one.shift_id, other.shift_id}))
    lacked = [missing(act.db, signup.shift_id) for signup in pair]
    for signup in pair:
        hand_over(act, signup, action="signup.swapped_away", quiet=True)
    made = (
        take_handed(act, other, one.person_id, partial(_refuse, act, one.person_id)),
        take_handed(act, one, other.person_id, partial(_refuse, act, other.person_id)),
    )
    act.db.flush()
    if any(missing(act.db, each.shift_id) > had for each, had in zip(pair, lacked, strict=True)):
        raise Refused(ADULTS)
    _tell(act, pair, made)


def _refuse(act: Act, person_id: int, facts: Facts, spot: Spot) -> None:
    """Raise Refused where someone can't take a spot. They, and staff, read why; anyone else that it is so."""
    own, runs = act.by.person_id == person_id, facts.row.runs
    clash = clash_of(act.db, facts)
    found = signup_obstacles(facts, spot, act.at, clash, staff=runs and not own)
    if found and not own and not runs:
        raise Refused(THEIRS)
    refuse_for(*found)


def _tell(act: Act, pair: Sequence[Signup], made: tuple[int, int]) -> None:
    """Tell each what they have now, and that what they had is no longer theirs."""
    one, other = pair
    for before, after, gets in ((one, made[0], other), (other, made[1], one)):
        soonest = min(before.shift.starts_at, gets.shift.starts_at)
        notify(
            act,
            message_kinds.SWAPPED,
            act.db.get_one(Signup, after),
            [before.person_id],
            told={"gave": before.id},
            starts_at=soonest,
        )
