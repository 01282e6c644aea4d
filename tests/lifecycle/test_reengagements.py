"""Last year's volunteers: who is listed, who asks them, and what came of it."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select

from portal.act import Act
from portal.audit.models import AuditEntry
from portal.hours.models import HoursEntry, HoursState, Source
from portal.lifecycle import past_years, reengagements
from portal.lifecycle.reengagement_models import Back, Reengagement
from portal.people import departures
from portal.people.models import Leaving, Membership, Person, Status
from portal.permissions import Role
from portal.programs.models import Placement, PlacementState
from portal.programs.person_models import Equipment, ExitReason, MayReturn, PersonExit
from portal.shifts import signups
from portal.web.errors import Refused
from tests import build
from tests.worker import round_of_work

both = pytest.mark.both_databases
ZONE = "America/New_York"
TODAY = date(2026, 12, 1)
THEN = date(2025, 6, 5)


@pytest.fixture
def cy(cast):
    return build.viewer(cast.cy, (Role.COORDINATOR, cast.rides))


@pytest.fixture
def year(cast, cy):
    return past_years.Year(cy, cast.rides, 2025, ZONE)


def serve(database, cast, person, day, *, program=None, state=HoursState.APPROVED) -> None:
    with database.writing() as db:
        at = build.NOON
        db.add(
            HoursEntry(
                person_id=person, program_id=program or cast.rides, source=Source.OWN, day=day, minutes=120,
                position_id=cast.host if program else cast.driver, state=state, recorded_at=at,
                approved_at=at if state == HoursState.APPROVED else None,
            )
        )  # fmt: skip


def listed(database, year, *, done=False, today=TODAY) -> list[str]:
    with database.reading() as db:
        return [
            row.name.split()[0] for row in reengagements.lines(db, year, done=done, today=today)
        ]


def take(database, year, cy, time, people, owner, had=None) -> list[str]:
    with database.writing() as db:
        return reengagements.take_on(Act(db, cy, time.at), year, dict.fromkeys(people, had), owner)


def own(database, viewer, today=TODAY) -> list[int]:
    with database.reading() as db:
        return [row.person_id for row in reengagements.own_lines(db, viewer, today, ZONE)]


def noted(database, viewer, time, outcome, ask_on=None) -> None:
    with database.writing() as db:
        row = db.scalars(past_years.own_to_ask(viewer, TODAY, ZONE)).one()
        reengagements.note(Act(db, viewer, time.at), row, outcome, ask_on, TODAY)


@both
def test_whoever_served_then_and_not_since_is_listed(database, cast, year, time):
    serve(database, cast, cast.ana, THEN)
    serve(database, cast, cast.ana, THEN + timedelta(days=1))
    serve(database, cast, cast.bo, THEN)
    assert listed(database, year) == ["Ana", "Bo"]  # whoever served most comes first
    serve(database, cast, cast.bo, date(2026, 3, 1), state=HoursState.VOID)
    assert listed(database, year) == ["Ana", "Bo"]
    serve(database, cast, cast.bo, date(2026, 3, 1))
    assert listed(database, year) == ["Ana"]
    with database.reading() as db:
        assert reengagements.sums(db, year) == (2, 1)
    with database.writing() as db:  # whoever signed up comes back, too
        shift = build.shift(db, cast.driver).id
        signups.sign_up(Act(db, build.viewer(cast.ana), time.at), cast.ana, shift)
    assert listed(database, year) == []


@both
def test_no_one_of_another_program_or_who_may_not_return_is_listed(database, cast, year, cy, time):
    serve(database, cast, cast.sol, THEN, program=cast.shelter)
    serve(database, cast, cast.cy, THEN)  # the viewer
    serve(database, cast, cast.bo, THEN)
    assert listed(database, year) == ["Bo"]
    with database.writing() as db:
        db.get_one(Person, cast.bo).status = Status.ENDED
        for may in (MayReturn.NO, MayReturn.ASK):  # the last word counts
            db.add(
                PersonExit(
                    person_id=cast.bo, left_on=THEN, reason=ExitReason.TIME, may_return=may,
                    equipment=Equipment.NONE, recorded_at=time.at,
                )
            )  # fmt: skip
            db.flush()
    assert listed(database, year) == ["Bo"]
    with database.writing() as db:
        exits = db.scalars(select(PersonExit).order_by(PersonExit.id)).all()
        exits[-1].may_return = MayReturn.NO
    assert listed(database, year) == []
    shelter = past_years.Year(cy, cast.shelter, 2025, ZONE)
    assert listed(database, shelter) == []  # not a person of the viewer's


@both
def test_someone_asks_and_keeps_what_came_of_it(database, cast, year, cy, time):
    serve(database, cast, cast.ana, THEN)
    take(database, year, cy, time, [cast.ana, cast.sol], cast.cy)
    assert own(database, cy) == [cast.ana]  # Sol did not serve
    with pytest.raises(Refused):
        take(database, year, cy, time, [cast.ana], cast.bo)  # no staff
    for day in (None, TODAY, TODAY + timedelta(days=400)):
        with pytest.raises(Refused):
            noted(database, cy, time, Back.LATER, day)
    noted(database, cy, time, Back.LATER, TODAY + timedelta(days=60))
    assert own(database, cy) == []
    assert listed(database, year) == []
    assert listed(database, year, done=True) == ["Ana"]
    then = TODAY + timedelta(days=60)
    assert own(database, cy, then) == [cast.ana]  # they are to be asked again
    assert listed(database, year, today=then) == ["Ana"]
    with database.writing() as db:
        row = db.scalars(select(Reengagement)).one()
        reengagements.note(Act(db, cy, time.at), row, Back.NO, then, then)
        assert row.ask_on is None
    assert own(database, cy, then) == []
    assert listed(database, year, done=True, today=then) == ["Ana"]


@both
def test_whoever_came_back_by_themselves_is_asked_no_longer(database, cast, year, cy, time):
    serve(database, cast, cast.ana, THEN)
    take(database, year, cy, time, [cast.ana], cast.cy)
    assert own(database, cy) == [cast.ana]
    serve(database, cast, cast.ana, date(2026, 2, 1))
    assert own(database, cy) == []


@both
def test_a_leaver_leaves_whom_they_did_not_ask_to_the_others(database, cast, year, cy, time):
    serve(database, cast, cast.ana, THEN)
    take(database, year, cy, time, [cast.ana], cast.cy)
    with database.writing() as db:
        db.get_one(Person, cast.cy).status = Status.ENDED
        departures.note_departure(db, cast.cy, Leaving.ENDED, TODAY, time.at)
    round_of_work(database, build.SETTINGS, time.at)
    with database.reading() as db:
        assert db.scalars(select(Reengagement.owner_id)).all() == [None]


@both
def test_whoever_is_to_be_asked_later_is_not_lost_with_who_noted_it(database, cast, year, cy, time):
    serve(database, cast, cast.ana, THEN)
    take(database, year, cy, time, [cast.ana], cast.cy)
    noted(database, cy, time, Back.LATER, TODAY + timedelta(days=9))
    with database.writing() as db:
        departures.note_departure(db, cast.cy, Leaving.STAFF_ROLE, TODAY, time.at, cast.shelter)
    round_of_work(database, build.SETTINGS, time.at)
    with database.reading() as db:
        assert db.scalars(select(Reengagement.owner_id)).all() == [cast.cy]  # another program
    with database.writing() as db:
        held = select(Membership).where(Membership.person_id == cast.cy)
        for one in db.scalars(held).all():
            one.until = time.at
        departures.note_departure(db, cast.cy, Leaving.STAFF_ROLE, TODAY, time.at, cast.rides)
    round_of_work(database, build.SETTINGS, time.at)
    with database.reading() as db:
        assert db.scalars(select(Reengagement.owner_id)).all() == [None]


@both
def test_who_may_not_be_asked_any_more_is_on_no_ones_list(database, cast, year, cy, time):
    serve(database, cast, cast.ana, THEN)
    take(database, year, cy, time, [cast.ana], cast.cy)
    with (
        database.writing() as db
    ):  # as a record that was merged into another: it ended without an exit
        db.get_one(Person, cast.ana).status = Status.ENDED
    assert own(database, cy) == listed(database, year) == []
    with database.writing() as db:
        db.get_one(Person, cast.ana).status = Status.ACTIVE
        placed = select(Placement).where(Placement.person_id == cast.ana)
        for row in db.scalars(placed).all():
            row.state, row.ends_on = PlacementState.ENDED, THEN
            row.decided_at = time.at - timedelta(days=3000)
        db.get_one(Person, cast.ana).placed_at = time.at
    assert own(database, cy) == []  # no one of the viewer's any more
    with database.writing() as db:
        db.scalars(select(Reengagement)).one().person_id = cast.cy
    assert own(database, cy) == []  # oneself


@both
def test_the_last_evening_of_a_year_is_of_that_year(database, cast, year, cy, time):
    serve(database, cast, cast.ana, THEN)
    take(database, year, cy, time, [cast.ana], cast.cy)
    evening = datetime(2026, 1, 1, 0, 30, tzinfo=UTC)  # December 31 in New York
    with database.writing() as db:
        for row in db.scalars(select(Placement).where(Placement.person_id == cast.ana)).all():
            row.starts_on = THEN
        shift = build.shift(db, cast.driver, starts=evening).id
        before = evening - timedelta(days=9)
        signups.sign_up(Act(db, build.viewer(cast.ana), before), cast.ana, shift)
    assert listed(database, year) == ["Ana"]
    assert own(database, cy) == [cast.ana]


@both
def test_no_one_is_taken_from_a_colleague_unseen(database, cast, year, cy, time):
    serve(database, cast, cast.ana, THEN)
    assert take(database, year, cy, time, [cast.ana], cast.cy) == []
    assert take(database, year, cy, time, [cast.ana], cast.ada) == ["Ana Reyes"]
    assert own(database, cy) == [cast.ana]
    noted(database, cy, time, Back.NO)
    assert take(database, year, cy, time, [cast.ana], cast.cy, had=cast.cy) == []
    assert own(database, cy) == [cast.ana]  # asked anew


def test_whoever_was_not_reached_is_asked_again_in_a_week(database, cast, year, cy, time):
    serve(database, cast, cast.ana, THEN)
    take(database, year, cy, time, [cast.ana], cast.cy)
    noted(database, cy, time, Back.UNREACHED)
    assert own(database, cy) == []
    assert own(database, cy, TODAY + timedelta(days=7)) == [cast.ana]


@pytest.mark.parametrize("odd", ["0", "2026", "10000", "99999999"])
def test_a_year_that_is_not_over_has_no_list(database, cast, as_, odd):
    serve(database, cast, cast.ana, THEN)
    cy = as_(cast.cy)
    to = f"/people/last-year/{cast.rides}/{odd}"
    assert cy.post(to, ids=str(cast.ana), owner="").status_code == 404
    assert cy.get(f"/people/last-year?year={odd}").status_code == 200
    said = cy.press(f"/people/last-year/{cast.rides}/2025", ids=str(cast.ana), owner="nonsense")
    assert "Select someone from the list." in said.text


def test_on_the_page_one_takes_people_on_and_notes_what_they_said(database, cast, as_, time):
    serve(database, cast, cast.ana, THEN)
    cy = as_(cast.cy)
    page = cy.get("/people/last-year")
    assert "1 person served in 2025." in page.text
    to = f"/people/last-year/{cast.rides}/2025"
    assert "Select at least one" in cy.press(to, owner=str(cast.cy)).text
    said = cy.press(to, ids=str(cast.ana), owner=str(cast.cy)).text
    assert "1 person was assigned." in said
    with database.reading() as db:
        row = db.scalars(select(Reengagement)).one()
        kept = db.scalars(select(AuditEntry.action).order_by(AuditEntry.id.desc())).first()
    assert kept == "reengagement.owned"
    said = cy.press(f"/people/last-year/{row.id}", outcome="later", ask_on="").text
    assert "Select a day within the next year." in said
    said = cy.press(f"/people/last-year/{row.id}", outcome="unreached", ask_on="").text
    assert "We noted it for Ana Reyes." in said
    assert "Couldn't reach them" in cy.get("/people/last-year?which=done").text.replace(
        "&#39;", "'"
    )
    assert as_(cast.mara).post(f"/people/last-year/{row.id}", outcome="no").status_code == 404
    assert as_(cast.mara).post(to, ids=str(cast.ana)).status_code == 404


@both
def test_no_one_is_asked_for_a_program_one_left_or_asks_oneself(database, cast, year, cy, time):
    with database.writing() as db:
        build.place(db, cast.cy, cast.driver, time.at)
        for person, program in ((cast.ana, cast.shelter), (cast.cy, cast.rides)):
            db.add(Reengagement(person_id=person, program_id=program, year=2025, owner_id=cast.cy))
    assert own(database, cy) == []
    serve(database, cast, cast.cy, THEN)
    assert listed(database, year) == []
