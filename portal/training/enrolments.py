"""Taking part in a session: enrolling, waiting, going, being taken off.

Lock order, everywhere: persons by id, then the session, never back. Places are counted under the
session's lock; a partial unique index keeps one current enrolment per person and session.
"""

from datetime import datetime
from typing import cast

from sqlalchemy import Table, exists, select, update
from sqlalchemy.orm import Session

from portal import clock
from portal.act import Act
from portal.audit.log import record
from portal.commitments.commitments import commit_time, free_time
from portal.messages import kinds
from portal.people.notify import notify
from portal.people.people import lock_people
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
from portal.words import text

ENROLMENT = "enrolment"
_session = cast(Table, CourseSession.__table__)


def enrol(act: Act, person_id: int, session_id: int, *, staff: bool = False) -> Enrolment:
    """Let a person take part in a session. Raises Refused with every obstacle there is.

    Whoever is in already stays so, and a second press is harmless. `staff` is for staff acting for
    someone, who `asked` in the way named.
    """
    lock_people(act.db, [person_id])
    facts = _facts(act.db, person_id, session_id, act.at)
    own = facts.own
    if own and own.state == EnrolmentState.ENROLLED:
        return own
    if obstacles := enrolment_obstacles(facts, act.at, staff=staff):
        raise Refused(*obstacles)
    if own is None:
        own = _new(facts, person_id, EnrolmentState.ENROLLED, act.at, act.asked)
        act.db.add(own)
    own.state, own.since, own.answer_by, own.asked = (
        EnrolmentState.ENROLLED,
        act.at,
        None,
        act.asked,
    )
    act.db.flush()
    session = facts.session
    commit_time(act.db, person_id, TRAINING, own.id, session.starts_at, session.ends_at)
    note(act, own, "made")
    _tell(act, notices.ENROLLED, own)
    return own


def join_line(act: Act, person_id: int, session_id: int, *, staff: bool = False) -> Enrolment:
    """Get in line for a full session. Twice is once. A free place refuses: take it. `staff` as in `enrol`."""
    lock_people(act.db, [person_id])
    facts = _facts(act.db, person_id, session_id, act.at)
    if facts.own and facts.own.state != EnrolmentState.ENROLLED:
        return facts.own
    obstacles = enrolment_obstacles(facts, act.at, staff=staff)
    if others := [one for one in obstacles if one.kind is not Kind.FULL]:
        raise Refused(*others)
    if not obstacles:
        raise Refused(text("A spot is open. You can sign up."))
    own = _new(facts, person_id, EnrolmentState.WAITING, act.at, act.asked)
    act.db.add(own)
    act.db.flush()
    note(act, own, "waiting")
    return own


def withdraw(act: Act, person_id: int, session_id: int) -> None:
    """Take a person off a session, or out of its line, at their own wish. Who is not in has nothing to
    take back."""
    session = lock_session(act.db, session_id)
    own = own_enrolment(act.db, session_id, person_id)
    if own is None:
        return
    if act.at >= session.starts_at:
        raise Refused(text("This session already started."))
    _end(act, own, EnrolmentState.WITHDRAWN, "")


def remove(act: Act, enrolment: Enrolment, reason: str) -> None:
    """Take a person off for staff, with the reason they gave; if the person `asked`, it is their own
    withdrawal."""
    assert enrolment.session_id
    lock_session(act.db, enrolment.session_id)
    act.db.refresh(enrolment)
    if enrolment.state not in CURRENT:
        raise Refused(text("This person is no longer registered."))
    if enrolment.result:
        raise Refused(text("There is already a result. Undo it first."))
    state = EnrolmentState.WITHDRAWN if act.asked else EnrolmentState.REMOVED
    _end(act, enrolment, state, reason)


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
    """A place may be free: if people are in line, the worker offers it; until then no one else takes it."""
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


def note(act: Act, enrolment: Enrolment, done: str, detail: str | None = None) -> None:
    """Note in the audit what was done to an enrolment."""
    record(act, f"enrolment.{done}", enrolment, detail)


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
        course=facts.course,
        session=session,
        person_id=person_id,
        state=state,
        since=at,
        day=clock.local_day(session.starts_at, session.zone),
        asked=asked or None,
    )


def _end(act: Act, own: Enrolment, state: EnrolmentState, reason: str) -> None:
    was = own.state
    own.state, own.ended_at, own.ended_by_id, own.reason = state, act.at, act.by.person_id, reason
    own.answer_by = None
    own.attendance, own.minutes = None, 0  # who is taken off was not there after all
    note(act, own, state.value)
    if was == EnrolmentState.ENROLLED:
        free_time(act.db, TRAINING, [own.id])
        kind = notices.REMOVED if state == EnrolmentState.REMOVED else notices.WITHDRAWN
        _tell(act, kind, own)
    if was != EnrolmentState.WAITING:
        keep_for_line(act.db, own.session_id or 0)


def _tell(act: Act, kind: kinds.Kind, own: Enrolment) -> None:
    notify(
        act, kind, own, [own.person_id], starts_at=own.session.starts_at if own.session else None
    )
