"""Who is in a session, and who could be."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.people.models import Person
from portal.people.search import matches
from portal.permissions import Viewer
from portal.reads import read
from portal.training.models import (
    CURRENT,
    Enrolment,
    EnrolmentState,
    Presence,
    Result,
    SessionTrainer,
)
from portal.training.scopes import (
    possible_trainers,
    teachable_people,
)


class Learner(NamedTuple):
    """Someone in a session or its line."""

    id: int
    person_id: int
    state: EnrolmentState
    since: datetime
    answer_by: datetime | None
    asked: str | None
    attendance: Presence | None
    result: Result | None
    name: str


def learners(db: Session, session_id: int) -> Sequence[Learner]:
    """Who is in a session and in its line, in their order."""
    return read(
        db,
        Learner,
        select(
            Enrolment.id,
            Enrolment.person_id,
            Enrolment.state,
            Enrolment.since,
            Enrolment.answer_by,
            Enrolment.asked,
            Enrolment.attendance,
            Enrolment.result,
            Person.name,
        )
        .join(Person, Person.id == Enrolment.person_id)
        .where(Enrolment.session_id == session_id, Enrolment.state.in_(CURRENT))
        .order_by(Enrolment.state, Enrolment.id)
        .limit(1000),
    )


class TrainerLine(NamedTuple):
    """Someone who gives a session."""

    id: int
    person_id: int
    name: str


def trainers(db: Session, session_id: int) -> Sequence[TrainerLine]:
    """Who gives a session."""
    return read(
        db,
        TrainerLine,
        select(SessionTrainer.id, SessionTrainer.person_id, Person.name)
        .join(Person, Person.id == SessionTrainer.person_id)
        .where(SessionTrainer.session_id == session_id, SessionTrainer.ended_at.is_(None))
        .order_by(SessionTrainer.id)
        .limit(100),
    )


class Candidate(NamedTuple):
    """Someone who could be added to a session; `learns` says whether one may enroll them."""

    id: int
    name: str
    learns: bool


def candidates(
    db: Session, viewer: Viewer, query: str, *, trainers: bool = False
) -> Sequence[Candidate]:
    """People whom one may enrol, by part of a name; no one until something is asked. With `trainers` also
    who may give a session; `learns` says whom one may enrol."""
    wanted = matches(query)
    if wanted is None:
        return []
    learns = Person.id.in_(teachable_people(viewer).with_only_columns(Person.id))
    people = possible_trainers(viewer) if trainers else teachable_people(viewer)
    return read(
        db,
        Candidate,
        people.where(wanted, Person.status != "ended")
        .with_only_columns(Person.id, Person.name, learns.label("learns"))
        .order_by(Person.name, Person.id)
        .limit(12),
    )
