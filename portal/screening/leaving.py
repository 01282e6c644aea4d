"""Canceling the interviews of whoever leaves, and of applications that ended."""

from datetime import datetime

from sqlalchemy import Select, exists, or_, select, union_all
from sqlalchemy.orm import Session

from portal.act import Act
from portal.people.departures import Engagement, Leaver
from portal.people.models import Leaving
from portal.people.sessions import viewer_of
from portal.permissions import COMMAND_LINE, Permission
from portal.programs.application_models import OPEN_APPLICATIONS, Application
from portal.recruitment.applications import lock_application
from portal.screening import interviews
from portal.screening.interview_models import (
    OPEN_INTERVIEWS,
    Interview,
    InterviewState,
    InterviewTime,
)
from portal.words import text


def without_application(at: datetime) -> Select[int]:
    """The interviews ahead whose application ended."""
    return (
        select(Interview.id)
        .join(Application, Application.id == Interview.application_id)
        .where(
            Interview.state.in_(OPEN_INTERVIEWS),
            or_(Interview.starts_at.is_(None), Interview.starts_at > at),
            Application.state.not_in(OPEN_APPLICATIONS),
        )
        .order_by(Interview.id)
    )


def end_without_application(act: Act, interview_id: int) -> None:
    """Cancel one of those. Doing it twice is once."""
    row = act.db.get_one(Interview, interview_id)
    lock_application(act.db, row.application, row.interviewer_id)
    act.db.refresh(row)
    ended = row.application.state not in OPEN_APPLICATIONS
    if ended and row.state in OPEN_INTERVIEWS and not interviews.has_begun(row, act.at):
        interviews.cancel(act, row)


def with_times_over(at: datetime) -> Select[int]:
    """The interviews of which every time that was offered is over, and none was picked."""
    ahead = exists().where(InterviewTime.interview_id == Interview.id, InterviewTime.starts_at > at)
    return (
        select(Interview.id)
        .where(Interview.state == InterviewState.OFFERED, ~ahead)
        .order_by(Interview.id)
    )


def end_with_times_over(act: Act, interview_id: int) -> None:
    """End one of those, so that other times can be offered. Doing it twice is once."""
    row = act.db.get_one(Interview, interview_id)
    lock_application(act.db, row.application, row.interviewer_id)
    act.db.refresh(row)
    if row.state == InterviewState.OFFERED and not interviews.times_of(act.db, row.id, act.at):
        interviews.none_fits(act, row)


def _theirs(leaver: Leaver) -> Select[Interview]:
    """The open interviews that a leaver has or gives, as far as they leave."""
    open_ = Interview.state.in_(OPEN_INTERVIEWS)
    given = select(Interview.id).where(Interview.interviewer_id == leaver.person_id, open_)
    had = (
        select(Interview.id)
        .join(Application, Application.id == Interview.application_id)
        .where(Application.person_id == leaver.person_id, open_)
    )
    query = (
        select(Interview)
        .where(
            Interview.id.in_(union_all(given, had)),
            or_(Interview.starts_at.is_(None), Interview.starts_at >= leaver.starts),
        )
        .order_by(Interview.id)
    )
    if leaver.program_id is not None:
        query = query.where(Interview.program_id == leaver.program_id)
    return query


def _ends(db: Session, leaver: Leaver, row: Interview, at: datetime) -> bool:
    """Whether it can't take place: an applicant keeps theirs whatever role ends, an interviewer while another
    role of theirs decides there."""
    if interviews.has_begun(row, at):
        return False
    if leaver.cause in (Leaving.ENDED, Leaving.ON_LEAVE):
        return True
    if row.interviewer_id != leaver.person_id:
        return False
    viewer = viewer_of(db, leaver.person_id, at)
    return not viewer.may_in(Permission.PLACEMENTS_DECIDE, row.program_id)


def release(db: Session, leaver: Leaver, at: datetime) -> list[int | None]:
    """Cancel the interviews of a leaver; gives the program of each."""
    freed: list[int | None] = []
    for row in db.scalars(_theirs(leaver)).all():
        if _ends(db, leaver, row, at):
            interviews.cancel(Act(db, COMMAND_LINE, at), row)
            freed.append(row.program_id)
    return freed


def engaged(db: Session, leaver: Leaver, at: datetime) -> list[Engagement]:
    """The interviews that a leaver would be taken off."""
    return [
        Engagement(text("Interview"), "", row.program_id, row.starts_at)
        for row in db.scalars(_theirs(leaver))
        if _ends(db, leaver, row, at)
    ]
