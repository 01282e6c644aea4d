"""Another day instead: whoever can't come to a shift takes an open one of the same role in its place."""

from sqlalchemy import select

from portal.act import Act
from portal.shifts.companions import lock_with_companions
from portal.shifts.cover import current_of
from portal.shifts.models import Slot
from portal.shifts.releases import cant_make_it
from portal.shifts.signups import sign_up, withdraw
from portal.shifts.slots import lock_slots
from portal.web.errors import NotFound, Refused
from portal.words import text


def change_day(act: Act, person_id: int, shift_id: int, slot_id: int) -> int:
    """Take a person off a shift and sign them up for another slot of its role, both or neither; gives the other
    shift. After the cut-off, others are asked to fill the first, as with anyone who can't come."""
    other_id = act.db.scalar(select(Slot.shift_id).where(Slot.id == slot_id))
    if other_id is None:
        raise NotFound
    lock_with_companions(act.db, person_id)
    lock_slots(act.db, Slot.shift_id.in_([shift_id, other_id]))
    signup = current_of(act.db, person_id, shift_id)
    if act.db.get_one(Slot, slot_id).position_id != signup.slot.position_id:
        raise Refused(text("Choose a shift with the same role."))
    if act.at <= signup.shift.withdraw_until or signup.trainee:
        withdraw(act, person_id, shift_id, quiet=True)
    else:
        cant_make_it(act, person_id, shift_id, keep=False)
    sign_up(act, person_id, other_id, slot_id=slot_id)
    return other_id
