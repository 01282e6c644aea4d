"""Taking someone who leaves off coming sessions: as a learner, in line, and as a trainer."""

from datetime import datetime
from typing import Any

from sqlalchemy import Select, exists, or_, select
from sqlalchemy.orm import Session, joinedload

from portal import clock
from portal.act import Act
from portal.people.departures import NO_LONGER_HERE, Engagement, Leaver
from portal.people.models import Leaving
from portal.people.people import lock_people
from portal.people.sessions import viewer_of
from portal.permissions import COMMAND_LINE, Permission
from portal.programs.models import Placement, Program, Site, Visibility
from portal.programs.placements import from_day
from portal.training import enrolments, sessions
from portal.training.models import CURRENT, Course, CourseSession, Enrolment, SessionTrainer
from portal.words import Words, text


def release(db: Session, leaver: Leaver, at: datetime) -> list[int | None]:
    """Take a leaver off every coming session; gives the program of each that lacks someone now."""
    lock_people(db, [leaver.person_id])
    coming = _coming(leaver)
    freed: list[int | None] = []
    if (
        leaver.cause == Leaving.ROLE
    ):  # a course is not of one role, but a sensitive program's is of its people
        return _leave_sensitive(db, leaver, coming, at)
    given = _given(leaver.person_id, coming)
    if leaver.program_id is not None:
        given = given.where(Course.program_id == leaver.program_id)
    for trainer in db.scalars(given).all():
        course = trainer.session.course
        if leaver.cause == Leaving.STAFF_ROLE and _may_train(db, leaver.person_id, course, at):
            continue  # by another role that they keep
        sessions.drop_trainer(Act(db, COMMAND_LINE, at), trainer)
        freed.append(trainer.session.course.program_id)
    if leaver.cause == Leaving.STAFF_ROLE:
        return freed
    return freed + _leave(db, _taken(leaver.person_id, coming), at)


def engaged(db: Session, leaver: Leaver, at: datetime) -> list[Engagement]:
    """The coming sessions that a leaver takes part in, waits for, or gives."""
    coming = _coming(leaver)
    found = [
        _engagement(text("Training session they give"), one.session)
        for one in db.scalars(
            _given(leaver.person_id, coming).options(
                joinedload(SessionTrainer.session).joinedload(CourseSession.course)
            )
        )
    ]
    for own in db.scalars(
        _taken(leaver.person_id, coming).options(
            joinedload(Enrolment.session).joinedload(CourseSession.course)
        )
    ):
        assert own.session
        found.append(_engagement(text("Training"), own.session))
    return found


def _engagement(kind: Words, session: CourseSession) -> Engagement:
    course = session.course
    return Engagement(kind, course.name, course.program_id, session.starts_at, session.zone)


def _coming(leaver: Leaver) -> tuple[Any, ...]:
    return (CourseSession.starts_at >= leaver.starts, CourseSession.canceled_at.is_(None))


def _given(person_id: int, coming: tuple[Any, ...]) -> Select[SessionTrainer]:
    return (
        select(SessionTrainer)
        .join(CourseSession, CourseSession.id == SessionTrainer.session_id)
        .join(Course, Course.id == CourseSession.course_id)
        .where(SessionTrainer.person_id == person_id, SessionTrainer.ended_at.is_(None), *coming)
        .order_by(SessionTrainer.session_id)
    )


def _may_train(db: Session, person_id: int, course: Course, at: datetime) -> bool:
    """Whether someone still trains for a course's program: as its staff, or with a role in it."""
    if viewer_of(db, person_id, at).may_in(Permission.TRAINING_MANAGE, course.program_id):
        return True
    serves = exists().where(
        Placement.person_id == person_id,
        Placement.program_id == course.program_id,
        from_day(clock.local_day(at, "UTC")),
    )
    return bool(db.scalar(select(serves)))


def _taken(person_id: int, coming: tuple[Any, ...]) -> Select[Enrolment]:
    return (
        select(Enrolment)
        .join(CourseSession, CourseSession.id == Enrolment.session_id)
        .where(
            Enrolment.person_id == person_id,
            Enrolment.state.in_(CURRENT),
            Enrolment.result.is_(None),
            *coming,
        )
        .order_by(Enrolment.session_id)
    )


def _leave(db: Session, taken: Select[Enrolment], at: datetime) -> list[int | None]:
    freed: list[int | None] = []
    for own in db.scalars(taken).all():
        enrolments.remove(Act(db, COMMAND_LINE, at), own, NO_LONGER_HERE)
        freed.append(own.course.program_id)
    return freed


def _leave_sensitive(
    db: Session, leaver: Leaver, coming: tuple[Any, ...], at: datetime
) -> list[int | None]:
    """Take someone whose last role in a sensitive program ended off its coming sessions: they would read
    where these are."""
    day = clock.local_day(leaver.starts, "UTC")
    other = select(Placement.id).where(
        Placement.person_id == leaver.person_id,
        Placement.program_id == leaver.program_id,
        from_day(day),
    )
    if db.scalar(other.limit(1)) is not None:
        return []
    sensitive = exists().where(
        Program.id == leaver.program_id, Program.visibility != Visibility.PUBLIC
    )
    confidential = exists().where(Site.id == CourseSession.site_id, Site.confidential)
    own = _taken(leaver.person_id, coming).join(Course, Course.id == CourseSession.course_id)
    return _leave(
        db, own.where(Course.program_id == leaver.program_id, or_(sensitive, confidential)), at
    )
