"""The week board: what stands on which day, moving, copying a week, and who is on now."""

from datetime import date, timedelta

import pytest
from sqlalchemy import func, select

from portal.act import Act
from portal.audit.models import AuditEntry
from portal.programs.models import Closure
from portal.shifts import signups
from portal.shifts.models import Shift
from tests import build
from tests.build import NOON
from tests.shifts.test_races import consistent

WEEK = "/schedule?week=2026-12-07"


@pytest.fixture
def shift(database, cast):
    def made(position=None, **values) -> int:
        with database.writing() as db:
            return build.shift(db, position or cast.driver, **values).id

    return made


def sign_up(database, person, number, at) -> None:
    with database.writing() as db:
        signups.sign_up(Act(db, build.viewer(person), at), person, number)


def day_of(page: str, day: str) -> str:
    return page.split(f'data-day="{day}" aria-labelledby')[1].split("</section>")[0]


def test_each_shift_stands_on_its_day_and_other_programs_do_not(cast, as_, shift):
    number = shift(title="Noon rides")
    hidden = shift(cast.host)
    page = as_(cast.cy).get(WEEK).text
    assert f'href="/shifts/{number}"' in day_of(page, "2026-12-10")
    assert "No shifts." in day_of(page, "2026-12-11")
    assert f"/shifts/{hidden}" not in page


def test_one_day_and_filters_stay_in_the_address(cast, as_, shift):
    number, other = shift(), shift(cast.desk, starts=NOON + timedelta(days=1))
    browser = as_(cast.cy)
    page = browser.get(f"/schedule?week=2026-12-10&view=day&position={cast.driver}").text
    assert f'href="/shifts/{number}"' in page
    assert f"/shifts/{other}" not in page
    assert f"view=day&amp;position={cast.driver}&amp;week=2026-12-11" in page
    assert f"/shifts/{other}" not in browser.get(f"{WEEK}&position={cast.driver}").text


@pytest.mark.both_databases
def test_moving_takes_people_along_and_back_to_the_week(database, cast, time, as_, shift):
    number = shift()
    sign_up(database, cast.ana, number, time.at)
    browser = as_(cast.cy)
    browser.get(f"/shifts/{number}/move")
    assert "Ana Reyes" in browser.text
    page = browser.press(f"/shifts/{number}/move", day="2026-12-16", starts="15:00")
    assert "The shift was moved to Wed, Dec 16, 3:00 pm." in page.text
    assert f'href="/shifts/{number}"' in day_of(page.text, "2026-12-16")
    assert consistent(database)


def test_a_dragged_shift_keeps_its_time_of_day(database, cast, as_, shift):
    number = shift()
    browser = as_(cast.cy)
    browser.get(WEEK)
    assert 'draggable="true"' in browser.text
    browser.post(f"/shifts/{number}/move", day="2026-12-11")
    with database.reading() as db:
        assert db.get_one(Shift, number).starts_at == NOON + timedelta(days=1)


def test_C5_a_move_over_a_clock_change_keeps_the_wall_clock(database, cast, as_, shift):
    number = shift(hours=20)
    as_(cast.cy).post(f"/shifts/{number}/move", day="2027-03-13")
    with database.reading() as db:
        row = db.get_one(Shift, number)
        assert row.starts_at.hour == 17  # noon in winter
        assert row.ends_at - row.starts_at == timedelta(hours=19)  # the night was an hour short


@pytest.mark.parametrize("day", ["2026-11-01", ""])
def test_a_move_into_the_past_or_nowhere_is_refused(cast, as_, shift, day):
    number = shift()
    browser = as_(cast.cy)
    browser.get(f"/shifts/{number}/move")
    answer = browser.press(f"/shifts/{number}/move", day=day)
    assert answer.status_code == 422


@pytest.mark.both_databases
def test_a_week_is_copied_once_without_people_and_closed_days(database, cast, time, as_, shift):
    number = shift(title="Noon rides", site_id=cast.office, note="Coat")
    shift(starts=NOON + timedelta(days=1))
    shift(cast.host)
    sign_up(database, cast.ana, number, time.at)
    with database.writing() as db:
        friday = date(2026, 12, 18)
        db.add(Closure(first_day=friday, last_day=friday, reason="Snow"))
    browser = as_(cast.cy)
    for copied in (1, 0):
        browser.get("/schedule/copy?week=2026-12-07")
        page = browser.press("/schedule/copy", to="2026-12-14")
        assert "closed: Snow" in page.text
        if copied:
            assert "1 shift to add:" in page.text
            assert "1 shift was copied." in browser.press("/schedule/copy").text
        else:
            assert "already there" in page.text
    with database.reading() as db:
        rows = db.scalars(select(Shift).where(Shift.title == "Noon rides").order_by(Shift.id)).all()
        assert [row.starts_at for row in rows] == [NOON, NOON + timedelta(days=7)]
        assert rows[1].slots[0].filled == 0
        assert (rows[1].note, rows[1].site_id) == ("Coat", cast.office)
        entries = select(func.count()).where(
            AuditEntry.action == "shift.added", AuditEntry.subject_id == rows[1].id
        )
        assert db.scalar(entries) == 1


def test_who_is_on_now_with_a_number_to_call(database, cast, time, as_, shift):
    now = shift(starts=time.at + timedelta(minutes=30))
    sign_up(database, cast.ana, now, time.at)
    shift(cast.desk, starts=time.at + timedelta(hours=5))
    browser = as_(cast.cy)
    page = browser.get("/schedule/now").text
    assert page.count("later today") == 2
    time.move(hours=1)
    page = browser.get("/schedule/now").text
    assert "Ana Reyes" in page
    assert 'href="tel:5555551234"' in page
    assert page.count("later today") == 1
    assert "No one is on a shift now" in as_(cast.mara).get("/schedule/now").text


@pytest.mark.both_databases
def test_a_shift_that_someone_moved_since_is_not_moved_unseen(database, cast, as_, shift):
    number = shift()
    mine, theirs = as_(cast.cy), as_(cast.ada)
    moved = theirs.post(f"/shifts/{number}/move", day="2026-12-12", was="2026-12-10")
    assert moved.status_code == 303
    answer = mine.post(f"/shifts/{number}/move", day="2026-12-11", was="2026-12-10")
    assert answer.status_code == 422
    assert "Someone else moved this shift since you opened the page." in answer.text
    with database.reading() as db:
        assert db.get_one(Shift, number).starts_at == NOON + timedelta(days=2)


def test_moving_to_a_closed_day_says_so_first(database, cast, as_, shift):
    number = shift()
    with database.writing() as db:
        build.closure(db, date(2026, 12, 11), date(2026, 12, 11), "County holiday")
    page = as_(cast.cy).get(f"/shifts/{number}/move?day=2026-12-11").text
    assert 'value="2026-12-11"' in page
    assert "County holiday" in page
    assert "County holiday" not in as_(cast.cy).get(f"/shifts/{number}/move").text
