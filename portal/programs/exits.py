"""Leaving: one act that ends a person's access and roles, and keeps how they left."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import Select, exists, func, select, true
from sqlalchemy.orm import Session, joinedload

from portal.act import Act
from portal.audit.log import record
from portal.db import lock_row
from portal.people.models import Membership, Person, Status
from portal.people.people import BEST_PHONE, lock_people
from portal.permissions import Permission, Viewer
from portal.programs.authority import may_not_leave, set_status
from portal.programs.models import Placement, PlacementState
from portal.programs.person_models import Equipment, ExitReason, MayReturn, PersonExit
from portal.programs.scopes import in_viewers_programs
from portal.web.errors import Refused
from portal.web.paging import Listing, PageOf
from portal.words import text


def visible_exits(viewer: Viewer) -> Select[PersonExit]:
    """How people left whose role in a program that a viewer manages ended with it; never the viewer's own."""
    permission = Permission.PEOPLE_MANAGE
    served = exists().where(
        Placement.person_id == PersonExit.person_id,
        in_viewers_programs(Placement.program_id, viewer, permission),
        Placement.decided_at == PersonExit.recorded_at,  # ended by that very act
    )
    return select(PersonExit).where(
        true() if viewer.everywhere(permission) else served,
        PersonExit.person_id.is_distinct_from(viewer.person_id),
    )


def outstanding(viewer: Viewer) -> Select[PersonExit]:
    """Those who left with something of the agency's."""
    return visible_exits(viewer).where(PersonExit.equipment == Equipment.OUTSTANDING)


class Leaver(NamedTuple):
    """Someone who left, as the list prints them."""

    left_on: date
    id: int
    person_id: int
    name: str
    phone: str | None
    status: Status
    reason: ExitReason
    may_return: MayReturn
    equipment: Equipment
    what: str
    returned_at: datetime | None


_NEWEST = Listing(Leaver, (PersonExit.left_on, PersonExit.id), newest_first=True)


def list_exits(db: Session, viewer: Viewer, *, owing: bool, after: str) -> PageOf[Leaver]:
    """A page of who left, the latest first; `owing` those who have something to give back."""
    found = outstanding(viewer) if owing else visible_exits(viewer)
    return _NEWEST.page(
        db,
        found.join(Person, Person.id == PersonExit.person_id).with_only_columns(
            PersonExit.left_on,
            PersonExit.id,
            PersonExit.person_id,
            Person.name,
            BEST_PHONE.label("phone"),
            Person.status,
            PersonExit.reason,
            PersonExit.may_return,
            PersonExit.equipment,
            PersonExit.what,
            PersonExit.returned_at,
        ),
        after,
    )


def last_exit(db: Session, viewer: Viewer, person_id: int) -> PersonExit | None:
    """How a person left last, if the viewer may read it."""
    theirs = visible_exits(viewer).where(PersonExit.person_id == person_id)
    return db.scalar(theirs.order_by(PersonExit.id.desc()).limit(1))


def record_exit(act: Act, person: Person, values: Mapping[str, Any]) -> PersonExit:
    """Make someone inactive, with their way in, staff roles and roles, and keep how they left. The worker takes
    them off everything that is coming and tells its coordinators.

    Raises Refused for someone who left already, and for whoever may not decide it.
    """
    lock_people(act.db, [person.id])
    act.db.refresh(person)
    if person.status == Status.ENDED:
        raise Refused(text("%(name)s is already inactive.", name=person.name))
    if no := may_not_leave(act.db, act.by, person):
        raise Refused(no)
    if values["equipment"] == Equipment.OUTSTANDING and not values["what"]:
        raise Refused(fields={"what": text("Say what they still have.")})
    today = act.by.today or act.at.date()
    row = PersonExit(person_id=person.id, left_on=today, recorded_at=act.at, **values)
    row.recorded_by_id = act.by.person_id
    if row.equipment == Equipment.NONE:
        row.what = ""
    act.db.add(row)
    set_status(act, person, Status.ENDED)
    record(act, "person.left", row)
    return row


def take_back(act: Act, row: PersonExit) -> None:
    """Note that what was outstanding is back. Doing it twice is once."""
    lock_row(act.db, row)
    if row.equipment == Equipment.OUTSTANDING:
        row.equipment, row.returned_at = Equipment.RETURNED, act.at
        row.returned_to_id = act.by.person_id
        record(act, "equipment.returned", row)


class Access(NamedTuple):
    """The roles that someone would lose by leaving, by program, and how many staff roles."""

    roles: list[Placement]
    staff_roles: int


def access_of(db: Session, person_id: int) -> Access:
    """What a person holds now."""
    roles = db.scalars(
        select(Placement)
        .options(joinedload(Placement.position))
        .where(Placement.person_id == person_id, Placement.state == PlacementState.ACTIVE)
        .order_by(Placement.id)
    ).all()
    staff = select(func.count()).where(
        Membership.person_id == person_id, Membership.until.is_(None)
    )
    return Access(list(roles), db.scalar(staff) or 0)
