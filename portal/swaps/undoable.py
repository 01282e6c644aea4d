"""What of swaps staff can undo: an offer with all that was proposed for it."""

from sqlalchemy import select

from portal.images import Undoable, hold_rows
from portal.permissions import Permission
from portal.programs.scopes import in_viewers_programs
from portal.swaps.models import Swap, SwapOffer

SWAPS = Undoable(
    "swap_offer",
    SwapOffer.noun,
    {SwapOffer: SwapOffer.id.in_, Swap: Swap.offer_id.in_},
    lambda viewer: select(SwapOffer.id, SwapOffer.program_id).where(
        in_viewers_programs(SwapOffer.program_id, viewer, Permission.SHIFTS_MANAGE)
    ),
    hold_rows(SwapOffer),
    guards={SwapOffer: ("ended_at",)},
)
