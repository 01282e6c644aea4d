"""What a person is coming to, whatever it is: shifts, training and presentations in one order; and which of
their documents end before a shift they are on."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import Session

from portal.commitments.kinds import INTERVIEW, INTERVIEWER, MATCH, MEETING, SHIFT
from portal.commitments.models import Commitment
from portal.meetings.events import KIND_WORDS
from portal.meetings.models import Invitee, Meeting
from portal.requirements.explain import Reason, to_you
from portal.requirements.records import clearances
from portal.shifts.affected_signups import coming_work
from portal.shifts.obstacle_words import PRESENTATION
from portal.training.facts import TRAINER, TRAINING
from portal.training.models import Course, CourseSession, Enrolment, SessionTrainer
from portal.words import Words, in_language, text

MOST = 50


@dataclass(frozen=True)
class Coming:
    """One thing with a time that is no shift: what it is, when, and its page."""

    starts_at: datetime
    ends_at: datetime
    zone: str
    name: str | Words
    kind: Words
    icon: str
    path: str


_OTHERS = (
    select(
        Commitment.kind,
        Commitment.source_id,
        Commitment.starts_at,
        Commitment.ends_at,
        CourseSession.id.label("session_id"),
        func.coalesce(CourseSession.zone, Meeting.zone).label("zone"),
        func.coalesce(Course.name, Meeting.title).label("name"),
        Meeting.id.label("meeting_id"),
        Meeting.kind.label("meeting_kind"),
        Course.translations,
    )
    .outerjoin(Enrolment, and_(Commitment.kind == TRAINING, Enrolment.id == Commitment.source_id))
    .outerjoin(
        SessionTrainer, and_(Commitment.kind == TRAINER, SessionTrainer.id == Commitment.source_id)
    )
    .outerjoin(
        CourseSession,
        or_(
            CourseSession.id == Enrolment.session_id, CourseSession.id == SessionTrainer.session_id
        ),
    )
    .outerjoin(Course, Course.id == CourseSession.course_id)
    .outerjoin(Invitee, and_(Commitment.kind == MEETING, Invitee.id == Commitment.source_id))
    .outerjoin(Meeting, Meeting.id == Invitee.meeting_id)
    .where(Commitment.kind != SHIFT, Commitment.held_until.is_(None))
    .order_by(Commitment.starts_at, Commitment.id)
    .limit(MOST)
)


def other_times(
    db: Session, person_id: int, first: datetime, last: datetime, zone: str, language: str
) -> list[Coming]:
    """Training, meetings and presentations of a person that end after one moment and start before another,
    soonest first; one statement. `zone` is for what names none."""
    found = db.execute(
        _OTHERS.where(
            Commitment.person_id == person_id,
            Commitment.ends_at > first,
            Commitment.starts_at < last,
        )
    )
    return [_coming(row, zone, language) for row in found]


def _coming(row: Any, zone: str, language: str) -> Coming:
    when = (row.starts_at, row.ends_at, row.zone or zone)
    if row.kind == PRESENTATION:
        kind = text("Presentation")
        return Coming(*when, kind, kind, "megaphone", f"/me/talks/{row.source_id}")
    if row.kind in (INTERVIEW, INTERVIEWER):
        kind = text("Interview")
        path = "/me/applications" if row.kind == INTERVIEW else f"/interviews/{row.source_id}"
        return Coming(*when, kind, kind, "people", path)
    if row.kind == MATCH:
        kind = text("Helping someone")
        return Coming(*when, kind, kind, "heart", f"/me/matches/{row.source_id}")
    if row.kind == MEETING:
        path = f"/meetings/{row.meeting_id}"
        return Coming(*when, row.name, KIND_WORDS[row.meeting_kind], "people", path)
    name = in_language(language, row.name or "", row.translations, "name")
    path = f"/training/sessions/{row.session_id}"
    kind = text("You lead this training") if row.kind == TRAINER else text("Training")
    return Coming(*when, name or kind, kind, "mortarboard", path)


@dataclass(frozen=True)
class Ahead:
    """A coming shift that a person's documents do not cover: its day, and what to do about it."""

    day: Any
    reasons: Sequence[Reason]


def blocked_ahead(db: Session, person_id: int, at: datetime, most: int = 3) -> list[Ahead]:
    """The first coming days on which a person is on a shift that they are not cleared for, each with what
    is missing and how to mend it. A constant number of statements."""
    work = coming_work(db, [person_id], at)
    judged = clearances(db, {one.question for one in work})
    found: dict[Any, list[Reason]] = {}
    for one in sorted(work, key=lambda each: each.day):
        reasons = to_you(judged[one.question])
        if reasons:
            known = found.setdefault(one.day, [])
            known += [
                each for each in reasons if str(each.words) not in {str(k.words) for k in known}
            ]
    return [Ahead(day, reasons) for day, reasons in list(found.items())[:most]]
