"""Members of a group sign up: one of them on a spot their group has, or all of them at once."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from portal.act import Act
from portal.images import watch
from portal.people.models import Person, Status
from portal.shifts.companions import lock_with_companions
from portal.shifts.endings import current_signups
from portal.shifts.group_models import Group, GroupSpots, Keep
from portal.shifts.group_spots import current_spots, set_number
from portal.shifts.models import Signup, Slot
from portal.shifts.signups import sign_up
from portal.shifts.slots import hand_on, lock_slots
from portal.shifts.undoable import SHIFTS
from portal.web.errors import NotFound, Refused
from portal.words import text


def sign_up_member(act: Act, row: GroupSpots, person_id: int, *, staff: bool) -> Person:
    """Sign a member up on one of their group's spots; gives them. Every rule of signing up holds."""
    person = _member(row.group, person_id)
    lock_with_companions(act.db, person_id)
    lock_slots(act.db, Slot.shift_id == row.shift_id)
    act.db.refresh(row)
    if person_id in {one.person_id for one in on_shift(act.db, row.group, row.shift_id)}:
        return person  # a second press
    if row.ended_at or not row.spots:
        raise Refused(text("The group has no spots on this shift now."))
    if len(row.names) == row.spots:
        raise Refused(text("Each spot has a name. Take one off, or add spots."))
    _take_one(act, row)
    _sign_up(act, person, row.slot, staff=staff, given=True)
    return person


def _take_one(act: Act, row: GroupSpots) -> None:
    """One of a group's spots is taken by someone who signs up at once."""
    watch(act, SHIFTS, [row.shift_id])
    hand_on(act.db, row.slot_id)
    set_number(act, row, row.spots - 1)


def sign_up_together(act: Act, group: Group, slot: Slot, *, staff: bool) -> int:
    """Sign up every active member who isn't on the shift, all or none, first on the group's own spots. Gives
    how many. Raises Refused by name, and for a group that never serves at the same time."""
    if slot.shift.program_id != group.program_id or group.ended_at:
        raise NotFound
    if group.keep == Keep.APART:
        raise Refused(text("Members of this group aren't scheduled at the same time."))
    active = [one.person for one in group.members if one.person.status == Status.ACTIVE]
    ids = sorted(person.id for person in active)
    lock_with_companions(act.db, *ids)
    lock_slots(act.db, Slot.shift_id == slot.shift_id)
    there = {signup.person_id for signup in current_signups(act.db, slot.shift_id)}
    missing = [person for person in active if person.id not in there]
    if not missing:
        raise Refused(text("All of you are on this shift."))
    row = current_spots(act.db, group.id, slot.id)
    for person in missing:
        given = row is not None and row.spots > len(row.names)
        if row is not None and given:
            _take_one(act, row)
        _sign_up(act, person, slot, staff=staff, beside=ids, given=given)
    return len(missing)


def _sign_up(
    act: Act,
    person: Person,
    slot: Slot,
    *,
    staff: bool,
    beside: Sequence[int] = (),
    given: bool = False,
) -> None:
    """Sign someone up. A contact does not read what is in another's way: that is theirs to know."""
    try:
        sign_up(
            act, person.id, slot.shift_id, slot_id=slot.id, staff=staff, beside=beside, given=given
        )
    except Refused as refused:
        if staff or person.id == act.by.person_id:
            raise
        words = text(
            "%(name)s can't take this shift. The shift's page tells them why when they open it.",
            name=person.name,
        )
        raise Refused(words) from refused


def _member(group: Group, person_id: int) -> Person:
    for member in group.members:
        if member.person_id == person_id:
            return member.person
    raise NotFound


def on_shift(db: Session, group: Group, shift_id: int) -> list[Signup]:
    """The members of a group who are on a shift."""
    ids = {member.person_id for member in group.members}
    return [one for one in current_signups(db, shift_id) if one.person_id in ids]
