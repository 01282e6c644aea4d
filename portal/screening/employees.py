"""Employees of the agency who volunteer: what HR says of each role, and asking once a year who is one.

No one may volunteer for the same type of work as they are paid for (29 U.S.C. 203(e)(4)(A)(ii)).
"""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any, NamedTuple

from sqlalchemy import Select, and_, exists, literal, or_, select
from sqlalchemy.orm import Session

from portal.act import Act
from portal.agency.models import AgencySetting
from portal.audit.log import record
from portal.people.models import Person, Status
from portal.people.people import lock_people
from portal.permissions import Permission, Viewer
from portal.programs.applications import engagements
from portal.programs.models import Placement, PlacementState, Position, Program
from portal.programs.scopes import in_viewers_programs
from portal.requirements.change_models import Cause
from portal.requirements.credentials import not_own, note_change
from portal.requirements.employee_models import SameWork
from portal.screening.settings import ASK_JOBS
from portal.web.errors import NotFound, Refused
from portal.words import text

ASKED_EVERY = timedelta(days=365)
_engaged = engagements()


class Line(NamedTuple):
    """An employee and a role, as the list prints them; `other` is what was decided."""

    person_id: int
    name: str
    job: str
    position_id: int
    position: str
    translations: Mapping[str, Any]
    program: str
    program_translations: Mapping[str, Any]
    other: bool | None
    decided_on: date | None


def roles_of_employees(viewer: Viewer) -> Select[Any]:
    """The roles that employees have or asked for in the programs a screener screens for, never their own."""
    return (
        select(Person.id)
        .join(_engaged, _engaged.c.person_id == Person.id)
        .outerjoin(
            SameWork,
            and_(
                SameWork.person_id == Person.id,
                SameWork.position_id == _engaged.c.position_id,
                SameWork.job == Person.agency_job,
            ),
        )
        .where(
            Person.agency_job != literal(""),
            Person.status != Status.ENDED,
            Person.id.is_distinct_from(viewer.person_id),
            in_viewers_programs(_engaged.c.program_id, viewer, Permission.SCREENING_HANDLE),
        )
    )


def to_decide(viewer: Viewer) -> Select[Any]:
    """Those about which HR was not asked yet."""
    return roles_of_employees(viewer).where(SameWork.id.is_(None))


def lines(db: Session, scope: Select[Any], most: int = 200) -> list[Line]:
    """The lines of a scope, by name."""
    found = (
        scope.join(Position, Position.id == _engaged.c.position_id)
        .join(Program, Program.id == Position.program_id)
        .with_only_columns(
            Person.id, Person.name, Person.agency_job, Position.id, Position.name,
            Position.translations, Program.name, Program.translations, SameWork.other,
            SameWork.decided_on,
        )
        .order_by(Person.name, Person.id, Position.id)
        .limit(most)
    )  # fmt: skip
    return [Line(*row) for row in db.execute(found)]


def decide(act: Act, person_id: int, position_id: int, job: str, *, other: bool, on: date) -> None:
    """Write down what HR said of a role: whether it is other work than the `job` that was shown. Deciding again
    changes it."""
    not_own(act.by, person_id)
    lock_people(act.db, [person_id])
    there = roles_of_employees(act.by).where(
        Person.id == person_id, _engaged.c.position_id == position_id
    )
    person = act.db.scalar(there.with_only_columns(Person).limit(1))
    if person is None:
        raise NotFound
    act.db.refresh(person)
    if person.agency_job != job:
        raise Refused(text("Their job changed since you opened this page. Check it again."))
    mine = select(SameWork).where(
        SameWork.person_id == person_id, SameWork.position_id == position_id, SameWork.job == job
    )
    row = act.db.scalar(mine)
    if row is None:
        row = SameWork(person_id=person_id, position_id=position_id, job=job, other=other)
        act.db.add(row)
    row.other, row.decided_on, row.decided_by_id = other, on, act.by.person_id
    act.db.flush()
    note_change(act.db, [person_id], Cause.RULE, act.at)
    record(act, "same_work.decided", row, "other" if other else "same")


def say_job(act: Act, person: Person, job: str, today: date) -> None:
    """Keep the job that someone says they have with the agency, "" for none, and when they said it."""
    lock_people(act.db, [person.id])
    same = select(SameWork.id).where(SameWork.person_id == person.id, ~SameWork.other)
    if not job and person.agency_job and act.db.scalar(same.limit(1)) is not None:
        raise Refused(text("HR decided about this job. Call us if you don't work here anymore."))
    changed = person.agency_job != job
    person.agency_job, person.job_asked_on = job, today
    if changed:
        note_change(act.db, [person.id], Cause.RULE, act.at)
        record(act, "person.job", person)


def own_question(viewer: Viewer, today: date) -> Select[Person]:
    """Oneself, where the agency asks, one has a role, and was not asked within a year."""
    asks = exists().where(
        AgencySetting.name == ASK_JOBS.name,
        AgencySetting.value == ASK_JOBS.written(True),
        AgencySetting.program_id.is_(None),
    )
    has_role = exists().where(
        Placement.person_id == Person.id, Placement.state == PlacementState.ACTIVE
    )
    long_ago = or_(Person.job_asked_on.is_(None), Person.job_asked_on <= today - ASKED_EVERY)
    return select(Person).where(Person.id == viewer.person_id, asks, has_role, long_ago)
