"""Interviews in people's calendars, and the reminders before them."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from portal.act import Act
from portal.ical import Happening
from portal.occasions.outside import AHEAD, BACK
from portal.people import reminding
from portal.people.models import Person
from portal.people.reminding import Reminder
from portal.programs.application_models import Application
from portal.screening.interview_models import Interview, InterviewState
from portal.screening.interview_notices import (
    REMINDER,
    STAFF_REMINDER,
    happening,
    tell_applicant,
)
from portal.settings import Settings

MARK = "interviews"
DAY_BEFORE = timedelta(hours=24)
NOT_AT_ONCE = timedelta(hours=12)
"""Whoever only just booked needs no reminder."""
_COLUMNS = (
    Interview.id, Interview.application_id, Interview.sequence, Interview.revised_at,
    Interview.starts_at, Interview.ends_at, Interview.how, Interview.state,
)  # fmt: skip


def feed_of(
    db: Session, person_id: int, settings: Settings, language: str, at: datetime
) -> Sequence[Happening]:
    """The interviews that a person has or gives, booked or over."""
    there = (
        Interview.state.in_((InterviewState.BOOKED, InterviewState.HELD)),
        Interview.starts_at > at - BACK,
        Interview.starts_at < at + AHEAD,
    )
    given = select(*_COLUMNS).where(Interview.interviewer_id == person_id, *there)
    had = (
        select(*_COLUMNS)
        .join(Application, Application.id == Interview.application_id)
        .where(Application.person_id == person_id, *there)
    )
    return [
        happening(row, settings, language, staff=staff)
        for found, staff in ((given, True), (had, False))
        for row in db.execute(found.order_by(Interview.starts_at).limit(500))
    ]


def _given() -> Any:
    return (
        select(
            Interview.id,
            Person.id.label("person_id"),
            Interview.program_id,
            Interview.starts_at,
        )
        .join(Person, Person.id == Interview.interviewer_id)
        .where(Interview.state == InterviewState.BOOKED)
    )


REMINDERS = (Reminder(STAFF_REMINDER, "interview", Interview.starts_at, _given),)


def due(db: Session, at: datetime) -> bool:
    """Whether there may be an interviewer to remind, without writing."""
    return reminding.due(db, MARK, at)


def remind(db: Session, at: datetime) -> int:
    """Remind the interviewers whose hours before it came since the last time; gives how many."""
    return reminding.remind(db, MARK, REMINDERS, at)


def to_remind(at: datetime) -> Select[int]:
    """The interviews of tomorrow of which the applicant was not reminded."""
    return (
        select(Interview.id)
        .where(
            Interview.state == InterviewState.BOOKED,
            Interview.starts_at > at,
            Interview.starts_at <= at + DAY_BEFORE,
            Interview.revised_at < at - NOT_AT_ONCE,
            Interview.reminded_at.is_(None),
        )
        .order_by(Interview.starts_at)
    )


def remind_applicant(act: Act, interview_id: int) -> None:
    """Remind an applicant, who may have no record of an address yet. Doing it twice is once."""
    found = to_remind(act.at).with_only_columns(Interview).where(Interview.id == interview_id)
    row = act.db.scalar(found.with_for_update(of=Interview))
    if row is not None:
        row.reminded_at = act.at
        tell_applicant(act, REMINDER, row)
