"""How a signup ends: the row, the person's time, the spot, and what people are told."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.act import Act
from portal.audit.log import record
from portal.commitments.commitments import free_time
from portal.commitments.kinds import SHIFT
from portal.hours.entries import propose
from portal.hours.models import Source
from portal.images import watch
from portal.people.notify import notify
from portal.people.people import lock_people
from portal.shifts import message_kinds
from portal.shifts.adults import told_of_too_few
from portal.shifts.companions import fellows_on
from portal.shifts.models import Signup, SignupState, Slot
from portal.shifts.slots import free_learning, free_spot, lock_slots
from portal.shifts.undoable import SHIFTS

ENDED = {
    SignupState.WITHDRAWN: message_kinds.WITHDRAWN,
    SignupState.REMOVED: message_kinds.REMOVED,
    SignupState.CANCELED: message_kinds.CANCELED,
}
"""What people are told when a signup ends."""


def lock_shifts(db: Session, ids: Sequence[int]) -> None:
    """Hold everyone on some shifts, then all their slots."""
    on_them = select(Signup.person_id).where(
        Signup.shift_id.in_(ids), Signup.state == SignupState.SIGNED_UP
    )
    lock_people(db, sorted(set(db.scalars(on_them))))
    lock_slots(db, Slot.shift_id.in_(ids))


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


def end_signup(
    act: Act,
    signup: Signup,
    state: SignupState,
    *,
    reason: str = "",
    quiet: bool = False,
    detail: str | None = None,
) -> None:
    """End a signup whose slots the caller has locked, free the person's time and the spot, and tell them."""
    watch(act, SHIFTS, [signup.shift_id])
    with told_of_too_few(act, signup):
        close_signup(act, signup, state, reason, quiet=quiet, detail=detail)
    free_time(act.db, SHIFT, [signup.id])
    (free_learning if signup.trainee else free_spot)(act.db, signup.slot_id)


def close_signup(
    act: Act,
    signup: Signup,
    state: SignupState,
    reason: str,
    *,
    quiet: bool = False,
    detail: str | None = None,
    action: str = "",
) -> None:
    """Write down that a signup ended, and tell its person unless `quiet`; the caller sees to the spot."""
    if signup.marked_at:  # who is taken off was not there after all
        source = Source.LEARNING if signup.trainee else Source.SHIFT
        propose(act, source, {signup.id: None})
    signup.state = state
    signup.ended_at, signup.ended_by_id, signup.reason = act.at, act.by.person_id, reason
    record(act, action or f"signup.{state.value}", signup, detail)
    at = signup.shift.starts_at
    if not quiet:
        notify(act, ENDED[state], signup, [signup.person_id], starts_at=at)
    if state != SignupState.CANCELED:
        act.db.flush()
        notify(act, message_kinds.FELLOW_LEFT, signup, fellows_on(act.db, signup), starts_at=at)


def hand_over(act: Act, signup: Signup, *, action: str = "", quiet: bool = False) -> None:
    """End a signup whose spot someone else takes in the same act, so that none gets free."""
    close_signup(act, signup, SignupState.WITHDRAWN, "", quiet=quiet, action=action)
    free_time(act.db, SHIFT, [signup.id])
    act.db.flush()
