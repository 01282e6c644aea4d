"""Not making it to a shift after all: saying so, which has others asked, and letting people go who said it."""

from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.act import Act, Ref
from portal.audit.log import Asked, record
from portal.images import watch
from portal.people.memberships import coordinators_of
from portal.people.notify import notify
from portal.shifts import message_kinds
from portal.shifts.adults import an_hour, told_of_too_few
from portal.shifts.cant_reasons import CantReason
from portal.shifts.cover import current_of
from portal.shifts.cover_models import CoverRequest
from portal.shifts.endings import end_signup
from portal.shifts.models import CANT_COME, Signup, SignupState
from portal.shifts.signups import remove
from portal.shifts.undoable import SHIFTS
from portal.web.errors import NotFound, Refused
from portal.words import text

FIRST = timedelta(minutes=2)
"""How long after someone says that they can't the first are asked, so that a slip reaches no one."""


def cant_make_it(
    act: Act, person_id: int, shift_id: int, reason: str = "", *, keep: bool = True
) -> bool:
    """Say that someone can't come, themselves or (`asked`) through staff; gives whether they are still on it.

    Who says to `keep` them comes if no one else is found. Anyone else, and whoever is sick, is released at
    once; their spot is open, and the coordinators are told. People are asked in their stead. Who could still
    cancel by themselves says this only to `keep` on. A second press is harmless.
    """
    try:
        signup = current_of(act.db, person_id, shift_id)
    except NotFound:
        if _said_it(act.db, person_id, shift_id):
            return False  # a second press
        raise
    shift = signup.shift
    cancels = act.at <= shift.withdraw_until and not keep and act.asked is None
    if cancels or signup.trainee:
        raise Refused(text("You can still cancel your spot yourself."))
    if act.at >= shift.starts_at:  # who was there, and how long, is the roster's
        raise Refused(text("This shift already started."))
    keep = keep and reason != CantReason.SICK
    watch(act, SHIFTS, [shift_id])
    if signup.cant_at is not None and keep:
        return True
    said_before = signup.cant_at is not None
    with told_of_too_few(act, signup):
        signup.cant_at = signup.cant_at or act.at
        signup.cant_reason = reason or signup.cant_reason
    if not said_before:
        record(act, "signup.cant", signup)
    _ask_for_sub(act, signup.slot_id, shift.program_id)
    kind = message_kinds.CANT
    if not keep:
        kind = message_kinds.RELEASED
        end_signup(act, signup, SignupState.WITHDRAWN)
    to = coordinators_of(act.db, shift.program_id)
    about = Ref("signup", signup.id, None, shift.program_id)
    notify(act, kind, about, to, key=an_hour(act, kind, shift_id), starts_at=shift.starts_at)
    return keep


def _said_it(db: Session, person_id: int, shift_id: int) -> bool:
    """Whether someone is off a shift because they can't come."""
    said = select(Signup.id).where(
        Signup.shift_id == shift_id,
        Signup.person_id == person_id,
        Signup.state == SignupState.WITHDRAWN,
        Signup.cant_at.is_not(None),
    )
    return db.scalar(said.limit(1)) is not None


def _ask_for_sub(act: Act, slot_id: int, program_id: int) -> None:
    """Have the worker ask people a little later (`cover_requests`), under the slot's lock; twice is once."""
    is_open = select(CoverRequest.id).where(
        CoverRequest.slot_id == slot_id, CoverRequest.ended_at.is_(None)
    )
    if act.db.scalar(is_open) is None:
        act.db.add(
            CoverRequest(
                slot_id=slot_id, program_id=program_id, since=act.at, next_at=act.at + FIRST
            )
        )


def cant_come(db: Session, slot_id: int, person_id: int | None = None) -> Signup | None:
    """The signup on a slot of whoever said first that they can't make it, or of one person who did."""
    said = select(Signup).where(Signup.slot_id == slot_id, CANT_COME, Signup.trainee.is_(False))
    if person_id is not None:
        said = said.where(Signup.person_id == person_id)
    return db.scalars(said.order_by(Signup.cant_at, Signup.id)).first()


def release(act: Act, slot_id: int, person_id: int) -> Signup:
    """Take someone off a slot who said that they can't make it; NotFound for anyone else."""
    signup = cant_come(act.db, slot_id, person_id)
    if signup is None:
        raise NotFound
    remove(act.but(asked=act.asked or Asked.PHONE), signup, "")
    return signup
