"""Another day instead: off one shift and on another of the same role, both or neither."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from portal.act import Act
from portal.agency.settings import change
from portal.audit.models import AuditEntry
from portal.messages.models import Message
from portal.shifts import limits, signups
from portal.shifts.another_day import change_day
from portal.shifts.cover_models import CoverRequest
from portal.shifts.models import Shift
from portal.web.errors import NotFound, Refused
from tests import build
from tests.build import NOON, OFFICE, SETTINGS
from tests.shifts.test_swaps import START, on

both = pytest.mark.both_databases
DAY, HOUR = timedelta(days=1), timedelta(hours=1)


@pytest.fixture
def two(database, cast, time) -> tuple[int, int]:
    """A shift that Ana is on, and one two days later with an open spot; nine days before."""
    time.at = START
    with database.writing() as db:
        first = build.shift(db, cast.driver, title="First").id
        signups.sign_up(Act(db, OFFICE, START), cast.ana, first, staff=True, quiet=True)
        return first, build.shift(db, cast.driver, title="Later", starts=NOON + 2 * DAY).id


def move(database, person, two, at) -> int:
    with database.writing() as db:
        act = Act(db, build.viewer(person), at)
        return change_day(act, person, two[0], build.slot_of(db, two[1]))


@both
def test_before_the_cut_off_the_spot_is_free_and_the_other_one_taken(database, cast, time, two):
    assert move(database, cast.ana, two, START) == two[1]
    assert on(database, *two) == [[], [cast.ana]]
    with database.reading() as db:
        kinds = db.scalars(select(Message.kind).where(Message.person_id == cast.ana)).all()
        assert kinds == ["signup.made"]
        assert db.scalars(select(CoverRequest.id)).all() == []
        actions = db.scalars(select(AuditEntry.action)).all()
        assert actions[-2:] == ["signup.withdrawn", "signup.made"]


@both
def test_after_the_cut_off_others_are_asked_for_the_first(database, cast, time, two):
    move(database, cast.ana, two, NOON - HOUR)
    assert on(database, *two) == [[], [cast.ana]]
    with database.reading() as db:
        assert len(db.scalars(select(CoverRequest.id)).all()) == 1
        told = db.scalars(select(Message.kind).where(Message.person_id == cast.cy)).all()
        assert "signup.released" in told


def test_what_is_in_the_way_of_the_other_one_leaves_the_first(database, cast, time, two):
    with database.writing() as db:
        build.place(db, cast.sol, cast.driver, START)
        for person in (cast.bo, cast.sol):
            signups.sign_up(Act(db, OFFICE, START), person, two[1], staff=True, quiet=True)
    with pytest.raises(Refused):
        move(database, cast.ana, two, START)
    assert on(database, *two) == [[cast.ana], sorted([cast.bo, cast.sol])]
    with pytest.raises(NotFound):
        move(database, cast.hana, two, START)
    with database.writing() as db:
        desk = build.shift(db, cast.desk, starts=NOON + 3 * DAY).id
    with pytest.raises(Refused):
        move(database, cast.ana, (two[0], desk), START)
    with pytest.raises(Refused):
        move(database, cast.ana, two, NOON + HOUR)


def test_limits_count_without_the_day_that_is_given_up(database, cast, time, two):
    with database.writing() as db:
        change(Act(db, OFFICE, START), limits.DAY, 2, SETTINGS, program_id=cast.rides)
        later = db.get_one(Shift, two[1])
        later.starts_at, later.ends_at = NOON + 3 * HOUR, NOON + 5 * HOUR
    assert move(database, cast.ana, two, START) == two[1]


def test_the_page_lists_open_shifts_of_the_role_and_takes_one(database, cast, time, two, as_):
    browser = as_(cast.ana)
    page = browser.get(f"/shifts/{two[0]}/another-day").text
    assert "Later" in page
    assert browser.post(f"/shifts/{two[0]}/another-day").status_code == 422
    with database.reading() as db:
        slot = build.slot_of(db, two[1])
    assert browser.post(f"/shifts/{two[0]}/another-day", slot=slot).status_code == 303
    assert on(database, *two) == [[], [cast.ana]]
    assert browser.get(f"/shifts/{two[0]}/another-day").status_code == 404
