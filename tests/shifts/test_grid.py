"""The grid of a week: rows, names and their marks, adding and removing in a cell, and the mark of a change."""

import re
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from portal import clock
from portal.act import Act
from portal.audit.models import AuditEntry
from portal.people.identity_models import SignIn
from portal.permissions import Role, Viewer
from portal.programs.models import Position
from portal.requirements.change_models import Affected, Cause
from portal.requirements.trials import configure
from portal.shifts import asks, cover, releases, shifts, signups
from portal.shifts.grid import grid_of
from portal.shifts.grid_models import Grid
from portal.shifts.grid_queries import mark_of
from portal.shifts.models import Attendance, Shift, Signup, SignupState
from portal.shifts.schedule import Wanted
from portal.shifts.viewer_scope import insight_of
from portal.shifts.week import days_in_numbers
from portal.web.errors import Preview
from tests import build
from tests.build import NOON, OFFICE

both = pytest.mark.both_databases
ZONE = "America/New_York"
SUNDAY = date(2026, 12, 6)
DAYS = [SUNDAY + n * clock.ONE_DAY for n in range(7)]
THURSDAY = 4
DAY = timedelta(days=1)
WEEK = "/schedule?week=2026-12-10"


@pytest.fixture
def at(time):
    time.at = NOON - 2 * DAY
    return time.at


def cy(cast) -> Viewer:
    memberships = frozenset({(Role.COORDINATOR, cast.rides)})
    return Viewer(cast.cy, memberships=memberships, today=NOON.date())


def grid(database, viewer, at, **values) -> Grid:
    with database.reading() as db:
        insight = insight_of(db, viewer, at, ZONE)
        wanted = Wanted(program=values.pop("program", None))
        return grid_of(db, viewer, insight, wanted, DAYS, at, ZONE, **values)


def rows(found: Grid) -> list[tuple[str, str]]:
    return [(sheet, row.name) for sheet, of_sheet in found.sheets for row in of_sheet]


def block(found: Grid, day=THURSDAY):
    return next(one for _, of_sheet in found.sheets for row in of_sheet for one in row.days[day])


def marks(found: Grid, day=THURSDAY) -> list[tuple[str, str]]:
    return [(one.name.split()[0], one.mark) for one in block(found, day).names]


def on(database, person, shift, at) -> None:
    with database.writing() as db:
        signups.sign_up(Act(db, OFFICE, at), person, shift, staff=True)


@both
def test_rows_stand_for_roles_locations_or_programs(database, cast, at):
    with database.writing() as db:
        build.shift(db, cast.driver, site_id=cast.office)
        build.shift(db, cast.desk, starts=NOON + DAY)
        build.shift(db, cast.host)
    assert rows(grid(database, cy(cast), at)) == [("", "Desk greeter"), ("", "Driver")]
    assert rows(grid(database, cy(cast), at, by="site")) == [
        ("", "No location"),
        ("", "Main office"),
    ]
    assert rows(grid(database, cy(cast), at, by="program")) == [("", "Rides")]
    assert grid(database, cy(cast), at, by="program").shifts == 2


@both
def test_a_sensitive_program_has_a_sheet_of_its_own_and_others_see_none_of_it(database, cast, at):
    with database.writing() as db:
        build.shift(db, cast.driver)
        build.shift(db, cast.host)
        build.shift(db, cast.greeter)
    ada = Viewer(cast.ada, memberships=frozenset({(Role.ADMINISTRATOR, None)}), today=NOON.date())
    assert rows(grid(database, ada, at)) == [
        ("", "Driver"), ("HIV Testing", "Test-day greeter"), ("Safe Haven Shelter", "Night host"),
    ]  # fmt: skip
    assert rows(grid(database, cy(cast), at)) == [("", "Driver")]


@both
def test_names_stand_with_their_marks(database, cast, at):
    with database.writing() as db:
        shift = build.shift(db, cast.driver, places=5, needed=4)
        shift.slots[0].trainees = 1
        number, slot = shift.id, shift.slots[0].id
        asked = build.person(db, "Ann Asked", at).id
        build.place(db, asked, cast.driver, at)
        extra = [build.person(db, name, at).id for name in ("Uma Unclear", "Lee Learner")]
        for person in extra:
            build.place(db, person, cast.driver, at)
    for person in (cast.ana, cast.bo, extra[0]):
        on(database, person, number, at)
    with database.writing() as db:
        act = Act(db, cy(cast), at)
        signups.sign_up(act, extra[1], number, slot_id=slot, staff=True, trainee=True)
        try:
            asks.ask_others(act, db.get_one(Shift, number), slot, [asked], "")
        except Preview as preview:
            asks.ask_others(act, db.get_one(Shift, number), slot, [asked], preview.seen)
        unclear = db.scalars(select(Signup).where(Signup.person_id == extra[0])).one()
        db.add(
            Affected(
                kind="shift", source_id=unclear.id, person_id=extra[0], program_id=cast.rides,
                position_id=cast.driver, cause=Cause.RULE, day=NOON.date(), found_at=at,
            )
        )  # fmt: skip
    late = NOON - timedelta(hours=3)
    with database.writing() as db:
        releases.cant_make_it(Act(db, build.viewer(cast.ana), late), cast.ana, number, "Fever")
    found = grid(database, cy(cast), late)
    assert sorted(marks(found)) == [
        ("Ana", "cant"), ("Ann", "asked"), ("Bo", "on"), ("Lee", "shadow"), ("Uma", "unclear"),
    ]  # fmt: skip
    one = block(found)
    assert (one.needed, one.optional, one.state) == (2, 1, "gap")
    over = grid(database, cy(cast), NOON + timedelta(hours=1))
    assert (block(over).needed, block(over).optional, block(over).state) == (0, 0, "over")
    assert ("Ann", "asked") not in marks(over)


@both
def test_of_what_is_over_attendance_is_shown_and_no_gap(database, cast, at):
    with database.writing() as db:
        number = build.shift(db, cast.driver, places=9, needed=9).id
    for person in (cast.ana, cast.bo):
        on(database, person, number, at)
    after = NOON + DAY
    assert sorted(marks(grid(database, cy(cast), after))) == [("Ana", "open"), ("Bo", "open")]
    with database.writing() as db:
        for person, how in ((cast.ana, Attendance.ATTENDED), (cast.bo, Attendance.NO_SHOW)):
            row = db.scalars(select(Signup).where(Signup.person_id == person)).one()
            row.attendance = how
    assert sorted(marks(grid(database, cy(cast), after))) == [("Ana", "came"), ("Bo", "absent")]


@both
def test_who_is_on_trial_says_so(database, cast, at):
    with database.writing() as db:
        configure(Act(db, OFFICE, at), db.get_one(Position, cast.driver), 12, 1)
        number = build.shift(db, cast.driver).id
    on(database, cast.bo, number, at)
    assert [one.trial for one in block(grid(database, cy(cast), at)).names] == [True]


@both
def test_gaps_come_first_when_asked_and_a_canceled_shift_is_none(database, cast, at):
    with database.writing() as db:
        build.shift(db, cast.driver, needed=2)
        canceled = build.shift(db, cast.desk, needed=2).id
        shifts.cancel(Act(db, OFFICE, at), db.get_one(Shift, canceled), "Snow")
    assert [name for _, name in rows(grid(database, cy(cast), at))] == ["Desk greeter", "Driver"]
    first = grid(database, cy(cast), at, gaps_first=True)
    assert [name for _, name in rows(first)] == ["Driver", "Desk greeter"]
    assert first.sheets[0][1][1].days[THURSDAY][0].state == "off"


@both
def test_a_day_by_itself_stands_by_the_clock(database, cast, at):
    with database.writing() as db:
        build.shift(db, cast.driver, hours=2.75)  # noon to 2:45 pm in New York
        build.shift(db, cast.desk, starts=NOON + timedelta(hours=9), hours=6)  # 9 pm to 3 am
    with database.reading() as db:
        insight = insight_of(db, cy(cast), at, ZONE)
        day = [NOON.date()]
        found = grid_of(db, cy(cast), insight, Wanted(), day, at, ZONE)
    assert found.hours == range(12, 24)
    places = {row.name: (row.days[0][0].starts, row.days[0][0].ends) for row in found.sheets[0][1]}
    assert places == {"Driver": (0, 6), "Desk greeter": (18, 24)}
    assert grid(database, cy(cast), at).hours == range(0)


@both
def test_a_month_counts_the_shifts_of_each_local_day(database, cast, at):
    with database.writing() as db:
        build.shift(db, cast.driver, needed=2)
        late = build.shift(db, cast.desk, starts=NOON + timedelta(hours=11, minutes=30))
        build.shift(db, cast.host)
        on_it = late.id
        canceled = build.shift(db, cast.desk).id
        shifts.cancel(Act(db, OFFICE, at), db.get_one(Shift, canceled), "Snow")
        signups.sign_up(Act(db, OFFICE, at), cast.ana, on_it, staff=True)
    with database.reading() as db:
        insight = insight_of(db, cy(cast), at, ZONE)
        found = days_in_numbers(db, cy(cast), insight, Wanted(), DAYS, at, ZONE)
        assert found == {NOON.date(): (2, 1)}
        over = days_in_numbers(db, cy(cast), insight, Wanted(), DAYS, NOON + DAY, ZONE)
        assert over == {NOON.date(): (2, 0)}


@both
def test_closed_days_say_why(database, cast, at):
    with database.writing() as db:
        build.shift(db, cast.driver, site_id=cast.office)
        build.closure(db, NOON.date(), NOON.date(), "County holiday")
        build.closure(db, NOON.date() + DAY, NOON.date() + DAY, "Painting", cast.office)
        build.closure(db, NOON.date(), NOON.date(), "Elsewhere", cast.house)
    closed = grid(database, cy(cast), at).closed
    assert [(one.reason, one.site) for one in closed[THURSDAY]] == [("County holiday", None)]
    assert [(one.reason, one.site) for one in closed[5]] == [("Painting", "Main office")]


@both
def test_the_mark_differs_after_each_change_of_ones_own_week_alone(database, cast, at):
    with database.writing() as db:
        number = build.shift(db, cast.driver, places=3).id
        hers = build.shift(db, cast.host).id
        later = build.shift(db, cast.driver, starts=NOON + 9 * DAY).id

    def mark() -> str:
        with database.reading() as db:
            return mark_of(db, cy(cast), SUNDAY, ZONE)

    seen = [mark()]
    on(database, cast.hana, hers, at)
    on(database, cast.bo, later, at)
    assert mark() == seen[0]
    on(database, cast.bo, number, at)
    seen.append(mark())
    with database.writing() as db:
        row = db.scalars(select(Signup).where(Signup.shift_id == number)).one()
        signups.remove(Act(db, OFFICE, at), row, "Mistake")
    seen.append(mark())
    with database.writing() as db:
        shifts.move_shift(Act(db, OFFICE, at), db.get_one(Shift, number), NOON.date() + DAY, None)
    seen.append(mark())
    assert len(set(seen)) == 4
    late = NOON + DAY - timedelta(hours=2)
    for person in (cast.ana, cast.bo):
        on(database, person, number, at)
    for said in ((cast.ana, "cant"), (cast.bo, "cant"), (cast.ana, "can")):
        with database.writing() as db:
            act = Act(db, build.viewer(said[0]), late)
            if said[1] == "cant":
                releases.cant_make_it(act, said[0], number, "Flu")
            else:
                cover.can_after_all(act, said[0], number)
        seen.append(mark())
    assert len(set(seen)) == 7


# Its pages


@pytest.fixture
def shift(database, cast, at):
    with database.writing() as db:
        row = build.shift(db, cast.driver, needed=2)
        return row.id, row.slots[0].id


def follow(browser, answer):
    assert answer.status_code == 303, answer.status_code
    return browser.get(answer.headers["location"]).text


def test_the_week_names_people_in_its_cells(database, cast, at, as_, shift):
    on(database, cast.bo, shift[0], at)
    page = as_(cast.cy).get(WEEK).text
    day = page.split('data-day="2026-12-10" aria-labelledby')[1].split("</section>")[0]
    assert f'href="/people/{cast.bo}"' in day
    assert "1 needed" in day
    assert "Driver" in day  # read aloud with the cell, and shown where there are no rows


def test_a_cell_suggests_the_best_or_whom_one_types(database, cast, at, as_, shift):
    browser, slot = as_(cast.cy), shift[1]
    best = browser.get(f"/schedule/people?slot={slot}").text
    assert {int(one) for one in re.findall(r'data-person="(\d+)"', best)} == {cast.ana, cast.bo}
    assert "not asked in 30 days" in best
    with database.writing() as db:
        build.place(db, cast.sol, cast.desk, at)
    typed = browser.get(f"/schedule/people?slot={slot}&q=sol").text
    assert "Sol Vance doesn&#39;t have the role Driver." in typed
    assert 'aria-disabled="true"' in typed
    assert "No one found" in browser.get(f"/schedule/people?slot={slot}&q=hana").text
    for nonsense in ("", "x", "999999"):
        assert browser.get(f"/schedule/people?slot={nonsense}").status_code == 404


def test_whom_one_typed_is_added_and_the_week_stays(database, cast, at, as_, shift):
    browser, (number, slot) = as_(cast.cy), shift
    answer = browser.post(f"/schedule/{slot}/people?week=2026-12-10", who="tanaka", asked="phone")
    assert answer.headers["location"] == WEEK
    assert "Bo Tanaka was added: Driver, Thu, Dec 10" in follow(browser, answer)
    answer = browser.post(f"/schedule/{slot}/people?week=2026-12-10", person=cast.hana)
    assert answer.status_code == 404
    answer = browser.post(f"/schedule/{slot}/people?week=2026-12-10", who="nobody")
    assert answer.status_code == 422
    assert "No one you can see has this name." in answer.text
    with database.reading() as db:
        entry = select(AuditEntry).where(AuditEntry.action == "signup.made")
        assert [(row.person_id, row.asked) for row in db.scalars(entry)] == [(cast.bo, "phone")]
        assert db.scalars(select(Signup.shift_id)).all() == [number]


def test_removing_in_the_grid_takes_a_reason(database, cast, at, as_, shift):
    on(database, cast.bo, shift[0], at)
    with database.reading() as db:
        signup = db.scalars(select(Signup.id)).one()
    browser = as_(cast.cy)
    path = f"/schedule/signups/{signup}/removal?week=2026-12-10"
    assert browser.post(path, reason="").status_code == 422
    assert as_(cast.mara).post(path, reason="Mine").status_code == 404
    page = follow(browser, browser.post(path, reason="Ill"))
    assert "Bo Tanaka was removed from the shift" in page
    with database.reading() as db:
        row = db.get_one(Signup, signup)
        assert (row.state, row.reason) == (SignupState.REMOVED, "Ill")
        entry = select(AuditEntry.subject_id).where(AuditEntry.action == "signup.removed")
        assert db.scalars(entry).all() == [signup]


def test_looking_for_changes_costs_nothing_and_is_no_use(database, cast, at, as_, shift, time):
    browser = as_(cast.cy)
    page = browser.get(WEEK).text
    mark = re.search(r'data-mark="(\w+)"', page)[1]
    path = "/schedule/revision?week=2026-12-10"
    same = browser.client.get(path, headers={"If-None-Match": f'"{mark}"'})
    assert (same.status_code, same.text) == (304, "")
    on(database, cast.bo, shift[0], at)
    other = browser.client.get(path, headers={"If-None-Match": f'"{mark}"'})
    assert other.status_code == 200
    assert other.text != mark
    with database.reading() as db:
        used = db.scalars(select(SignIn.used_at)).all()
    time.at += timedelta(minutes=20)
    assert browser.client.get(path).status_code == 200
    with database.reading() as db:
        assert db.scalars(select(SignIn.used_at)).all() == used
    time.at += timedelta(days=1)
    answer = browser.client.get(path, headers={"HX-Request": "true"}, follow_redirects=False)
    assert answer.status_code == 401


def test_a_month_leads_to_its_days(database, cast, at, as_, shift):
    page = as_(cast.cy).get("/schedule?view=month&week=2026-12-10").text
    assert "December 2026" in page
    assert 'href="/schedule?view=day&amp;week=2026-12-10"' in page
    assert "1 unfilled" in page
    assert "week=2026-11-30" in page
    assert "week=2027-01-01" in page


def test_the_grid_can_be_read_by_location_with_gaps_first(database, cast, at, as_, shift):
    page = as_(cast.cy).get(f"{WEEK}&rows=site&first=gaps").text
    assert '<option value="site" selected>' in page
    assert re.search(r'name="first" value="gaps"\s+checked', page)
    assert as_(cast.cy).get(f"{WEEK}&rows=nonsense").status_code == 200
