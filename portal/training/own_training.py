"""What one takes and gives."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import exists, func, select
from sqlalchemy.orm import Session

from portal.reads import read
from portal.training.models import (
    CURRENT,
    Course,
    CourseSession,
    Enrolment,
    EnrolmentState,
    Presence,
    Result,
    SessionTrainer,
)
from portal.training.proposal_models import OPEN_PROPOSALS, Proposal, ProposalState
from portal.training.reading import GIVES, SIZE, SessionLine, lines


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
    gives = exists().where(GIVES, SessionTrainer.person_id == person_id)
    return read(
        db,
        SessionLine,
        lines()
        .where(
            gives,
            CourseSession.canceled_at.is_(None),
            CourseSession.ends_at > at - timedelta(days=7),
        )
        .order_by(CourseSession.starts_at)
        .limit(SIZE),
    )
