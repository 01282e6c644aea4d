"""What swaps offer the rest of the portal."""

from typing import Any

from sqlalchemy import Select, func

from portal.act import Act
from portal.domain import Answerable, Chore, Domain, Now, Queue, ids
from portal.permissions import Permission, Viewer
from portal.swaps import routes, scopes, swaps, views
from portal.swaps.models import Swap, SwapState
from portal.swaps.notices import NOTICES
from portal.swaps.undoable import SWAPS
from portal.words import text


def _to_approve(viewer: Viewer, now: Now) -> Select[Any]:
    return scopes.waiting_in(viewer, SwapState.AGREED, now.at)


def _answer(act: Act, swap_id: int, said: str) -> None:
    """What someone said from the page of a mail."""
    row = scopes.current(act.db, act.db.get_one(Swap, swap_id))
    (swaps.accept if said == "yes" else swaps.decline)(act, row)


DOMAIN = Domain(
    "swaps",
    pages=routes.pages,
    notices=NOTICES,
    queues=(
        Queue(
            "swaps",
            text("Swaps to approve"),
            "/schedule/swaps",
            "arrow-left-right",
            65,
            _to_approve,
            oldest=func.min(Swap.agreed_at),
            may=Permission.SHIFTS_MANAGE,
        ),
    ),
    chores=(
        Chore(
            "old offers of swaps",
            121,
            ids(lambda now: scopes.old_offers(now.at)),
            lambda act, one, now: swaps.close_offer(act, one),
        ),
        Chore(
            "old swaps",
            122,
            ids(lambda now: scopes.old_swaps(now.at)),
            lambda act, one, now: swaps.close_swap(act, one),
        ),
    ),
    answerable={
        Swap.noun: Answerable(
            _answer, views.SAID_YES, follow_up=lambda _db, _swap_id: "/schedule/swaps"
        )
    },
    home=views.panels,
    own_shift=views.on_own_shift,
    settings=scopes.SETTINGS,
    undoables=(SWAPS,),
)
