"""Reading about training: what one may take, what one takes and gives, and what waits for staff."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, and_, exists, func, select
from sqlalchemy.orm import Session

from portal.people.models import Person
from portal.people.search import matches
from portal.permissions import Viewer
from portal.programs.models import Position, Program, Site
from portal.reads import read
from portal.requirements.models import Requirement
from portal.training.models import (
    CURRENT,
    OPEN_PROPOSALS,
    Course,
    CourseSession,
    Enrolment,
    EnrolmentState,
    Prerequisite,
    Presence,
    Proposal,
    ProposalKind,
    ProposalState,
    QuizQuestion,
    Result,
    SessionTrainer,
)
from portal.training.scopes import (
    decidable_proposals,
    manages,
    may_see,
    possible_trainers,
    teachable_people,
)
from portal.web.paging import Listing, PageOf

SIZE = 50
TO_MARK = timedelta(days=366)
"""How long a session without results is asked about."""


def _number(*conditions: ColumnElement[bool]) -> Any:
    own = select(func.count()).where(Enrolment.session_id == CourseSession.id, *conditions)
    return own.scalar_subquery()


ENROLLED = _number(Enrolment.state == EnrolmentState.ENROLLED)
_GIVES = and_(SessionTrainer.session_id == CourseSession.id, SessionTrainer.ended_at.is_(None))
TRAINERS = select(func.count()).where(_GIVES).scalar_subquery()
_LINE = (
    CourseSession.id, CourseSession.starts_at, CourseSession.ends_at, CourseSession.zone,
    CourseSession.capacity, CourseSession.per_trainer, CourseSession.offers_due,
    CourseSession.called_off_at, (CourseSession.online_link != "").label("online"),
    Course.id.label("course_id"), Course.name, Course.translations, Program.name.label("program"),
    Program.translations.label("program_translations"), Site.name.label("site"),
    Site.confidential, ENROLLED.label("enrolled"), TRAINERS.label("trainers"),
    _number(Enrolment.state == EnrolmentState.WAITING).label("waiting"),
    _number(Enrolment.state == EnrolmentState.OFFERED).label("offered"),
)  # fmt: skip


def _lines() -> Select[Any]:
    return (
        select(*_LINE)
        .select_from(CourseSession)
        .join(Course, Course.id == CourseSession.course_id)
        .outerjoin(Program, Program.id == Course.program_id)
        .outerjoin(Site, Site.id == CourseSession.site_id)
    )


class SessionLine(NamedTuple):
    """A course session as lists print it."""

    id: int
    starts_at: datetime
    ends_at: datetime
    zone: str
    capacity: int
    per_trainer: int | None
    offers_due: bool
    called_off_at: datetime | None
    online: bool
    course_id: int
    name: str
    translations: Mapping[str, Any]
    program: str | None
    program_translations: Mapping[str, Any]
    site: str | None
    confidential: bool | None
    enrolled: int
    trainers: int
    waiting: int
    offered: int


COMING = Listing(SessionLine, (CourseSession.starts_at, CourseSession.id), size=SIZE)


def coming(
    db: Session,
    condition: ColumnElement[bool],
    at: datetime,
    after: str = "",
    course_id: int | None = None,
) -> PageOf[SessionLine]:
    """A page of coming sessions of the courses that fit a condition, soonest first."""
    found = _lines().where(
        condition, CourseSession.starts_at > at, CourseSession.called_off_at.is_(None)
    )
    if course_id:
        found = found.where(CourseSession.course_id == course_id)
    return COMING.page(db, found, after)


def coming_for(db: Session, viewer: Viewer, at: datetime, after: str) -> PageOf[SessionLine]:
    """The coming sessions that a viewer may know of, of open courses, and neither takes nor gives."""
    takes = exists().where(
        Enrolment.session_id == CourseSession.id,
        Enrolment.person_id == viewer.person_id,
        Enrolment.state.in_(CURRENT),
    )
    gives = exists().where(_GIVES, SessionTrainer.person_id == viewer.person_id)
    fits = and_(may_see(viewer), Course.closed_at.is_(None), ~takes, ~gives)
    return coming(db, fits, at, after)


def coming_managed(db: Session, viewer: Viewer, at: datetime, after: str) -> PageOf[SessionLine]:
    """The coming sessions of the courses one manages."""
    return coming(db, manages(viewer), at, after)


def past_of(db: Session, course_id: int, at: datetime) -> Sequence[SessionLine]:
    """The sessions of a course that are over or called off, the newest first."""
    over = (CourseSession.starts_at <= at) | CourseSession.called_off_at.is_not(None)
    return read(
        db,
        SessionLine,
        _lines()
        .where(CourseSession.course_id == course_id, over)
        .order_by(CourseSession.starts_at.desc(), CourseSession.id)
        .limit(100),
    )


def without_trainer(db: Session, viewer: Viewer, at: datetime) -> Sequence[SessionLine]:
    """Coming sessions that people are in and nobody gives."""
    return read(
        db,
        SessionLine,
        _lines()
        .where(
            manages(viewer),
            CourseSession.starts_at > at,
            CourseSession.called_off_at.is_(None),
            ~exists().where(_GIVES),
            exists().where(
                Enrolment.session_id == CourseSession.id,
                Enrolment.state == EnrolmentState.ENROLLED,
            ),
        )
        .order_by(CourseSession.starts_at)
        .limit(SIZE),
    )


def to_mark(db: Session, viewer: Viewer, at: datetime) -> Sequence[SessionLine]:
    """Sessions that are over and whose results are not all written down, the oldest first."""
    return read(
        db,
        SessionLine,
        _lines()
        .where(
            manages(viewer),
            CourseSession.ends_at <= at,
            CourseSession.starts_at > at - TO_MARK,
            CourseSession.called_off_at.is_(None),
            exists().where(
                Enrolment.session_id == CourseSession.id,
                Enrolment.state == EnrolmentState.ENROLLED,
                Enrolment.attendance.is_(None),
            ),
        )
        .order_by(CourseSession.starts_at)
        .limit(SIZE),
    )


def _next(at: datetime) -> Any:
    return (
        select(func.min(CourseSession.starts_at))
        .where(
            CourseSession.course_id == Course.id,
            CourseSession.called_off_at.is_(None),
            CourseSession.starts_at > at,
        )
        .scalar_subquery()
        .label("next_at")
    )


HAS_QUIZ = Course.pass_percent.is_not(None) & exists().where(QuizQuestion.course_id == Course.id)


def _courses(condition: ColumnElement[bool], at: datetime, *more: Any) -> Select[Any]:
    return (
        select(
            Course.id,
            Course.name,
            Course.translations,
            Course.topic,
            Course.minutes,
            Course.closed_at,
            Program.name.label("program"),
            Program.translations.label("program_translations"),
            HAS_QUIZ.label("quiz"),
            _next(at),
            *more,
        )
        .outerjoin(Program, Program.id == Course.program_id)
        .where(condition)
        .order_by(Course.name, Course.id)
        .limit(300)
    )


class CourseLine(NamedTuple):
    """A course as lists print it; `passed_on` only for whoever takes it."""

    id: int
    name: str
    translations: Mapping[str, Any]
    topic: str
    minutes: int
    closed_at: datetime | None
    program: str | None
    program_translations: Mapping[str, Any]
    quiz: bool
    next_at: datetime | None
    passed_on: date | None = None


def courses_for(db: Session, viewer: Viewer, at: datetime) -> Sequence[CourseLine]:
    """The courses one may take, with the day one passed each."""
    passed = (
        select(func.max(Enrolment.day))
        .where(
            Enrolment.course_id == Course.id,
            Enrolment.person_id == viewer.person_id,
            Enrolment.result == Result.PASSED,
        )
        .scalar_subquery()
    )
    open_ones = may_see(viewer) & Course.closed_at.is_(None)
    return read(db, CourseLine, _courses(open_ones, at, passed.label("passed_on")).limit(200))


def courses_managed(db: Session, viewer: Viewer, at: datetime) -> Sequence[CourseLine]:
    """The courses one manages, closed ones too."""
    return read(db, CourseLine, _courses(manages(viewer), at))


class Before(NamedTuple):
    """A course that comes before another."""

    id: int
    name: str
    translations: Mapping[str, Any]
    program_id: int | None


def prerequisites_of(db: Session, course_id: int) -> Sequence[Before]:
    """The courses that come before one."""
    return read(
        db,
        Before,
        select(Course.id, Course.name, Course.translations, Course.program_id)
        .join(Prerequisite, Prerequisite.needs_id == Course.id)
        .where(Prerequisite.course_id == course_id)
        .order_by(Course.name),
    )


class OwnEnrolment(NamedTuple):
    """What a person takes, waits for or took."""

    id: int
    session_id: int | None
    course_id: int
    state: EnrolmentState
    day: date
    answer_by: datetime | None
    attendance: Presence | None
    result: Result | None
    note: str
    minutes: int
    asked: str | None
    starts_at: datetime | None
    ends_at: datetime | None
    zone: str | None
    name: str
    translations: Mapping[str, Any]
    waits: bool
    denied: str | None


def own_enrolments(db: Session, person_id: int) -> Sequence[OwnEnrolment]:
    """What a person takes, waits for and took, the newest first; `waits` while what a pass gives is not
    confirmed, `denied` why it was not."""
    waits = exists().where(
        Proposal.enrolment_id == Enrolment.id, Proposal.state.in_(OPEN_PROPOSALS)
    )
    denied = (
        select(func.max(Proposal.reason))
        .where(Proposal.enrolment_id == Enrolment.id, Proposal.state == ProposalState.DENIED)
        .scalar_subquery()
    )
    return read(
        db,
        OwnEnrolment,
        select(
            Enrolment.id,
            Enrolment.session_id,
            Enrolment.course_id,
            Enrolment.state,
            Enrolment.day,
            Enrolment.answer_by,
            Enrolment.attendance,
            Enrolment.result,
            Enrolment.note,
            Enrolment.minutes,
            Enrolment.asked,
            CourseSession.starts_at,
            CourseSession.ends_at,
            CourseSession.zone,
            Course.name,
            Course.translations,
            waits.label("waits"),
            denied.label("denied"),
        )
        .join(Course, Course.id == Enrolment.course_id)
        .outerjoin(CourseSession, CourseSession.id == Enrolment.session_id)
        .where(Enrolment.person_id == person_id, Enrolment.state.in_(CURRENT))
        .order_by(Enrolment.day.desc(), Enrolment.id.desc())
        .limit(200),
    )


def teaching(db: Session, person_id: int, at: datetime) -> Sequence[SessionLine]:
    """The sessions that a person gives, from last week on."""
    gives = exists().where(_GIVES, SessionTrainer.person_id == person_id)
    return read(
        db,
        SessionLine,
        _lines()
        .where(
            gives,
            CourseSession.called_off_at.is_(None),
            CourseSession.ends_at > at - timedelta(days=7),
        )
        .order_by(CourseSession.starts_at)
        .limit(SIZE),
    )


class Learner(NamedTuple):
    """Somebody in a session or its line."""

    id: int
    person_id: int
    state: EnrolmentState
    since: datetime
    answer_by: datetime | None
    asked: str | None
    attendance: Presence | None
    result: Result | None
    name: str


def learners(db: Session, session_id: int) -> Sequence[Learner]:
    """Who is in a session and in its line, in their order."""
    return read(
        db,
        Learner,
        select(
            Enrolment.id,
            Enrolment.person_id,
            Enrolment.state,
            Enrolment.since,
            Enrolment.answer_by,
            Enrolment.asked,
            Enrolment.attendance,
            Enrolment.result,
            Person.name,
        )
        .join(Person, Person.id == Enrolment.person_id)
        .where(Enrolment.session_id == session_id, Enrolment.state.in_(CURRENT))
        .order_by(Enrolment.state, Enrolment.id)
        .limit(1000),
    )


class TrainerLine(NamedTuple):
    """Somebody who gives a session."""

    id: int
    person_id: int
    name: str


def trainers(db: Session, session_id: int) -> Sequence[TrainerLine]:
    """Who gives a session."""
    return read(
        db,
        TrainerLine,
        select(SessionTrainer.id, SessionTrainer.person_id, Person.name)
        .join(Person, Person.id == SessionTrainer.person_id)
        .where(SessionTrainer.session_id == session_id, SessionTrainer.ended_at.is_(None))
        .order_by(SessionTrainer.id)
        .limit(100),
    )


class Candidate(NamedTuple):
    """Somebody who could be added to a session; `learns` says whether one may enroll them."""

    id: int
    name: str
    learns: bool


def candidates(
    db: Session, viewer: Viewer, query: str, *, trainers: bool = False
) -> Sequence[Candidate]:
    """People whom one may enrol, by part of a name; nobody until something is asked. With `trainers` also
    who may give a session; `learns` says whom one may enrol."""
    wanted = matches(query)
    if wanted is None:
        return []
    learns = Person.id.in_(teachable_people(viewer).with_only_columns(Person.id))
    people = possible_trainers(viewer) if trainers else teachable_people(viewer)
    return read(
        db,
        Candidate,
        people.where(wanted, Person.status != "ended")
        .with_only_columns(Person.id, Person.name, learns.label("learns"))
        .order_by(Person.name, Person.id)
        .limit(12),
    )


class ProposalLine(NamedTuple):
    """What a pass proposes, for whoever confirms it."""

    id: int
    kind: ProposalKind
    state: ProposalState
    reason: str
    made_at: datetime
    person_id: int
    day: date
    note: str
    asked: str | None
    name: str
    course: str
    translations: Mapping[str, Any]
    requirement: str | None
    requirement_translations: Mapping[str, Any]
    position: str | None
    position_translations: Mapping[str, Any]


def waiting_proposals(db: Session, viewer: Viewer) -> Sequence[ProposalLine]:
    """What passes propose and somebody has to confirm, the oldest first."""
    return read(
        db,
        ProposalLine,
        decidable_proposals(viewer)
        .join(Course, Course.id == Enrolment.course_id)
        .join(Person, Person.id == Enrolment.person_id)
        .outerjoin(Requirement, Requirement.id == Proposal.requirement_id)
        .outerjoin(Position, Position.id == Proposal.position_id)
        .with_only_columns(
            Proposal.id,
            Proposal.kind,
            Proposal.state,
            Proposal.reason,
            Proposal.made_at,
            Enrolment.person_id,
            Enrolment.day,
            Enrolment.note,
            Enrolment.asked,
            Person.name,
            Course.name.label("course"),
            Course.translations,
            Requirement.name.label("requirement"),
            Requirement.translations.label("requirement_translations"),
            Position.name.label("position"),
            Position.translations.label("position_translations"),
        )
        .order_by(Proposal.made_at, Proposal.id)
        .limit(100),
    )


def number_of_proposals(db: Session, viewer: Viewer) -> int:
    """How many those are."""
    return db.scalar(decidable_proposals(viewer).with_only_columns(func.count())) or 0
