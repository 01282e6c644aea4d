"""Taking part in a session: enrolling, waiting, going, being taken off.

Lock order, everywhere: persons by id, then the session, never back. Places are counted under the
session's lock; a partial unique index keeps one current enrolment per person and session.
"""

from datetime import datetime
from typing import cast

from sqlalchemy import Table, exists, select, update
from sqlalchemy.orm import Session

from portal import clock
from portal.audit.log import record
from portal.commitments.commitments import commit_time, free_time
from portal.messages import kinds
from portal.people.people import lock_people
from portal.people.telling import tell
from portal.permissions import Viewer
from portal.training import notices
from portal.training.facts import TRAINING, Facts, facts_of, own_enrolment
from portal.training.models import (
    CURRENT,
    CourseSession,
    Enrolment,
    EnrolmentState,
)
from portal.training.obstacles import Kind, enrolment_obstacles
from portal.web.errors import NotFound, Refused
from portal.web.words import text

ENROLMENT = "enrolment"
_session = cast(Table, CourseSession.__table__)


def enrol(
    db: Session,
    by: Viewer,
    person_id: int,
    session_id: int,
    at: datetime,
    *,
    asked: str | None = None,
    staff: bool = False,
) -> Enrolment:
    """Let a person take part in a session. Raises Refused with every obstacle there is.

    Whoever is in already stays so, and a second press is harmless. `staff` is for staff acting for
    somebody, who `asked` in the way named.
    """
    lock_people(db, [person_id])
    facts = _facts(db, person_id, session_id, at)
    own = facts.own
    if own and own.state == EnrolmentState.ENROLLED:
        return own
    if obstacles := enrolment_obstacles(facts, at, staff=staff):
        raise Refused(*obstacles)
    if own is None:
        own = _new(facts, person_id, EnrolmentState.ENROLLED, at, asked)
        db.add(own)
    own.state, own.since, own.answer_by, own.asked = EnrolmentState.ENROLLED, at, None, asked
    db.flush()
    session = facts.session
    commit_time(db, person_id, TRAINING, own.id, session.starts_at, session.ends_at)
    note(db, by, own, "made", at, asked)
    _tell(db, by, notices.ENROLLED, own, at)
    return own


def join_line(
    db: Session,
    by: Viewer,
    person_id: int,
    session_id: int,
    at: datetime,
    *,
    asked: str | None = None,
    staff: bool = False,
) -> Enrolment:
    """Get in line for a full session. Twice is once. A free place refuses: take it. `staff` as in `enrol`."""
    lock_people(db, [person_id])
    facts = _facts(db, person_id, session_id, at)
    if facts.own and facts.own.state != EnrolmentState.ENROLLED:
        return facts.own
    obstacles = enrolment_obstacles(facts, at, staff=staff)
    if others := [one for one in obstacles if one.kind is not Kind.FULL]:
        raise Refused(*others)
    if not obstacles:
        raise Refused(text("A place is free. You can sign up."))
    own = _new(facts, person_id, EnrolmentState.WAITING, at, asked)
    db.add(own)
    db.flush()
    note(db, by, own, "waiting", at, asked)
    return own


def withdraw(
    db: Session, by: Viewer, person_id: int, session_id: int, at: datetime, asked: str | None = None
) -> None:
    """Take a person off a session, or out of its line, at their own wish. Who is not in has nothing to
    take back."""
    session = lock_session(db, session_id)
    own = own_enrolment(db, session_id, person_id)
    if own is None:
        return
    if at >= session.starts_at:
        raise Refused(text("This session has already started."))
    _end(db, by, own, EnrolmentState.WITHDRAWN, "", at, asked)


def remove(
    db: Session,
    by: Viewer,
    enrolment: Enrolment,
    reason: str,
    at: datetime,
    asked: str | None = None,
) -> None:
    """Take a person off for staff, with the reason they gave; if the person `asked`, it is their own
    withdrawal."""
    assert enrolment.session_id
    lock_session(db, enrolment.session_id)
    db.refresh(enrolment)
    if enrolment.state not in CURRENT:
        raise Refused(text("This person is not in this session any more."))
    if enrolment.result:
        raise Refused(text("There is a result already. Please take it back first."))
    state = EnrolmentState.WITHDRAWN if asked else EnrolmentState.REMOVED
    _end(db, by, enrolment, state, reason, at, asked)


def lock_session(db: Session, session_id: int) -> CourseSession:
    """Hold a session still until the transaction ends (a no-op on SQLite's one writer), and read it
    anew."""
    if db.get_bind().dialect.name == "postgresql":
        db.execute(
            select(CourseSession.id)
            .where(CourseSession.id == session_id)
            .with_for_update(key_share=True)
        ).all()
    session = db.get(CourseSession, session_id, populate_existing=True)
    if session is None:
        raise NotFound
    return session


def keep_for_line(db: Session, session_id: int) -> None:
    """A place may be free: if people are in line, the worker offers it; until then nobody else takes it."""
    waits = exists().where(
        Enrolment.session_id == _session.c.id, Enrolment.state == EnrolmentState.WAITING
    )
    db.flush()
    db.connection().execute(
        update(_session).where(_session.c.id == session_id, waits).values(offers_due=True)
    )


def settle(db: Session, session_id: int) -> None:
    """What was free is offered; what is still free is for everyone."""
    db.connection().execute(
        update(_session).where(_session.c.id == session_id).values(offers_due=False)
    )


def note(
    db: Session,
    by: Viewer,
    enrolment: Enrolment,
    done: str,
    at: datetime,
    asked: str | None = None,
    detail: str | None = None,
) -> None:
    """Note in the audit what was done to an enrolment."""
    record(
        db, by, f"enrolment.{done}", (ENROLMENT, enrolment.id), at=at, person_id=enrolment.person_id,
        program_id=enrolment.course.program_id, asked=asked, detail=detail,
    )  # fmt: skip


def _facts(db: Session, person_id: int, session_id: int, at: datetime) -> Facts:
    facts = facts_of(db, lock_session(db, session_id), person_id, at)
    if facts.person is None:
        raise NotFound
    return facts


def _new(
    facts: Facts, person_id: int, state: EnrolmentState, at: datetime, asked: str | None
) -> Enrolment:
    session = facts.session
    return Enrolment(
        course=facts.course, session=session, person_id=person_id, state=state, since=at,
        day=clock.local_day(session.starts_at, session.zone), asked=asked or None,
    )  # fmt: skip


def _end(
    db: Session,
    by: Viewer,
    own: Enrolment,
    state: EnrolmentState,
    reason: str,
    at: datetime,
    asked: str | None,
) -> None:
    was = own.state
    own.state, own.ended_at, own.ended_by_id, own.reason = state, at, by.person_id, reason
    own.answer_by = None
    own.attendance, own.minutes = None, 0  # who is taken off was not there after all
    note(db, by, own, state.value, at, asked)
    if was == EnrolmentState.ENROLLED:
        free_time(db, TRAINING, [own.id])
        kind = notices.REMOVED if state == EnrolmentState.REMOVED else notices.WITHDRAWN
        _tell(db, by, kind, own, at)
    if was != EnrolmentState.WAITING:
        keep_for_line(db, own.session_id or 0)


def _tell(db: Session, by: Viewer, kind: kinds.Kind, own: Enrolment, at: datetime) -> None:
    tell(
        db, by, kind, (ENROLMENT, own.id), [own.person_id], at, program_id=own.course.program_id,
        starts_at=own.session.starts_at if own.session else None,
    )  # fmt: skip
