"""Reading about training: what one may take, what one takes and gives, and what waits for staff."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, and_, exists, func, select
from sqlalchemy.orm import Session

from portal.permissions import NOBODY, Viewer
from portal.programs.models import Program, Site
from portal.reads import read
from portal.training.models import (
    CURRENT,
    Course,
    CourseSession,
    Enrolment,
    EnrolmentState,
    Prerequisite,
    QuizQuestion,
    Result,
    SessionTrainer,
)
from portal.training.scopes import (
    manages,
    may_see,
)
from portal.web.paging import Listing, PageOf

SIZE = 50
TO_MARK = timedelta(days=366)
"""How long a session without results is asked about."""


def _number(*conditions: ColumnElement[bool]) -> Any:
    own = select(func.count()).where(Enrolment.session_id == CourseSession.id, *conditions)
    return own.scalar_subquery()


ENROLLED = _number(Enrolment.state == EnrolmentState.ENROLLED)
GIVES = and_(SessionTrainer.session_id == CourseSession.id, SessionTrainer.ended_at.is_(None))
TRAINERS = select(func.count()).where(GIVES).scalar_subquery()
_LINE = (
    CourseSession.id, CourseSession.starts_at, CourseSession.ends_at, CourseSession.zone,
    CourseSession.capacity, CourseSession.per_trainer, CourseSession.offers_due,
    CourseSession.canceled_at, (CourseSession.online_link != "").label("online"),
    Course.id.label("course_id"), Course.name, Course.translations, Program.name.label("program"),
    Program.translations.label("program_translations"), Site.name.label("site"),
    Site.confidential, ENROLLED.label("enrolled"), TRAINERS.label("trainers"),
    _number(Enrolment.state == EnrolmentState.WAITING).label("waiting"),
    _number(Enrolment.state == EnrolmentState.OFFERED).label("offered"),
)  # fmt: skip


def lines() -> Select[Any]:
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
    canceled_at: datetime | None
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
    found = lines().where(
        condition, CourseSession.starts_at > at, CourseSession.canceled_at.is_(None)
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
    gives = exists().where(GIVES, SessionTrainer.person_id == viewer.person_id)
    fits = and_(may_see(viewer), Course.closed_at.is_(None), ~takes, ~gives)
    return coming(db, fits, at, after)


def next_sessions(db: Session, requirement_ids: Sequence[int], at: datetime) -> list[SessionLine]:
    """The next three sessions that anyone may know of and that lead to some requirements."""
    if not requirement_ids:
        return []
    fits = and_(
        Course.requirement_id.in_(requirement_ids), Course.closed_at.is_(None), may_see(NOBODY)
    )
    return list(coming(db, fits, at).rows[:3])


def coming_managed(db: Session, viewer: Viewer, at: datetime, after: str) -> PageOf[SessionLine]:
    """The coming sessions of the courses one manages."""
    return coming(db, manages(viewer), at, after)


def past_of(db: Session, course_id: int, at: datetime) -> Sequence[SessionLine]:
    """The sessions of a course that are over or canceled, the newest first."""
    over = (CourseSession.starts_at <= at) | CourseSession.canceled_at.is_not(None)
    return read(
        db,
        SessionLine,
        lines()
        .where(CourseSession.course_id == course_id, over)
        .order_by(CourseSession.starts_at.desc(), CourseSession.id)
        .limit(100),
    )


def without_trainer(db: Session, viewer: Viewer, at: datetime) -> Sequence[SessionLine]:
    """Coming sessions that people are in and no one gives."""
    return read(
        db,
        SessionLine,
        lines()
        .where(
            manages(viewer),
            CourseSession.starts_at > at,
            CourseSession.canceled_at.is_(None),
            ~exists().where(GIVES),
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
        lines()
        .where(
            manages(viewer),
            CourseSession.ends_at <= at,
            CourseSession.starts_at > at - TO_MARK,
            CourseSession.canceled_at.is_(None),
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
            CourseSession.canceled_at.is_(None),
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
