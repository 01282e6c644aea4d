"""After a session: who came and how it went; and passes that staff enter from paper."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, contains_eager

from portal import clock
from portal.people.models import Person, Status
from portal.people.people import lock_people
from portal.people.telling import tell
from portal.permissions import Viewer
from portal.training import notices
from portal.training.enrolments import ENROLMENT, lock_session, note
from portal.training.models import (
    Course,
    CourseSession,
    Enrolment,
    EnrolmentState,
    Presence,
    Result,
)
from portal.training.proposals import propose, take_back
from portal.web.errors import Refused
from portal.web.words import text

OWN = text("Nobody writes down their own result. Please ask somebody else.")

LATER = text("Somebody else wrote something down meanwhile. Please look again.")


@dataclass(frozen=True)
class Mark:
    """What is written down about one person: whether they came, how it went, and a note they read."""

    presence: Presence
    result: Result | None = None
    note: str = ""


def seen(row: Enrolment) -> str:
    """A mark of what stood there when a page was opened, for `mark` to compare (SECURITY C3)."""
    return row.marked_at.isoformat() if row.marked_at else ""


def mark(
    db: Session,
    by: Viewer,
    session: CourseSession,
    marks: Mapping[int, Mark],
    at: datetime,
    *,
    shown: Mapping[int, str] | None = None,
) -> int:
    """Write down who came and how it went, by enrolment; gives for how many that is new.

    Only who came can have a result. A pass proposes what the course gives. `shown` is what the page had
    `seen` of each; what somebody else wrote down meanwhile is not written over.
    """
    enrolments = learners_of(db, session.id)
    lock_people(db, sorted({row.person_id for row in enrolments}))
    lock_session(db, session.id)
    if session.called_off_at or session.starts_at > at:
        raise Refused(text("This session has not taken place."))
    changed = 0
    for row in learners_of(db, session.id):
        wanted = marks.get(row.id)
        if wanted is None or wanted == mark_of(row):
            continue
        if row.person_id == by.person_id:
            raise Refused(OWN)
        if shown and shown.get(row.id, seen(row)) != seen(row):
            raise Refused(LATER)
        _mark(db, by, row, wanted, at, session.zone)
        changed += 1
    return changed


def mark_of(row: Enrolment) -> Mark | None:
    """What is written down about somebody; None if nothing is."""
    if row.attendance is None:
        return None
    return Mark(Presence(row.attendance), Result(row.result) if row.result else None, row.note)


def learners_of(db: Session, session_id: int) -> Sequence[Enrolment]:
    """Who takes part in a session, by name."""
    return db.scalars(
        select(Enrolment)
        .join(Person, Person.id == Enrolment.person_id)
        .where(Enrolment.session_id == session_id, Enrolment.state == EnrolmentState.ENROLLED)
        .options(contains_eager(Enrolment.person))
        .order_by(Person.name, Enrolment.id)
        .limit(1000)
        .execution_options(populate_existing=True)
    ).all()


def _mark(db: Session, by: Viewer, row: Enrolment, wanted: Mark, at: datetime, zone: str) -> None:
    came = wanted.presence == Presence.CAME
    if wanted.result and not came:
        raise Refused(text("Only somebody who came can have a result."))
    was, course = row.result, row.course
    if was == Result.PASSED and wanted.result != Result.PASSED:
        take_back(db, by, row, at)
    row.attendance, row.result, row.note = wanted.presence, wanted.result, wanted.note
    row.minutes = course.minutes if came else 0
    row.marked_at, row.marked_by_id = at, by.person_id
    db.flush()
    note(db, by, row, "marked", at, detail=wanted.result or wanted.presence)
    if wanted.result == Result.PASSED and was != Result.PASSED:
        propose(db, by, row, at, zone=zone)
    if wanted.result and wanted.result != was:
        tell_result(db, by, row, at)


def tell_result(db: Session, by: Viewer, row: Enrolment, at: datetime) -> None:
    """Tell somebody that there is a result; which one stands in the portal."""
    about = (ENROLMENT, row.id)
    tell(db, by, notices.RESULT, about, [row.person_id], at, program_id=row.course.program_id)


def from_paper(
    db: Session,
    by: Viewer,
    course: Course,
    person: Person,
    day: date,
    words: str,
    asked: str | None,
    at: datetime,
    *,
    zone: str,
) -> Enrolment:
    """Write down that somebody passed a course outside the portal: a quiz on paper, a day elsewhere."""
    if person.id == by.person_id:
        raise Refused(OWN)
    if day > clock.local_day(at, zone):
        raise Refused(fields={"day": text("This has not happened yet.")})
    if person.status == Status.ENDED:
        raise Refused(text("This person has ended. Set their status first."))
    lock_people(db, [person.id])
    same = select(Enrolment.id).where(
        Enrolment.course_id == course.id,
        Enrolment.person_id == person.id,
        Enrolment.result == Result.PASSED,
        Enrolment.day == day,
    )
    if db.scalar(same):
        raise Refused(fields={"day": text("This pass is written down already.")})
    row = passed(db, by, course, person.id, day, at, zone=zone, asked=asked, words=words)
    tell_result(db, by, row, at)
    return row


def passed(
    db: Session,
    by: Viewer,
    course: Course,
    person_id: int,
    day: date,
    at: datetime,
    *,
    zone: str,
    asked: str | None = None,
    words: str = "",
) -> Enrolment:
    """Keep a pass that no session gave, and propose what it gives. The caller holds the person's lock."""
    row = Enrolment(
        course=course, person_id=person_id, state=EnrolmentState.ENROLLED, since=at, day=day,
        asked=asked or None, attendance=Presence.CAME, minutes=course.minutes,
        result=Result.PASSED, note=words, marked_at=at, marked_by_id=by.person_id,
    )  # fmt: skip
    db.add(row)
    db.flush()
    note(db, by, row, "marked", at, asked, Result.PASSED)
    propose(db, by, row, at, zone=zone)
    return row
