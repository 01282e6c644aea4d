"""The pages of patterns and closures, walked without JavaScript."""

from datetime import date

import pytest
from sqlalchemy import func, select

from portal.act import Act
from portal.programs.models import Closure
from portal.shifts import signups
from portal.shifts.models import Shift
from portal.shifts.pattern_models import Pattern
from tests import build


@pytest.fixture
def pattern(database, cast, time) -> int:
    with database.writing() as db:
        return build.pattern(db, cast.driver, time.at, until=date(2027, 6, 1)).id


def counted(database, *where) -> int:
    with database.reading() as db:
        return db.scalar(select(func.count()).select_from(Shift).where(*where)) or 0


@pytest.mark.both_databases
def test_a_coordinator_writes_a_pattern_after_looking_at_it(database, cast, as_):
    browser = as_(cast.cy)
    browser.get(f"/patterns/new?program={cast.rides}")
    to = f"/patterns?program={cast.rides}"
    page = browser.press(
        to, weekdays=["1", "3"], starts="18:00", ends="20:00", last_day="2027-02-25",
        **{"slots-0-position": str(cast.driver), "slots-0-maximum": "2"},
    )  # fmt: skip
    assert page.status_code == 200
    assert 'id="preview-head"' in page.text
    assert "26 shifts are added" in page.text
    assert counted(database) == 0
    page = browser.press(to, weekdays=["1", "3"])
    assert "its shifts were published" in page.text
    assert "Every week: Tue, Thu" in page.text
    assert "6:00–8:00 pm" in page.text
    assert counted(database) == 26
    assert "Driver" in browser.get("/patterns").text


def test_bad_input_is_named_and_nothing_typed_is_lost(cast, as_):
    browser = as_(cast.cy)
    browser.get(f"/patterns/new?program={cast.rides}")
    to = f"/patterns?program={cast.rides}"
    page = browser.press(to, starts="18:00", ends="18:00", last_day="2020-01-01", title="Evenings")
    assert page.status_code == 422
    assert "Select at least one." in page.text
    assert browser.form(to)["title"] == "Evenings"


def test_changing_shows_who_is_touched_and_then_does_it(database, cast, time, as_, pattern):
    with database.writing() as db:
        shift = db.scalars(select(Shift.id).order_by(Shift.starts_at)).all()[3]
        signups.sign_up(Act(db, build.viewer(cast.ana), time.at), cast.ana, shift)
    browser = as_(cast.cy)
    browser.get(f"/patterns/{pattern}/edit")
    to = f"/patterns/{pattern}"
    days = {"weekdays": ["1", "3"]}
    page = browser.press(to, starts="17:00", ends="19:00", **days)
    assert "changes, with 1 person on it" in page.text
    page = browser.press(to, **days)
    assert "The recurring shift and its shifts were saved." in page.text
    assert "Ana" not in page.text
    with database.reading() as db:
        assert db.get_one(Shift, shift).starts_at.hour == 22


def test_a_change_after_the_preview_is_looked_at_again(database, cast, as_, pattern):
    browser = as_(cast.cy)
    browser.get(f"/patterns/{pattern}/edit")
    days = {"weekdays": ["1", "3"]}
    browser.press(f"/patterns/{pattern}", starts="17:00", ends="19:00", **days)
    page = browser.press(f"/patterns/{pattern}", starts="16:00", **days)
    assert 'id="preview-head"' in page.text


def test_pausing_going_on_writing_ahead_and_ending(database, cast, as_, pattern):
    browser = as_(cast.cy)
    browser.get(f"/patterns/{pattern}")
    assert "paused" in browser.press(f"/patterns/{pattern}/pause").text
    assert "0 shifts were added." in browser.press(f"/patterns/{pattern}/resumption").text
    page = browser.press(f"/patterns/{pattern}/extension", until="2027-06-30")
    assert "8 shifts were added." in page.text
    browser.get(f"/patterns/{pattern}/end")
    page = browser.press(f"/patterns/{pattern}/end", last_day="2026-12-31", reason="")
    assert "The recurring shift ended." in page.text
    assert counted(database, Shift.canceled_at.is_(None)) == 10


@pytest.mark.both_databases
def test_closing_days_names_everyone_first(database, cast, time, as_, pattern):
    with database.writing() as db:
        shift = db.scalars(select(Shift.id).where(Shift.pattern_day == date(2026, 12, 8))).one()
        signups.sign_up(Act(db, build.viewer(cast.ana), time.at), cast.ana, shift)
    browser = as_(cast.ada)
    browser.get("/closures/new")
    page = browser.press(
        "/closures",
        where="agency",
        first_day="2026-12-08",
        last_day="2026-12-10",
        reason="Snow",
        what="cancel",
    )
    assert "2 things are planned then." in page.text
    assert "Ana Reyes" in page.text
    page = browser.press("/closures")
    assert "The closure was saved." in page.text
    assert "Snow" in page.text
    assert counted(database, Shift.canceled_reason == "Snow") == 2
    with database.reading() as db:
        closure = db.scalars(select(Closure.id)).one()
    assert "The closure was removed" in browser.press(f"/closures/{closure}/lifting").text


def test_a_coordinator_closes_own_places_and_not_the_agency(database, cast, time, as_):
    browser = as_(cast.mara)
    browser.get("/closures/new")
    days = {
        "where": "agency",
        "first_day": "2026-12-08",
        "last_day": "2026-12-08",
        "reason": "Paint",
    }
    page = browser.press("/closures", **days)
    assert page.status_code == 422
    assert "You can close your programs, and the locations they use." in page.text
    browser.press("/closures", where=f"site-{cast.house}")
    assert "The closure was saved." in browser.press("/closures").text
    assert "Willow House" not in as_(cast.cy).get("/closures").text


def test_a_pattern_of_another_program_is_not_there(database, cast, as_, pattern):
    assert as_(cast.mara).get(f"/patterns/{pattern}").status_code == 404
    with database.reading() as db:
        assert db.scalars(select(Pattern.id)).all() == [pattern]
