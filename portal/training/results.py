"""After a session: who came and how it went; and passes that staff enter from paper."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session, contains_eager

from portal import clock
from portal.act import Act
from portal.people.models import Person, Status
from portal.people.notify import notify
from portal.people.people import lock_people
from portal.training import notices
from portal.training.enrolments import lock_session, note
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
from portal.words import text

OWN = text("You can't record your own result. Ask someone else.")

LATER = text("Someone else recorded results since you opened this page. Check them again.")


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
    act: Act,
    session: CourseSession,
    marks: Mapping[int, Mark],
    *,
    shown: Mapping[int, str] | None = None,
) -> int:
    """Write down who came and how it went, by enrolment; gives for how many that is new.

    Only who came can have a result. A pass proposes what the course gives. `shown` is what the page had
    `seen` of each; what someone else wrote down meanwhile is not written over.
    """
    enrolments = learners_of(act.db, session.id)
    lock_people(act.db, sorted({row.person_id for row in enrolments}))
    lock_session(act.db, session.id)
    if session.canceled_at or session.starts_at > act.at:
        raise Refused(text("This session hasn't taken place."))
    changed = 0
    for row in learners_of(act.db, session.id):
        wanted = marks.get(row.id)
        if wanted is None or wanted == mark_of(row):
            continue
        if row.person_id == act.by.person_id:
            raise Refused(OWN)
        if shown and shown.get(row.id, seen(row)) != seen(row):
            raise Refused(LATER)
        _mark(act, row, wanted, session.zone)
        changed += 1
    return changed


def mark_of(row: Enrolment) -> Mark | None:
    """What is written down about someone; None if nothing is."""
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


def _mark(act: Act, row: Enrolment, wanted: Mark, zone: str) -> None:
    came = wanted.presence == Presence.CAME
    if wanted.result and not came:
        raise Refused(text("Only someone who attended can have a result."))
    was, course = row.result, row.course
    if was == Result.PASSED and wanted.result != Result.PASSED:
        take_back(act, row)
    row.attendance, row.result, row.note = wanted.presence, wanted.result, wanted.note
    row.minutes = course.minutes if came else 0
    row.marked_at, row.marked_by_id = act.at, act.by.person_id
    act.db.flush()
    note(act, row, "marked", detail=wanted.result or wanted.presence)
    if wanted.result == Result.PASSED and was != Result.PASSED:
        propose(act, row, zone=zone)
    if wanted.result and wanted.result != was:
        tell_result(act, row)


def tell_result(act: Act, row: Enrolment) -> None:
    """Tell someone that there is a result; which one stands in the portal."""
    notify(act, notices.RESULT, row, [row.person_id])


def from_paper(
    act: Act, course: Course, person: Person, day: date, words: str, *, zone: str
) -> Enrolment:
    """Write down that someone passed a course outside the portal: a quiz on paper, a day elsewhere."""
    if person.id == act.by.person_id:
        raise Refused(OWN)
    if day > clock.local_day(act.at, zone):
        raise Refused(fields={"day": text("Enter a time in the past.")})
    if person.status == Status.ENDED:
        raise Refused(text("This person is inactive. Change their status first."))
    lock_people(act.db, [person.id])
    same = select(Enrolment.id).where(
        Enrolment.course_id == course.id,
        Enrolment.person_id == person.id,
        Enrolment.result == Result.PASSED,
        Enrolment.day == day,
    )
    if act.db.scalar(same):
        raise Refused(fields={"day": text("This completion was already recorded.")})
    row = passed(act, course, person.id, day, zone=zone, words=words)
    tell_result(act, row)
    return row


def passed(
    act: Act, course: Course, person_id: int, day: date, *, zone: str, words: str = ""
) -> Enrolment:
    """Keep a pass that no session gave, and propose what it gives. The caller holds the person's lock."""
    row = Enrolment(
        course=course,
        person_id=person_id,
        state=EnrolmentState.ENROLLED,
        since=act.at,
        day=day,
        asked=act.asked or None,
        attendance=Presence.CAME,
        minutes=course.minutes,
        result=Result.PASSED,
        note=words,
        marked_at=act.at,
        marked_by_id=act.by.person_id,
    )
    act.db.add(row)
    act.db.flush()
    note(act, row, "marked", Result.PASSED)
    propose(act, row, zone=zone)
    return row
