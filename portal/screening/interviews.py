"""Interviews: staff offers times, the applicant picks one, both are engaged then, and something comes of it.

The interviewer's time is held for each offered time until it is picked, so that no one is promised twice.
Lock order: persons by id, then the interview.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, joinedload

from portal import clock
from portal.act import Act
from portal.audit.log import record
from portal.commitments.commitments import clashes, commit_time, free_time, move_time
from portal.commitments.kinds import INTERVIEW, INTERVIEW_TIME, INTERVIEWER
from portal.db import lock_row
from portal.permissions import Permission, Viewer
from portal.programs.application_models import (
    OPEN_APPLICATIONS,
    Application,
    ApplicationState,
)
from portal.programs.applications import note_step
from portal.programs.scopes import in_viewers_programs
from portal.recruitment.applications import lock_application, owners_of
from portal.requirements.models import Kind
from portal.screening import interview_notices as notices
from portal.screening.interview_models import (
    OPEN_INTERVIEWS,
    How,
    Interview,
    InterviewState,
    InterviewTime,
)
from portal.screening.wanted import requirement_lacking
from portal.settings import Settings
from portal.web.errors import Refused
from portal.words import text

MOST_TIMES = 3
FURTHEST = timedelta(days=60)
CHANGED = text("This interview was changed. Check it again.")


class Offer(NamedTuple):
    """What an applicant is offered: who meets them, how, where, how long, and when."""

    interviewer_id: int
    how: How
    place: str
    minutes: int
    times: Sequence[datetime]


def visible_interviews(viewer: Viewer) -> Select[Interview]:
    """The interviews of the applications that a viewer decides on."""
    return (
        select(Interview)
        .join(Application, Application.id == Interview.application_id)
        .where(
            in_viewers_programs(Interview.program_id, viewer, Permission.PLACEMENTS_DECIDE),
            Application.person_id.is_distinct_from(viewer.person_id),
            Application.erased_at.is_(None),
        )
    )


def to_decide(viewer: Viewer, at: datetime) -> Select[Interview]:
    """The booked interviews of which the time is over, and no one said what came of them."""
    return visible_interviews(viewer).where(
        Interview.state == InterviewState.BOOKED, Interview.ends_at <= at
    )


def of_application(db: Session, application_id: int) -> Sequence[Interview]:
    """The interviews of an application, the newest first."""
    return db.scalars(
        select(Interview)
        .where(Interview.application_id == application_id)
        .options(joinedload(Interview.interviewer))
        .order_by(Interview.id.desc())
        .limit(10)
    ).all()


def times_of(db: Session, interview_id: int, at: datetime) -> Sequence[InterviewTime]:
    """The times that were offered and are still to come."""
    return db.scalars(
        select(InterviewTime)
        .where(InterviewTime.interview_id == interview_id, InterviewTime.starts_at > at)
        .order_by(InterviewTime.starts_at)
    ).all()


def offer(act: Act, application: Application, what: Offer, settings: Settings) -> Interview:
    """Offer an applicant times for an interview. Raises Refused for times that are over, too far away, or at
    which the interviewer has something else."""
    lock_application(act.db, application, what.interviewer_id)
    _check_offer(act, application, what)
    today = clock.local_day(act.at, settings.timezone)
    lasts = timedelta(minutes=what.minutes)
    _check_times(act, what.interviewer_id, what.times, lasts)
    row = Interview(
        application_id=application.id,
        program_id=application.program_id,
        interviewer_id=what.interviewer_id,
        requirement_id=requirement_lacking(act.db, application, Kind.INTERVIEW, today),
        state=InterviewState.OFFERED,
        how=what.how,
        place=what.place,
        minutes=what.minutes,
        offered_at=act.at,
        revised_at=act.at,
    )
    act.db.add(row)
    act.db.flush()
    for starts_at in what.times:
        time = InterviewTime(interview_id=row.id, starts_at=starts_at)
        act.db.add(time)
        act.db.flush()
        commit_time(
            act.db, row.interviewer_id, INTERVIEW_TIME, time.id, starts_at, starts_at + lasts,
            held_until=starts_at,
        )  # fmt: skip
    note(act, row, "offered")
    notices.tell_applicant(act, notices.OFFERED, row)
    return row


def _check_offer(act: Act, application: Application, what: Offer) -> None:
    if application.state not in (ApplicationState.IN_REVIEW, ApplicationState.ON_HOLD):
        raise Refused(text("Interviews are for applications in review."))
    if application.person_id is None or what.interviewer_id == application.person_id:
        raise Refused(CHANGED)
    if what.interviewer_id not in owners_of(act.db, application.program_id):
        raise Refused(fields={"interviewer": text("Select someone from the list.")})
    if any(one.state in OPEN_INTERVIEWS for one in of_application(act.db, application.id)):
        raise Refused(text("There already is an interview. Cancel it first."))
    if what.how != How.PHONE and not what.place:
        raise Refused(fields={"place": text("Enter where, or the link to use.")})


def _check_times(act: Act, person_id: int, times: Sequence[datetime], lasts: timedelta) -> None:
    if not 1 <= len(set(times)) <= MOST_TIMES or len(set(times)) < len(times):
        words = text("Enter 1 to %(most)s different times.", most=MOST_TIMES)
        raise Refused(fields={"day_1": words})
    for earlier, later in zip(sorted(times), sorted(times)[1:], strict=False):
        if later < earlier + lasts:
            raise Refused(fields={"day_1": text("Two of these times overlap.")})
    for starts_at in times:
        if not act.at < starts_at <= act.at + FURTHEST:
            raise Refused(fields={"day_1": text("Enter times in the next 60 days.")})
        if clashes(act.db, person_id, starts_at, starts_at + lasts):
            words = text("The interviewer has something else at one of these times.")
            raise Refused(fields={"day_1": words})


def lock(act: Act, row: Interview, *states: InterviewState) -> Application:
    """Lock those who are in an interview, then it; Refused unless it is in one of some states. Gives its
    application."""
    application = row.application
    lock_application(act.db, application, row.interviewer_id)
    lock_row(act.db, row)
    if row.state not in states:
        raise Refused(CHANGED)
    return application


def note(act: Act, row: Interview, done: str, words: str = "") -> None:
    """Write what happened to an interview into the audit and into the history of its application."""
    record(act, f"interview.{done}", row)
    note_step(act, row.application, f"interview_{done}", words)


def free(db: Session, row: Interview) -> None:
    """Free every time that an interview holds or engages."""
    times = db.scalars(select(InterviewTime.id).where(InterviewTime.interview_id == row.id)).all()
    free_time(db, INTERVIEW_TIME, times)
    for kind in (INTERVIEW, INTERVIEWER):
        free_time(db, kind, [row.id])


def _engage(act: Act, row: Interview, starts_at: datetime) -> None:
    """Engage both at a time. Raises Refused where one of them has something else."""
    applicant = row.application.person_id
    assert applicant is not None
    ends_at = starts_at + timedelta(minutes=row.minutes)
    for kind, person_id in ((INTERVIEW, applicant), (INTERVIEWER, row.interviewer_id)):
        if clashes(act.db, person_id, starts_at, ends_at):
            words = text("You have something else at that time.")
            if act.by.person_id != person_id:
                words = text("Someone has something else at that time. Pick another one.")
            raise Refused(words)
        commit_time(act.db, person_id, kind, row.id, starts_at, ends_at)
    row.starts_at, row.ends_at, row.revised_at = starts_at, ends_at, act.at


def pick(act: Act, row: Interview, time_id: int) -> None:
    """The applicant picks one of the times: it is booked, and both are told, with a calendar entry."""
    if lock(act, row, InterviewState.OFFERED).state not in OPEN_APPLICATIONS:
        raise Refused(CHANGED)
    time = next((one for one in times_of(act.db, row.id, act.at) if one.id == time_id), None)
    if time is None:
        raise Refused(text("This time is no longer open. Pick another one."))
    free(act.db, row)
    _engage(act, row, time.starts_at)
    row.state = InterviewState.BOOKED
    note(act, row, "booked")
    notices.tell_both(act, notices.BOOKED, row)


def none_fits(act: Act, row: Interview, words: str = "") -> None:
    """The applicant picks none of the times, or all of them are over; whoever would have met them is told, and
    reads in the history what would suit."""
    lock(act, row, InterviewState.OFFERED)
    _end(act, row)
    note(act, row, "none_fits", words)
    notices.tell_interviewer(act, notices.NONE_FITS, row)


def _end(act: Act, row: Interview) -> None:
    free(act.db, row)
    row.state, row.revised_at = InterviewState.CANCELED, act.at
    row.sequence += 1


def has_begun(row: Interview, at: datetime) -> bool:
    """Whether a booked interview began, so that something comes of it, or it was missed."""
    return row.starts_at is not None and row.starts_at <= at


def cancel(act: Act, row: Interview) -> None:
    """Cancel an interview, or take its offered times back; both are told of one that was booked, else the
    applicant."""
    lock(act, row, *OPEN_INTERVIEWS)
    booked = row.state == InterviewState.BOOKED
    if has_begun(row, act.at):
        raise Refused(text("This interview already began. Someone has to record its outcome."))
    _end(act, row)
    note(act, row, "canceled")
    if booked:
        notices.tell_both(act, notices.CANCELED, row)
    else:
        notices.tell_applicant(act, notices.CANCELED, row)


def move(act: Act, row: Interview, starts_at: datetime) -> None:
    """Move a booked interview, as staff and the applicant agreed; both are told."""
    lock(act, row, InterviewState.BOOKED)
    if not act.at < starts_at <= act.at + FURTHEST:
        raise Refused(fields={"starts": text("Enter a time in the next 60 days.")})
    ends_at = starts_at + timedelta(minutes=row.minutes)
    for person_id in (row.application.person_id, row.interviewer_id):
        assert person_id is not None
        others = [
            one
            for one in clashes(act.db, person_id, starts_at, ends_at)
            if (one.kind, one.source_id) not in ((INTERVIEW, row.id), (INTERVIEWER, row.id))
        ]
        if others:
            words = text("Someone has something else at that time. Pick another one.")
            raise Refused(fields={"starts": words})
    for kind in (INTERVIEW, INTERVIEWER):
        move_time(act.db, kind, [row.id], starts_at, ends_at)
    row.starts_at, row.ends_at, row.revised_at = starts_at, ends_at, act.at
    row.reminded_at = None
    row.sequence += 1
    note(act, row, "moved")
    notices.tell_both(act, notices.MOVED, row)
