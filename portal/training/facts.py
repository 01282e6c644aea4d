"""What is so about a session, and about one person and it: read at once, judged by `obstacles`."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import and_, exists, func, or_, select
from sqlalchemy.orm import Session

from portal import clock
from portal.commitments.commitments import Clash, clashes
from portal.people.models import Person
from portal.programs.models import Program, Visibility
from portal.reads import read
from portal.requirements.evidence_models import Credential
from portal.requirements.scopes import counting_on
from portal.training.models import (
    CURRENT,
    Course,
    CourseSession,
    Enrolment,
    EnrolmentState,
    Prerequisite,
    Result,
    SessionTrainer,
)
from portal.training.proposal_models import OPEN_PROPOSALS, Proposal

TRAINING, TRAINER = "training", "trainer"
"""The kinds of commitments that taking part in a session, and giving one, make."""


@dataclass(frozen=True)
class Facts:
    """A session and one person. `held` are the places kept for people in line."""

    session: CourseSession
    places: int
    taken: int
    held: int
    line: int
    trainers: int
    person: Person | None = None
    own: Enrolment | None = None
    place_in_line: int = 0
    clash: Clash | None = None
    missing: Sequence["MissingCourse"] = ()

    @property
    def course(self) -> Course:
        return self.session.course

    @property
    def free(self) -> int:
        """How many places anyone may take now."""
        return max(0, self.places - self.taken - self.held)

    def offered(self, at: datetime) -> bool:
        """Whether a place is kept for this person right now."""
        own = self.own
        return bool(
            own and own.state == EnrolmentState.OFFERED and own.answer_by and own.answer_by > at
        )


def places_of(session: CourseSession, trainers: int) -> int:
    """How many people may come: the capacity, or fewer if there are too few trainers for it."""
    if session.per_trainer is None:
        return session.capacity
    return min(session.capacity, session.per_trainer * trainers)


def facts_of(db: Session, session: CourseSession, person_id: int | None, at: datetime) -> Facts:
    """Everything that matters between a session and a person. For a verb, under their locks."""
    counts = counts_of(db, session.id)
    trainers = trainers_of(db, session.id)
    held = counts.offered + (counts.waiting if session.offers_due else 0)
    facts: dict[str, Any] = {
        "session": session,
        "places": places_of(session, trainers),
        "taken": counts.enrolled,
        "held": held,
        "line": counts.waiting + counts.offered,
        "trainers": trainers,
    }
    person = db.get(Person, person_id) if person_id else None
    if person is None:
        return Facts(**facts)
    own = own_enrolment(db, session.id, person.id)
    busy = clashes(db, person.id, session.starts_at, session.ends_at)
    mine = {(TRAINING, own.id)} if own else set()
    clash = next((row for row in busy if (row.kind, row.source_id) not in mine), None)
    day = clock.local_day(session.starts_at, session.zone)
    return Facts(
        **facts,
        person=person,
        own=own,
        place_in_line=_place_in_line(db, own),
        clash=clash,
        missing=missing_for(db, session.course_id, person.id, day),
    )


class SessionCounts(NamedTuple):
    """How many are enrolled, offered a place, and in line."""

    enrolled: int
    waiting: int
    offered: int


def counts_of(db: Session, session_id: int) -> SessionCounts:
    """How many take part, wait, and were offered a place."""
    states = (EnrolmentState.ENROLLED, EnrolmentState.WAITING, EnrolmentState.OFFERED)
    columns = [func.count().filter(Enrolment.state == state).label(state.value) for state in states]
    return read(db, SessionCounts, select(*columns).where(Enrolment.session_id == session_id))[0]


def trainers_of(db: Session, session_id: int) -> int:
    """How many trainers a session has."""
    own = select(func.count()).where(
        SessionTrainer.session_id == session_id, SessionTrainer.ended_at.is_(None)
    )
    return db.scalar(own) or 0


def own_enrolment(db: Session, session_id: int, person_id: int) -> Enrolment | None:
    """A person's enrolment that counts, read anew."""
    return db.scalar(
        select(Enrolment)
        .where(
            Enrolment.session_id == session_id,
            Enrolment.person_id == person_id,
            Enrolment.state.in_(CURRENT),
        )
        .execution_options(populate_existing=True)
    )


def _place_in_line(db: Session, own: Enrolment | None) -> int:
    if own is None or own.state != EnrolmentState.WAITING:
        return 0
    before = select(func.count()).where(
        Enrolment.session_id == own.session_id,
        Enrolment.state == EnrolmentState.WAITING,
        Enrolment.id <= own.id,
    )
    return db.scalar(before) or 0


class MissingCourse(NamedTuple):
    """A course that has to come first."""

    id: int
    name: str
    translations: Mapping[str, Any]
    public: bool


def missing_for(db: Session, course_id: int, person_id: int, day: date) -> Sequence[MissingCourse]:
    """The courses someone must pass before this one and has not: what counts is what holds on the day.

    A pass counts; where it gives a credential, that one must be good on the day, or still wait.
    """
    good = counting_on(day).where(
        Credential.person_id == person_id, Credential.requirement_id == Course.requirement_id
    )
    passed = and_(
        Enrolment.course_id == Course.id,
        Enrolment.person_id == person_id,
        Enrolment.result == Result.PASSED,
    )
    waits = exists().where(
        passed, Proposal.enrolment_id == Enrolment.id, Proposal.state.in_(OPEN_PROPOSALS)
    )
    met = or_(good.exists(), and_(Course.requirement_id.is_(None), exists().where(passed)), waits)
    public = or_(Course.program_id.is_(None), Program.visibility == Visibility.PUBLIC)
    return read(
        db,
        MissingCourse,
        select(Course.id, Course.name, Course.translations, public.label("public"))
        .join(Prerequisite, Prerequisite.needs_id == Course.id)
        .outerjoin(Program, Program.id == Course.program_id)
        .where(Prerequisite.course_id == course_id, ~met)
        .order_by(Course.name)
        .limit(50),
    )
