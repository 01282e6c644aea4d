"""A volunteer's own week, and the list of what fits them in the next four weeks."""

from datetime import timedelta

from portal.act import Act
from portal.shifts import signups
from tests import build
from tests.build import NOON


def test_a_week_shows_what_i_have_and_what_i_could_take_beside_it(database, cast, time, as_):
    with database.writing() as db:
        own = build.shift(db, cast.driver, title="My own drive").id
        signups.sign_up(Act(db, build.viewer(cast.ana), time.at), cast.ana, own)
        build.shift(db, cast.driver, starts=NOON + timedelta(hours=1), title="Same time")
        build.shift(db, cast.driver, starts=NOON + timedelta(days=1), title="The day after")
        build.shift(db, cast.greeter, starts=NOON + timedelta(days=1), title="Not my role")
        build.shift(db, cast.driver, starts=NOON + timedelta(days=7), title="The week after")
    browser = as_(cast.ana)
    page = browser.get("/shifts?show=week&week=2026-12-10").text
    assert "My own drive" in page
    assert "The day after" in page
    for other in ("Same time", "Not my role", "The week after"):
        assert other not in page
    assert "The week after" in browser.get("/shifts?show=week&week=2026-12-14").text
    assert "Nothing this week" in browser.get("/shifts?show=week&week=2027-02-01").text
    assert "My week" not in as_(cast.sol).get("/shifts?show=week").text  # has no role


def test_the_list_of_what_fits_goes_four_weeks_and_further_on_asking(database, cast, time, as_):
    with database.writing() as db:
        build.shift(db, cast.driver, starts=time.at + timedelta(days=20), title="In three weeks")
        build.shift(db, cast.driver, starts=time.at + timedelta(days=40), title="In six weeks")
    browser = as_(cast.ana)
    page = browser.get("/shifts").text
    assert "In three weeks" in page
    assert "In six weeks" not in page
    assert "In six weeks" in browser.get("/shifts?far=yes").text
    assert "In six weeks" in browser.get("/shifts?show=all").text
    with database.writing() as db:
        full = build.shift(
            db, cast.driver, starts=time.at + timedelta(days=41), places=1, title="Full"
        )
        signups.sign_up(Act(db, build.viewer(cast.bo), time.at), cast.bo, full.id)
    assert "Full" not in browser.get("/shifts?far=yes").text
    assert "Full" in browser.get("/shifts?show=all").text
