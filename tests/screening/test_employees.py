"""Employees who volunteer: HR's word for each role, and the question once a year."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from portal.act import Act
from portal.agency.settings import change
from portal.hours import figures
from portal.hours.models import HoursEntry
from portal.people.models import Membership, Person
from portal.periods import Asked, By, Per
from portal.permissions import Role
from portal.recruitment import review
from portal.requirements.change_models import Change
from portal.requirements.employee_models import SameWork
from portal.requirements.records import clearance_of
from portal.screening import employees
from portal.screening.settings import ASK_JOBS
from portal.shifts import figures as shift_figures
from portal.shifts import signups
from portal.web.errors import NotFound, Refused
from tests import build

both = pytest.mark.both_databases


@pytest.fixture
def gil(database, cast, time) -> int:
    """A screener of the agency."""
    with database.writing() as db:
        person = build.person(db, "Gil Ames", time.at, email="gil@example.org")
        db.flush()
        db.add(Membership(person_id=person.id, role=Role.SCREENER, since=time.at))
        return person.id


@pytest.fixture
def screener(gil):
    return build.viewer(gil, (Role.SCREENER, None))


def clear(db, person_id, position_id, at) -> bool:
    return clearance_of(db, person_id, position_id, at.date()).clear


@both
def test_an_employee_serves_in_a_role_once_hr_found_other_work(database, cast, time, screener):
    today = time.at.date()
    with database.writing() as db:
        ana = db.get_one(Person, cast.ana)
        employees.say_job(Act(db, build.viewer(cast.ana), time.at), ana, "Bus driver", today)
        db.flush()
        shift = build.shift(db, cast.driver)
        with pytest.raises(Refused) as no:
            signups.sign_up(Act(db, build.viewer(cast.ana), time.at), cast.ana, shift.id)
        assert any("HR" in one.words.source for one in no.value.reasons)
        assert len(db.execute(employees.to_decide(screener)).all()) == 2  # drives and greets
        act = Act(db, screener, time.at)
        employees.decide(act, cast.ana, cast.desk, "Bus driver", other=True, on=today)
        employees.decide(act, cast.ana, cast.driver, "Bus driver", other=False, on=today)
        assert db.execute(employees.to_decide(screener)).all() == []
        assert clear(db, cast.ana, cast.desk, time.at)
        assert not clear(db, cast.ana, cast.driver, time.at)
        assert not db.scalars(
            select(SameWork.other).where(SameWork.position_id == cast.driver)
        ).one()
        employees.decide(act, cast.ana, cast.driver, "Bus driver", other=True, on=today)
        signups.sign_up(Act(db, build.viewer(cast.ana), time.at), cast.ana, shift.id)
        employees.say_job(Act(db, build.viewer(cast.ana), time.at), ana, "Clerk", today)
        db.flush()
        assert not clear(db, cast.ana, cast.desk, time.at)  # a new job is looked at anew
        assert db.scalars(select(Change).where(Change.person_id == cast.ana)).all()
        employees.say_job(Act(db, build.viewer(cast.ana), time.at), ana, "", today)
        db.flush()
        assert clear(db, cast.ana, cast.driver, time.at)


@both
def test_screeners_decide_never_on_themselves_and_on_the_job_they_saw(
    database, cast, time, cy_viewer, gil, screener
):
    today = time.at.date()
    with database.writing() as db:
        for who in (cast.ana, gil):
            employees.say_job(
                Act(db, build.viewer(who), time.at), db.get_one(Person, who), "Clerk", today
            )
        build.place(db, gil, cast.desk, time.at)
        db.flush()
        people = {one.person_id for one in employees.lines(db, employees.to_decide(screener))}
        assert people == {cast.ana}
        act = Act(db, screener, time.at)
        with pytest.raises(Refused):
            employees.decide(act, gil, cast.desk, "Clerk", other=True, on=today)
        with pytest.raises(Refused):
            employees.decide(act, cast.ana, cast.desk, "Nurse", other=True, on=today)
        with pytest.raises(NotFound):
            employees.decide(act, cast.ana, cast.host, "Clerk", other=True, on=today)
        elsewhere = build.viewer(cast.noel, (Role.SCREENER, cast.testing))
        for viewer in (cy_viewer, elsewhere):
            assert employees.lines(db, employees.to_decide(viewer)) == []
            with pytest.raises(NotFound):
                employees.decide(
                    Act(db, viewer, time.at), cast.ana, cast.desk, "Clerk", other=True, on=today
                )


@pytest.fixture
def cy_viewer(cast):
    return build.viewer(cast.cy, (Role.COORDINATOR, cast.rides))


@both
def test_what_an_applicant_says_is_on_their_record_from_the_review_on(
    database, cast, time, cy_viewer, screener
):
    with database.writing() as db:
        row = build.application(db, "Nia Park", cast.driver, time.at, agency_job="Case aide")
        assert employees.lines(db, employees.to_decide(screener)) == []
        review.start_review(Act(db, cy_viewer, time.at), row, None, build.SETTINGS)
        db.flush()
        assert (row.person.agency_job, row.person.job_asked_on) == ("Case aide", time.at.date())
        found = employees.lines(db, employees.to_decide(screener))
        assert [(one.name, one.job) for one in found] == [("Nia Park", "Case aide")]


@both
def test_hours_of_employees_are_a_line_of_their_own(database, cast, time, cy_viewer):
    today = time.at.date()
    asked = Asked(today - timedelta(days=40), today, Per.WHOLE, By.WORK)
    with database.writing() as db:
        for who, minutes in ((cast.ana, 60), (cast.bo, 90)):
            db.add(
                HoursEntry(
                    person_id=who, program_id=cast.rides, position_id=cast.driver, source="own",
                    day=today, minutes=minutes, state="approved", recorded_at=time.at,
                )
            )  # fmt: skip
        employees.say_job(
            Act(db, build.viewer(cast.ana), time.at), db.get_one(Person, cast.ana), "Clerk", today
        )
        db.flush()
        ada = build.viewer(cast.ada, (Role.ADMINISTRATOR, None))
        found = {one.name: one.numbers.minutes for one in figures.hours(db, ada, asked)}
        assert found == {"Agency employees": 60, "Others": 90, "": 150}
        assert shift_figures.attendance(db, ada, asked, "UTC") is not None


@both
def test_who_is_asked_and_when(database, cast, time):
    today = time.at.date()
    with database.writing() as db:

        def asked(who: int, day: date) -> bool:
            return db.scalar(employees.own_question(build.viewer(who), day)) is not None

        assert not asked(cast.ana, today)
        change(Act(db, build.OFFICE, time.at), ASK_JOBS, True, build.SETTINGS)
        assert asked(cast.ana, today)
        assert not asked(cast.sol, today)  # has no role
        ana = db.get_one(Person, cast.ana)
        employees.say_job(Act(db, build.viewer(cast.ana), time.at), ana, "", today)
        db.flush()
        year = today + employees.ASKED_EVERY
        assert not asked(cast.ana, year - timedelta(days=1))
        assert asked(cast.ana, year)


def test_the_question_and_the_list(database, cast, time, as_, gil):
    ana, screener, cy = as_(cast.ana), as_(gil), as_(cast.cy)
    asked = "Do you work for this agency or the county?"
    assert asked not in ana.get("/me").text
    with database.writing() as db:
        change(Act(db, build.OFFICE, time.at), ASK_JOBS, True, build.SETTINGS)
    assert asked in ana.get("/me").text
    ana.get("/me/job")
    ana.press("/me/job", agency_job="Bus driver")
    assert "We saved your answer." in ana.text
    assert asked not in ana.text
    assert ana.get("/me/job").text.count("Bus driver") == 1
    assert cy.get("/work-checks").status_code == 404
    assert "Employees to ask HR about" in screener.get("/me").text
    assert "Bus driver" in screener.get("/work-checks").text
    path = f"/work-checks/{cast.ana}/{cast.driver}"
    screener.press(path, other="yes")
    assert "answer was saved." in screener.text
    assert "other work" in screener.get("/work-checks?done=yes").text
    screener.press(path, other="no")
    assert "same work" in screener.get("/work-checks?done=yes").text


@both
def test_who_applies_signed_in_is_on_record_as_employee_too(database, cast, time, cy_viewer):
    with database.writing() as db:
        row = build.application(db, cast.sol, cast.driver, time.at, agency_job="Bus driver")
        review.start_review(Act(db, cy_viewer, time.at), row, None, build.SETTINGS)
        db.flush()
        assert db.get_one(Person, cast.sol).agency_job == "Bus driver"
        assert not clear(db, cast.sol, cast.driver, time.at)


@both
def test_no_one_blanks_a_job_about_which_hr_said_no(database, cast, time, screener):
    today = time.at.date()
    with database.writing() as db:
        ana = db.get_one(Person, cast.ana)
        mine = Act(db, build.viewer(cast.ana), time.at)
        employees.say_job(mine, ana, "Bus driver", today)
        db.flush()
        act = Act(db, screener, time.at)
        employees.decide(act, cast.ana, cast.driver, "Bus driver", other=False, on=today)
        with pytest.raises(Refused):
            employees.say_job(mine, ana, "", today)
        employees.say_job(mine, ana, "bus driver", today)  # nor by another spelling
        db.flush()
        with pytest.raises(Refused):
            employees.say_job(mine, ana, "", today)
        employees.say_job(mine, ana, "Bus driver", today)
        db.flush()
        employees.decide(act, cast.ana, cast.driver, "Bus driver", other=True, on=today)
        employees.say_job(mine, ana, "", today)
