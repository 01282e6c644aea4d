"""Sessions of a course: writing, changing, canceling, and who gives them."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from portal import clock
from portal.act import Act, Ref
from portal.audit.log import record
from portal.commitments.commitments import clashes, commit_time, free_time, move_time
from portal.people.models import Person, Status
from portal.people.notify import notify, tell_each
from portal.people.people import lock_people
from portal.programs.models import Site
from portal.training import notices
from portal.training.enrolments import ENROLMENT, keep_for_line, lock_session, note
from portal.training.facts import TRAINER, TRAINING, counts_of, own_enrolment
from portal.training.models import (
    CURRENT,
    Course,
    CourseSession,
    Enrolment,
    EnrolmentState,
    SessionTrainer,
)
from portal.web.errors import Again, Refused, unless_stale
from portal.words import text

LONGEST = timedelta(hours=72)
COLUMNS = (
    "site_id", "online_link", "note", "starts_at", "ends_at", "zone", "capacity", "per_trainer",
)  # fmt: skip
PLACE = ("site_id", "online_link", "starts_at", "ends_at")
"""What people are told about when it changes."""


def add_session(act: Act, course: Course, values: Mapping[str, Any]) -> CourseSession:
    """Publish a session of a course."""
    if course.closed_at:
        raise Refused(text("This training is closed."))
    _check(act.db, course, values)
    session = CourseSession(course=course, **{name: values[name] for name in COLUMNS})
    session.revised_at = act.at
    act.db.add(session)
    act.db.flush()
    _record(act, session, "added")
    return session


def edit_session(
    act: Act, session: CourseSession, values: Mapping[str, Any], version: int | None
) -> None:
    """Change a session. Its people move along and are told; who is busy then is named."""
    people = _people_of(act.db, session.id)
    lock_people(act.db, people)
    lock_session(act.db, session.id)
    unless_stale(session_values(session), version)
    if session.canceled_at:
        raise Refused(text("This session was canceled. Add a new one."))
    _check(act.db, session.course, values)
    counts = counts_of(act.db, session.id)
    if values["capacity"] < counts.enrolled + counts.offered:
        few = text("More people than that are registered. Remove people first.")
        raise Refused(fields={"capacity": few})
    moved = (values["starts_at"], values["ends_at"]) != (session.starts_at, session.ends_at)
    if moved:
        _not_held(_current(act.db, session.id))
        _move(act.db, session, values["starts_at"], values["ends_at"], people)
    if any(values[name] != getattr(session, name) for name in PLACE):
        session.sequence += 1
        _tell_of_change(act, session)
    session.revised_at = act.at
    for name in COLUMNS:
        setattr(session, name, values[name])
    for row in _current(act.db, session.id):
        row.day = clock.local_day(session.starts_at, session.zone)
    act.db.flush()
    keep_for_line(act.db, session.id)
    _record(act, session, "edited")


def session_values(session: CourseSession) -> dict[str, Any]:
    """A session as its form holds it."""
    return {name: getattr(session, name) for name in (*COLUMNS, "version")}


def cancel(act: Act, session: CourseSession, reason: str) -> int:
    """Call a session off: everyone in it and in its line is free and told, and it stays with its reason.
    Gives how many took part."""
    lock_people(act.db, _people_of(act.db, session.id))
    lock_session(act.db, session.id)
    if session.canceled_at:
        return 0
    rows = _current(act.db, session.id)
    _not_held(rows)
    for row in rows:
        row.state, row.ended_at, row.ended_by_id = (
            EnrolmentState.CANCELED,
            act.at,
            act.by.person_id,
        )
        row.answer_by = None
        note(act, row, "called_off")
    trainers = _trainers(act.db, session.id)
    free_time(act.db, TRAINING, [row.id for row in rows])
    free_time(act.db, TRAINER, [row.id for row in trainers])
    session.canceled_at, session.canceled_reason = act.at, reason
    session.sequence, session.revised_at, session.offers_due = session.sequence + 1, act.at, False
    act.db.flush()
    program_id = session.course.program_id
    whom = {row.id: row.person_id for row in rows}
    tell_each(act, notices.CANCELED, ENROLMENT, whom, program_id=program_id)
    gives = {row.id: row.person_id for row in trainers}
    tell_each(act, notices.NOT_TEACHING, TRAINER, gives, program_id=program_id)
    _record(act, session, "called_off")
    return len(rows)


def _not_held(rows: Sequence[Enrolment]) -> None:
    if any(row.attendance for row in rows):
        raise Refused(text("This session has results, so it took place."))


def add_trainer(act: Act, session: CourseSession, person: Person) -> SessionTrainer:
    """Have someone give a session. Their time is engaged by it. Twice is once."""
    lock_people(act.db, [person.id])
    lock_session(act.db, session.id)
    there = next((row for row in _trainers(act.db, session.id) if row.person_id == person.id), None)
    if there:
        return there
    _check_trainer(act.db, session, person)
    trainer = SessionTrainer(session_id=session.id, person_id=person.id)
    act.db.add(trainer)
    act.db.flush()
    commit_time(act.db, person.id, TRAINER, trainer.id, session.starts_at, session.ends_at)
    keep_for_line(act.db, session.id)
    _record(act, session, "trainer_added", person.id)
    notify(act, notices.TEACHING, trainer, [person.id])
    return trainer


def _check_trainer(db: Session, session: CourseSession, person: Person) -> None:
    if session.canceled_at:
        raise Refused(text("This session was canceled."))
    if person.status == Status.ENDED:
        raise Refused(text("This person is inactive. Change their status first."))
    if own_enrolment(db, session.id, person.id):
        raise Refused(text("%(name)s is registered for this session.", name=person.name))
    if clashes(db, person.id, session.starts_at, session.ends_at):
        raise Refused(text("%(name)s is busy at that time.", name=person.name))


def drop_trainer(act: Act, trainer: SessionTrainer) -> None:
    """Take a trainer off a session, and tell them. Learners stay; staff see that no one gives it."""
    session = lock_session(act.db, trainer.session_id)
    act.db.refresh(trainer)
    if trainer.ended_at or session.canceled_at:
        return  # they were told already
    trainer.ended_at = act.at
    free_time(act.db, TRAINER, [trainer.id])
    _record(act, session, "trainer_removed", trainer.person_id)
    notify(act, notices.TEACHING_ENDED, trainer, [trainer.person_id])


def _people_of(db: Session, session_id: int) -> list[int]:
    """Everyone whose time a session engages, or would."""
    learners = select(Enrolment.person_id).where(
        Enrolment.session_id == session_id, Enrolment.state.in_(CURRENT)
    )
    gives = select(SessionTrainer.person_id).where(
        SessionTrainer.session_id == session_id, SessionTrainer.ended_at.is_(None)
    )
    return sorted({*db.scalars(learners), *db.scalars(gives)})


def _current(db: Session, session_id: int) -> Sequence[Enrolment]:
    return db.scalars(
        select(Enrolment)
        .where(Enrolment.session_id == session_id, Enrolment.state.in_(CURRENT))
        .options(joinedload(Enrolment.person))
        .order_by(Enrolment.id)
        .execution_options(populate_existing=True)
    ).all()


def _trainers(db: Session, session_id: int) -> Sequence[SessionTrainer]:
    return db.scalars(
        select(SessionTrainer)
        .where(SessionTrainer.session_id == session_id, SessionTrainer.ended_at.is_(None))
        .options(joinedload(SessionTrainer.person))
        .order_by(SessionTrainer.id)
    ).all()


def _move(
    db: Session,
    session: CourseSession,
    starts_at: datetime,
    ends_at: datetime,
    locked: Sequence[int],
) -> None:
    """Move everyone's engaged time. Whoever came in since they were locked makes it run again."""
    learners = [row for row in _current(db, session.id) if row.state == EnrolmentState.ENROLLED]
    trainers = _trainers(db, session.id)
    engaged = {(TRAINING, row.id): row.person for row in learners}
    engaged |= {(TRAINER, row.id): row.person for row in trainers}
    if not {person.id for person in engaged.values()} <= set(locked):
        raise Again
    busy = {
        person.name
        for own, person in engaged.items()
        for row in clashes(db, person.id, starts_at, ends_at)
        if (row.kind, row.source_id) != own
    }
    if busy:
        raise Refused(
            text(
                "These people are busy at that time: %(names)s. Choose another time, or remove "
                "them first.",
                names=", ".join(sorted(busy)),
            )
        )
    move_time(db, TRAINING, [row.id for row in learners], starts_at, ends_at)
    move_time(db, TRAINER, [row.id for row in trainers], starts_at, ends_at)


def _tell_of_change(act: Act, session: CourseSession) -> None:
    program_id = session.course.program_id
    before = {"starts_at": session.starts_at.isoformat(), "ends_at": session.ends_at.isoformat()}
    whom = {
        row.id: row.person_id
        for row in _current(act.db, session.id)
        if row.state == EnrolmentState.ENROLLED
    }
    tell_each(act, notices.CHANGED, ENROLMENT, whom, program_id=program_id, told=before)
    gives = {row.id: row.person_id for row in _trainers(act.db, session.id)}
    tell_each(act, notices.TEACHING, TRAINER, gives, program_id=program_id)


def _check(db: Session, course: Course, values: Mapping[str, Any]) -> None:
    if not timedelta() < values["ends_at"] - values["starts_at"] <= LONGEST:
        words = text("Enter an end time after the start, at most 72 hours later.")
        raise Refused(fields={"ends": words})
    if values["site_id"] is None:
        if not values["online_link"]:
            nowhere = text("Select a location, or enter a link if it's online.")
            raise Refused(fields={"site_id": nowhere})
        return
    site = db.get(Site, values["site_id"])
    if site is None or site.program_id not in (None, course.program_id):
        raise Refused(fields={"site_id": text("Select a location this training can use.")})
    if site.closed_at:
        raise Refused(fields={"site_id": text("This location is closed. Select another.")})


def _record(act: Act, session: CourseSession, done: str, person_id: int | None = None) -> None:
    record(
        act,
        f"session.{done}",
        Ref("course_session", session.id, person_id, session.course.program_id),
    )
