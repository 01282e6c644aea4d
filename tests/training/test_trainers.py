"""Who gives sessions: whom one may ask, what they are told, and what is not theirs to decide."""

from datetime import UTC, datetime, timedelta

import icalendar
import pytest
from sqlalchemy import select

from portal.act import Act
from portal.audit.models import AuditEntry
from portal.calendars import feeds
from portal.commitments.models import Commitment
from portal.messages.models import Message
from portal.people import memberships
from portal.people.models import Person
from portal.permissions import NOBODY, Role
from portal.programs.models import Placement
from portal.training import courses, results, session_people, sessions
from portal.training.models import CourseSession, Enrolment, Presence, SessionTrainer
from portal.training.proposal_models import Proposal
from portal.training.results import Mark
from portal.web.errors import Refused
from tests import build
from tests.build import NOON, OFFICE

both = pytest.mark.both_databases


def methods(office, address: str) -> list[tuple[str, int]]:
    """The calendar parts mailed to an address: the method and the sequence of each."""
    found = []
    for mail in office.box.to(address):
        for part in mail.walk():
            if part.get_content_type() == "text/calendar":
                [event] = icalendar.Calendar.from_ical(part.get_content()).walk("VEVENT")
                found.append((str(part.get_param("method")), int(event["SEQUENCE"])))
    return found


@both
def test_a_trainer_taken_off_is_told_and_leaves_the_calendar(
    database, cast, course, school, changing, public, office, time
):
    session = school.session(course)
    first = school.trainer(cast.ana, session)
    with database.writing() as db:
        token = feeds.add_feed(Act(db, build.viewer(cast.ana), time.at))
    office.send()
    time.move(hours=1)
    with changing(SessionTrainer, first) as (db, row):
        sessions.drop_trainer(Act(db, OFFICE, time.at), row)
        sessions.drop_trainer(Act(db, OFFICE, time.at), row)
    office.send()
    with database.reading() as db:
        assert db.scalars(select(Commitment)).all() == []
        assert session_people.trainers(db, session) == []
    assert "VEVENT" not in public.get(f"/calendar/{token}.ics").text
    time.move(hours=1)
    assert school.trainer(cast.ana, session) != first
    office.send()
    assert methods(office, "ana@example.org") == [("REQUEST", 0), ("CANCEL", 1), ("REQUEST", 1)]
    assert "VEVENT" in public.get(f"/calendar/{token}.ics").text


def test_a_colleague_is_found_to_give_a_session_and_not_to_learn(
    database, cast, course, school, as_, time
):
    with database.writing() as db:
        memberships.grant(Act(db, NOBODY, time.at), cast.sol, Role.TRAINER, cast.rides)
        memberships.grant(Act(db, NOBODY, time.at), cast.wes, Role.TRAINER, cast.testing)
    session = school.session(course)
    browser = as_(cast.cy)
    path = f"/training/sessions/{session}"
    assert "0 people found" in browser.get(f"{path}/learners?q=wes").text
    page = browser.get(f"{path}/learners?q=sol").text
    assert "Add a trainer" in page
    assert "Add a participant" not in page
    assert browser.post(f"{path}/learners", person=str(cast.sol), asked="").status_code == 404
    assert browser.post(f"{path}/trainers", person=str(cast.wes), asked="").status_code == 404
    browser.get(f"{path}/learners?q=sol")
    browser.press(f"{path}/trainers", person=str(cast.sol))
    assert "is now the trainer" in browser.text


def test_P10_who_gives_a_session_is_told_the_confidential_place_the_day_before(
    database, cast, school, as_, time
):
    with database.writing() as db:
        course = build.course(db, time.at, program_id=cast.shelter).id
    session = school.session(course, site_id=cast.house, online_link="")
    path = f"/training/sessions/{session}"
    assert "Larkspur" not in as_(cast.hana).get(path).text
    school.trainer(cast.hana, session)
    page = as_(cast.hana).get(path).text
    assert "Larkspur" not in page
    assert "You can see the location here from" in page
    time.at = NOON - timedelta(days=1)
    assert "Larkspur" in as_(cast.hana).get(path).text
    with database.reading() as db:
        noted = select(AuditEntry.subject_id).where(
            AuditEntry.action == "place.read", AuditEntry.person_id == cast.hana
        )
        assert db.scalars(noted).all() == [session]
    time.at = NOON + timedelta(days=1)
    assert "Larkspur" not in as_(cast.hana).get(path).text


@both
def test_Z2_the_agencys_courses_are_written_by_the_agency(database, cast, time):
    trainer = build.viewer(cast.sol, (Role.TRAINER, cast.rides))
    with database.writing() as db:
        with pytest.raises(Refused) as refusal:
            courses.add_course(Act(db, trainer, time.at), build.COURSE)
        assert "program_id" in refusal.value.fields


@both
@pytest.mark.parametrize(("program", "role"), [("rides", True), ("shelter", False)])
def test_Z2_a_trainer_gives_no_role_of_a_program_they_do_not_train(
    database, cast, course, changing, time, program, role
):
    trainer = build.viewer(cast.noel, (Role.TRAINER, getattr(cast, program)))
    with changing(Person, cast.sol) as (db, sol):
        agencys = build.course(db, time.at, name="Desk", position_id=cast.desk, confirm="rule")
        results.from_paper(
            Act(db, trainer, time.at, "paper"), agencys, sol, time.at.date(), "", zone="UTC"
        )
        placed = db.scalars(select(Placement).where(Placement.person_id == cast.sol)).all()
        assert [row.state for row in placed] == (["active"] if role else [])
        state = "executed" if role else "needs_confirmation"
        assert db.scalars(select(Proposal.state)).one() == state


@both
def test_a_session_that_was_held_is_not_moved_or_canceled(
    database, cast, course, school, changing, time
):
    session = school.session(course)
    enrolment = school.enrol(cast.ana, session)
    time.at = NOON + timedelta(hours=3)
    with changing(CourseSession, session) as (db, row):
        results.mark(Act(db, OFFICE, time.at), row, {enrolment: Mark(Presence.CAME)})
    with pytest.raises(Refused, match="took place"), changing(CourseSession, session) as (db, row):
        sessions.cancel(Act(db, OFFICE, time.at), row, "Snow")
    with pytest.raises(Refused, match="took place"), changing(CourseSession, session) as (db, row):
        earlier = {"starts_at": NOON - timedelta(days=9), "ends_at": NOON - timedelta(days=8)}
        values = sessions.session_values(row) | earlier
        sessions.edit_session(Act(db, OFFICE, time.at), row, values, row.version)
    with changing(CourseSession, session) as (db, row):
        values = sessions.session_values(row) | {"note": "Bring a pen."}
        sessions.edit_session(Act(db, OFFICE, time.at), row, values, row.version)


@both
def test_the_day_of_a_session_is_the_one_of_its_zone(course, cast, school, changing, time):
    session = school.session(course)
    enrolment = school.enrol(cast.ana, session)
    with changing(CourseSession, session) as (db, row):
        evening = datetime(2026, 12, 16, 7, 30, tzinfo=UTC)  # Dec 15, 9:30 pm in Honolulu
        values = sessions.session_values(row) | {
            "zone": "Pacific/Honolulu",
            "starts_at": evening,
            "ends_at": evening + timedelta(hours=1),
        }
        sessions.edit_session(Act(db, OFFICE, time.at), row, values, row.version)
        assert db.get_one(Enrolment, enrolment).day.isoformat() == "2026-12-15"


def test_nobody_is_told_of_a_session_twice_when_it_is_canceled(
    database, cast, course, school, changing, time
):
    session = school.session(course)
    trainer = school.trainer(cast.ana, session)
    with changing(CourseSession, session) as (db, row):
        sessions.drop_trainer(Act(db, OFFICE, time.at), db.get_one(SessionTrainer, trainer))
        sessions.cancel(Act(db, OFFICE, time.at), row, "Snow")
    with database.reading() as db:
        kinds = list(db.scalars(select(Message.kind).order_by(Message.id)))
    assert kinds == ["training.teaching", "training.teaching_ended"]
