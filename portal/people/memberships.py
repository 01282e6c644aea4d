"""Staff roles: who may do what, for which program. Episodes, so history stays readable."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal import clock
from portal.act import Act
from portal.audit.log import record
from portal.people.addresses import end_invitations
from portal.people.departures import note_departure
from portal.people.models import Leaving, Membership, Person, Status
from portal.people.sessions import end_sessions
from portal.people.supervision import end_without_role
from portal.permissions import HELD_BY_SCHEDULE, Role
from portal.web.errors import NotFound, Refused
from portal.words import text

LAST_ADMINISTRATOR = text(
    "This is the last administrator. Assign that staff role to someone else first."
)


OF_A_PROGRAM = frozenset({Role.COORDINATOR, Role.CASEWORKER})
"""Nobody holds these for the whole agency."""
OF_THE_AGENCY = frozenset({Role.ADMINISTRATOR, Role.AUDITOR, Role.PRIVACY_OFFICER})
"""Nobody holds these for one program."""


def grant(act: Act, person_id: int, role: Role, program_id: int | None) -> Membership:
    """Give a person a staff role. They sign in anew, so that a stolen session gains nothing (S2)."""
    if role in HELD_BY_SCHEDULE:
        raise Refused(fields={"role": text("Select one of these.")})
    if role in OF_A_PROGRAM and program_id is None:
        raise Refused(fields={"program": text("Select a program for this staff role.")})
    if role in OF_THE_AGENCY and program_id is not None:
        raise Refused(fields={"program": text("This staff role is for the whole agency.")})
    current = Membership.until.is_(None)
    same = select(Membership.id).where(
        Membership.person_id == person_id,
        Membership.role == role,
        Membership.program_id.is_not_distinct_from(program_id),
        current,
    )
    if act.db.scalar(same) is not None:
        raise Refused(text("This person already has this staff role."))
    membership = Membership(
        person_id=person_id,
        role=role,
        program_id=program_id,
        since=act.at,
        granted_by_id=act.by.person_id,
    )
    act.db.add(membership)
    record(act, "membership.granted", membership, role)
    end_invitations(act.db, person_id)
    end_sessions(act, person_id)
    return membership


def end(act: Act, membership_id: int, zone: str = "UTC") -> Membership:
    """End a staff role now, and the supervision held under it. Refuses for the last administrator."""
    membership = act.db.get(Membership, membership_id)
    if membership is None or membership.until is not None:
        raise NotFound
    if membership.role == Role.ADMINISTRATOR and not another_administrator(
        act.db, membership.person_id
    ):
        raise Refused(LAST_ADMINISTRATOR)
    membership.until = act.at
    record(act, "membership.ended", membership, membership.role)
    end_without_role(act, membership.person_id, zone)
    today = clock.local_day(act.at, zone)
    note_departure(
        act.db, membership.person_id, Leaving.STAFF_ROLE, today, act.at, membership.program_id
    )
    end_sessions(act, membership.person_id)
    return membership


def another_administrator(db: Session, person_id: int) -> bool:
    """Whether someone else who has not ended administers the agency; their role is locked, so that two
    cannot end each other."""
    others = (
        select(Membership.id)
        .join(Person, Person.id == Membership.person_id)
        .where(
            Membership.role == Role.ADMINISTRATOR,
            Membership.until.is_(None),
            Membership.person_id != person_id,
            Person.status.not_in((Status.ENDED, Status.ON_LEAVE)),
        )
        .order_by(Membership.id)
        .with_for_update(of=Membership)
    )
    return db.scalars(others).first() is not None


def coordinators_of(db: Session, program_id: int) -> list[int]:
    """Who coordinates a program now, by id."""
    return list(
        db.scalars(
            select(Membership.person_id)
            .where(
                Membership.program_id == program_id,
                Membership.role == Role.COORDINATOR,
                Membership.until.is_(None),
            )
            .order_by(Membership.person_id)
        )
    )
