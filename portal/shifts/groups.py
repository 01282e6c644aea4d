"""Groups: who their contact is, who belongs to them, and how they are scheduled."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, and_, bindparam, exists, func, or_, select
from sqlalchemy.orm import Session, selectinload

from portal import clock
from portal.act import Act
from portal.audit.log import record
from portal.people.models import Person
from portal.people.people import BEST_PHONE
from portal.permissions import Permission, Viewer
from portal.programs.models import Placement, Program, Visibility
from portal.programs.placements import on_day
from portal.programs.scopes import in_viewers_programs, one
from portal.reads import read
from portal.shifts.group_models import Group, GroupMember, GroupName, GroupSpots, Keep
from portal.shifts.group_spots import WITH_ALL
from portal.shifts.models import Shift, Slot
from portal.web.errors import Refused
from portal.words import text

MOST_MEMBERS = 40
WITH_MEMBERS = selectinload(Group.members).joinedload(GroupMember.person)
"""The members of groups with their names, in one statement for any number."""


def managed_groups(viewer: Viewer) -> Select[Group]:
    """The groups of the programs a viewer schedules."""
    return select(Group).where(
        in_viewers_programs(Group.program_id, viewer, Permission.SHIFTS_MANAGE),
        Group.ended_at.is_(None),
    )


def groups_for(viewer: Viewer) -> Select[Group]:
    """The groups that a viewer schedules or is the contact of."""
    return select(Group).where(
        or_(
            in_viewers_programs(Group.program_id, viewer, Permission.SHIFTS_MANAGE),
            and_(Group.contact_id == viewer.person_id, _known_to_contact(viewer)),
        ),
        Group.ended_at.is_(None),
    )


def _known_to_contact(viewer: Viewer) -> ColumnElement[bool]:
    """The condition that a contact may know a group's program: everyone may, or they serve in it now."""
    today = viewer.today or clock.now().date()
    serves = exists().where(
        Placement.person_id == viewer.person_id,
        Placement.program_id == Group.program_id,
        on_day(today),
    )
    public = exists().where(Program.id == Group.program_id, Program.visibility == Visibility.PUBLIC)
    return or_(public, serves)


def group_of(db: Session, viewer: Viewer, group_id: int) -> Group:
    """A group that a viewer schedules or is the contact of, or NotFound."""
    return one(db, groups_for(viewer).options(WITH_MEMBERS), Group.id == group_id)


def spots_of(db: Session, viewer: Viewer, spots_id: int) -> GroupSpots:
    """The spots of such a group, or NotFound."""
    mine = groups_for(viewer).with_only_columns(Group.id)
    current = select(GroupSpots).where(GroupSpots.group_id.in_(mine), GroupSpots.ended_at.is_(None))
    return one(db, current, GroupSpots.id == spots_id)


def schedules(viewer: Viewer, group: Group) -> bool:
    """Whether a viewer acts for a group as its coordinator, and not as its contact."""
    return viewer.may_in(Permission.SHIFTS_MANAGE, group.program_id)


class GroupLine(NamedTuple):
    """A group in the list: its contact, how many members it has, and the next shift it has spots on."""

    id: int
    name: str
    keep: Keep
    program: str
    translations: Mapping[str, Any]
    contact_id: int
    contact: str
    phone: str | None
    members: int
    next_at: datetime | None
    zone: str | None


_next = (
    select(Shift.starts_at, Shift.zone)
    .join(GroupSpots, GroupSpots.shift_id == Shift.id)
    .where(GroupSpots.group_id == Group.id, GroupSpots.ended_at.is_(None))
    .order_by(Shift.starts_at)
    .limit(1)
    .correlate(Group)
)
_members = select(func.count()).where(GroupMember.group_id == Group.id).correlate(Group)


def group_lines(db: Session, viewer: Viewer, at: datetime) -> Sequence[GroupLine]:
    """The groups of a viewer's programs, by name."""
    coming = _next.where(Shift.ends_at > at)
    found = (
        managed_groups(viewer)
        .with_only_columns(
            Group.id,
            Group.name,
            Group.keep,
            Program.name.label("program"),
            Program.translations,
            Group.contact_id,
            Person.name.label("contact"),
            BEST_PHONE.label("phone"),
            _members.scalar_subquery().label("members"),
            coming.with_only_columns(Shift.starts_at).scalar_subquery().label("next_at"),
            coming.with_only_columns(Shift.zone).scalar_subquery().label("zone"),
        )
        .join(Program, Program.id == Group.program_id)
        .join(Person, Person.id == Group.contact_id)
        .order_by(Group.name, Group.id)
        .limit(500)
    )
    return read(db, GroupLine, found)


def coming_spots(db: Session, group: Group, at: datetime) -> Sequence[GroupSpots]:
    """The spots that a group has on shifts that are not over."""
    return db.scalars(
        select(GroupSpots)
        .join(Shift, Shift.id == GroupSpots.shift_id)
        .where(GroupSpots.group_id == group.id, GroupSpots.ended_at.is_(None), Shift.ends_at > at)
        .order_by(Shift.starts_at, GroupSpots.id)
        .limit(100)
        .options(*WITH_ALL)
    ).all()


class OwnSpots(NamedTuple):
    """Spots of a group whose contact one is, and how many of them have a name."""

    shift_id: int
    starts_at: datetime
    ends_at: datetime
    zone: str
    group: str
    spots: int
    named: int


_named = select(func.count()).where(GroupName.group_spots_id == GroupSpots.id)
_OWN = (
    select(
        GroupSpots.shift_id,
        Shift.starts_at,
        Shift.ends_at,
        Shift.zone,
        Group.name.label("group"),
        GroupSpots.spots,
        _named.correlate(GroupSpots).scalar_subquery().label("named"),
    )
    .join(Group, Group.id == GroupSpots.group_id)
    .join(Shift, Shift.id == GroupSpots.shift_id)
    .where(
        Group.contact_id == bindparam("person_id"),
        GroupSpots.ended_at.is_(None),
        Shift.ends_at > bindparam("at"),
    )
    .order_by(Shift.starts_at, GroupSpots.id)
    .limit(3)
)


def own_coming(db: Session, viewer: Viewer, at: datetime) -> Sequence[OwnSpots]:
    """The next spots of the groups whose contact a viewer is, and whose program they may know."""
    known = _OWN.where(_known_to_contact(viewer))
    return read(db, OwnSpots, known, {"person_id": viewer.person_id, "at": at})


def add_group(
    act: Act, program: Program, name: str, contact_id: int, keep: Keep = Keep.ALONE
) -> Group:
    """Write a group; its contact is its first member."""
    group = Group(program_id=program.id, name=name, contact_id=contact_id, keep=keep, since=act.at)
    group.members = [GroupMember(person_id=contact_id)]
    act.db.add(group)
    record(act, "group.added", group)
    act.db.flush()
    return group


def edit_group(act: Act, group: Group, name: str, keep: Keep) -> None:
    """Change what a group is called and how it is scheduled."""
    group.name, group.keep = name, keep
    record(act, "group.edited", group)


def set_contact(act: Act, group: Group, person_id: int) -> None:
    """Make a member the contact of their group."""
    if person_id not in {member.person_id for member in group.members}:
        raise Refused(text("Select a member of the group."))
    group.contact_id = person_id
    record(act, "group.contact", group)


def add_member(act: Act, group: Group, person_id: int) -> None:
    """Count someone with a record of their own among a group; twice is once."""
    act.db.refresh(group, with_for_update=True)
    if person_id in {member.person_id for member in group.members}:
        return
    if len(group.members) >= MOST_MEMBERS:
        raise Refused(text("A group has at most %(n)s members.", n=MOST_MEMBERS))
    group.members.append(GroupMember(person_id=person_id))
    record(act, "group.member", group)
    act.db.flush()


def take_member_off(act: Act, group: Group, person_id: int) -> None:
    """Count someone no longer among a group; their own shifts stay theirs."""
    if person_id == group.contact_id:
        raise Refused(text("This is the group's contact. Select another contact first."))
    for member in [row for row in group.members if row.person_id == person_id]:
        group.members.remove(member)
        record(act, "group.no_member", group)


def end_group(act: Act, group: Group) -> None:
    """End a group. Raises Refused while it has spots on a coming shift."""
    act.db.refresh(group, with_for_update=True)
    if coming_spots(act.db, group, act.at):
        raise Refused(text("The group has spots on coming shifts. Give them back first."))
    group.ended_at = act.at
    record(act, "group.ended", group)


def slots_for_group(db: Session, group: Group, shift_id: int) -> Sequence[Slot]:
    """The slots of a shift that a group could have spots of."""
    return db.scalars(
        select(Slot)
        .join(Shift, Shift.id == Slot.shift_id)
        .where(Slot.shift_id == shift_id, Slot.maximum > 0, Shift.program_id == group.program_id)
        .order_by(Slot.id)
    ).all()
