"""A week is copied with its people: asked whether they come again, or signed up and told."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from portal import clock
from portal.act import Act
from portal.messages.models import Message
from portal.permissions import Role
from portal.shifts import copying, signups, week_templates
from portal.shifts.copying import With
from portal.shifts.models import Shift
from portal.shifts.waiting_models import Ask
from portal.web.errors import Preview, Refused
from tests import build
from tests.build import NOON, OFFICE
from tests.shifts.test_swaps import START, on
from tests.undo.test_undo import do, take_back

both = pytest.mark.both_databases
DAY = timedelta(days=1)
ZONE = "America/New_York"


def coordinator(cast):
    return build.viewer(cast.cy, (Role.COORDINATOR, cast.rides))


@pytest.fixture
def week(database, cast, time) -> int:
    """A shift with Ana and Bo, of whom Bo has something else a week later; nine days before."""
    time.at = START
    with database.writing() as db:
        made = build.shift(db, cast.driver, title="Ride").id
        beside = build.shift(db, cast.driver, title="Beside", starts=NOON + 7 * DAY, places=1).id
        for person in (cast.ana, cast.bo):
            signups.sign_up(Act(db, OFFICE, START), person, made, staff=True, quiet=True)
        signups.sign_up(Act(db, OFFICE, START), cast.bo, beside, staff=True, quiet=True)
    return made


def copy(act, people):
    """Copy the week of the shift to the next one, as if the preview had been looked at."""
    day = clock.local_day(NOON, ZONE)
    first = clock.week_start(day, 7)
    given = (act, first, first + 7 * DAY, ZONE)
    with pytest.raises(Preview) as caught:
        copying.copy_week(*given, "", people)
    assert caught.value.changes[0].people == (
        () if people == With.NO_ONE else ("Ana Reyes", "Bo Tanaka")
    )
    return copying.copy_week(*given, caught.value.seen, people)


def last(database) -> int:
    with database.reading() as db:
        return db.scalars(select(Shift.id).order_by(Shift.id.desc())).first() or 0


@both
def test_people_are_carried_along_where_they_can_come(database, cast, time, week):
    with database.writing() as db:
        copied = copy(Act(db, coordinator(cast), START), With.CARRIED)
    assert copied == (1, 1, ["Bo Tanaka"])
    assert on(database, last(database)) == [[cast.ana]]
    with database.reading() as db:
        told = db.execute(select(Message.person_id, Message.kind)).all()
        assert [tuple(row) for row in told] == [(cast.ana, "signup.made")]


@both
def test_people_are_asked_where_they_can_come(database, cast, time, week):
    with database.writing() as db:
        copied = copy(Act(db, coordinator(cast), START), With.ASKED)
    assert copied == (1, 1, ["Bo Tanaka"])
    assert on(database, last(database)) == [[]]
    with database.reading() as db:
        assert db.scalars(select(Ask.person_id)).all() == [cast.ana]
        assert db.scalars(select(Message.kind)).all() == ["shift.asked"]


@both
def test_it_can_be_undone_with_its_people(database, cast, time, week):
    day = clock.local_day(NOON, ZONE)
    first = clock.week_start(day, 7)
    with pytest.raises(Preview) as caught, database.writing() as db:
        act = Act(db, coordinator(cast), START)
        copying.copy_week(act, first, first + 7 * DAY, ZONE, "", With.CARRIED)
    undo = do(
        database,
        coordinator(cast),
        START,
        lambda act: copying.copy_week(
            act, first, first + 7 * DAY, ZONE, caught.value.seen, With.CARRIED
        ),
    )
    made = last(database)
    assert on(database, made) == [[cast.ana]]
    assert undo
    take_back(database, coordinator(cast), START + timedelta(minutes=1), undo)
    with database.reading() as db:
        assert db.get(Shift, made) is None
    assert on(database, week) == [[cast.ana, cast.bo]]


def test_without_people_no_one_is_told_and_too_many_are_refused(
    database, cast, time, week, monkeypatch
):
    with database.writing() as db:
        assert copy(Act(db, coordinator(cast), START), With.NO_ONE) == (1, 0, [])
    with database.reading() as db:
        assert db.scalars(select(Message.id)).all() == []
    monkeypatch.setattr(copying, "MOST_PEOPLE", 1)
    day = clock.week_start(clock.local_day(NOON, ZONE), 7)
    with pytest.raises(Refused), database.writing() as db:
        act = Act(db, coordinator(cast), START)
        copying.copy_week(act, day, day + 14 * DAY, ZONE, "", With.CARRIED)


def test_a_template_is_a_week_of_one_program_under_a_name(database, cast, time, week, as_):
    with database.writing() as db:
        build.shift(db, cast.host, title="Night")
    browser = as_(cast.cy)
    typed = {"name": "Full week", "template_program": cast.rides, "template_week": "2027-06-01"}
    browser.get("/schedule/copy")
    empty = browser.press("/schedule/templates", **typed)
    assert "That week has no shifts to copy." in empty.text
    assert "Full week" in empty.text
    day = clock.local_day(NOON, ZONE)
    kept = browser.press("/schedule/templates", **typed | {"template_week": day.isoformat()})
    assert "Full week was added." in kept.text
    to = clock.week_start(day, 7) + 14 * DAY
    preview = browser.press("/schedule/copy", to=to.isoformat())
    assert "1 shift to add:" in preview.text
    assert "1 shift was copied." in browser.press("/schedule/copy").text
    with database.reading() as db:
        (row,) = week_templates.templates(db, coordinator(cast))
        others = build.viewer(cast.mara, (Role.COORDINATOR, cast.shelter))
        assert week_templates.templates(db, others) == []
        number = row.id
    assert as_(cast.mara).get(f"/schedule/copy?template={number}").status_code == 404
    assert as_(cast.mara).post(f"/schedule/templates/{number}/ending").status_code == 404
    for _ in range(2):
        assert browser.post(f"/schedule/templates/{number}/ending").status_code == 303
    with database.reading() as db:
        assert week_templates.templates(db, coordinator(cast)) == []


@both
def test_only_the_chosen_program_is_copied(database, cast, time, week):
    with database.writing() as db:
        build.shift(db, cast.host, title="Night")
        admin = Act(db, OFFICE, START)
        first = clock.week_start(clock.local_day(NOON, ZONE), 7)
        for program, titles in ((None, {"Ride", "Night"}), (cast.shelter, {"Night"})):
            with pytest.raises(Preview) as caught:
                copying.copy_week(admin, first, first + 14 * DAY, ZONE, "", With.NO_ONE, program)
            assert {one.title for one in caught.value.changes} == titles


def test_no_week_of_another_program_is_kept(database, cast, time, week, as_):
    day = clock.local_day(NOON, ZONE).isoformat()
    typed = {"name": "Theirs", "template_program": cast.rides, "template_week": day}
    assert as_(cast.mara).post("/schedule/templates", **typed).status_code == 404
