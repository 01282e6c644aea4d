"""Which offers and swaps there are for whom, and whether a program has a trade board."""

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, func, select
from sqlalchemy.orm import Session, aliased

from portal.agency.models import AgencySetting
from portal.agency.settings import Setting, stored
from portal.people.models import Person, Status
from portal.permissions import Permission, Viewer
from portal.programs.models import Placement
from portal.programs.placements import from_day
from portal.programs.scopes import in_viewers_programs
from portal.shifts.models import Shift, Signup, SignupState, Slot
from portal.swaps.models import OPEN, Swap, SwapOffer, SwapState
from portal.words import text

ON = Setting(
    "swaps",
    text("Volunteers can offer their shifts on the trade board"),
    True,
    may=Permission.SHIFTS_MANAGE,
    per_program=True,
)
APPROVED = Setting(
    "swaps_approved",
    text("A coordinator approves each swap"),
    True,
    may=Permission.SHIFTS_MANAGE,
    per_program=True,
)
SETTINGS = (ON, APPROVED)

_shift = aliased(Shift)


def stands(signup_id: Any, at: datetime) -> ColumnElement[bool]:
    """The condition that a signup still counts, and its shift is ahead."""
    return exists().where(
        Signup.id == signup_id,
        Signup.state == SignupState.SIGNED_UP,
        _shift.id == Signup.shift_id,
        _shift.starts_at > at,
        _shift.canceled_at.is_(None),
    )


def is_on(db: Session, setting: Setting[bool], program_id: int) -> bool:
    """Whether a setting of swaps is on in a program."""
    return stored(db, [setting], [program_id])[program_id][setting.name]


def has_board(program_id: Any) -> ColumnElement[bool]:
    """Inside a query: whether a program has a trade board, by its own value or that of the agency."""
    value = select(AgencySetting.value).where(AgencySetting.name == ON.name)
    own = value.where(AgencySetting.program_id == program_id).scalar_subquery()
    agency = value.where(AgencySetting.program_id.is_(None)).scalar_subquery()
    return func.coalesce(own, agency, ON.written(ON.default)) == ON.written(True)


def _of_others(viewer: Viewer) -> ColumnElement[bool]:
    """The condition that a viewer takes no part in a swap: no one decides their own."""
    own_offer = exists().where(
        SwapOffer.id == Swap.offer_id, SwapOffer.person_id == viewer.person_id
    )
    return and_(Swap.person_id != (viewer.person_id or 0), ~own_offer.correlate(Swap))


def role_of_slot(viewer: Viewer, at: datetime) -> ColumnElement[bool]:
    """The condition that a placement gives an active viewer the role of a slot, now or later."""
    return and_(
        Placement.position_id == Slot.position_id,
        Placement.person_id == viewer.person_id,
        Person.id == Placement.person_id,
        Person.status == Status.ACTIVE,
        from_day(viewer.today or at.date()),
    )


def on_board(viewer: Viewer, at: datetime) -> Select[SwapOffer]:
    """The offers of others whose role a viewer has, for shifts that are ahead."""
    role = (
        exists()
        .where(
            Signup.id == SwapOffer.signup_id,
            Slot.id == Signup.slot_id,
            role_of_slot(viewer, at),
        )
        .correlate(SwapOffer)
    )
    return select(SwapOffer).where(
        SwapOffer.ended_at.is_(None),
        SwapOffer.person_id != viewer.person_id,
        stands(SwapOffer.signup_id, at),
        has_board(SwapOffer.program_id),
        role,
    )


def proposed_to(person_id: int | None) -> Select[Swap]:
    """What was proposed for a person's offers."""
    return select(Swap).join(SwapOffer).where(SwapOffer.person_id == person_id)


def proposed_by(person_id: int | None) -> Select[Swap]:
    """What a person proposed."""
    return select(Swap).where(Swap.person_id == person_id)


def waiting_in(viewer: Viewer, state: SwapState, at: datetime) -> Select[Swap]:
    """The swaps of a coordinator's programs that wait, for them or for an answer, and can still be done."""
    return (
        select(Swap)
        .join(SwapOffer)
        .where(
            Swap.state == state,
            in_viewers_programs(Swap.program_id, viewer, Permission.SHIFTS_MANAGE),
            stands(Swap.signup_id, at),
            stands(SwapOffer.signup_id, at),
            _of_others(viewer),
        )
    )


def managed(viewer: Viewer) -> Select[Swap]:
    """The swaps of a coordinator's programs in which they take no part."""
    mine = in_viewers_programs(Swap.program_id, viewer, Permission.SHIFTS_MANAGE)
    return select(Swap).where(mine, _of_others(viewer))


def current(db: Session, row: Swap) -> Swap:
    """The open proposal of the same two shifts where this one ended and was made again."""
    again = select(Swap).where(
        Swap.offer_id == row.offer_id,
        Swap.signup_id == row.signup_id,
        Swap.state == SwapState.PROPOSED,
    )
    return row if row.state in OPEN else db.scalar(again) or row


def old_offers(at: datetime) -> Select[int]:
    """The open offers of shifts that began, were canceled, or are no longer their person's."""
    return select(SwapOffer.id).where(
        SwapOffer.ended_at.is_(None), ~stands(SwapOffer.signup_id, at)
    )


def old_swaps(at: datetime) -> Select[int]:
    """The open proposals whose own shift can't be swapped any more."""
    return select(Swap.id).where(Swap.state.in_(OPEN), ~stands(Swap.signup_id, at))
