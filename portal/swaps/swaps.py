"""Offering a shift for a swap, offering one's own for it, and saying yes.

Both people keep their spots until the swap is done. Every rule of sign-up is asked again then, for both, under
the lock; the first yes wins. Where a program wants it, a coordinator approves.
"""

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.act import Act, Ref
from portal.audit.log import record
from portal.images import watch
from portal.people.memberships import coordinators_of
from portal.people.notify import notify
from portal.programs.scopes import one
from portal.savepoints import tried
from portal.shifts.cover import current_of
from portal.shifts.models import Shift, Signup
from portal.shifts.swapping import lock_pair, refuse_to_hand, swap
from portal.shifts.undoable import SHIFTS
from portal.swaps import message_kinds
from portal.swaps.models import OPEN, Swap, SwapOffer, SwapState
from portal.swaps.scopes import APPROVED, ON, is_on, on_board, stands
from portal.swaps.undoable import SWAPS
from portal.web.errors import NotFound, Refused
from portal.words import text

OVER = text("This swap was answered or withdrawn.")


def offer(act: Act, person_id: int, shift_id: int) -> SwapOffer:
    """Put one's shift on the trade board. A second press gives the same offer."""
    signup = current_of(act.db, person_id, shift_id)
    if not is_on(act.db, ON, signup.program_id):
        raise NotFound
    refuse_to_hand(act, signup)
    had = act.db.scalar(
        select(SwapOffer).where(SwapOffer.signup_id == signup.id, SwapOffer.ended_at.is_(None))
    )
    if had is not None:
        return had
    program_id = signup.program_id
    made = SwapOffer(signup_id=signup.id, person_id=person_id, program_id=program_id, since=act.at)
    act.db.add(made)
    act.db.flush()
    _note(act, "swap.offered", signup)
    return made


def _note(act: Act, action: str, signup: Signup) -> None:
    record(act, action, Ref(Shift.noun, signup.shift_id, signup.person_id, signup.program_id))


def take_back(act: Act, person_id: int, offer_id: int) -> SwapOffer:
    """Take one's shift off the board; whoever proposed one for it is told. A second press is harmless."""
    own = select(SwapOffer).where(SwapOffer.person_id == person_id)
    row = one(act.db, own, SwapOffer.id == offer_id)
    _hold(act.db, row)
    if row.ended_at is None:
        end_offer(act, row)
    return row


def end_offer(act: Act, row: SwapOffer, won: int | None = None) -> None:
    """Close an offer, and every proposal for it but the one that won; whoever made one is told."""
    row.ended_at = act.at
    act.db.flush()
    _note(act, "swap.offer_ended", row.signup)
    left = select(Swap).where(Swap.offer_id == row.id, Swap.state.in_(OPEN), Swap.id != (won or 0))
    for each in act.db.scalars(left.order_by(Swap.id)).all():
        lapse(act, each)


def lapse(act: Act, row: Swap) -> None:
    """End a proposal that can't be done any more; who made it, or said yes to it, is told."""
    to = _waiting_for(row)
    _end(act, row, SwapState.LAPSED)
    notify(act, message_kinds.LAPSED, row, to)


def _waiting_for(row: Swap) -> list[int]:
    """Who waits for what becomes of a swap."""
    agreed = row.state == SwapState.AGREED
    return [row.person_id, row.offer.person_id] if agreed else [row.person_id]


def _end(act: Act, row: Swap, state: SwapState) -> None:
    row.state, row.ended_at = state, act.at
    act.db.flush()
    _note(act, f"swap.{state.value}", row.signup)


def _hold(db: Session, row: SwapOffer) -> None:
    """Hold an offer, and with it all that is proposed for it."""
    for table, condition in (
        (SwapOffer, SwapOffer.id == row.id),
        (Swap, Swap.offer_id == row.id),
    ):
        held = select(table).where(condition).order_by(table.id).with_for_update()
        db.scalars(held.execution_options(populate_existing=True)).all()


def propose(act: Act, offer_id: int, signup_id: int) -> Swap:
    """Offer one of one's own shifts for the one on the board; the other person is asked. A second press gives
    the same proposal.

    Raises Refused where the two could not swap now, with the reasons that are one's own.
    """
    row = one(act.db, on_board(act.by, act.at), SwapOffer.id == offer_id)
    mine = select(Signup).where(
        Signup.person_id == act.by.person_id, stands(Signup.id, act.at), ~Signup.trainee
    )
    own = one(act.db, mine, Signup.id == signup_id)
    if own.program_id != row.program_id or not is_on(act.db, ON, row.program_id):
        raise NotFound
    lock_pair(act.db, [row.signup_id, own.id])
    _hold(act.db, row)
    if row.ended_at is not None:
        raise Refused(OVER)
    had = act.db.scalar(
        select(Swap).where(Swap.offer_id == row.id, Swap.signup_id == own.id, Swap.state.in_(OPEN))
    )
    if had is not None:
        return had
    with tried(act.db):
        swap(act, row.signup_id, own.id)
    made = Swap(
        offer_id=row.id, signup_id=own.id, person_id=own.person_id, program_id=row.program_id,
        state=SwapState.PROPOSED, since=act.at,
    )  # fmt: skip
    act.db.add(made)
    act.db.flush()
    _note(act, "swap.proposed", own)
    soonest = min(row.signup.shift.starts_at, own.shift.starts_at)
    key = f"{message_kinds.PROPOSED.name}:{row.id}:{own.id}:{act.at:%Y-%m-%dT%H}"
    notify(act, message_kinds.PROPOSED, made, [row.person_id], key=key, starts_at=soonest)
    return made


def accept(act: Act, row: Swap) -> bool:
    """Say yes to a proposal for one's offer; gives whether it is done, or waits for a coordinator. A second
    press is harmless. Raises Refused where the two can't swap now."""
    _lock(act, row)
    if row.state in (SwapState.DONE, SwapState.AGREED):
        return row.state == SwapState.DONE
    _refuse_unless(row, SwapState.PROPOSED)
    _refuse_without_board(act, row)
    if not is_on(act.db, APPROVED, row.program_id):
        _do(act, row)
        return True
    with tried(act.db):
        swap(act, row.offer.signup_id, row.signup_id)
    row.state, row.agreed_at = SwapState.AGREED, act.at
    act.db.flush()
    _note(act, "swap.agreed", row.offer.signup)
    notify(act, message_kinds.AGREED, row, coordinators_of(act.db, row.program_id))
    return False


def _refuse_unless(row: Swap, *states: SwapState) -> None:
    """Raise Refused for a swap that is in no such state, or whose offer ended."""
    if row.state not in states or row.offer.ended_at is not None:
        raise Refused(OVER)


def _refuse_without_board(act: Act, row: Swap) -> None:
    if not is_on(act.db, ON, row.program_id):
        raise Refused(text("This program's trade board was turned off."))


def _lock(act: Act, row: Swap) -> None:
    """Hold a swap with all it is about, shifts first, and keep how it was for undoing."""
    gone = None
    if row.state in OPEN:
        try:
            pair = lock_pair(act.db, [row.offer.signup_id, row.signup_id])
            watch(act, SHIFTS, sorted(one.shift_id for one in pair))
        except Refused as refused:
            gone = refused
    _watch(act, row)
    if gone and row.state in OPEN:  # it was not done meanwhile
        raise gone


def _watch(act: Act, row: Swap) -> None:
    watch(act, SWAPS, [row.offer_id])
    _hold(act.db, row.offer)


def _do(act: Act, row: Swap) -> None:
    swap(act, row.offer.signup_id, row.signup_id)
    _end(act, row, SwapState.DONE)
    end_offer(act, row.offer, won=row.id)


def decline(act: Act, row: Swap) -> None:
    """Say no to a proposal for one's offer, also after a yes that waits for a coordinator; the one who made it
    is told. A second press is harmless; Refused for one that ended otherwise."""
    _watch(act, row)
    if row.state != SwapState.DECLINED:
        _refuse_unless(row, *OPEN)
        _end(act, row, SwapState.DECLINED)
        notify(act, message_kinds.DECLINED, row, [row.person_id])


def withdraw(act: Act, row: Swap) -> None:
    """Take a proposal back that one made; who said yes to it is told. A second press is harmless; Refused for
    one that ended otherwise."""
    _hold(act.db, row.offer)
    if row.state != SwapState.TAKEN_BACK:
        _refuse_unless(row, *OPEN)
        to = [one for one in _waiting_for(row) if one != row.person_id]
        _end(act, row, SwapState.TAKEN_BACK)
        notify(act, message_kinds.LAPSED, row, to)


def approve(act: Act, row: Swap) -> None:
    """Have both people swap, as they agreed. A second press is harmless."""
    _lock(act, row)
    if row.state != SwapState.DONE:
        _refuse_unless(row, SwapState.AGREED)
        _refuse_without_board(act, row)
        _do(act, row)


def reject(act: Act, row: Swap) -> None:
    """Leave both people where they are, and tell them. A second press is harmless; Refused for one that ended
    otherwise."""
    _watch(act, row)
    if row.state != SwapState.REFUSED:
        _refuse_unless(row, SwapState.AGREED)
        _end(act, row, SwapState.REFUSED)
        notify(act, message_kinds.REFUSED, row, [row.person_id, row.offer.person_id])


def close_offer(act: Act, offer_id: int) -> None:
    """End an offer that can't be answered any more."""
    row = act.db.get_one(SwapOffer, offer_id)
    _hold(act.db, row)
    if row.ended_at is None:
        end_offer(act, row)


def close_swap(act: Act, swap_id: int) -> None:
    """End a proposal that can't be done any more."""
    row = act.db.get_one(Swap, swap_id)
    _hold(act.db, row.offer)
    if row.state in OPEN:
        lapse(act, row)
