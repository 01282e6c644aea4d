"""The pages of shifts, walked without JavaScript as volunteers and coordinators do."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select

from portal.act import Act
from portal.programs import placements
from portal.programs.application_models import Application
from portal.programs.models import Placement
from portal.shifts import signups
from portal.shifts.models import Shift, Slot
from tests import build
from tests.browser import forms_of
from tests.build import NOON


@pytest.fixture
def shift(database, cast):
    def made(position=None, **values) -> int:
        with database.writing() as db:
            return build.shift(db, position or cast.driver, **values).id

    return made


def sign_up(database, person, shift, at) -> None:
    with database.writing() as db:
        signups.sign_up(Act(db, build.viewer(person), at), person, shift)


@pytest.mark.both_databases
def test_a_volunteer_takes_a_shift_and_gives_it_back(cast, as_, shift):
    number = shift(site_id=cast.office)
    browser = as_(cast.ana)
    assert f"/shifts/{number}" in browser.get("/shifts").text
    browser.get(f"/shifts/{number}")
    browser.press(f"/shifts/{number}/signup")
    assert "You&#39;re signed up" in browser.text
    assert "Next, in 9 days" in browser.get("/me").text
    assert f"/shifts/{number}" not in browser.get("/shifts").text.split("shift_list")[1]
    browser.get(f"/shifts/{number}")
    browser.press(f"/shifts/{number}/withdrawal")
    assert "canceled your spot" in browser.text
    assert f"/shifts/{number}/signup" in browser.text


def test_what_is_in_the_way_is_told_before_pressing(database, cast, time, as_, shift):
    number = shift(places=1)
    sign_up(database, cast.bo, number, time.at)
    page = as_(cast.ana).get(f"/shifts/{number}").text
    assert "Before you can take this shift" in page
    assert "All spots are taken." in page
    assert "See shifts you can take" in page
    assert "Cy Ortega" in page
    assert "tel:5555550101" in page
    assert f"/shifts/{number}/signup" not in page


def test_a_page_left_open_tells_the_loser_why(database, cast, time, as_, shift):
    number = shift(places=1)
    browser = as_(cast.ana)
    browser.get(f"/shifts/{number}")
    sign_up(database, cast.bo, number, time.at)
    time.move(hours=1)
    answer = browser.press(f"/shifts/{number}/signup")
    assert answer.status_code == 422
    assert "All spots are taken." in answer.text


def test_a_double_click_signs_up_once_and_says_so_twice(database, cast, as_, shift):
    number = shift()
    browser = as_(cast.ana)
    browser.get(f"/shifts/{number}")
    form = browser.form(f"/shifts/{number}/signup")
    for _ in range(2):
        answer = browser.client.post(f"/shifts/{number}/signup", data=form, follow_redirects=False)
        assert answer.status_code == 303
    with database.reading() as db:
        assert db.scalars(select(Slot.filled)).all() == [1]


def test_applying_from_a_shift_puts_a_line_before_the_coordinator(database, cast, time, as_, shift):
    with database.writing() as db:
        opportunity = build.opportunity(db, cast.driver, time.at).id
    number = shift()
    sol, cy = as_(cast.sol), as_(cast.cy)
    page = sol.get(f"/shifts/{number}").text
    assert f'href="/opportunities?position={cast.driver}"' in page
    assert (
        f'href="/opportunities/{opportunity}"'
        in sol.get(f"/opportunities?position={cast.driver}").text
    )
    sol.get(f"/opportunities/{opportunity}")
    sol.press(f"/opportunities/{opportunity}/application")
    sol.press(next(to for to, _ in forms_of(sol.text) if to.endswith("/own")))
    assert "We got your application" in sol.text
    assert "get back to you" in sol.get("/me").text
    assert "You applied for" in sol.get(f"/shifts/{number}").text
    assert "New volunteer applications" in cy.get("/me").text
    cy.get("/applications")
    assert "Sol Vance" in cy.text
    with database.reading() as db:
        application = db.scalars(select(Application.id)).one()
    cy.get(f"/applications/{application}")
    cy.press(f"/applications/{application}/review")
    cy.press(f"/applications/{application}/offer", starts_on="2026-11-01")
    sol.get(f"/me/applications/{application}")
    sol.press(f"/me/applications/{application}/acceptance")
    sol.get(f"/shifts/{number}")
    sol.press(f"/shifts/{number}/signup")
    assert "You&#39;re signed up" in sol.text


def test_the_way_in_leads_back_to_the_shift(public, shift, cast):
    number = shift()
    page = public.get(f"/shifts/{number}").text
    assert f'/session/new?next=/shifts/{number}"' in page
    public.get(f"/session/new?next=/shifts/{number}")
    assert public.form("/session")["next"] == f"/shifts/{number}"


def test_reloading_what_a_form_answered_leads_to_the_shift(cast, as_, shift):
    number = shift()
    for noun in ("signup", "withdrawal"):
        assert as_(cast.ana).get(f"/shifts/{number}/{noun}").url.path == f"/shifts/{number}"


def test_the_public_list_has_no_names(database, cast, time, public, shift):
    number = shift(site_id=cast.office)
    sign_up(database, cast.ana, number, time.at)
    page = public.get("/shifts").text
    assert "Driver" in page
    assert "Main office" in page
    assert "1 spot open" in page
    assert "Ana" not in page
    assert "Ana" not in public.get(f"/shifts/{number}").text


def test_the_list_narrows_by_program_role_place_and_day(cast, as_, shift):
    driver = shift(site_id=cast.office)
    desk = shift(cast.desk, starts=NOON + timedelta(days=1))
    browser = as_(cast.ana)

    def shown(query: str) -> set[int]:
        page = browser.get(f"/shifts?{query}").text
        return {number for number in (driver, desk) if f'href="/shifts/{number}"' in page}

    assert shown("") == {driver, desk}
    assert shown(f"program={cast.rides}") == {driver, desk}
    assert shown(f"program={cast.testing}") == set()
    assert shown(f"position={cast.desk}") == {desk}
    assert shown(f"site={cast.office}") == {driver}
    assert shown("day=2026-12-11") == {desk}
    assert shown("day=nonsense&program=x") == {driver, desk}


def test_the_list_leaves_out_what_one_cannot_take(database, cast, time, as_, shift):
    mine = shift()
    sign_up(database, cast.ana, mine, time.at)
    clashing = shift(cast.desk)
    full = shift(starts=NOON + timedelta(days=1), places=1)
    sign_up(database, cast.bo, full, time.at)
    later = shift(starts=NOON + timedelta(days=2), opens_at=time.at + timedelta(days=1))
    free = shift(starts=NOON + timedelta(days=3))
    browser = as_(cast.ana)
    page = browser.get("/shifts").text
    assert f'href="/shifts/{free}"' in page
    for number in (mine, clashing, full, later):
        assert f'href="/shifts/{number}"' not in page
    page = browser.get("/shifts?show=all").text
    assert all(f'href="/shifts/{number}"' in page for number in (mine, clashing, full, later, free))


FORM = {"day": "2026-12-20", "starts": "09:00", "ends": "12:00"}


def test_a_coordinator_publishes_a_shift_and_finds_it(database, cast, as_):
    browser = as_(cast.cy)
    browser.get("/shifts/new")
    browser.press(
        f"/shifts?program={cast.rides}", **FORM, note="Bring a coat.", site_id=str(cast.office),
        **{"slots-0-position": str(cast.driver), "slots-0-minimum": "2", "slots-0-maximum": "3",
           "slots-1-position": str(cast.desk), "slots-1-maximum": "1"},
    )  # fmt: skip
    assert "The shift was published." in browser.text
    assert "Sun, Dec 20, 9:00 am–12:00 pm" in browser.text
    assert "Cy Ortega published the shift" in browser.text
    page = browser.get("/schedule?week=2026-12-20&view=list").text
    assert "0 filled · 2 needed · 3 spots" in page
    assert "0 filled · 1 needed · 1 spot" in page
    assert "needs people" in page


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"ends": "09:00"}, "Enter an end time later"), ({"day": ""}, "Enter a date like 3/14/2027"),
        ({"day": "2026-13-45"}, "a date like"), ({"starts": "nine"}, "a time like"),
        ({"slots-0-position": ""}, "at least one role"), ({"slots-0-maximum": "0"}, "from 1 to 10000"),
        ({"slots-0-minimum": "5", "slots-0-maximum": "2"}, "at least as many spots"),
        ({"slots-1-position": "{driver}"}, "can be listed once"), ({"slots-0-position": "{host}"}, "roles of this program"),
        ({"site_id": "{house}"}, "a location this program uses"), ({"title": "x" * 201}, "200 characters"),
        ({"zone": "Mars/Olympus"}, "one of these"), ({"withdrawal_hours": "-1"}, "from 0 to"),
    ],
)  # fmt: skip
def test_bad_input_is_named_and_nothing_typed_is_lost(cast, as_, changes, says):
    browser = as_(cast.cy)
    browser.get("/shifts/new")
    fields = FORM | {"note": "Bring a coat.", "slots-0-position": str(cast.driver)}
    fields |= {name: value.format(**vars(cast)) for name, value in changes.items()}
    browser.press(f"/shifts?program={cast.rides}", **fields)
    assert browser.response.status_code == 422
    assert says in browser.text
    again = browser.form(f"/shifts?program={cast.rides}")
    assert again["note"] == "Bring a coat."
    kept = {
        name: value
        for name, value in fields.items()
        if name not in ("zone", "slots-0-position", "site_id")
    }
    assert {
        name: again[name] for name in kept if kept[name] not in ("nine", "2026-13-45", "{host}")
    } | {} == {
        name: value for name, value in kept.items() if value not in ("nine", "2026-13-45", "{host}")
    }


def test_C5_the_hour_that_comes_twice_is_asked_about(database, cast, as_):
    browser = as_(cast.cy)
    browser.get("/shifts/new")
    night = {
        "day": "2027-11-06",
        "starts": "22:00",
        "ends": "01:30",
        "slots-0-position": str(cast.driver),
    }
    browser.press(f"/shifts?program={cast.rides}", **night)
    assert "This time comes twice" in browser.text
    assert "ends_fold" in browser.text
    browser.press(f"/shifts?program={cast.rides}", ends_fold="1")
    assert browser.response.status_code == 200
    with database.reading() as db:
        shift = db.scalars(select(Shift)).one()
    assert shift.ends_at - shift.starts_at == timedelta(hours=4, minutes=30)


def test_C5_the_hour_that_is_skipped_is_refused(cast, as_):
    browser = as_(cast.cy)
    browser.get("/shifts/new")
    browser.press(
        f"/shifts?program={cast.rides}", day="2027-03-14", starts="02:30", ends="05:00",
        **{"slots-0-position": str(cast.driver)},
    )  # fmt: skip
    assert "The clocks skip this time" in browser.text


def test_moving_a_shift_moves_its_people(database, cast, time, as_, shift):
    number = shift()
    sign_up(database, cast.ana, number, time.at)
    browser = as_(cast.cy)
    browser.get(f"/shifts/{number}/edit")
    browser.press(f"/shifts/{number}", starts="15:00", ends="18:00")
    assert "Thu, Dec 10, 3:00–6:00 pm" in browser.text
    assert "rescheduled the shift" in browser.text
    assert "3:00–6:00 pm" in as_(cast.ana).get("/me").text


def test_moving_onto_other_commitments_is_refused_by_name(database, cast, time, as_, shift):
    number, other = shift(), shift(cast.desk, starts=NOON + timedelta(hours=4))
    for one in (number, other):
        sign_up(database, cast.ana, one, time.at)
    browser = as_(cast.cy)
    browser.get(f"/shifts/{number}/edit")
    browser.press(f"/shifts/{number}", starts="16:00", ends="18:00")
    assert browser.response.status_code == 422
    assert "Ana Reyes" in browser.text
    with database.reading() as db:
        assert db.get_one(Shift, number).starts_at == NOON


def test_moving_to_a_day_on_which_somebody_is_away_is_refused_by_name(
    database, cast, time, as_, shift
):
    number = shift()
    sign_up(database, cast.ana, number, time.at)
    following = NOON.date() + timedelta(days=1)
    with database.writing() as db:
        build.absence(db, cast.ana, NOON.date(), time.at)  # she comes all the same
        build.absence(db, cast.ana, following, time.at)
    browser = as_(cast.cy)
    browser.get(f"/shifts/{number}/edit")
    browser.press(f"/shifts/{number}", day=f"{following}")
    assert browser.response.status_code == 422
    assert "busy or away then: Ana Reyes" in browser.text
    browser.get(f"/shifts/{number}/edit")
    browser.press(f"/shifts/{number}", starts="15:00", ends="18:00")
    assert "Thu, Dec 10, 3:00–6:00 pm" in browser.text


def test_spots_cannot_shrink_below_the_people_on_them(database, cast, time, as_, shift):
    number = shift(places=3)
    for person in (cast.ana, cast.bo):
        sign_up(database, person, number, time.at)
    browser = as_(cast.cy)
    browser.get(f"/shifts/{number}/edit")
    browser.press(f"/shifts/{number}", **{"slots-0-maximum": "1", "slots-0-minimum": "1"})
    assert "2 people are signed up as Driver" in browser.text
    browser.press(
        f"/shifts/{number}", **{"slots-0-position": str(cast.desk), "slots-0-maximum": "3"}
    )
    assert "2 people are signed up as Driver" in browser.text


def test_C3_a_stale_edit_shows_both_versions(database, cast, as_, shift):
    number = shift(title="Morning rides")
    slow, quick = as_(cast.cy), as_(cast.ada)
    slow.get(f"/shifts/{number}/edit")
    quick.get(f"/shifts/{number}/edit")
    quick.press(f"/shifts/{number}", title="Early rides")
    answer = slow.press(f"/shifts/{number}", title="Late rides", note="By the gate")
    assert answer.status_code == 409
    assert "Someone else saved this" in answer.text
    assert "Early rides" in answer.text
    assert slow.form(f"/shifts/{number}")["title"] == "Late rides"
    slow.press(f"/shifts/{number}")
    with database.reading() as db:
        assert db.get_one(Shift, number).title == "Late rides"


def test_canceling_names_whom_to_call_and_tells_why(database, cast, time, as_, shift):
    number = shift()
    sign_up(database, cast.ana, number, time.at)
    browser = as_(cast.cy)
    page = browser.get(f"/shifts/{number}/cancellation").text
    assert "Ana Reyes" in page
    assert "tel:5555551234" in page
    browser.press(f"/shifts/{number}/cancellation", reason="")
    assert browser.response.status_code == 422
    browser.press(f"/shifts/{number}/cancellation", reason="Ice on the roads")
    assert "Ice on the roads" in browser.text
    assert "canceled" in as_(cast.ana).get(f"/shifts/{number}").text
    assert "You have no upcoming shifts" in as_(cast.ana).get("/me").text


def test_a_coordinator_adds_and_removes_on_the_roster(database, cast, as_, shift):
    number = shift()
    browser = as_(cast.cy)
    browser.get(f"/shifts/{number}/roster")
    assert "Bo Tanaka" in browser.text  # has the role and is free
    with database.reading() as db:
        slot = str(build.slot_of(db, number))
    browser.press(f"/shifts/{number}/roster", person=str(cast.ana), slot=slot, asked="phone")
    assert "Ana Reyes was added to the shift." in browser.text
    removal = next(to for to, _ in forms_of(browser.text) if to.endswith("/removal"))
    browser.press(removal, reason="")
    assert browser.response.status_code == 422
    browser.press(removal, reason="Has a cold", asked="phone")
    assert "Ana Reyes was removed from the shift." in browser.text
    page = browser.get(f"/shifts/{number}").text
    assert "Cy Ortega signed up Ana Reyes" in page
    assert "Cy Ortega removed Ana Reyes at their request" in page
    assert page.count("by phone") == 2


def test_the_roster_says_why_somebody_cannot_be_added(database, cast, time, as_, shift):
    number, other = shift(), shift(cast.desk)
    sign_up(database, cast.ana, other, time.at)
    browser = as_(cast.cy)
    browser.get(f"/shifts/{number}/roster?q=reyes")
    assert "1 person found" in browser.text
    browser.press(f"/shifts/{number}/roster", person=str(cast.ana))
    assert browser.response.status_code == 422
    assert "Ana Reyes is busy then" in browser.text


def test_a_roster_finds_people_by_name_phone_and_mail(cast, as_, shift):
    number = shift()
    browser = as_(cast.cy)
    for query in ("tanaka", "naka", "bo tan", "bo@example.org"):
        page = browser.get(f"/shifts/{number}/roster?q={query}").text
        assert "Bo Tanaka" in page, query
    assert "No one matches" in browser.get(f"/shifts/{number}/roster?q=zzz").text


def test_the_schedule_puts_gaps_first_and_what_was_last(database, cast, time, as_, shift):
    time.at = NOON + timedelta(hours=3)
    full = shift(starts=NOON + timedelta(hours=6), places=1)
    gap = shift(starts=NOON + timedelta(hours=8))
    sign_up(database, cast.ana, full, time.at)
    past = shift(starts=NOON - timedelta(hours=20))
    page = as_(cast.cy).get("/schedule?week=2026-12-07&view=list").text
    places = [page.index(f'href="/shifts/{number}"') for number in (gap, full, past)]
    assert places == sorted(places)
    assert "unfilled shift" in page


def test_a_long_list_prints_numbers_instead_of_ten_thousand_dots(cast, as_, shift):
    number = shift(places=9999, needed=100)
    page = as_(cast.cy).get(f"/shifts/{number}").text
    assert len(page) < 30_000
    assert "0 of 9999 spots taken" in page


class TestFragments:
    """htmx gets the part it asked for; everything else gets the page."""

    def ask(self, browser, path, target, **more):
        headers = {"hx-request": "true", "hx-request-type": "partial", "hx-target": target} | more
        return browser.client.get(path, headers=headers)

    def test_a_part_is_answered_alone(self, cast, as_, shift):
        answer = self.ask(as_(cast.ana), f"/shifts/{shift()}", "section#signup_panel")
        assert answer.text.lstrip().startswith('<section id="signup_panel"')
        assert "<html" not in answer.text

    @pytest.mark.parametrize("target", ["body", "div#elsewhere", "section"])
    def test_an_unknown_target_gets_the_whole_page_over_all(self, cast, as_, shift, target):
        answer = self.ask(as_(cast.ana), f"/shifts/{shift()}", target)
        assert "<html" in answer.text
        assert answer.headers["hx-retarget"] == "body"

    def test_history_gets_the_whole_page(self, cast, as_, shift):
        answer = self.ask(
            as_(cast.ana),
            f"/shifts/{shift()}",
            "section#signup_panel",
            **{"hx-history-restore-request": "true"},
        )
        assert "<html" in answer.text

    def test_signing_up_answers_with_the_panel_and_what_to_say(self, cast, as_, shift):
        number, browser = shift(), as_(cast.ana)
        browser.get(f"/shifts/{number}")
        headers = {
            "hx-request": "true",
            "hx-request-type": "partial",
            "hx-target": "section#signup_panel",
        }
        answer = browser.press(f"/shifts/{number}/signup", headers=headers)
        assert answer.text.lstrip().startswith('<section id="signup_panel"')
        assert "Cancel my spot" in answer.text
        assert '<hx-partial hx-target="#flash"' in answer.text

    def test_an_error_goes_over_the_whole_page(self, cast, as_):
        answer = self.ask(as_(cast.ana), "/shifts/999", "section#signup_panel")
        assert answer.status_code == 404
        assert answer.headers["hx-retarget"] == "body"

    def test_a_lost_session_leads_to_signing_in(self, cast, public, shift):
        answer = self.ask(public, "/me", "section#x")
        assert answer.headers["hx-redirect"] == "/session/new"


def test_Z5_a_role_opens_a_sensitive_shift_until_the_end_of_its_last_local_day(
    database, cast, time, as_, shift
):
    number = shift(cast.host)
    with database.writing() as db:
        role = db.scalars(select(Placement).filter_by(person_id=cast.hana)).one()
        placements.end_placement(Act(db, build.OFFICE, time.at), role, date(2026, 12, 1), "")
    hana = as_(cast.hana)
    time.at = datetime(2026, 12, 2, 4, 59, tzinfo=UTC)  # a minute to midnight in New York
    assert hana.client.get(f"/shifts/{number}").status_code == 200
    assert f"/shifts/{number}" in hana.get("/shifts?show=all").text
    time.move(minutes=1)
    assert hana.client.get(f"/shifts/{number}").status_code == 404
    assert f"/shifts/{number}" not in hana.get("/shifts?show=all").text


def test_a_shift_takes_as_many_roles_as_its_program_has_from_one_page(database, cast, time, as_):
    with database.writing() as db:
        of = db.get_one(build.Program, cast.rides)
        more = [build.position(db, of, f"Role {number}", time.at).id for number in range(4)]
    browser = as_(cast.cy)
    page = browser.get(f"/shifts/new?program={cast.rides}").text
    assert page.count('name="slots-') == 6 * 4  # the two roles of the cast, and four more
    assert page.index("More roles") > page.index("slots-1-position")
    rows = {
        f"slots-{number}-position": str(role) for number, role in enumerate([cast.driver, *more])
    }
    answer = browser.press(
        f"/shifts?program={cast.rides}", day="2026-12-20", starts="09:00", ends="10:00", **rows
    )
    assert answer.status_code == 200
    with database.reading() as db:
        assert len(db.scalars(select(Shift)).one().slots) == 5
        number = db.scalars(select(Shift.id)).one()
    page = browser.get(f"/shifts/{number}/edit").text
    assert page.index("More roles") > page.index(
        "slots-4-position"
    )  # what is in use is shown at once
