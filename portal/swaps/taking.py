"""Taking the spot of someone who looks for a sub, from the trade board."""

from portal.act import Act
from portal.programs.scopes import one
from portal.shifts.companions import lock_with_companions
from portal.shifts.models import Slot
from portal.shifts.releases import cant_come
from portal.shifts.signups import sign_up
from portal.shifts.slots import lock_slots
from portal.swaps.board import subs_wanted
from portal.swaps.scopes import ON, is_on
from portal.web.errors import NotFound


def take_over(act: Act, slot_id: int) -> int:
    """Take the spot of someone on a slot who can't make it, under the rules of sign-up; gives the shift.
    NotFound where no one looks for a sub, or the program has no trade board."""
    slot: Slot = one(act.db, subs_wanted(act.by, act.at), Slot.id == slot_id)
    assert act.by.person_id
    lock_with_companions(act.db, act.by.person_id)
    lock_slots(act.db, Slot.shift_id == slot.shift_id)
    leaver = cant_come(act.db, slot_id)
    if leaver is None or not is_on(act.db, ON, slot.shift.program_id):
        raise NotFound
    sign_up(act, act.by.person_id, slot.shift_id, slot_id=slot_id, replaces=leaver.id)
    return slot.shift_id
