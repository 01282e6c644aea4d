"""Reminders before sessions, to those who take part and those who give them."""

from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.people import reminding
from portal.people.models import Person
from portal.people.reminding import Reminder
from portal.training import notices
from portal.training.enrolments import ENROLMENT
from portal.training.facts import TRAINER
from portal.training.models import (
    Course,
    CourseSession,
    Enrolment,
    EnrolmentState,
    SessionTrainer,
)

MARK = "training"


def _sessions(who: Any) -> Any:
    return (
        select(who.id, who.person_id, Course.program_id, CourseSession.starts_at)
        .join(CourseSession, CourseSession.id == who.session_id)
        .join(Course, Course.id == CourseSession.course_id)
        .join(Person, Person.id == who.person_id)
        .where(CourseSession.canceled_at.is_(None))
    )


def _take() -> Any:
    return _sessions(Enrolment).where(Enrolment.state == EnrolmentState.ENROLLED)


def _give() -> Any:
    return _sessions(SessionTrainer).where(SessionTrainer.ended_at.is_(None))


REMINDERS = (
    Reminder(notices.REMINDER, ENROLMENT, CourseSession.starts_at, _take),
    Reminder(notices.TEACHING_REMINDER, TRAINER, CourseSession.starts_at, _give),
)


def due(db: Session, at: datetime) -> bool:
    """Whether there may be something to do, without writing."""
    return reminding.due(db, MARK, at)


def remind(db: Session, at: datetime) -> int:
    """Write the reminders that became due since the last time; gives how many."""
    return reminding.remind(db, MARK, REMINDERS, at)
