"""What tests of training stand on: a course, and people who act."""

from collections.abc import Callable
from contextlib import contextmanager
from types import SimpleNamespace

import pytest
from sqlalchemy import select

from portal.act import Act
from portal.people.models import Person
from portal.training import enrolments, offers, sessions
from portal.training.models import Course, CourseSession, Enrolment
from tests import build


@pytest.fixture
def course(database, cast, time) -> int:
    with database.writing() as db:
        return build.course(db, time.at).id


@pytest.fixture
def school(database, cast, time):
    """The verbs, each in its own transaction."""

    def session(course_id: int, **values) -> int:
        with database.writing() as db:
            return build.session(db, db.get_one(Course, course_id), **values).id

    def enrol(person: int, session_id: int, **how) -> int:
        with database.writing() as db:
            by = build.OFFICE if how.get("staff") else build.viewer(person)
            act = Act(db, by, time.at, how.pop("asked", None))
            return enrolments.enrol(act, person, session_id, **how).id

    def wait(person: int, session_id: int) -> int:
        with database.writing() as db:
            return enrolments.join_line(
                Act(db, build.viewer(person), time.at), person, session_id
            ).id

    def withdraw(person: int, session_id: int) -> None:
        with database.writing() as db:
            enrolments.withdraw(Act(db, build.viewer(person), time.at), person, session_id)

    def offer(session_id: int) -> int:
        with database.writing() as db:
            return offers.make_offers(db, session_id, time.span(hours=24), time.at)

    def trainer(person: int, session_id: int) -> int:
        with database.writing() as db:
            of = db.get_one(CourseSession, session_id)
            return sessions.add_trainer(
                Act(db, build.OFFICE, time.at), of, db.get_one(Person, person)
            ).id

    def states(session_id: int) -> dict[int, str]:
        with database.reading() as db:
            rows = db.execute(
                select(Enrolment.person_id, Enrolment.state)
                .where(Enrolment.session_id == session_id)
                .order_by(Enrolment.id)
            )
            return {row.person_id: str(row.state) for row in rows}

    return SimpleNamespace(
        session=session, enrol=enrol, wait=wait, withdraw=withdraw, offer=offer, trainer=trainer,
        states=states,
    )  # fmt: skip


@pytest.fixture
def changing(database) -> Callable:
    """A transaction, and a row in it: with changing(Course, 1) as (db, row)."""

    @contextmanager
    def opened(table, number: int):
        with database.writing() as db:
            yield db, db.get_one(table, number)

    return opened
