"""Taking somebody who leaves off coming sessions: as a learner, in line, and as a trainer."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.people.departures import Leaver
from portal.people.models import Leaving
from portal.people.people import lock_people
from portal.permissions import COMMAND_LINE
from portal.training import enrolments, sessions
from portal.training.models import CURRENT, Course, CourseSession, Enrolment, SessionTrainer

NO_LONGER_HERE = "No longer available"


def release(db: Session, leaver: Leaver, at: datetime) -> list[int | None]:
    """Take a leaver off every coming session; gives the program of each that lacks somebody now."""
    if leaver.cause == Leaving.ROLE:  # a course is not of one role
        return []
    lock_people(db, [leaver.person_id])
    coming = (CourseSession.starts_at >= leaver.starts, CourseSession.called_off_at.is_(None))
    freed: list[int | None] = []
    given = (
        select(SessionTrainer)
        .join(CourseSession, CourseSession.id == SessionTrainer.session_id)
        .join(Course, Course.id == CourseSession.course_id)
        .where(
            SessionTrainer.person_id == leaver.person_id, SessionTrainer.ended_at.is_(None), *coming
        )
        .order_by(SessionTrainer.session_id)
    )
    if leaver.program_id is not None:
        given = given.where(Course.program_id == leaver.program_id)
    for trainer in db.scalars(given).all():
        sessions.drop_trainer(db, COMMAND_LINE, trainer, at)
        freed.append(trainer.session.course.program_id)
    if leaver.cause == Leaving.STAFF_ROLE:
        return freed
    taken = (
        select(Enrolment)
        .join(CourseSession, CourseSession.id == Enrolment.session_id)
        .where(
            Enrolment.person_id == leaver.person_id,
            Enrolment.state.in_(CURRENT),
            Enrolment.result.is_(None),
            *coming,
        )
        .order_by(Enrolment.session_id)
    )
    for own in db.scalars(taken).all():
        enrolments.remove(db, COMMAND_LINE, own, NO_LONGER_HERE, at)
        freed.append(own.course.program_id)
    return freed
