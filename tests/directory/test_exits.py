"""Leaving is one checklist in one act: what it shows before is what it takes, and what is owed comes back."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from portal.act import Act
from portal.app import DOMAINS
from portal.people import supervision
from portal.people.departures import leaver_now
from portal.people.models import Membership, Person, Status
from portal.people.sessions import viewer_of
from portal.permissions import Role
from portal.programs import exits, placements
from portal.programs.models import Placement, PlacementState
from portal.programs.person_models import PersonExit
from portal.settings import Settings
from portal.shifts import signups
from portal.shifts.models import Signup
from portal.shifts.pattern_models import Regular
from portal.web.errors import Refused
from tests import build
from tests.worker import round_of_work

both = pytest.mark.both_databases
CHECKED = {"reason": "moved", "may_return": "ask", "equipment": "outstanding", "what": "Badge 41"}


def engaged(database, person_id: int, at) -> list[str]:
    """What a person would be taken off, by kind."""
    with database.reading() as db:
        leaver = leaver_now(person_id, at)
        return sorted(
            one.kind.source
            for domain in DOMAINS
            if domain.engaged
            for one in domain.engaged(db, leaver, at)
        )


def work(database, time) -> None:
    while round_of_work(database, Settings(), time.at):
        pass


@pytest.fixture
def busy(database, cast, time):
    """Bo has a shift, a recurring one, a supervisor, and supervises Ana."""
    with database.writing() as db:
        act = Act(db, build.viewer(cast.bo), time.at)
        shift = build.shift(db, cast.driver, starts=build.NOON + timedelta(days=1))
        signups.sign_up(act, cast.bo, shift.id)
        pattern = build.pattern(db, cast.driver, time.at)
        db.add(
            Regular(
                pattern_id=pattern.id, position_id=cast.driver, person_id=cast.bo, every=1,
                first_day=time.at.date(), carried_until=time.at.date(), since=time.at,
            )
        )  # fmt: skip
        db.add(
            Membership(
                person_id=cast.bo, role=Role.SUPERVISOR, program_id=cast.rides, since=time.at
            )
        )
        db.flush()
        office = Act(db, build.OFFICE, time.at)
        supervision.give(office, cast.bo, cast.cy, cast.rides, time.at.date())
        supervision.give(office, cast.ana, cast.bo, cast.rides, time.at.date())


def leave(browser, person_id: int, **changes):
    browser.get(f"/people/{person_id}/leaving")
    return browser.press(f"/people/{person_id}/leaving", **CHECKED | changes)


@both
def test_what_the_checklist_shows_is_what_the_worker_takes(database, cast, as_, time, busy):
    before = engaged(database, cast.bo, time.at)
    assert {"Shift", "Recurring shift", "Their supervisor", "They supervise"} <= set(before)
    ada = as_(cast.ada)
    page = ada.get(f"/people/{cast.bo}/leaving").text
    assert page.count('<span class="quiet">Shift ·') == before.count("Shift")
    leave(ada, cast.bo)
    assert "inactive now" in ada.text
    work(database, time)
    assert engaged(database, cast.bo, time.at) == []
    with database.reading() as db:
        row = db.scalars(select(PersonExit)).one()
        assert (row.person_id, row.what, row.recorded_by_id) == (cast.bo, "Badge 41", cast.ada)
        assert db.get_one(Person, cast.bo).status == Status.ENDED
        theirs = select(Placement).where(Placement.person_id == cast.bo)
        assert {one.state for one in db.scalars(theirs)} == {PlacementState.ENDED}
        held = select(Membership).where(Membership.person_id == cast.bo)
        assert all(one.until for one in db.scalars(held))


def test_nothing_happens_if_the_list_changed_since(database, cast, as_, time, busy):
    ada = as_(cast.ada)
    ada.get(f"/people/{cast.bo}/leaving")
    with database.writing() as db:
        shift = build.shift(db, cast.driver, starts=build.NOON + timedelta(days=9))
        signups.sign_up(Act(db, build.viewer(cast.bo), time.at), cast.bo, shift.id)
    page = ada.press(f"/people/{cast.bo}/leaving", **CHECKED).text
    assert "This list changed" in page
    assert ada.form(f"/people/{cast.bo}/leaving")["what"] == "Badge 41"
    with database.reading() as db:
        assert db.get_one(Person, cast.bo).status == Status.ACTIVE
    ada.press(f"/people/{cast.bo}/leaving")
    with database.reading() as db:
        assert db.get_one(Person, cast.bo).status == Status.ENDED


def test_what_is_owed_must_be_named_and_a_reason_chosen(cast, as_):
    ada = as_(cast.ada)
    assert leave(ada, cast.bo, what="").status_code == 422
    assert "Say what they still have." in ada.text
    assert leave(ada, cast.bo, reason="").status_code == 422


@both
def test_who_leaves_is_decided_as_a_status_is(database, cast, as_, time):
    """A coordinator ends who serves in their programs alone, and no one on staff (SECURITY A9)."""
    with database.writing() as db:
        build.place(db, cast.ana, cast.host, time.at)
    cy = as_(cast.cy)
    for person in (cast.ana, cast.cy):
        page = cy.get(f"/people/{person}/leaving")
        if page.status_code == 200:
            assert "End access and roles" not in page.text
        answer = cy.post(f"/people/{person}/leaving", seen="x", **CHECKED)
        assert answer.status_code in (200, 404, 422)
    with database.reading() as db:
        for person in (cast.ana, cast.cy):
            assert db.get_one(Person, person).status == Status.ACTIVE
        assert db.scalars(select(PersonExit)).all() == []


def test_another_programs_shift_is_not_named_on_the_checklist(database, cast, as_, time):
    with database.writing() as db:
        shift = build.shift(db, cast.host, site_id=cast.house)
        slot = build.slot_of(db, shift.id)
        db.add(
            Signup(
                slot_id=slot, shift_id=shift.id, person_id=cast.bo, state="signed_up", since=time.at
            )
        )
    page = as_(cast.cy).get(f"/people/{cast.bo}/leaving").text
    assert "Night host" not in page
    assert "Shift" not in page.partition("What ends now")[2].partition("</ul>")[0]


@pytest.mark.populated
def test_what_is_owed_waits_on_home_until_a_second_person_has_it_back(database, cast, as_, ids):
    cy = as_(cast.cy)
    assert "Keys, badges, and equipment to get back" in cy.get("/me").text
    cy.get("/people/exits?which=owing")
    assert "A key" in cy.text
    cy.press(f"/people/exits/{ids.exit}/return")
    assert "gave everything back" in cy.text
    assert "Keys, badges, and equipment" not in cy.get("/me").text
    with database.reading() as db:
        assert db.get_one(PersonExit, ids.exit).returned_to_id == cast.cy


@pytest.mark.populated
def test_how_people_left_is_read_where_they_served(cast, as_, ids):
    assert "Lou Gone" in as_(cast.cy).get("/people/exits").text
    assert "Lou Gone" not in as_(cast.mara).get("/people/exits").text
    assert as_(cast.mara).post(f"/people/exits/{ids.exit}/return").status_code == 404


def test_no_one_is_made_inactive_without_the_checklist(database, cast, as_):
    """A choice in the profile took someone off everything, and nothing showed it before."""
    ada = as_(cast.ada)
    page = ada.get(f"/people/{cast.bo}/edit").text
    assert 'value="ended"' not in page
    answer = ada.press(f"/people/{cast.bo}", status="ended")
    assert answer.status_code == 422
    assert "They&#39;re leaving" in answer.text
    with database.reading() as db:
        assert db.get_one(Person, cast.bo).status == Status.ACTIVE


def test_A9_how_someone_left_is_for_whom_they_left_by_it(database, cast, as_, time):
    """Bo's role in Rides ended long ago; what the Shelter has to get back from him is not for Rides to read."""
    with database.writing() as db:
        build.place(db, cast.bo, cast.host, time.at)
        roles = select(Placement).where(Placement.person_id == cast.bo)
        for role in db.scalars(roles.where(Placement.program_id == cast.rides)):
            placements.end_placement(
                Act(db, build.OFFICE, time.at - timedelta(days=700)), role, time.at.date(), ""
            )
    ada = as_(cast.ada)
    leave(ada, cast.bo, what="Key to Willow House")
    with database.reading() as db:
        number = db.scalars(select(PersonExit.id)).one()
    cy = as_(cast.cy)
    assert "Willow House" not in cy.get("/people/exits").text
    assert cy.post(f"/people/exits/{number}/return").status_code == 404
    assert "Willow House" in as_(cast.mara).get("/people/exits").text


@both
@pytest.mark.parametrize("who", ["ana", "ada", "hana"])
def test_A9_the_verb_itself_refuses_whom_one_may_not_end(database, cast, time, who):
    """Ana serves in the Shelter, too; Ada administers; Hana serves in the Shelter alone."""
    with database.writing() as db:
        build.place(db, cast.ana, cast.host, time.at)
        act = Act(db, viewer_of(db, cast.cy, time.at), time.at)
        with pytest.raises(Refused):
            exits.record_exit(act, db.get_one(Person, vars(cast)[who]), CHECKED)


def test_no_one_reads_how_they_left_themselves(database, cast, time):
    with database.writing() as db:
        build.place(db, cast.cy, cast.driver, time.at)
        cy = viewer_of(db, cast.cy, time.at)
        exits.record_exit(Act(db, build.OFFICE, time.at), db.get_one(Person, cast.cy), CHECKED)
        db.flush()
        assert db.scalars(exits.visible_exits(cy)).all() == []
        assert db.scalars(exits.visible_exits(viewer_of(db, cast.ada, time.at))).all()
