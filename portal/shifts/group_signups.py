"""Members of a group sign up: one of them on a spot their group has, or all of them at once."""

from sqlalchemy.orm import Session

from portal.act import Act
from portal.people.models import Person
from portal.people.people import lock_people
from portal.shifts.group_models import Group, GroupSpots
from portal.shifts.group_spots import set_number
from portal.shifts.models import Signup, Slot
from portal.shifts.signups import current_signups, sign_up
from portal.shifts.slots import hand_on, lock_slots
from portal.web.errors import NotFound, Refused
from portal.words import text


def sign_up_member(act: Act, row: GroupSpots, person_id: int, *, staff: bool) -> Person:
    """Sign a member up on one of their group's spots; gives them. Every rule of signing up holds."""
    person = _member(row.group, person_id)
    lock_people(act.db, [person_id])
    lock_slots(act.db, Slot.shift_id == row.shift_id)
    act.db.refresh(row)
    if row.ended_at or not row.spots:
        raise Refused(text("The group has no spots on this shift now."))
    hand_on(act.db, row.slot_id)
    _sign_up(act, person, row.slot, staff=staff)
    if len(row.names) == row.spots:
        raise Refused(text("Each spot has a name. Take one off, or add spots."))
    set_number(act, row, row.spots - 1)
    return person


def sign_up_together(act: Act, group: Group, slot: Slot, *, staff: bool) -> int:
    """Sign up every member who isn't on the shift yet, all or none; gives how many. Raises Refused by name."""
    if slot.shift.program_id != group.program_id or group.ended_at:
        raise NotFound
    ids = sorted(member.person_id for member in group.members)
    lock_people(act.db, ids)
    lock_slots(act.db, Slot.shift_id == slot.shift_id)
    there = {signup.person_id for signup in current_signups(act.db, slot.shift_id)}
    missing = [one.person for one in group.members if one.person_id not in there]
    if not missing:
        raise Refused(text("All of you are on this shift."))
    for person in missing:
        _sign_up(act, person, slot, staff=staff, beside=ids)
    return len(missing)


def _sign_up(
    act: Act, person: Person, slot: Slot, *, staff: bool, beside: list[int] | None = None
) -> None:
    """Sign someone up. A contact does not read what is in another's way: that is theirs to know."""
    try:
        sign_up(act, person.id, slot.shift_id, slot_id=slot.id, staff=staff, beside=beside or ())
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
