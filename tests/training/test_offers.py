"""The waiting list: a freed place goes to the first in line who can take it, then to the next."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from portal.messages.models import Message
from portal.people.models import Person
from portal.training import offers
from portal.training.models import CourseSession, Enrolment
from portal.web.errors import Refused
from tests.build import NOON
from tests.messages.test_pages import link_in
from tests.worker import round_of_work

both = pytest.mark.both_databases


@pytest.fixture
def full(cast, course, school) -> int:
    """A session of one place, which Ana has; Bo and Sol wait for it."""
    session = school.session(course, capacity=1)
    school.enrol(cast.ana, session)
    school.wait(cast.bo, session)
    school.wait(cast.sol, session)
    return session


@both
def test_a_freed_place_is_kept_for_the_line_and_offered_to_the_first(cast, school, full):
    assert school.offer(full) == 0
    school.withdraw(cast.ana, full)
    with pytest.raises(Refused):  # no one passes the line before the worker came
        school.enrol(cast.hana, full)
    assert school.offer(full) == 1
    assert school.offer(full) == 0
    assert school.states(full) == {
        cast.ana: "withdrawn", cast.bo: "offered", cast.sol: "waiting"
    }  # fmt: skip
    with pytest.raises(Refused):
        school.enrol(cast.sol, full)
    school.enrol(cast.bo, full)
    assert school.states(full)[cast.bo] == "enrolled"


@both
def test_an_offer_that_runs_out_goes_to_the_next(database, cast, school, full, time):
    school.withdraw(cast.ana, full)
    school.offer(full)
    time.move(hours=25)
    with pytest.raises(Refused):
        school.enrol(cast.bo, full)
    with database.reading() as db:
        assert db.scalars(offers.due(time.at)).all() == [full]
    assert school.offer(full) == 1
    assert school.states(full)[cast.bo] == "lapsed"
    assert school.states(full)[cast.sol] == "offered"


@both
def test_saying_no_leaves_the_line_and_asks_the_next(cast, school, full):
    school.withdraw(cast.ana, full)
    school.offer(full)
    school.withdraw(cast.bo, full)
    assert school.offer(full) == 1
    assert school.states(full)[cast.sol] == "offered"


@both
def test_who_cannot_take_it_is_passed_over_and_the_worker_rests(
    database, cast, course, school, full, time
):
    for person in (cast.bo, cast.sol):
        school.enrol(person, school.session(course, starts=NOON + timedelta(minutes=30)))
    school.withdraw(cast.ana, full)
    assert school.offer(full) == 0
    with database.reading() as db:
        assert db.scalars(offers.due(time.at)).all() == []
    school.enrol(cast.hana, full)  # free for everyone again


@both
def test_more_places_or_another_trainer_are_offered_too(cast, course, school, changing, time):
    session = school.session(course, capacity=5, per_trainer=1)
    school.trainer(cast.noel, session)
    school.enrol(cast.ana, session)
    school.wait(cast.bo, session)
    school.trainer(cast.mara, session)
    assert school.offer(session) == 1


@both
def test_a_free_place_is_taken_not_waited_for(cast, course, school):
    with pytest.raises(Refused, match="A spot is open"):
        school.wait(cast.ana, school.session(course))


@both
def test_for_whom_we_call_the_time_begins_when_they_are_reached(
    database, cast, school, full, changing, time
):
    with changing(Person, cast.bo) as (_, bo):
        bo.email = ""
    school.withdraw(cast.ana, full)
    school.offer(full)
    with database.writing() as db:
        row = db.scalars(select(Enrolment).where(Enrolment.person_id == cast.bo)).one()
        assert row.answer_by == NOON
        offers.reached(db, row.id, timedelta(hours=24), time.at)
        assert row.answer_by == time.at + timedelta(hours=24)
        assert (
            db.scalars(select(Message.channel).where(Message.kind == "training.offered")).one()
            == "call"
        )


@both
def test_the_worker_makes_the_offers_and_a_press_in_the_mail_takes_the_place(
    database, settings, cast, school, full, time, office, public
):
    school.withdraw(cast.ana, full)
    round_of_work(database, settings, time.at)
    office.send()
    mail = next(one for one in office.box.mails if "A spot opened up" in one["Subject"])
    link = link_in(mail)
    assert "Yes, I&#39;ll take it" in public.get(link).text
    assert school.states(full)[cast.bo] == "offered"  # opening it changes nothing
    public.press(f"{link}/answer", answer="yes")
    assert school.states(full)[cast.bo] == "enrolled"


def test_staff_put_somebody_in_line_and_take_them_off(database, cast, school, course, as_):
    session = school.session(course, capacity=1)
    school.enrol(cast.ana, session)
    browser = as_(cast.cy)
    browser.post(f"/training/sessions/{session}/learners/line", person=cast.bo, asked="phone")
    assert school.states(session)[cast.bo] == "waiting"
    assert "Waitlist" in browser.get(f"/training/sessions/{session}/learners").text
    with database.reading() as db:
        number = db.scalars(select(Enrolment.id).where(Enrolment.person_id == cast.ana)).one()
    browser.post(f"/training/sessions/{session}/learners/{number}/removal", reason="Ill")
    assert school.states(session)[cast.ana] == "removed"
    with database.reading() as db:
        assert db.get_one(CourseSession, session).offers_due
    assert school.offer(session) == 1


def test_waiting_by_a_press(cast, course, school, as_):
    session = school.session(course, capacity=1)
    school.enrol(cast.ana, session)
    browser = as_(cast.bo)
    browser.get(f"/training/sessions/{session}")
    browser.press(f"/training/sessions/{session}/waiting")
    assert "number 1 on the waitlist" in browser.text
    browser.press(f"/training/sessions/{session}/withdrawal")
    assert "Join waitlist" in browser.text
