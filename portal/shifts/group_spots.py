"""The spots that a group has on a shift: how many, who comes by name, and what becomes of them.

They count as filled. Before the cut-off each one has to be taken by a member, who is cleared like anyone; what
is left then is open again. Only where staff said that no clients and no children will be there, people without
a record may come.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, joinedload, selectinload

from portal.act import Act, Ref
from portal.audit.log import record
from portal.images import watch
from portal.messages.kinds import Kind
from portal.people.models import Status
from portal.people.notify import notify
from portal.shifts import message_kinds
from portal.shifts.facts import Facts, facts_of
from portal.shifts.group_models import Group, GroupSpots
from portal.shifts.models import Shift, Slot
from portal.shifts.obstacles import too_late
from portal.shifts.slots import free_spots, lock_slots, take_spots
from portal.shifts.spots import Spot
from portal.shifts.undoable import SHIFTS
from portal.web.errors import NotFound, Refused
from portal.words import Words, text

MOST = 200
"""Spots of one group on one slot."""

REMINDED = timedelta(days=3)
"""How long before the cut-off a contact is told that names are missing."""


def set_spots(
    act: Act,
    group: Group,
    slot: Slot,
    number: int,
    *,
    staff: bool = False,
    without_records: bool | None = None,
) -> GroupSpots | None:
    """Give a group so many spots of a slot, 0 to give them back; gives the row or None. With `without_records`,
    which only staff say, people without a record may come. Raises Refused where there are too few, and for who
    isn't `staff` out of time."""
    shift_id, slot_id = slot.shift_id, slot.id
    lock_slots(act.db, Slot.shift_id == shift_id)
    watch(act, SHIFTS, [shift_id])
    facts = facts_of(act.db, act.by, shift_id, act.by.person_id, act.at)
    spot = facts.spot(slot_id) if facts else None
    if facts is None or spot is None or facts.row.program_id != group.program_id or group.ended_at:
        raise NotFound
    row = current_spots(act.db, group.id, slot_id) or _new_spots(act, group, slot)
    had = row.spots
    if number < len(row.names):
        raise Refused(
            fields={"spots": text("There are %(n)s names. Take some off first.", n=len(row.names))}
        )
    if number > had:
        _refuse_late(act, row, facts, staff=staff)
        _take(act, facts, spot, had, number - had, staff=staff)
    elif number < had:
        _give_back(act, facts, slot_id, had - number, staff=staff)
    if number or had:
        act.db.add(row)
        set_number(act, row, number)
    if number and staff and without_records is not None:
        _let_come(act, row, facts, without_records=without_records)
    if number != had:
        _note(act, row, facts)
    return row if number else None


def _new_spots(act: Act, group: Group, slot: Slot) -> GroupSpots:
    """A row without spots yet; what staff allowed the group there before still holds."""
    before = (
        select(GroupSpots.without_records)
        .where(GroupSpots.group_id == group.id, GroupSpots.slot_id == slot.id)
        .order_by(GroupSpots.id.desc())
        .limit(1)
    )
    return GroupSpots(
        group_id=group.id, slot_id=slot.id, shift_id=slot.shift_id, spots=0, since=act.at,
        without_records=bool(act.db.scalar(before)),
    )  # fmt: skip


def _refuse_late(act: Act, row: GroupSpots, facts: Facts, *, staff: bool) -> None:
    """Refuse more spots for a contact who isn't active, and past the cut-off where records are needed."""
    contact = act.db.get_one(Group, row.group_id).contact
    if not staff and contact.status != Status.ACTIVE:
        raise Refused(text("You aren't active right now. Call us."))
    if not staff and not row.without_records and act.at > facts.row.withdraw_until:
        raise Refused(text("It's too late to take more spots here. Call us."))


def _note(act: Act, row: GroupSpots, facts: Facts) -> None:
    """Note, and tell the contact, how many spots there are now."""
    to = row.group.contact_id
    record(act, "group.spots", Ref("shift", row.shift_id, to, row.group.program_id), str(row.spots))
    kind = message_kinds.GROUP_KEPT if row.spots else message_kinds.GROUP_ENDED
    about = Ref(GroupSpots.noun, row.id, None, facts.row.program_id)
    notify(act, kind, about, [to], starts_at=facts.row.starts_at)


def _take(act: Act, facts: Facts, spot: Spot, had: int, more: int, *, staff: bool) -> None:
    row, at = facts.row, act.at
    if row.canceled_at or at >= row.ends_at:
        raise Refused(text("This shift was canceled or is over."))
    too_early, over = facts.opens_at is not None and at < facts.opens_at, at >= row.closes_at
    if not staff and (facts.takes_none(spot) or too_early or over or at >= row.starts_at):
        raise Refused(text("Sign-up isn't open now. Call us."))
    free = max(0, spot.maximum - spot.taken)
    if more > free:
        raise Refused(fields={"spots": _only(had + free)})
    take_spots(act.db, spot.id, more)


def _only(free: int) -> Words:
    return text("Not that many spots are open. The group can have %(n)s.", n=free)


def _give_back(act: Act, facts: Facts, slot_id: int, less: int, *, staff: bool) -> None:
    row = facts.row
    if not staff and act.at > row.withdraw_until:
        raise Refused(
            too_late(row.withdraw_until, row.zone, row.contact_name or "", row.contact_phone or "")
        )
    free_spots(act.db, slot_id, less)


def _let_come(act: Act, row: GroupSpots, facts: Facts, *, without_records: bool) -> None:
    """Let people without a record come, or no longer."""
    if without_records and (facts.sensitive or facts.row.confidential):
        words = text("In a sensitive program or place, each person needs a record.")
        raise Refused(fields={"without_records": words})
    if not without_records and row.names:
        raise Refused(fields={"without_records": text("Take the names off first.")})
    if row.without_records != without_records:
        row.without_records = without_records
        row.reminded_at = row.settled_at = None
        act.db.flush()
        record(act, "group.without_records", Ref("shift", row.shift_id, None, row.group.program_id))


def set_number(act: Act, row: GroupSpots, number: int) -> None:
    """Set how many there are; of those who came no more than these."""
    row.spots = number
    row.came = None if row.came is None else min(row.came, number)
    if not number:
        row.ended_at = act.at
    act.db.flush()


WITH_ALL = (
    joinedload(GroupSpots.group),
    joinedload(GroupSpots.slot).joinedload(Slot.position),
    joinedload(GroupSpots.shift),
    selectinload(GroupSpots.names),
)
"""What pages show of spots, read in two statements for any number."""


def current_spots(db: Session, group_id: int, slot_id: int) -> GroupSpots | None:
    """The spots that a group has of a slot now."""
    return db.scalar(
        select(GroupSpots)
        .where(
            GroupSpots.group_id == group_id,
            GroupSpots.slot_id == slot_id,
            GroupSpots.ended_at.is_(None),
        )
        .execution_options(populate_existing=True)
    )


def groups_on(db: Session, shift_id: int) -> Sequence[GroupSpots]:
    """The spots of groups on a shift, by group."""
    return db.scalars(
        select(GroupSpots)
        .join(Group)
        .where(GroupSpots.shift_id == shift_id, GroupSpots.ended_at.is_(None))
        .order_by(Group.name, GroupSpots.id)
        .options(*WITH_ALL)
    ).all()


def tell_contacts(act: Act, shift: Shift, kind: Kind, **told: str) -> None:
    """Tell the contacts of the groups on a shift of its change."""
    for row in groups_on(act.db, shift.id):
        notify(act, kind, row, [row.group.contact_id], told=told or None, starts_at=shift.starts_at)


def end_groups(act: Act, shift: Shift) -> None:
    """End the spots of groups on a canceled shift, whose slots the caller empties, and tell their contacts."""
    for row in groups_on(act.db, shift.id):
        row.ended_at = act.at
        notify(
            act, message_kinds.GROUP_ENDED, row, [row.group.contact_id], starts_at=shift.starts_at
        )
    act.db.flush()


def unsettle_groups(db: Session, shift_id: int) -> None:
    """Look at the cut-off of a shift's groups again: it is at another time."""
    for row in groups_on(db, shift_id):
        row.reminded_at = row.settled_at = None


def bring_groups_back(act: Act, shift: Shift, canceled_at: datetime) -> None:
    """Give groups the spots back that ended with a cancellation, as far as there is room, and tell them."""
    ended = select(GroupSpots).where(
        GroupSpots.shift_id == shift.id, GroupSpots.ended_at == canceled_at, GroupSpots.spots > 0
    )
    for row in act.db.scalars(ended.order_by(GroupSpots.id)):
        slot = act.db.get_one(Slot, row.slot_id, populate_existing=True)
        if row.group.ended_at is None and slot.filled + slot.held + row.spots <= slot.maximum:
            take_spots(act.db, slot.id, row.spots)
            row.ended_at = None
            to = [row.group.contact_id]
            notify(act, message_kinds.GROUP_KEPT, row, to, starts_at=shift.starts_at)
    act.db.flush()


def due(at: datetime) -> Select[int]:
    """The spots whose contact has to be reminded of names, or whose cut-off has come."""
    return (
        select(GroupSpots.id)
        .join(Shift, Shift.id == GroupSpots.shift_id)
        .where(
            GroupSpots.ended_at.is_(None),
            GroupSpots.settled_at.is_(None),
            Shift.ends_at > at,
            Shift.withdraw_until <= at + REMINDED,
            GroupSpots.reminded_at.is_(None) | (Shift.withdraw_until <= at),
        )
        .order_by(GroupSpots.id)
    )


def settle(act: Act, spots_id: int) -> None:
    """Remind a contact of missing names; once the cut-off has come, open what no one took where records
    are needed, and tell them."""
    row = act.db.get_one(GroupSpots, spots_id)
    lock_slots(act.db, Slot.shift_id == row.shift_id)
    act.db.refresh(row)
    if row.ended_at or row.settled_at or act.at >= row.shift.ends_at:
        return
    over, asks = act.at >= row.shift.withdraw_until, not row.without_records
    to = [row.group.contact_id]
    if over:
        row.settled_at = act.at
    if over and asks:
        free_spots(act.db, row.slot_id, row.spots)
        set_number(act, row, 0)
        notify(act, message_kinds.GROUP_ENDED, row, to, starts_at=row.shift.starts_at)
        record(act, "group.spots", Ref("shift", row.shift_id, None, row.program_id), "0")
    elif asks and row.reminded_at is None:
        notify(act, message_kinds.GROUP_NAMES, row, to, starts_at=row.shift.starts_at)
    row.reminded_at = row.reminded_at or act.at
    act.db.flush()
