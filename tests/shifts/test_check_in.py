"""The day of a shift: its lead's rights, times in and out, what becomes of them, and two adults before it starts."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from portal.act import Act
from portal.agency.settings import change
from portal.audit.models import AuditEntry
from portal.hours.models import HoursEntry
from portal.messages.models import Message
from portal.people.models import Person
from portal.permissions import Role
from portal.shifts import attendance, check_in, leads, signups
from portal.shifts.check_in import How
from portal.shifts.check_in_settings import BY_ONESELF, ROUND
from portal.shifts.models import Attendance, Shift, Signup
from portal.web.errors import NotFound, Refused
from tests import build
from tests.build import NOON, OFFICE, SETTINGS
from tests.shifts.test_races import at_once
from tests.worker import round_of_work

both = pytest.mark.both_databases
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


@pytest.fixture
def shift(database, cast, time) -> int:
    """A shift from noon to two that Ana leads; Bo is on it."""
    time.at = NOON
    with database.writing() as db:
        made = build.shift(db, cast.driver, places=3).id
        act = Act(db, OFFICE, NOON - timedelta(days=3))
        for one in (cast.ana, cast.bo):
            signups.sign_up(act, one, made, staff=True, quiet=True)
        leads.set_lead(act, of(db, cast.ana), lead=True)
    return made


def of(db, person: int) -> Signup:
    return db.scalars(
        select(Signup).where(Signup.person_id == person).order_by(Signup.id.desc())
    ).first()


def does(database, by: int, at, verb, shift: int, person: int, *more):
    """What a verb gives, done by someone at a moment to the signup of a person."""
    with database.writing() as db:
        row = db.get_one(Shift, shift)
        return verb(Act(db, build.viewer(by), at), row, of(db, person).id, *more)


def row(database, person: int) -> Signup:
    with database.reading() as db:
        return of(db, person)


@both
def test_times_in_and_out_become_attendance_and_hours_to_approve(database, cast, time, shift):
    does(database, cast.ana, NOON - 8 * MINUTE, check_in.check_in, shift, cast.bo, How.LEAD)
    does(database, cast.ana, NOON, check_in.check_in, shift, cast.bo, How.LEAD)  # a second press
    assert row(database, cast.bo).in_at == NOON - 8 * MINUTE
    out = NOON + HOUR + 40 * MINUTE
    assert does(database, cast.ana, out, check_in.check_out, shift, cast.bo, How.LEAD) == 105
    assert does(database, cast.ana, out + HOUR, check_in.check_out, shift, cast.bo, How.LEAD) == 105
    assert row(database, cast.bo).attendance == Attendance.LEFT_EARLY
    with database.reading() as db:
        entry = db.scalars(select(HoursEntry)).one()
        assert (entry.minutes, entry.state, entry.person_id) == (105, "submitted", cast.bo)


@pytest.mark.parametrize(
    ("came", "left", "step", "minutes"),
    [
        (-20, 120, 15, 120),  # early counts from the start
        (0, 120, 15, 120),
        (7, 120, 15, 120),  # to the nearest quarter
        (8, 120, 15, 105),
        (8, 127, 15, 105),
        (8, 128, 15, 120),
        (8, 128, 0, 120),
        (1, 2, 0, 1),
        (1, 2, 15, 0),
        (-20, -10, 15, 0),
    ],
)
def test_times_are_rounded_as_the_program_has_it(database, cast, shift, came, left, step, minutes):
    with database.writing() as db:
        change(Act(db, OFFICE, NOON), ROUND, step, SETTINGS, cast.rides)
        signup = of(db, cast.bo)
        signup.in_at, signup.out_at = NOON + came * MINUTE, NOON + left * MINUTE
        assert check_in.minutes_of(db, db.get_one(Shift, shift), signup) == minutes


@both
def test_whoever_forgot_is_out_at_the_end_with_a_mark(database, cast, time, shift, settings):
    does(database, cast.ana, NOON, check_in.check_in, shift, cast.bo, How.LEAD)
    round_of_work(database, settings, NOON + 2 * HOUR + 29 * MINUTE)
    assert row(database, cast.bo).out_at is None
    round_of_work(database, settings, NOON + 2 * HOUR + 30 * MINUTE)
    signup = row(database, cast.bo)
    assert (signup.out_at, signup.out_assumed) == (NOON + 2 * HOUR, True)
    assert signup.attendance == Attendance.ATTENDED
    assert row(database, cast.ana).attendance is None  # she was never checked in


@both
def test_too_early_too_late_and_not_cleared_are_refused(database, cast, time, shift):
    early, late = NOON - 31 * MINUTE, NOON + 14 * HOUR
    with pytest.raises(Refused, match="Check-in opens Thu, Dec 10, 11:30"):
        does(database, cast.ana, early, check_in.check_in, shift, cast.bo, How.LEAD)
    with pytest.raises(Refused, match="over"):
        does(database, cast.ana, late, check_in.check_in, shift, cast.bo, How.LEAD)
    with pytest.raises(Refused, match="lead of the shift"):
        does(database, cast.bo, NOON, check_in.check_in, shift, cast.bo, How.SELF)
    with database.writing() as db:
        change(Act(db, OFFICE, NOON), BY_ONESELF, True, SETTINGS, cast.rides)
    with pytest.raises(Refused, match="over"):
        does(database, cast.bo, NOON + 2 * HOUR, check_in.check_in, shift, cast.bo, How.SELF)
    with database.writing() as db:
        db.get_one(Person, cast.bo).adult_on = date(2027, 5, 1)  # without a parent's consent
    with pytest.raises(Refused, match="Bo Tanaka isn't cleared"):
        does(database, cast.ana, NOON, check_in.check_in, shift, cast.bo, How.LEAD)
    with pytest.raises(Refused, match="Something is missing"):
        does(database, cast.bo, NOON, check_in.check_in, shift, cast.bo, How.SELF)
    assert row(database, cast.bo).in_at is None


@both
def test_a_no_show_is_marked_once_it_began_and_a_slip_is_undone(database, cast, time, shift):
    with pytest.raises(Refused, match="hasn't started"):
        does(database, cast.ana, NOON - MINUTE, check_in.not_there, shift, cast.bo)
    does(database, cast.ana, NOON, check_in.check_in, shift, cast.bo, How.LEAD)
    with pytest.raises(Refused, match="Undo that first"):
        does(database, cast.ana, NOON, check_in.not_there, shift, cast.bo)
    does(database, cast.ana, NOON, check_in.take_back, shift, cast.bo)
    does(database, cast.ana, NOON + 20 * MINUTE, check_in.not_there, shift, cast.bo)
    assert row(database, cast.bo).attendance == Attendance.NO_SHOW
    for verb in (check_in.take_back, lambda *given: check_in.check_in(*given, How.LEAD)):
        with pytest.raises(Refused, match="recorded already"):
            does(database, cast.ana, NOON + HOUR, verb, shift, cast.bo)


@both
def test_a_check_out_or_no_show_is_undone_within_minutes(database, cast, time, shift):
    at = NOON + 30 * MINUTE
    does(database, cast.ana, NOON, check_in.check_in, shift, cast.bo, How.LEAD)
    with pytest.raises(Refused, match="just checked in"):
        does(
            database,
            cast.ana,
            NOON + 59 * MINUTE / 60,
            check_in.check_out,
            shift,
            cast.bo,
            How.LEAD,
        )
    does(database, cast.ana, at, check_in.check_out, shift, cast.bo, How.LEAD)
    does(database, cast.ana, at + 10 * MINUTE, check_in.take_back, shift, cast.bo)
    signup = row(database, cast.bo)
    assert (signup.in_at, signup.out_at, signup.attendance) == (NOON, None, None)
    does(database, cast.ana, at + 11 * MINUTE, check_in.take_back, shift, cast.bo)
    does(database, cast.ana, at + 12 * MINUTE, check_in.not_there, shift, cast.bo)
    does(database, cast.ana, at + 13 * MINUTE, check_in.take_back, shift, cast.bo)
    with database.reading() as db:
        assert set(db.scalars(select(HoursEntry.state))) <= {"void"}
    assert row(database, cast.bo).attendance is None


@both
def test_what_the_coordinator_recorded_stays(database, cast, time, shift):
    does(database, cast.ana, NOON, check_in.check_in, shift, cast.bo, How.LEAD)
    with database.writing() as db:
        marks = {of(db, cast.bo).id: attendance.Mark(Attendance.EXCUSED)}
        attendance.mark(Act(db, OFFICE, NOON + HOUR), db.get_one(Shift, shift), marks)
    does(database, cast.ana, NOON + 2 * HOUR, check_in.check_out, shift, cast.bo, How.LEAD)
    assert row(database, cast.bo).attendance == Attendance.EXCUSED


@both
def test_it_starts_with_enough_adults(database, cast, time, shift):
    with database.writing() as db:
        db.get_one(Shift, shift).adults = 2

    def start(at=NOON):
        with database.writing() as db:
            check_in.start(Act(db, build.viewer(cast.ana), at), db.get_one(Shift, shift))

    does(database, cast.ana, NOON, check_in.check_in, shift, cast.ana, How.LEAD)
    with pytest.raises(Refused, match="1 of 2 adults are checked in"):
        start()
    does(database, cast.ana, NOON, check_in.check_in, shift, cast.bo, How.LEAD)
    with database.writing() as db:
        of(db, cast.bo).trainee = True
    with pytest.raises(Refused, match="1 of 2"):
        start()
    with database.writing() as db:
        of(db, cast.bo).trainee = False
        ana, bo = db.get_one(Person, cast.ana), db.get_one(Person, cast.bo)
        ana.mailing_address, bo.mailing_address = "5 Elm Street", "5 elm  street"
    with pytest.raises(Refused, match="1 of 2"):
        start()
    with database.writing() as db:
        db.get_one(Person, cast.bo).mailing_address = ""
    with pytest.raises(Refused, match="can't begin now"):
        start(NOON - timedelta(days=1))
    start()
    start()
    with database.reading() as db:
        assert db.get_one(Shift, shift).started_at == NOON


@both
def test_a_lead_has_rights_on_the_day_alone(database, cast, time, shift):
    """From the start of the local day until twelve hours after the end; no one else, and not who left."""
    ana, bo, cy = (
        build.viewer(cast.ana),
        build.viewer(cast.bo),
        build.viewer(cast.cy, (Role.COORDINATOR, cast.rides)),
    )
    midnight = NOON - 12 * HOUR
    with database.reading() as db:
        for viewer, at, seen in (
            (ana, midnight, True),
            (ana, midnight - MINUTE, False),
            (ana, NOON + 14 * HOUR - MINUTE, True),
            (ana, NOON + 14 * HOUR, False),
            (bo, NOON, False),
            (cy, midnight - timedelta(days=2), True),
            (build.viewer(cast.mara, (Role.COORDINATOR, cast.shelter)), NOON, False),
        ):
            if seen:
                assert leads.led_shift(db, viewer, shift, at).id == shift
            else:
                with pytest.raises(NotFound):
                    leads.led_shift(db, viewer, shift, at)
    with database.writing() as db:
        signups.remove(Act(db, OFFICE, NOON), of(db, cast.ana), "Ill")
    with database.reading() as db, pytest.raises(NotFound):
        leads.led_shift(db, ana, shift, NOON)


@both
def test_no_minor_and_no_one_shadowing_leads(database, cast, time, shift):
    with database.writing() as db:
        bo = of(db, cast.bo)
        bo.person.adult_on = date(2026, 12, 11)
        with pytest.raises(Refused, match="can't lead"):
            leads.set_lead(Act(db, OFFICE, NOON), bo, lead=True)
        bo.person.adult_on = date(2026, 12, 10)
        leads.set_lead(Act(db, OFFICE, NOON), bo, lead=True)
        assert leads.leads_of(db, shift) == sorted([cast.ana, cast.bo])


@both
def test_the_lead_is_told_that_adults_are_missing(database, cast, time, shift):
    with database.writing() as db:
        db.get_one(Shift, shift).adults = 2
        db.flush()
        signups.remove(Act(db, OFFICE, NOON - HOUR), of(db, cast.bo), "Ill")
        told = db.scalars(select(Message.person_id).filter_by(kind="shift.adults")).all()
        assert sorted(told) == sorted([cast.ana, cast.cy])


@both
def test_two_presses_at_once_check_in_once(database, cast, time, shift):
    def press() -> None:
        does(database, cast.ana, NOON, check_in.check_in, shift, cast.bo, How.LEAD)

    at_once(press, press)
    with database.reading() as db:
        entries = select(AuditEntry.id).where(AuditEntry.action == "signup.in")
        assert len(db.scalars(entries).all()) == 1


def test_the_lead_checks_people_in_on_a_phone(database, cast, time, as_, shift):
    ana = as_(cast.ana)
    assert "You lead this shift today" in ana.get("/me").text
    page = ana.get(f"/shifts/{shift}/check-in").text
    assert "(555) 555-1234" in page
    bo = row(database, cast.bo).id
    page = ana.press(f"/shifts/{shift}/check-in", check=f"in-{bo}").text
    assert "Bo Tanaka is checked in." in page
    assert "1 of 2 people are here." in page
    page = ana.press(f"/shifts/{shift}/check-in", check=f"undo-{bo}").text
    assert "0 of 2 people are here." in page
    assert ana.press(f"/shifts/{shift}/check-in", check="dance-1").status_code == 422
    assert ana.press(f"/shifts/{shift}/check-in", check="nonsense").status_code == 422
    for path in ("check-in", f"signups/{bo}/emergency"):
        assert as_(cast.bo).get(f"/shifts/{shift}/{path}").status_code == 404
    time.move(days=2)
    assert ana.get(f"/shifts/{shift}/check-in").status_code == 404
    assert "You lead this shift today" not in ana.get("/me").text


def test_an_emergency_contact_is_read_on_the_day_and_noted(database, cast, time, as_, shift):
    with database.writing() as db:
        bo, signup = db.get_one(Person, cast.bo), of(db, cast.bo).id
        bo.emergency_name, bo.emergency_phone = "Kim Tanaka", "(555) 555-7777"
        other = build.shift(db, cast.desk).id
    ana, cy = as_(cast.ana), as_(cast.cy)
    assert "Kim Tanaka" not in ana.get(f"/shifts/{shift}/check-in").text
    assert "(555) 555-7777" in ana.get(f"/shifts/{shift}/signups/{signup}/emergency").text
    assert cy.get(f"/shifts/{other}/signups/{signup}/emergency").status_code == 404
    time.at = NOON - timedelta(days=1)
    assert cy.get(f"/shifts/{shift}/signups/{signup}/emergency").status_code == 404
    with database.reading() as db:
        read = db.scalars(select(AuditEntry).where(AuditEntry.action == "emergency.read")).one()
        assert (read.actor_id, read.person_id) == (cast.ana, cast.bo)


def test_a_volunteer_checks_in_alone_where_the_program_has_that(database, cast, time, as_, shift):
    bo = as_(cast.bo)
    bo.get(f"/shifts/{shift}")
    assert bo.post(f"/shifts/{shift}/in").status_code == 422
    with database.writing() as db:
        change(Act(db, OFFICE, NOON), BY_ONESELF, True, SETTINGS, cast.rides)
    bo.get(f"/shifts/{shift}")
    assert "checked in" in bo.press(f"/shifts/{shift}/in").text
    time.at = NOON + 2 * HOUR
    assert "checked out" in bo.press(f"/shifts/{shift}/out").text
    assert row(database, cast.bo).attendance == Attendance.ATTENDED
    assert as_(cast.sol).post(f"/shifts/{shift}/in").status_code == 404


def test_a_coordinator_names_the_lead(database, cast, time, as_, shift):
    cy = as_(cast.cy)
    cy.get(f"/shifts/{shift}/roster")
    bo = row(database, cast.bo).id
    assert "Bo Tanaka leads this shift." in cy.press(f"/shifts/{shift}/signups/{bo}/lead").text
    assert (
        "Bo Tanaka no longer leads this shift."
        in cy.press(f"/shifts/{shift}/signups/{bo}/lead").text
    )
    assert "/check-in" in cy.get(f"/shifts/{shift}/roster").text


def test_what_was_pressed_without_a_connection_counts_from_then_and_once(
    database, cast, time, as_, shift
):
    ana, bo = as_(cast.ana), row(database, cast.bo).id
    ana.get(f"/shifts/{shift}/check-in")
    time.at = NOON + 10 * MINUTE
    for _ in range(2):  # the answer to the first was lost
        ana.press(f"/shifts/{shift}/check-in", check=f"in-{bo}", ago="600", once="an-entry")
    assert row(database, cast.bo).in_at == NOON
    time.at = NOON + 2 * HOUR
    ana.press(f"/shifts/{shift}/check-in", check=f"out-{bo}", ago="1800", once="another")
    signup = row(database, cast.bo)
    assert (signup.in_at, signup.out_at) == (NOON, NOON + 2 * HOUR - 30 * MINUTE)
    page = ana.press(f"/shifts/{shift}/check-in", check=f"in-{bo}", ago="99999999", once="a third")
    assert page.status_code == 422


@both
def test_a_lead_undoes_nothing_that_a_coordinator_recorded(database, cast, time, shift):
    does(database, cast.ana, NOON, check_in.check_in, shift, cast.bo, How.LEAD)
    does(database, cast.ana, NOON + HOUR, check_in.check_out, shift, cast.bo, How.LEAD)
    with database.writing() as db:
        signup = of(db, cast.bo)
        seen = attendance.seen_mark(signup)
        marks = {signup.id: attendance.Mark(Attendance.ATTENDED, seen=seen)}
        cy = build.viewer(cast.cy, (Role.COORDINATOR, cast.rides))
        attendance.mark(Act(db, cy, NOON + HOUR + MINUTE), db.get_one(Shift, shift), marks)
    with pytest.raises(Refused, match="recorded already"):
        does(database, cast.ana, NOON + HOUR + 2 * MINUTE, check_in.take_back, shift, cast.bo)


@both
def test_a_shift_of_a_day_and_a_half_is_closed_too(database, cast, time, shift, settings):
    with database.writing() as db:
        long = build.shift(db, cast.driver, starts=NOON + timedelta(days=5), hours=36).id
        signups.sign_up(Act(db, OFFICE, NOON), cast.bo, long, staff=True, quiet=True)
    starts = NOON + timedelta(days=5)
    does(database, cast.cy, starts, check_in.check_in, long, cast.bo, How.LEAD)
    round_of_work(database, settings, starts + timedelta(hours=37))
    signup = row(database, cast.bo)
    assert (signup.out_assumed, signup.attendance) == (True, Attendance.ATTENDED)
