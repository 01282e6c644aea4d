"""Pages of swaps: the trade board, proposing, and a coordinator's approval."""

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import select

from portal.domain import Panel
from portal.permissions import Permission
from portal.programs.scopes import one
from portal.swaps import board, own, scopes, swaps, taking
from portal.swaps.forms import ANSWERS, AnswerForForm, ProposeForm
from portal.swaps.models import Swap, SwapOffer, SwapState
from portal.web.answers import Screen, See, screen
from portal.web.errors import NotFound
from portal.web.request import Request
from portal.words import text

DONE = text("You swapped. Your new shift is in your list.")
AGREED = text("Thank you! A coordinator has to approve it. Until then you both keep your shifts.")
NO = text("OK. You keep your shift.")
SAID_YES = text("Thank you! We'll tell you when you've swapped.")


def index(request: Request, form: Any = None) -> Screen:
    """The trade board: what waits for one's answer, what others offer, and one's own."""
    db, viewer, at = request.db, request.viewer, request.at
    waiting = board.own_waiting(db, viewer.person_id, at)
    return screen(
        "swaps/board.html",
        asked=board.to_answer(db, viewer.person_id, at),
        waiting=waiting,
        mine=own.own_offers(db, viewer.person_id, at),
        offers=board.offers(db, viewer, at),
        subs=board.looking_for_subs(db, viewer, at),
        approves=viewer.may(Permission.SHIFTS_MANAGE),
        asked_for={row.offer_id for row in waiting if row.asker_id == viewer.person_id},
        form=form,
    )


def offer(request: Request, form: Any, shift_id: int) -> See:
    """Put a shift on the board."""
    assert request.viewer.person_id
    swaps.offer(request.act, request.viewer.person_id, shift_id)
    said = text("Your shift is on the trade board. You keep it until someone swaps with you.")
    return See(f"/shifts/{shift_id}", said)


def take_back(request: Request, form: Any, swap_offer_id: int) -> See:
    """Take it off the board."""
    assert request.viewer.person_id
    row = swaps.take_back(request.act, request.viewer.person_id, swap_offer_id)
    return See(f"/shifts/{row.signup.shift_id}", text("Your shift is off the trade board."))


def show_offer(request: Request, swap_offer_id: int, form: ProposeForm | None = None) -> Screen:
    """An offer, and which of one's own shifts to give for it."""
    db, viewer, at = request.db, request.viewer, request.at
    row = one(db, scopes.on_board(viewer, at), SwapOffer.id == swap_offer_id)
    found = board.offers(db, viewer, at, row.id)
    if not found:
        raise NotFound
    return screen(
        "swaps/offer.html",
        offer=row,
        wanted=found[0],
        approved=scopes.is_on(db, scopes.APPROVED, row.program_id),
        mine=own.own_shifts(db, viewer, row, at),
        form=form or ProposeForm(),
        refused=form,
    )


def propose(request: Request, form: ProposeForm, swap_offer_id: int) -> See:
    """Offer one of one's own for it."""
    swaps.propose(request.act, swap_offer_id, form.signup.data)
    said = text("We asked them. You both keep your shifts until they say yes.")
    return See("/swaps", said)


def _mine(request: Request, swap_id: int) -> Swap:
    """A proposal for one of the viewer's offers, or NotFound."""
    return one(request.db, scopes.proposed_to(request.viewer.person_id), Swap.id == swap_id)


def show(request: Request, swap_id: int, form: Any = None) -> Screen:
    """A swap is shown on the board to those whose it is."""
    theirs = select(Swap).join(SwapOffer)
    person_id = request.viewer.person_id
    mine = (Swap.person_id == person_id) | (SwapOffer.person_id == person_id)
    one(request.db, theirs.where(mine), Swap.id == swap_id)
    return index(request, form)


def accept(request: Request, form: Any, swap_id: int) -> See:
    """Say yes."""
    return See("/swaps", DONE if swaps.accept(request.act, _mine(request, swap_id)) else AGREED)


def decline(request: Request, form: Any, swap_id: int) -> See:
    """Say no."""
    swaps.decline(request.act, _mine(request, swap_id))
    return See("/swaps", NO)


def withdraw(request: Request, form: Any, swap_id: int) -> See:
    """Take back what one proposed."""
    mine = scopes.proposed_by(request.viewer.person_id)
    swaps.withdraw(request.act, one(request.db, mine, Swap.id == swap_id))
    return See("/swaps", text("The swap was canceled. You keep your shift."))


def take_over(request: Request, form: Any, slot_id: int) -> See:
    """Take the spot of someone who looks for a sub."""
    shift_id = taking.take_over(request.act, slot_id)
    return See(f"/shifts/{shift_id}", text("You're signed up. Thank you!"))


def to_approve(request: Request, form: Any = None) -> Screen:
    """The swaps of one's programs that wait for approval, and those that wait for someone's answer."""
    found = {
        state: board.for_staff(request.db, scopes.waiting_in(request.viewer, state, request.at))
        for state in (SwapState.AGREED, SwapState.PROPOSED)
    }
    return screen(
        "swaps/approval.html",
        agreed=found[SwapState.AGREED],
        several=_in_several(found[SwapState.AGREED]),
        proposed=found[SwapState.PROPOSED],
        answers=ANSWERS,
        form=form,
    )


def _in_several(agreed: Sequence[board.Proposal]) -> set[int]:
    """The agreed swaps of which another one names the same shift of the same person; only one can be done."""
    spots = Counter(spot for row in agreed for spot in _spots(row))
    return {row.id for row in agreed if any(spots[spot] > 1 for spot in _spots(row))}


def _spots(row: board.Proposal) -> Sequence[tuple[int, int]]:
    return (row.asker_id, row.given.shift_id), (row.owner_id, row.wanted.shift_id)


def show_for_staff(request: Request, swap_id: int, form: Any = None) -> Screen:
    """A swap is decided on the list."""
    _managed(request, swap_id)
    return to_approve(request, form)


def _managed(request: Request, swap_id: int) -> Swap:
    return one(request.db, scopes.managed(request.viewer), Swap.id == swap_id)


def approve(request: Request, form: Any, swap_id: int) -> See:
    """Approve one."""
    swaps.approve(request.act, _managed(request, swap_id))
    return See("/schedule/swaps", text("Swapped."))


def reject(request: Request, form: Any, swap_id: int) -> See:
    """Leave both where they are."""
    swaps.reject(request.act, _managed(request, swap_id))
    return See("/schedule/swaps", text("Not approved. Both keep their shifts."))


def answer_for(request: Request, form: AnswerForForm, swap_id: int) -> See:
    """Write down what someone said by phone."""
    row, act = _managed(request, swap_id), request.act.but(asked=form.asked.data)
    if form.said.data == "yes":
        done = swaps.accept(act, row)
        said = text("Swapped.") if done else text("Saved. Now it waits for approval.")
    else:
        swaps.decline(act, row)
        said = text("Saved. Both keep their shifts.")
    return See("/schedule/swaps", said)


def panels(request: Request, queues: Any) -> Iterator[Panel]:
    """What was proposed to the viewer and waits for their answer."""
    for row in board.to_answer(request.db, request.viewer.person_id, request.at):
        yield Panel(25, "swaps/_asked.html", {"row": row}, row.wanted.starts_at)


def on_own_shift(request: Request, shift_id: int) -> Iterator[Panel]:
    """On the page of one's own shift: put it on the board, or take it off."""
    found = own.own_on_board(request.db, request.viewer.person_id, shift_id, request.at)
    if found is not None:
        yield Panel(20, "swaps/_own_shift.html", {"shift_id": shift_id, "on_board": found})
