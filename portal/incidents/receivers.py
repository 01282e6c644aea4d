"""Who reads reports of incidents, and which reports a receiver sees. Checks live in the query."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select
from sqlalchemy.orm import Session, aliased

from portal.incidents.models import Incident, IncidentParty, IncidentState
from portal.people.models import Membership, Person, Status
from portal.permissions import Permission, Role, Viewer
from portal.programs.models import Program
from portal.programs.scopes import in_viewers_programs
from portal.reads import read

LEAST = 2
"""A program needs so many receivers, so that a report about one of them reaches another."""
MOST = 200
AWAY = (Status.ENDED, Status.ON_LEAVE)
_viewer = aliased(Person)


def visible_incidents(viewer: Viewer) -> Select[Incident]:
    """The reports of the programs whose receiver someone is while they are not on leave, never one that is
    about them."""
    about_them = exists().where(
        IncidentParty.incident_id == Incident.id, IncidentParty.person_id == viewer.person_id
    )
    here = exists().where(_viewer.id == viewer.person_id, _viewer.status.not_in(AWAY))
    return select(Incident).where(
        in_viewers_programs(Incident.program_id, viewer, Permission.INCIDENTS_RECEIVE),
        here,
        ~about_them,
    )


def waiting(viewer: Viewer) -> Select[Incident]:
    """Those that wait for a receiver, and the open ones that are the viewer's own."""
    return visible_incidents(viewer).where(
        Incident.state != IncidentState.CLOSED,
        or_(Incident.owner_id.is_(None), Incident.owner_id == viewer.person_id),
    )


def _receives(program: Any) -> ColumnElement[bool]:
    """Inside a query over memberships and people: whether one receives the reports of a program."""
    return and_(
        Membership.role == Role.INCIDENT_RECEIVER,
        Membership.until.is_(None),
        or_(Membership.program_id.is_(None), Membership.program_id == program),
        Person.status.not_in(AWAY),
    )


class Receiver(NamedTuple):
    """Someone who reads reports."""

    id: int
    name: str


def receivers_of(
    db: Session, program_id: int | None, incident_id: int | None = None
) -> list[Receiver]:
    """Who reads the reports of a program (None: those of none), by name; of one report, without those it is
    about."""
    about_them = exists().where(
        IncidentParty.incident_id == incident_id, IncidentParty.person_id == Person.id
    )
    found = (
        select(Person.id, Person.name)
        .join(Membership, Membership.person_id == Person.id)
        .where(_receives(program_id), ~about_them)
    )
    return read(db, Receiver, found.distinct().order_by(Person.name, Person.id).limit(MOST))


def possible_parties(db: Session, program_id: int | None) -> list[Receiver]:
    """Who could be meant by a report and might read it now or later: the staff of its program and of the whole
    agency, by name."""
    found = (
        select(Person.id, Person.name)
        .join(Membership, Membership.person_id == Person.id)
        .where(
            Membership.until.is_(None),
            or_(Membership.program_id.is_(None), Membership.program_id == program_id),
            Person.status != Status.ENDED,
        )
    )
    return read(db, Receiver, found.distinct().order_by(Person.name, Person.id).limit(MOST))


def _unread() -> ColumnElement[bool]:
    """Inside a query over programs: whether an open report of one has no one left who may read it."""
    hidden = exists().where(
        IncidentParty.incident_id == Incident.id, IncidentParty.person_id == Person.id
    )
    reader = (
        exists()
        .where(Membership.person_id == Person.id, _receives(Incident.program_id), ~hidden)
        .correlate(Incident)
    )
    return (
        exists()
        .where(Incident.program_id == Program.id, Incident.state != IncidentState.CLOSED, ~reader)
        .correlate(Program)
    )


def uncovered(viewer: Viewer) -> Select[Program]:
    """The open programs with fewer receivers than a program needs, or with a report that no one may read, for
    whoever administers the agency."""
    covering = (
        select(func.count(Person.id.distinct()))
        .select_from(Membership)
        .join(Person, Person.id == Membership.person_id)
        .where(_receives(Program.id))
        .correlate(Program)
        .scalar_subquery()
    )
    return select(Program).where(
        in_viewers_programs(Program.id, viewer, Permission.AGENCY_MANAGE),
        Program.closed_at.is_(None),
        or_(covering < LEAST, _unread()),
    )


def by_program(db: Session) -> Mapping[int | None, Sequence[str]]:
    """The names of the receivers of each program, those of the whole agency under None."""
    rows = db.execute(
        select(Membership.program_id, Person.name)
        .join(Person, Person.id == Membership.person_id)
        .where(
            Membership.role == Role.INCIDENT_RECEIVER,
            Membership.until.is_(None),
            Person.status.not_in(AWAY),
        )
        .order_by(Person.name)
        .limit(1000)
    )
    found: dict[int | None, list[str]] = {}
    for row in rows:
        found.setdefault(row.program_id, []).append(row.name)
    return found
