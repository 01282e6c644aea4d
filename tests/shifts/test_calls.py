"""What a coordinator does for someone who calls: the line, an offer, regular dates, days away."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from portal.act import Act
from portal.audit.models import AuditEntry
from portal.people.traits import Absence
from portal.permissions import Role, Viewer
from portal.settings import Settings
from portal.shifts import absences, regulars, signups, waiting
from portal.shifts.models import Shift, Signup, SignupState
from portal.shifts.pattern_models import Regular
from portal.shifts.waiting_models import Waiting
from tests import build
from tests.build import OFFICE
from tests.shifts.test_races import consistent
from tests.shifts.test_regulars import FIRST, Scene
from tests.worker import round_of_work

both = pytest.mark.both_databases


@pytest.fixture
def full(database, cast, time):
    """A shift whose only spot Ana has."""
    with database.writing() as db:
        number = build.shift(db, cast.driver, places=1).id
        signups.sign_up(Act(db, build.viewer(cast.ana), time.at), cast.ana, number)
    return number


def asked_by(database, action):
    with database.reading() as db:
        return db.scalars(select(AuditEntry.asked).where(AuditEntry.action == action)).all()


def test_somebody_who_calls_is_put_in_line_and_their_yes_is_written_down(
    database, cast, time, as_, full
):
    cy = as_(cast.cy)
    cy.get(f"/shifts/{full}/roster?q=Bo")
    slot = cy.form(f"/shifts/{full}/roster")["slot"]
    page = cy.post(f"/shifts/{full}/roster/line", person=str(cast.bo), slot=slot, asked="phone")
    assert page.headers["location"] == f"/shifts/{full}/roster"
    with database.writing() as db:
        signups.withdraw(Act(db, build.viewer(cast.ana), time.at), cast.ana, full)
    round_of_work(database, Settings(), time.at)
    with database.reading() as db:
        waits = db.scalars(select(Waiting.id)).one()
    page = cy.get(f"/shifts/{full}/roster").text
    assert "Yes, they take the spot" in page
    page = cy.press(f"/shifts/{full}/waiting/{waits}/answer", answer="yes").text
    assert "Their reply was recorded." in page
    with database.reading() as db:
        on_it = select(Signup.person_id).where(Signup.state == SignupState.SIGNED_UP)
        assert db.scalars(on_it).all() == [cast.bo]
    assert asked_by(database, "waiting.joined") == ["phone"]
    assert asked_by(database, "signup.made")[-1] == "phone"
    assert consistent(database)


def test_no_is_written_down_with_or_without_the_place_in_line(database, cast, time, as_, full):
    with database.writing() as db:
        shift = db.get_one(Shift, full)
        for person in (cast.bo, cast.hana):
            if person == cast.hana:
                build.place(db, person, cast.driver, time.at)
            waiting.join(Act(db, OFFICE, time.at, "phone"), person, shift.slots[0].id)
        signups.withdraw(Act(db, build.viewer(cast.ana), time.at), cast.ana, full)
    round_of_work(database, Settings(), time.at)
    with database.reading() as db:
        first, second = db.scalars(select(Waiting.id).order_by(Waiting.id)).all()
    cy = as_(cast.cy)
    cy.get(f"/shifts/{full}/roster")
    cy.press(f"/shifts/{full}/waiting/{first}/answer", answer="pass")
    cy.get(f"/shifts/{full}/roster")
    cy.press(f"/shifts/{full}/waiting/{second}/answer", answer="leave")
    with database.reading() as db:
        states = db.scalars(select(Waiting.state).order_by(Waiting.id)).all()
    assert states == ["waiting", "left"]
    assert as_(cast.mara).post(f"/shifts/{full}/waiting/{first}/answer").status_code == 404


@pytest.fixture
def scene(database, cast, time):
    return Scene(database, cast, time)


def test_regular_dates_for_somebody_without_email(scene, cast, as_, database):
    shift = scene.on(FIRST)
    cy = as_(cast.cy)
    assert "Repeat" in cy.get(f"/shifts/{shift}/roster").text
    to = f"/shifts/{shift}/roster/regular?person={cast.ana}"
    assert "Repeat this shift for Ana Reyes" in cy.get(to).text
    assert "Sign up for 9 of 9 dates" in cy.press(to, every="1", last_day="2027-01-08").text
    page = cy.press(to).text
    assert "Signed up for 9 dates." in page
    assert "Recurring shifts of Ana Reyes" in page
    assert asked_by(database, "regular.started") == ["phone"]
    number = scene.regular(cast.ana)
    cy.press(f"/people/{cast.ana}/away", first_day="2026-12-14", last_day="2026-12-18")
    assert "2 spots were canceled." in cy.text
    with database.reading() as db:
        away = db.scalars(select(Absence.id)).one()
    page = cy.press(f"/people/{cast.ana}/absences/{away}/end").text
    assert "Signed up again for 2 shifts." in page
    page = cy.press(f"/people/{cast.ana}/regulars/{number}/stop").text
    assert "9 spots were canceled." in page
    page = cy.press(f"/people/{cast.ana}/regulars/{number}/resumption").text
    assert "Signed up again for 9 shifts." in page
    assert as_(cast.mara).get(f"/people/{cast.ana}/regulars").status_code == 404


@both
def test_away_by_phone_frees_also_what_is_past_its_cut_off(scene, cast):
    scene.take(cast.ana)
    scene.clock.at = scene.clock.at.replace(month=12, day=8, hour=14)
    with scene.database.writing() as db:
        day = date(2026, 12, 8)
        found = absences.go_away(Act(db, OFFICE, scene.clock.at, "phone"), cast.ana, day, day)
    assert found == (1, 0)
    assert date(2026, 12, 8) not in scene.days(cast.ana)
    assert consistent(scene.database)


@both
def test_a_coordinator_frees_only_shifts_of_their_own_programs(scene, cast, time):
    scene.take(cast.ana)
    before = scene.days(cast.ana)
    with scene.database.writing() as db:
        mara = Viewer(cast.mara, memberships=frozenset({(Role.COORDINATOR, cast.shelter)}))
        found = absences.go_away(
            Act(db, mara, time.at, "phone"), cast.ana, FIRST, FIRST + timedelta(days=30)
        )
    assert found == (0, 0)
    assert scene.days(cast.ana) == before


@both
def test_stopping_by_phone_is_noted(scene, cast, time):
    scene.take(cast.ana)
    with scene.database.writing() as db:
        row = db.get_one(Regular, scene.regular(cast.ana))
        given, stay = regulars.stop(Act(db, OFFICE, time.at, "in_person"), row)
    assert given > 0
    assert stay == 0
    assert asked_by(scene.database, "regular.stopped") == ["in_person"]
