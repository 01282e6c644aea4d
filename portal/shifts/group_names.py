"""Who comes with a group without a record of their own, by name; and how many came."""

from datetime import datetime, timedelta

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from portal.act import Act, Ref
from portal.audit.log import record
from portal.images import watch
from portal.shifts.group_models import GroupName, GroupSpots
from portal.shifts.models import Shift, Slot
from portal.shifts.slots import lock_slots
from portal.shifts.undoable import SHIFTS
from portal.web.errors import Refused
from portal.words import text

KEPT = timedelta(days=90)
"""How long after a shift the names of those without a record stay."""


def add_name(act: Act, row: GroupSpots, name: str) -> None:
    """Say who comes on one of a group's spots. Raises Refused where each person needs a record, and where every
    spot has a name."""
    lock_slots(act.db, Slot.shift_id == row.shift_id)
    act.db.refresh(row)
    watch(act, SHIFTS, [row.shift_id])
    if row.ended_at or act.at >= row.shift.ends_at:
        raise Refused(text("The group has no spots on this shift now."))
    site = row.shift.site
    if not row.without_records or row.shift.program.sensitive or (site and site.confidential):
        raise Refused(text("Each person needs a record of their own here. Call us."))
    if len(row.names) >= row.spots:
        raise Refused(fields={"name": text("Each spot has a name. Take one off, or add spots.")})
    if name.casefold() in {one.name.casefold() for one in row.names}:
        raise Refused(fields={"name": text("This name is on the list.")})
    row.names.append(GroupName(name=name))
    record(act, "group.named", Ref("shift", row.shift_id, row.group.contact_id, row.program_id))
    act.db.flush()


def take_name_off(act: Act, row: GroupSpots, name_id: int) -> None:
    """Take a name off a group's spots; the spot stays theirs."""
    lock_slots(act.db, Slot.shift_id == row.shift_id)
    watch(act, SHIFTS, [row.shift_id])
    if act.at >= row.shift.ends_at:
        raise Refused(text("This shift is over."))
    for name in [one for one in row.names if one.id == name_id]:
        row.names.remove(name)
        record(act, "group.named", Ref("shift", row.shift_id, row.group.contact_id, row.program_id))
    act.db.flush()


def note_came(act: Act, row: GroupSpots, number: int) -> None:
    """Record how many of a group were there, once the shift began; at most those who had a spot."""
    lock_slots(act.db, Slot.shift_id == row.shift_id)
    act.db.refresh(row)
    watch(act, SHIFTS, [row.shift_id])
    if act.at < row.shift.starts_at:
        raise Refused(text("Attendance is recorded once the shift has started."))
    if number > row.spots:
        raise Refused(fields={"came": text("The group has %(n)s spots.", n=row.spots)})
    row.came = number
    record(act, "group.came", Ref("shift", row.shift_id, None, row.program_id), str(number))
    act.db.flush()


def over(at: datetime) -> Select[int]:
    """The names whose shift was so long ago that they are erased."""
    return (
        select(GroupName.id)
        .join(GroupSpots, GroupSpots.id == GroupName.group_spots_id)
        .join(Shift, Shift.id == GroupSpots.shift_id)
        .where(Shift.ends_at < at - KEPT)
        .order_by(GroupName.id)
    )


def erase(db: Session, name_id: int) -> None:
    """Forget the name of someone without a record."""
    name = db.get(GroupName, name_id)
    if name:
        db.delete(name)
