"""Signing up, taking oneself off, and being removed.

Lock order, everywhere: persons by id, then slots by id, never back. The counter's CHECK and
the partial unique index stand behind it.
"""

from collections.abc import Callable, Collection
from datetime import datetime
from typing import cast

from sqlalchemy import ColumnElement, Table, insert, select, update
from sqlalchemy.orm import Session

from portal.act import Act, Ref
from portal.audit.log import record
from portal.commitments.commitments import commit_time, free_time
from portal.commitments.kinds import SHIFT
from portal.images import watch
from portal.people.notify import notify
from portal.programs.confidential import has_read
from portal.shifts import message_kinds
from portal.shifts.companions import lock_with_companions
from portal.shifts.cover import YES, answer, can_after_all, tell_of_help
from portal.shifts.endings import close_signup, current_signups, end_signup, hand_over
from portal.shifts.facts import Facts, facts_of
from portal.shifts.group_spots import end_groups
from portal.shifts.models import Shift, Signup, SignupState, Slot
from portal.shifts.obstacles import clash_of, signup_obstacles, too_late
from portal.shifts.slots import (
    add_learning,
    add_spot,
    lock_slots,
    settle_held,
    take_learning,
    take_spot,
)
from portal.shifts.spots import Spot
from portal.shifts.undoable import SHIFTS
from portal.shifts.waiting import close_line, end_wait
from portal.shifts.waiting_models import WaitingState
from portal.web.errors import NotFound, Refused, refuse_for
from portal.words import text

Judge = Callable[[Facts, Spot], None]
"""Raises Refused where something stands between the person of some facts and a spot."""

_slot, _signup = cast(Table, Slot.__table__), cast(Table, Signup.__table__)
_ADD = insert(_signup).returning(_signup.c.id)


def sign_up(
    act: Act,
    person_id: int,
    shift_id: int,
    *,
    slot_id: int | None = None,
    staff: bool = False,
    quiet: bool = False,
    trainee: bool = False,
    over_limit: str = "",
    beside: Collection[int] = (),
    given: bool = False,
    replaces: int | None = None,
    regularly: bool = False,
) -> None:
    """Give a person a spot on a shift; without `slot_id` it must have one slot. A second press is harmless.

    Raises Refused with every obstacle there is. `staff` is for a coordinator acting for someone, who `asked` in
    the way named: who said that they can't make it can; with a reason in `over_limit` limits of an adult and
    wishes of groups don't count. `quiet` sends no confirmation. A `trainee` comes along to learn, beside those
    who fill the spots. Those `beside` them sign up with them; with `given`, a free spot was kept for them.
    `replaces` is the signup of someone who can't make it, whose spot they take over. Who takes its recurring
    shift `regularly` need not wait until sign-up opens.
    """
    facts = _hold(act, person_id, shift_id)
    spot = _chosen(facts, slot_id)
    if facts.row.own_slot_id == spot.id:
        if staff:
            can_after_all(act, person_id, shift_id)
        return
    spot.replaces = None if given else replaces or spot.replaces
    spot.handed_over, spot.regularly = replaces is not None, regularly
    reason = _judge(act, facts, spot, over_limit, beside, staff=staff, trainee=trainee)
    (_learn if trainee else _take)(act, spot, person_id)
    signup_id = _add(act.db, facts, spot, person_id, act.at, trainee=trainee, over_limit=reason)
    _tell(
        act, facts, Ref("signup", signup_id, person_id, facts.row.program_id), reason, quiet=quiet
    )
    if spot.ask_id and not trainee:
        tell_of_help(act, spot.ask_id, signup_id, facts.row.program_id)


def _hold(act: Act, person_id: int, shift_id: int) -> Facts:
    """The facts of a shift and a person, both locked."""
    lock_with_companions(act.db, person_id)
    lock_slots(act.db, Slot.shift_id == shift_id)
    watch(act, SHIFTS, [shift_id])
    facts = facts_of(act.db, act.by, shift_id, person_id, act.at)
    if facts is None or facts.person is None:
        raise NotFound
    return facts


def _tell(act: Act, facts: Facts, about: Ref, reason: str, *, quiet: bool) -> None:
    """Note a signup, and confirm it."""
    record(act, "signup.made", about, "over_limit" if reason else None)
    if not quiet and about.person_id:
        notify(act, message_kinds.MADE, about, [about.person_id], starts_at=facts.row.starts_at)


def _judge(
    act: Act, facts: Facts, spot: Spot, reason: str, beside: Collection[int], **how: bool
) -> str:
    """Raise Refused with everything that is in the person's way; gives the reason, where it took one."""
    facts.kept = [one for one in facts.kept if one.apart or one.other_id not in beside]
    reason = reason if how["staff"] and (facts.too_much or facts.kept) else ""
    clash = clash_of(act.db, facts)
    refuse_for(*signup_obstacles(facts, spot, act.at, clash, override=bool(reason), **how))
    return reason


def _learn(act: Act, spot: Spot, _: int) -> None:
    """Take a place to learn; someone who simply came along gets one more."""
    if spot.learning >= spot.trainees:
        add_learning(act.db, spot.id)
    take_learning(act.db, spot.id)


def _take(act: Act, spot: Spot, person_id: int) -> None:
    """Fill a spot, and settle what it was asked, offered or kept for."""
    if spot.replaces and not spot.offered(act.at):
        hand_over(act.but(asked=None), act.db.get_one(Signup, spot.replaces))
    else:
        if spot.full(act.at):  # staff add someone who simply came
            add_spot(act.db, spot.id)
        take_spot(act.db, spot.id, held=spot.offered(act.at))
    _settle(act, spot, person_id)


def _settle(act: Act, spot: Spot, person_id: int) -> None:
    """Whoever has a spot is asked for it, and waits for it, no longer."""
    if spot.ask_id:
        answer(act.db, person_id, spot.id, YES, act.at)
    if spot.waiting_id:
        end_wait(act.db, spot.waiting_id, WaitingState.ACCEPTED, act.at)
        settle_held(act.db, spot.id)


def _add(
    db: Session,
    facts: Facts,
    spot: Spot,
    person_id: int,
    at: datetime,
    *,
    trainee: bool,
    over_limit: str,
) -> int:
    """Write the signup, and engage the person's time."""
    row = {
        "slot_id": spot.id, "shift_id": facts.row.shift_id, "person_id": person_id, "since": at, "reason": "",
        "state": SignupState.SIGNED_UP, "trainee": trainee, "over_limit": over_limit,
    }  # fmt: skip
    signup_id: int = db.connection().execute(_ADD, row).scalar_one()
    commit_time(db, person_id, SHIFT, signup_id, facts.row.starts_at, facts.row.ends_at)
    return signup_id


def take_handed(act: Act, given: Signup, person_id: int, obstacles: Judge) -> int:
    """Give a person the spot of a signup that was just handed over; gives the new signup. `obstacles` is asked
    what is in the way, and raises Refused."""
    facts = facts_of(act.db, act.by, given.shift_id, person_id, act.at)
    spot = facts.spot(given.slot_id) if facts else None
    if facts is None or spot is None or facts.person is None:
        raise NotFound
    spot.replaces, spot.handed_over = given.id, True
    obstacles(facts, spot)
    _settle(act, spot, person_id)
    signup_id = _add(act.db, facts, spot, person_id, act.at, trainee=False, over_limit="")
    record(act, "signup.swapped", Ref("signup", signup_id, person_id, facts.row.program_id))
    if spot.ask_id:
        tell_of_help(act, spot.ask_id, signup_id, facts.row.program_id)
    return signup_id


def _chosen(facts: Facts, slot_id: int | None) -> Spot:
    if slot_id is None and len(facts.spots) == 1:
        return facts.spots[0]
    if slot_id is None:
        raise Refused(text("Select a role."))
    spot = facts.spot(slot_id)
    if spot is None:
        raise NotFound
    return spot


def withdraw(act: Act, person_id: int, shift_id: int, *, quiet: bool = False) -> None:
    """Take a person off a shift at their own wish. Later than the cut-off it takes a call.

    Someone who is not on it has nothing to take back, so a second press is harmless.
    """
    signup = _current(act.db, (Signup.shift_id == shift_id) & (Signup.person_id == person_id))
    if signup is None:
        return
    shift, program = signup.shift, signup.shift.program
    if act.at > shift.withdraw_until and (act.at >= shift.starts_at or not signup.trainee):
        raise Refused(
            too_late(shift.withdraw_until, shift.zone, program.contact_name, program.contact_phone)
        )
    place_read = has_read(act.db, Ref("shift", shift_id, person_id))
    detail = "place_read" if place_read else None
    end_signup(act, signup, SignupState.WITHDRAWN, quiet=quiet, detail=detail)


def remove(act: Act, signup: Signup, reason: str, *, quiet: bool = False) -> None:
    """Take a person off a shift for a coordinator, with the reason they gave.

    If the person `asked` for it, it counts as their own withdrawal.
    """
    current = _current(act.db, Signup.id == signup.id)
    if current is None:
        raise Refused(text("This person is no longer on the shift."))
    state = SignupState.WITHDRAWN if act.asked else SignupState.REMOVED
    end_signup(act, current, state, reason=reason, quiet=quiet)


def end_all(
    act: Act, shift: Shift, state: SignupState, reason: str, *, quiet_regulars: bool = False
) -> list[Signup]:
    """End every signup of a shift whose slots the caller has locked. With `quiet_regulars`, those who
    come regularly are told by the caller, once for all their dates."""
    signups = current_signups(act.db, shift.id)
    for signup in signups:
        quiet = quiet_regulars and signup.regular_id is not None
        close_signup(act.but(asked=None), signup, state, reason, quiet=quiet)
    free_time(act.db, SHIFT, [signup.id for signup in signups])
    act.db.execute(
        update(_slot).where(_slot.c.shift_id == shift.id).values(filled=0, held=0, learning=0)
    )
    close_line(act.db, shift.id, act.at)
    end_groups(act, shift)
    return signups


def _current(db: Session, condition: ColumnElement[bool]) -> Signup | None:
    """A signup that counts, read again with its slot locked."""
    current = select(Signup).where(condition, Signup.state == SignupState.SIGNED_UP)
    signup = db.scalar(current)
    if signup is None:
        return None
    lock_slots(db, Slot.shift_id == signup.shift_id)
    return db.scalar(current.execution_options(populate_existing=True))
