"""What of someone's own is on the trade board, or could be given for what is there."""

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import exists, func, or_, select
from sqlalchemy.orm import Session, aliased

from portal.permissions import Viewer
from portal.programs.models import Placement
from portal.programs.placements import from_day
from portal.shifts.models import Shift, Signup, SignupState
from portal.swaps.board import MOST, NamedShift, ShiftColumns
from portal.swaps.models import Swap, SwapOffer, SwapState
from portal.swaps.scopes import ON, is_on, stands

_signup = aliased(Signup)
_of_it = ShiftColumns(_signup)


class OwnOffer(NamedTuple):
    """A shift that a person has on the board."""

    id: int
    shift: NamedShift


def own_offers(db: Session, person_id: int | None, at: datetime) -> list[OwnOffer]:
    """What a person has on the board, soonest first."""
    statement = select(SwapOffer.id, *_of_it.columns).select_from(SwapOffer)
    statement = _of_it.join(statement.join(_signup, _signup.id == SwapOffer.signup_id))
    found = db.execute(
        statement.where(
            SwapOffer.person_id == person_id,
            SwapOffer.ended_at.is_(None),
            stands(SwapOffer.signup_id, at),
        )
        .order_by(_of_it.shift.starts_at)
        .limit(MOST)
    )
    return [OwnOffer(row[0], NamedShift(*row[1:])) for row in found]


class OwnShift(NamedTuple):
    """A shift of one's own that could be given for another."""

    signup_id: int
    shift: NamedShift


def own_shifts(db: Session, viewer: Viewer, offer: SwapOffer, at: datetime) -> list[OwnShift]:
    """A viewer's shifts in an offer's program whose role the other one has, soonest first."""
    theirs = exists().where(
        Placement.person_id == offer.person_id,
        Placement.position_id == _of_it.slot.position_id,
        from_day(viewer.today or at.date()),
    )
    statement = _of_it.join(select(_signup.id, *_of_it.columns).select_from(_signup))
    found = db.execute(
        statement.where(
            _signup.person_id == viewer.person_id,
            _signup.state == SignupState.SIGNED_UP,
            ~_signup.trainee,
            ~_signup.lead,
            _of_it.shift.program_id == offer.program_id,
            _of_it.shift.id != offer.signup.shift_id,
            _of_it.shift.starts_at > at,
            _of_it.shift.canceled_at.is_(None),
            theirs,
        )
        .order_by(_of_it.shift.starts_at)
        .limit(MOST)
    )
    return [OwnShift(row[0], NamedShift(*row[1:])) for row in found]


class OnBoard(NamedTuple):
    """One's own shift, as the trade board has it: the offer, if there is one, how many proposals wait, and
    whether a swap that was agreed waits for a coordinator."""

    offer_id: int | None
    proposals: int
    agreed: bool


def own_on_board(db: Session, person_id: int | None, shift_id: int, at: datetime) -> OnBoard | None:
    """How someone's own shift stands on the board; None where it can't be put there."""
    waiting = (
        select(func.count(Swap.person_id.distinct()))
        .where(
            Swap.offer_id == SwapOffer.id,
            Swap.state == SwapState.PROPOSED,
            stands(Swap.signup_id, at),
        )
        .correlate(SwapOffer)
        .scalar_subquery()
    )
    offered = aliased(SwapOffer)
    agreed = exists().where(
        Swap.state == SwapState.AGREED,
        offered.id == Swap.offer_id,
        or_(Swap.signup_id == Signup.id, offered.signup_id == Signup.id),
    )
    row = db.execute(
        select(SwapOffer.id, waiting.label("proposals"), agreed.label("agreed"), Shift.program_id)
        .select_from(Signup)
        .join(Shift, Shift.id == Signup.shift_id)
        .outerjoin(SwapOffer, (SwapOffer.signup_id == Signup.id) & SwapOffer.ended_at.is_(None))
        .where(
            Signup.shift_id == shift_id,
            Signup.person_id == person_id,
            ~Signup.trainee,
            ~Signup.lead,
            stands(Signup.id, at),
        )
    ).one_or_none()
    if row is None or not is_on(db, ON, row.program_id):
        return None
    return OnBoard(row.id, row.proposals or 0, row.agreed)
