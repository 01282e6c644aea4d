"""Reopening a canceled shift: it is on again with those who still can, who are told."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from portal.act import Act
from portal.messages.models import Message
from portal.permissions import Role
from portal.shifts import reopening, shifts, signups
from portal.shifts.models import Shift, Signup, SignupState, Slot
from portal.shifts.roster import people_on
from portal.web.errors import Preview, Refused
from tests import build
from tests.build import NOON, OFFICE
from tests.undo.test_undo import differing, do, everything, take_back

both = pytest.mark.both_databases


@pytest.fixture
def canceled(database, cast, time) -> int:
    """A shift that was canceled with Ana and Bo on it."""
    with database.writing() as db:
        made = build.shift(db, cast.driver, places=2)
        for person in (cast.ana, cast.bo):
            signups.sign_up(Act(db, OFFICE, time.at), person, made.id, staff=True, quiet=True)
        time.move(minutes=1)
        shifts.cancel(Act(db, OFFICE, time.at), made, "Snow")
        number = made.id
    time.move(minutes=20)
    return number


def cy(cast):
    return build.viewer(cast.cy, (Role.COORDINATOR, cast.rides))


def reopen(act: Act, number: int) -> int:
    shift = act.db.get_one(Shift, number)
    return reopening.reopen(
        act, shift, Preview(reopening.mark_of(reopening.former(act, shift))).seen
    )


def on(database, number: int) -> list[int]:
    with database.reading() as db:
        return sorted(db.scalars(people_on(number)))


@both
def test_it_is_on_again_with_those_who_still_can(database, cast, time, canceled):
    with database.writing() as db:
        other = build.shift(db, cast.driver).id
        signups.sign_up(Act(db, OFFICE, time.at), cast.bo, other, staff=True, quiet=True)
    with database.writing() as db:
        assert reopen(Act(db, cy(cast), time.at), canceled) == 1
    assert on(database, canceled) == [cast.ana]
    with database.reading() as db:
        shift = db.get_one(Shift, canceled)
        assert (shift.canceled_at, shift.canceled_reason, shift.sequence) == (None, "", 2)
        assert db.scalars(select(Slot.filled).where(Slot.shift_id == canceled)).one() == 1
        told = db.execute(
            select(Message.person_id).where(Message.kind == "shift.reopened")
        ).scalars()
        assert told.all() == [cast.ana]


@both
def test_it_can_be_undone(database, cast, time, canceled):
    before = everything(database)
    undo = do(database, cy(cast), time.at, lambda act: reopen(act, canceled))
    assert on(database, canceled) == [cast.ana, cast.bo]
    take_back(database, cy(cast), time.at, undo)
    assert not differing(before, everything(database))


@both
def test_only_a_canceled_shift_that_is_ahead_is_reopened_as_it_was_seen(
    database, cast, time, canceled
):
    with database.writing() as db, pytest.raises(Preview):
        reopening.reopen(Act(db, cy(cast), time.at), db.get_one(Shift, canceled), "")
    with database.writing() as db, pytest.raises(Refused, match="This shift is over"):
        reopen(Act(db, cy(cast), NOON + timedelta(minutes=1)), canceled)
    with database.writing() as db:
        reopen(Act(db, cy(cast), time.at), canceled)
    with database.writing() as db, pytest.raises(Refused, match="isn't canceled"):
        reopen(Act(db, cy(cast), time.at), canceled)


@both
def test_who_was_removed_before_does_not_come_back(database, cast, time, canceled):
    with database.writing() as db:
        of_bo = db.scalars(select(Signup).filter_by(person_id=cast.bo)).one()
        of_bo.state, of_bo.ended_at = SignupState.REMOVED, time.at - timedelta(hours=1)
    with database.writing() as db:
        assert reopen(Act(db, cy(cast), time.at), canceled) == 1
    assert on(database, canceled) == [cast.ana]


def test_a_coordinator_reopens_it_on_its_page(database, cast, time, as_, canceled):
    browser = as_(cast.cy)
    assert "Reopen shift" in browser.get(f"/shifts/{canceled}").text
    page = browser.get(f"/shifts/{canceled}/reopening").text
    assert "Ana Reyes" in page
    browser.press(f"/shifts/{canceled}/reopening")
    assert "2 people are back on it." in browser.text
    assert on(database, canceled) == [cast.ana, cast.bo]
    mara = as_(cast.mara)
    assert mara.get(f"/shifts/{canceled}/reopening").status_code == 404
    assert mara.post(f"/shifts/{canceled}/reopening").status_code == 404
