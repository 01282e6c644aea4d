"""Reminders before sessions, to those who take part and those who give them."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import literal, select
from sqlalchemy.orm import Session

from portal.messages import kinds
from portal.messages.models import Mark
from portal.people.models import Person
from portal.people.telling import To, tell_all
from portal.permissions import COMMAND_LINE
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
HOURS = (168, 72, 48, 24, 12, 3, 1)
"""How many hours before people may choose to be reminded."""

AT_ONCE = timedelta(hours=6)
EVERY = timedelta(minutes=1)


def due(db: Session, at: datetime) -> bool:
    """Whether there may be something to do, without writing."""
    last = db.scalar(select(Mark.at).where(Mark.name == MARK))
    return last is None or at - last >= EVERY


def remind(db: Session, at: datetime) -> int:
    """Write the reminders that became due since the last time; gives how many.

    Each choice of hours is a small window of starts, so the cost follows the sessions in it.
    """
    mark = db.scalar(select(Mark).where(Mark.name == MARK).with_for_update())
    if mark is None:
        mark = Mark(name=MARK, at=at)
        db.add(mark)
        db.flush()
    since, until = mark.at, min(at, mark.at + AT_ONCE)
    if until <= since:
        return 0
    number = 0
    for hours in HOURS:
        before = timedelta(hours=hours)
        window = (
            CourseSession.starts_at > since + before,
            CourseSession.starts_at <= until + before,
            CourseSession.called_off_at.is_(None),
            (literal(",") + Person.remind_hours + ",").contains(f",{hours},"),
        )
        takes = _sessions(Enrolment).where(Enrolment.state == EnrolmentState.ENROLLED, *window)
        gives = _sessions(SessionTrainer).where(SessionTrainer.ended_at.is_(None), *window)
        number += _tell(db, notices.REMINDER, ENROLMENT, takes, hours, at)
        number += _tell(db, notices.TEACHING_REMINDER, TRAINER, gives, hours, at)
    mark.at = until
    return number


def _sessions(who: Any) -> Any:
    return (
        select(who.id, who.person_id, Course.program_id, CourseSession.starts_at)
        .join(CourseSession, CourseSession.id == who.session_id)
        .join(Course, Course.id == CourseSession.course_id)
        .join(Person, Person.id == who.person_id)
    )


def _tell(db: Session, kind: kinds.Kind, about: str, found: Any, hours: int, at: datetime) -> int:
    to = [
        To(
            row.person_id, row.id, row.program_id, {"starts_at": row.starts_at.isoformat()},
            f"{kind.name}:{row.id}:{hours}:{row.starts_at:%Y%m%d%H%M}",
        )
        for row in db.execute(found)
    ]  # fmt: skip
    tell_all(db, COMMAND_LINE, kind, about, to, at)
    return len(to)
