"""Which programs, sites, positions and people a viewer may see or change. Checks live in the query."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Select, and_, exists, or_, select, true
from sqlalchemy.orm import Session

from portal.messages.models import Channel, Message, State
from portal.people.models import Membership, Person, Status
from portal.people.search import matches
from portal.permissions import Permission, Viewer
from portal.programs.application_models import OPEN_APPLICATIONS, Application
from portal.programs.models import Placement, Position, Program, Site, Visibility
from portal.programs.placements import counts_on
from portal.web.errors import NotFound

Row = TypeVar("Row")


def in_viewers_programs(column: Any, viewer: Viewer, permission: Permission) -> ColumnElement[bool]:
    """The condition that a row's program is one for which the viewer holds a permission."""
    if viewer.everywhere(permission):
        return true()
    return column.in_(sorted(viewer.programs_with(permission)))  # type: ignore[no-any-return]


def managed_programs(viewer: Viewer) -> Select[Program]:
    """The programs a coordinator coordinates."""
    return select(Program).where(
        in_viewers_programs(Program.id, viewer, Permission.PROGRAMS_MANAGE)
    )


def scheduled_programs(viewer: Viewer) -> Select[Program]:
    """The open programs whose shifts a viewer schedules."""
    mine = in_viewers_programs(Program.id, viewer, Permission.SHIFTS_MANAGE)
    return select(Program).where(mine, Program.closed_at.is_(None))


def managed_positions(viewer: Viewer) -> Select[Position]:
    """The positions of those programs."""
    return select(Position).where(
        in_viewers_programs(Position.program_id, viewer, Permission.PROGRAMS_MANAGE)
    )


def usable_sites(viewer: Viewer) -> Select[Site]:
    """Sites a coordinator may put a shift at: the agency's, and those of their own programs."""
    own = in_viewers_programs(Site.program_id, viewer, Permission.SITES_MANAGE)
    return select(Site).where(or_(Site.program_id.is_(None), own))


def managed_sites(viewer: Viewer) -> Select[Site]:
    """Sites a coordinator may change: those of their own programs; the agency's take the agency."""
    return select(Site).where(in_viewers_programs(Site.program_id, viewer, Permission.SITES_MANAGE))


def visible_people(viewer: Viewer) -> Select[Person]:
    """People a coordinator may read: those who serve in their programs, who asked to, or whose role there
    ended a short while ago (a setting); and the pool no one has placed yet."""
    permission = Permission.PEOPLE_MANAGE
    if viewer.everywhere(permission):
        return select(Person)
    seen = counts_on(viewer.today)
    if viewer.former_since is not None:
        seen = or_(seen, Placement.decided_at >= viewer.former_since)
    return select(Person).where(
        or_(
            _placed(viewer, permission, seen),
            _applied(viewer, permission, former=viewer.former_since),
            pool(),
        )
    )


def managed_people(viewer: Viewer) -> Select[Person]:
    """People a coordinator may change: those who serve in their programs now, and the pool. An application,
    and a role that ended, give no such right (SECURITY A9)."""
    permission = Permission.PEOPLE_MANAGE
    if viewer.everywhere(permission):
        return select(Person)
    return select(Person).where(or_(_placed(viewer, permission, counts_on(viewer.today)), pool()))


def is_managed(db: Session, viewer: Viewer, person_id: int) -> bool:
    """Whether a viewer may change a person."""
    mine = managed_people(viewer).with_only_columns(Person.id).where(Person.id == person_id)
    return db.scalar(mine) is not None


def placeable_people(viewer: Viewer) -> Select[Person]:
    """People a coordinator may assign a role to: those they manage, and whoever asked for one of theirs."""
    permission = Permission.PLACEMENTS_DECIDE
    if viewer.everywhere(permission):
        return select(Person)
    seen = counts_on(viewer.today)
    return select(Person).where(
        or_(_placed(viewer, permission, seen), _applied(viewer, permission), pool())
    )


def people_seen_with(viewer: Viewer, permission: Permission) -> Select[Person]:
    """The people who serve, or asked to, in the programs someone holds a permission for: everyone, where it
    is the agency's."""
    if viewer.everywhere(permission):
        return select(Person)
    return select(Person).where(
        or_(_placed(viewer, permission, counts_on(viewer.today)), _applied(viewer, permission))
    )


def _placed(
    viewer: Viewer, permission: Permission, condition: ColumnElement[bool]
) -> ColumnElement[bool]:
    placed = select(Placement.person_id).where(
        in_viewers_programs(Placement.program_id, viewer, permission), condition
    )
    return Person.id.in_(placed)


def _applied(
    viewer: Viewer, permission: Permission, *, former: datetime | None = None
) -> ColumnElement[bool]:
    """The condition that a person has an open application in a program of a viewer, or had one `former`."""
    seen: ColumnElement[bool] = Application.state.in_(OPEN_APPLICATIONS)
    if former is not None:
        seen = or_(seen, Application.decided_at >= former)
    applied = select(Application.person_id).where(
        in_viewers_programs(Application.program_id, viewer, permission),
        Application.person_id.is_not(None),
        seen,
    )
    return Person.id.in_(applied)


def visible_applications(viewer: Viewer) -> Select[Application]:
    """The applications to the programs a coordinator assigns roles in, never their own, and none that was
    erased."""
    return counted_applications(viewer).where(Application.erased_at.is_(None))


def counted_applications(viewer: Viewer) -> Select[Application]:
    """The same with those that were erased, for counts."""
    return select(Application).where(
        in_viewers_programs(Application.program_id, viewer, Permission.PLACEMENTS_DECIDE),
        Application.person_id.is_distinct_from(viewer.person_id),
    )


def pool() -> ColumnElement[bool]:
    """The condition that no program has had to do with a person, and that they are not staff."""
    return Person.placed_at.is_(None) & ~is_staff()


def is_staff() -> ColumnElement[bool]:
    """Inside a query: whether a person holds a staff role now."""
    return exists().where(Membership.person_id == Person.id, Membership.until.is_(None))


def listed_people(viewer: Viewer, query: str, which: str) -> Select[Person]:
    """The people of a list: whose name, number or address fits `query`, and who have not ended.

    `which` is "new" for those no program has placed yet, or a status; one of those who have ended is theirs.
    """
    if which in set(Status):
        people = visible_people(viewer).where(Person.status == Status(which))
    else:
        people = visible_people(viewer).where(Person.status != Status.ENDED)
    if which == "new":
        people = people.where(pool())
    wanted = matches(query)
    return people if wanted is None else people.where(wanted)


def decidable_placements(viewer: Viewer) -> Select[Placement]:
    """The placements a coordinator decides on."""
    return select(Placement).where(
        in_viewers_programs(Placement.program_id, viewer, Permission.PLACEMENTS_DECIDE)
    )


CALLED_BY: Mapping[str, Permission] = {
    "outreach.": Permission.OUTREACH_MANAGE,
    "training.": Permission.TRAINING_MANAGE,
}
"""Who calls about what, by how the names of its kinds of message begin; all else is a coordinator's."""


def call_list(viewer: Viewer) -> Select[Message]:
    """The people the viewer has to call since no email reaches them: those whose messages are about what the
    viewer manages, and whoever is told of something the viewer did."""
    others = [Message.kind.startswith(start) for start in CALLED_BY]
    mine = [
        and_(
            in_viewers_programs(Message.program_id, viewer, Permission.SHIFTS_MANAGE), ~or_(*others)
        )
    ]
    mine += [
        and_(
            Message.kind.startswith(start),
            in_viewers_programs(Message.program_id, viewer, permission),
        )
        for start, permission in CALLED_BY.items()
    ]
    mine.append(and_(Message.actor_id == viewer.person_id, _known(Message.program_id, viewer)))
    return select(Message).where(
        Message.state == State.QUEUED,
        Message.channel == Channel.CALL,
        # Who has no record here is on the list of outreach. "IS NOT NULL" would let SQLite walk everyone's
        # messages by person instead of the few calls.
        exists().where(Person.id == Message.person_id).correlate(Message),
        or_(*mine),
    )


def _known(column: Any, viewer: Viewer) -> ColumnElement[bool]:
    """The condition that a row's program is not sensitive, or one in which the viewer is staff now."""
    programs = {program for _, program in viewer.memberships}
    if None in programs:
        return true()
    public = select(Program.id).where(Program.visibility == Visibility.PUBLIC)
    return or_(column.is_(None), column.in_(public), column.in_(sorted(programs)))  # type: ignore[type-var]


def openable(db: Session, viewer: Viewer, ids: Collection[int]) -> frozenset[int]:
    """Which of some people have a page that a viewer may open."""
    if not ids or not viewer.may(Permission.PEOPLE_MANAGE):
        return frozenset()
    found = visible_people(viewer).where(Person.id.in_(ids)).with_only_columns(Person.id)
    return frozenset(db.scalars(found))


def one(db: Session, scope: Select[Row], condition: ColumnElement[bool]) -> Row:
    """The one row of a scope; NotFound when it is missing or someone else's, which look alike."""
    row = db.scalar(scope.where(condition))
    if row is None:
        raise NotFound
    return row
