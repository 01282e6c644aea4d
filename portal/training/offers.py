"""Offering freed places to those in line: first come, first served, with a time to answer.

Freeing a place only marks the session (see `keep_for_line`); the worker makes the offers, each session
in its own transaction. Saying yes is enrolling; saying no is withdrawing.
"""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from portal.act import Act
from portal.messages import kinds
from portal.people.notify import notify
from portal.permissions import COMMAND_LINE
from portal.training import notices
from portal.training.enrolments import (
    enrol,
    lock_session,
    note,
    settle,
    withdraw,
)
from portal.training.facts import counts_of, facts_of, places_of, trainers_of
from portal.training.models import IN_LINE, CourseSession, Enrolment, EnrolmentState
from portal.training.obstacles import Kind, enrolment_obstacles
from portal.web.errors import NotFound


def due(at: datetime) -> Any:
    """The sessions with a place to offer, or with an offer that ran out."""
    ran_out = select(Enrolment.session_id).where(
        Enrolment.state == EnrolmentState.OFFERED, Enrolment.answer_by <= at
    )
    return select(CourseSession.id).where(
        or_(CourseSession.offers_due, CourseSession.id.in_(ran_out))
    )


def make_offers(db: Session, session_id: int, longest: timedelta, at: datetime) -> int:
    """Offer a session's free places to those in line who can take them; gives how many offers.

    Offers that ran out lapse first. A place that no one in line can take is free for everyone again.
    """
    session = lock_session(db, session_id)
    counts, trainers = counts_of(db, session_id), trainers_of(db, session_id)
    line = db.scalars(
        select(Enrolment)
        .where(Enrolment.session_id == session_id, Enrolment.state.in_(IN_LINE))
        .order_by(Enrolment.id)
        .execution_options(populate_existing=True)
    ).all()
    lapsed = [row for row in line if _ran_out(row, at)]
    for row in lapsed:
        row.state, row.ended_at, row.answer_by = EnrolmentState.LAPSED, at, None
        note(Act(db, COMMAND_LINE, at), row, "lapsed")
        _tell(db, notices.LAPSED, row, at)
    free = places_of(session, trainers) - counts.enrolled - counts.offered + len(lapsed)
    made = 0
    for row in line:
        if made >= free or at >= session.starts_at or session.canceled_at:
            break
        if row.state == EnrolmentState.WAITING and _can_take(db, session, row, at):
            _offer(db, session, row, longest, at)
            made += 1
    db.flush()
    settle(db, session_id)
    return made


def _ran_out(row: Enrolment, at: datetime) -> bool:
    return bool(row.state == EnrolmentState.OFFERED and row.answer_by and row.answer_by <= at)


def _can_take(db: Session, session: CourseSession, row: Enrolment, at: datetime) -> bool:
    facts = facts_of(db, session, row.person_id, at)
    return all(one.kind is Kind.FULL for one in enrolment_obstacles(facts, at))


def _offer(
    db: Session, session: CourseSession, row: Enrolment, longest: timedelta, at: datetime
) -> None:
    """Keep a place for someone. For whom we call, the time to answer begins when they are reached."""
    row.state, row.offered_at = EnrolmentState.OFFERED, at
    row.answer_by = answer_by(session, longest, at) if row.person.mailable else session.starts_at
    note(Act(db, COMMAND_LINE, at), row, "offered")
    _tell(db, notices.OFFERED, row, at)


def answer_by(session: CourseSession, longest: timedelta, at: datetime) -> datetime:
    """Until when an offer made now may be answered: the agency's time, or a third of what is left."""
    return at + min(longest, (session.starts_at - at) / 3)


def reached(db: Session, enrolment_id: int, longest: timedelta, at: datetime) -> None:
    """Someone was told by phone: their time to answer begins."""
    row = db.get(Enrolment, enrolment_id, populate_existing=True)
    if row and row.session and row.state == EnrolmentState.OFFERED and row.session.starts_at > at:
        row.answer_by = answer_by(row.session, longest, at)


def give_answer(act: Act, enrolment_id: int, answer: str) -> None:
    """Do what someone said to an offer, from the page of a mail: "yes", or no."""
    row = act.db.get(Enrolment, enrolment_id)
    if row is None or row.session_id is None or row.person_id != act.by.person_id:
        raise NotFound
    if answer == "yes":
        enrol(act, row.person_id, row.session_id)
    else:
        withdraw(act, row.person_id, row.session_id)


def _tell(db: Session, kind: kinds.Kind, row: Enrolment, at: datetime) -> None:
    notify(Act(db, COMMAND_LINE, at), kind, row, [row.person_id])
