"""Taking the spot of someone who looks for a sub, from the trade board."""

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from portal.act import Act
from portal.programs.scopes import one
from portal.shifts.companions import lock_with_companions
from portal.shifts.models import Signup, SignupState, Slot
from portal.shifts.releases import cant_come
from portal.shifts.signups import sign_up
from portal.shifts.slots import lock_slots
from portal.swaps.board import slots_of_roles
from portal.swaps.scopes import ON, is_on
from portal.web.errors import NotFound, Refused
from portal.words import text


def take_over(act: Act, slot_id: int) -> int:
    """Take the spot of someone on a slot who can't make it, under the rules of sign-up; gives the shift. A
    second press is harmless. NotFound for a role that one doesn't have, or without a trade board."""
    slot: Slot = one(act.db, slots_of_roles(act.by, act.at), Slot.id == slot_id)
    person_id, shift_id = act.by.person_id, slot.shift_id
    if not is_on(act.db, ON, slot.shift.program_id):
        raise NotFound
    assert person_id
    lock_with_companions(act.db, person_id)
    lock_slots(act.db, Slot.shift_id == shift_id)
    leaver = cant_come(act.db, slot_id)
    if leaver is None and not _has_it(act.db, person_id, slot_id):
        raise Refused(text("No one is looking for a sub on this shift now."))
    if leaver is not None:
        sign_up(act, person_id, shift_id, slot_id=slot_id, replaces=leaver.id)
    return shift_id


def _has_it(db: Session, person_id: int, slot_id: int) -> bool:
    own = exists().where(
        Signup.slot_id == slot_id,
        Signup.person_id == person_id,
        Signup.state == SignupState.SIGNED_UP,
    )
    return bool(db.scalar(select(own)))
