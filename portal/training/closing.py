"""Training sessions that fall into a closing."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from portal import clock
from portal.act import Act
from portal.closing import MOST_ITEMS, Closable, Decision, Do, Item, Span
from portal.people.models import Person
from portal.permissions import Viewer
from portal.reads import by_key
from portal.training import sessions
from portal.training.models import Course, CourseSession, Enrolment, EnrolmentState, SessionTrainer
from portal.training.scopes import managed_sessions
from portal.words import text


def _found(db: Session, viewer: Viewer, span: Span, at: datetime) -> Sequence[Item]:
    statement = (
        managed_sessions(viewer)
        .where(
            CourseSession.starts_at < span.ends_at,
            CourseSession.ends_at > span.starts_at,
            CourseSession.starts_at > at,
            CourseSession.canceled_at.is_(None),
            CourseSession.site_id.is_not(None),
        )
        .order_by(CourseSession.starts_at, CourseSession.id)
        .options(joinedload(CourseSession.course).joinedload(Course.program))
        .limit(MOST_ITEMS)
    )
    if span.site_id is not None:
        statement = statement.where(CourseSession.site_id == span.site_id)
    if span.programs is not None:
        own = select(Course.id).where(Course.program_id.in_(span.programs)).correlate(None)
        statement = statement.where(CourseSession.course_id.in_(own))
    rows = db.scalars(statement).all()
    names = _names(db, [row.id for row in rows])
    return [
        Item(
            "t",
            row.id,
            row.course.name,
            row.course.program.name if row.course.program else "",
            row.starts_at,
            row.ends_at,
            row.zone,
            names.get(row.id, ()),
            f"/training/sessions/{row.id}",
            (Do.CANCEL, Do.MOVE, Do.ONLINE, Do.KEEP),
        )
        for row in rows
    ]


def _names(db: Session, ids: Collection[int]) -> dict[int | None, tuple[str, ...]]:
    return by_key(
        db.execute(
            select(Enrolment.session_id, Person.name)
            .join(Person, Person.id == Enrolment.person_id)
            .where(Enrolment.session_id.in_(ids), Enrolment.state == EnrolmentState.ENROLLED)
            .order_by(Enrolment.id)
        )
    )


def _people(db: Session, ids: Collection[int]) -> Collection[int]:
    learners = select(Enrolment.person_id).where(Enrolment.session_id.in_(ids))
    trainers = select(SessionTrainer.person_id).where(SessionTrainer.session_id.in_(ids))
    return {*db.scalars(learners), *db.scalars(trainers)}


def _settle(
    act: Act, session_id: int, decision: Decision, reason: str, gives: Mapping[type, Any]
) -> None:
    session = act.db.get_one(CourseSession, session_id)
    if decision.do == Do.CANCEL:
        sessions.cancel(act, session, reason)
        return
    values = sessions.session_values(session)
    version = values.pop("version")
    if decision.do == Do.ONLINE:
        values |= {"site_id": None, "online_link": decision.link}
    else:
        starts = clock.to_local(session.starts_at, session.zone)
        day = starts.date() + timedelta(days=decision.days)
        starts_at = clock.as_calendars_do(day, starts.time(), session.zone)
        lasts = session.ends_at - session.starts_at
        values |= {"starts_at": starts_at, "ends_at": starts_at + lasts}
    sessions.edit_session(act, session, values, version)


SESSIONS_CLOSED = Closable("t", text("Training sessions"), _found, _people, _settle)
