"""Who looks after whom, from when to when: giving, ending, and standing in for a supervisor who is away.

Reading it is in `supervisors.py`.
"""

from collections.abc import Collection, Sequence
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, and_, exists, or_, select
from sqlalchemy.orm import Session

from portal import clock
from portal.act import Act
from portal.audit.log import record
from portal.people.models import Membership, Person, Status
from portal.people.people import lock_people
from portal.people.traits import Supervision, SupervisionCover
from portal.permissions import Permission, Role
from portal.reads import read
from portal.web.errors import NotFound, Refused
from portal.words import text

SUPERVISES = (Role.SUPERVISOR, Role.COORDINATOR)
"""The staff roles that may look after people."""

MOST = 500


def may_supervise(person: Any, program: Any) -> ColumnElement[bool]:
    """Inside a query: whether a person holds a role now that looks after people in a program."""
    holds = exists().where(
        Membership.person_id == person,
        Membership.role.in_(SUPERVISES),
        Membership.until.is_(None),
        or_(Membership.program_id.is_(None), Membership.program_id == program),
    )
    return holds.correlate(Person, Supervision)  # also where it stands two queries deep


def held_ever() -> ColumnElement[bool]:
    """Inside a query: leaves out what ended before it began."""
    return or_(Supervision.last_day.is_(None), Supervision.last_day >= Supervision.first_day)


class PossibleSupervisor(NamedTuple):
    """Someone who may look after people, in a program or everywhere."""

    id: int
    name: str
    program_id: int | None


def possible_supervisors(db: Session, programs: Collection[int]) -> Sequence[PossibleSupervisor]:
    """Who could look after someone in some programs: person, name, and the program (None for every one)."""
    return read(
        db,
        PossibleSupervisor,
        select(Person.id, Person.name, Membership.program_id)
        .join(Membership, Membership.person_id == Person.id)
        .where(
            Membership.role.in_(SUPERVISES),
            Membership.until.is_(None),
            or_(Membership.program_id.is_(None), Membership.program_id.in_(programs)),
            Person.status != Status.ENDED,
        )
        .distinct()
        .order_by(Person.name, Person.id, Membership.program_id)
        .limit(MOST),
    )


def give(
    act: Act,
    person_id: int,
    supervisor_id: int,
    program_id: int,
    first_day: date,
    last_day: date | None = None,
) -> Supervision:
    """Give a person a supervisor in a program, from a day on."""
    if not act.by.may_in(Permission.PEOPLE_MANAGE, program_id):
        raise Refused(fields={"program": text("Select one of your programs.")})
    if supervisor_id == person_id:
        raise Refused(fields={"supervisor": text("No one can be their own supervisor.")})
    if last_day and last_day < first_day:
        raise Refused(fields={"last_day": text("This is before the first day.")})
    lock_people(act.db, [person_id, supervisor_id])
    _unless_no_supervisor(act.db, supervisor_id, program_id)
    same = select(Supervision.id).where(
        Supervision.person_id == person_id,
        Supervision.supervisor_id == supervisor_id,
        Supervision.program_id == program_id,
        Supervision.first_day <= (last_day or date.max),
        or_(Supervision.last_day.is_(None), Supervision.last_day >= first_day),
        held_ever(),
    )
    if act.db.scalar(same.limit(1)) is not None:
        already = text("They already supervise this person on some of these days.")
        raise Refused(fields={"supervisor": already})
    row = Supervision(
        person_id=person_id,
        supervisor_id=supervisor_id,
        program_id=program_id,
        first_day=first_day,
        last_day=last_day,
        given_by_id=act.by.person_id,
        given_at=act.at,
    )
    act.db.add(row)
    act.db.flush()
    record(act, "supervision.given", row)
    return row


def _unless_no_supervisor(db: Session, supervisor_id: int, program_id: int) -> None:
    able = select(Person.id).where(
        Person.id == supervisor_id,
        Person.status != Status.ENDED,
        may_supervise(supervisor_id, program_id),
    )
    if db.scalar(able) is None:
        no = text("Select a supervisor or coordinator of this program.")
        raise Refused(fields={"supervisor": no})


def end(act: Act, row: Supervision, last_day: date) -> None:
    """Say on which day it ends, the last one included."""
    lock_people(act.db, [row.person_id])
    act.db.refresh(row)
    if last_day < row.first_day:
        raise Refused(fields={"last_day": text("This is before the first day.")})
    if row.last_day and row.last_day < last_day:
        raise Refused(fields={"last_day": text("It already ends before that.")})
    row.last_day, row.ended_at, row.ended_by_id = last_day, act.at, act.by.person_id
    record(act, "supervision.ended", row)


def end_without_role(act: Act, person_id: int, zone: str) -> None:
    """End what a person looked after under a role that was taken back, at once (SECURITY Z4)."""
    lock_people(act.db, [person_id])  # else someone could give them a person meanwhile
    act.db.flush()
    yesterday = clock.local_day(act.at, zone) - clock.ONE_DAY
    lost = act.db.scalars(
        select(Supervision).where(
            Supervision.supervisor_id == person_id,
            or_(Supervision.last_day.is_(None), Supervision.last_day > yesterday),
            ~may_supervise(person_id, Supervision.program_id),
        )
    )
    for row in lost:
        row.last_day, row.ended_at, row.ended_by_id = yesterday, act.at, act.by.person_id
        record(act, "supervision.ended", row)


def set_cover(
    act: Act, supervisor_id: int, cover_id: int, first_day: date, last_day: date
) -> SupervisionCover:
    """Say who stands in for a supervisor on some days: someone who may look after all of their people."""
    if cover_id == supervisor_id:
        raise Refused(fields={"cover": text("Select someone other than yourself.")})
    if last_day < first_day:
        raise Refused(fields={"last_day": text("This is before the first day.")})
    lock_people(act.db, [supervisor_id])
    same = select(SupervisionCover.id).where(
        SupervisionCover.supervisor_id == supervisor_id,
        SupervisionCover.first_day <= last_day,
        SupervisionCover.last_day >= first_day,
        SupervisionCover.ended_at.is_(None),
    )
    if act.db.scalar(same.limit(1)) is not None:
        raise Refused(fields={"first_day": text("Someone already covers some of these days.")})
    if cover_id not in {row.id for row in possible_covers(act.db, supervisor_id, last_day)}:
        no = text("They can't cover for you in all of your programs.")
        raise Refused(fields={"cover": no})
    row = SupervisionCover(
        supervisor_id=supervisor_id,
        cover_id=cover_id,
        first_day=first_day,
        last_day=last_day,
        set_at=act.at,
        set_by_id=act.by.person_id,
    )
    act.db.add(row)
    act.db.flush()
    record(act, "supervision.cover_set", row)
    return row


class PossibleCover(NamedTuple):
    """Someone who could stand in."""

    id: int
    name: str


def possible_covers(db: Session, supervisor_id: int, day: date) -> Sequence[PossibleCover]:
    """Who could stand in for a supervisor: whoever may look after people in every program in which they do."""
    theirs = select(Supervision.id).where(
        Supervision.supervisor_id == supervisor_id,
        Supervision.first_day <= day,
        or_(Supervision.last_day.is_(None), Supervision.last_day >= day),
    )
    in_the_way = theirs.where(~may_supervise(Person.id, Supervision.program_id)).exists()
    any_role = exists().where(
        Membership.person_id == Person.id,
        Membership.role.in_(SUPERVISES),
        Membership.until.is_(None),
    )
    return read(
        db,
        PossibleCover,
        select(Person.id, Person.name)
        .where(
            Person.id != supervisor_id,
            Person.status != Status.ENDED,
            and_(theirs.exists(), any_role, ~in_the_way),
        )
        .order_by(Person.name, Person.id)
        .limit(MOST),
    )


class CoverLine(NamedTuple):
    """Who stands in for a supervisor, and when."""

    id: int
    first_day: date
    last_day: date
    name: str


def covers_of(db: Session, supervisor_id: int, day: date) -> Sequence[CoverLine]:
    """Who stands in for a supervisor from a day on."""
    return read(
        db,
        CoverLine,
        select(
            SupervisionCover.id,
            SupervisionCover.first_day,
            SupervisionCover.last_day,
            Person.name,
        )
        .join(Person, Person.id == SupervisionCover.cover_id)
        .where(
            SupervisionCover.supervisor_id == supervisor_id,
            SupervisionCover.last_day >= day,
            SupervisionCover.ended_at.is_(None),
        )
        .order_by(SupervisionCover.first_day)
        .limit(50),
    )


def end_cover(act: Act, supervisor_id: int, cover_id: int) -> None:
    """Remove a supervisor's cover."""
    row = act.db.scalar(
        select(SupervisionCover).where(
            SupervisionCover.id == cover_id,
            SupervisionCover.supervisor_id == supervisor_id,
            SupervisionCover.ended_at.is_(None),
        )
    )
    if row is None:
        raise NotFound
    row.ended_at = act.at
    record(act, "supervision.cover_ended", row)
