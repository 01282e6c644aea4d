"""Pages of who came and of hours, as coordinators and volunteers use them."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from portal.act import Act
from portal.hours import decisions, reporting
from portal.hours.models import HoursEntry, HoursQuestion
from portal.people.models import Person
from portal.programs.models import Program
from portal.shifts import signups
from portal.shifts.models import Signup, Slot
from portal.web.durations import read_duration
from tests import build


@pytest.fixture
def over(database, cast, time):
    """A shift that ended an hour ago, with Ana, Bo and Sol on it: its id and their signups."""
    with database.writing() as db:
        build.place(db, cast.sol, cast.driver, time.at)
        shift = build.shift(
            db, cast.driver, starts=time.at - timedelta(hours=3), places=3, title="Food drive"
        )
        for person in (cast.ana, cast.bo, cast.sol):
            signups.sign_up(Act(db, build.OFFICE, time.at), person, shift.id, staff=True)
        rows = db.execute(select(Signup.person_id, Signup.id)).all()
        return shift.id, {row.person_id: row.id for row in rows}


@pytest.mark.parametrize(
    ("typed", "minutes"),
    [("2:30", 150), ("2.5", 150), ("2,25 h", 135), ("2", 120), ("150 min", 150), ("0:05", 5),
     ("", None), ("  ", None), ("1.75 hours", 105), ("90m", 90), ("2 horas", 120), ("1h 30", 90), ("1h30", 90), ("1 hr 45 min", 105)],
)  # fmt: skip
def test_durations_are_read_as_people_write_them(typed, minutes):
    assert read_duration(typed) == minutes


@pytest.mark.parametrize("typed", ["two", "2:75", "150", "-1", "2:30:00", "1e3", "=1", "½"])
def test_a_duration_that_could_mean_anything_is_asked_about(typed):
    with pytest.raises(ValueError, match=re.escape(typed)):
        read_duration(typed)


def test_a_roster_that_nobody_filled_in_heads_the_home_and_is_done_in_one_press(
    database, cast, time, as_, over
):
    shift, of = over
    cy = as_(cast.cy)
    assert "1 shift needs attendance" in cy.get("/me").text
    assert "needs attendance" not in as_(cast.mara).get("/me").text
    assert "Food drive" in cy.get("/attendance").text
    path = f"/shifts/{shift}/attendance"
    page = cy.get(path).text
    assert "Mark everyone attended" in page
    cy.press(path, **{f"a-{of[cast.bo]}": "no_show", "all_came": "yes"})
    with database.reading() as db:
        found = dict(db.execute(select(Signup.person_id, Signup.attendance)).all())
        assert found == {cast.ana: "attended", cast.bo: "no_show", cast.sol: "attended"}
    assert "needs attendance" not in cy.get("/me").text
    page = as_(cast.bo).get("/me/hours").text
    assert "We marked you absent. If that&#39;s wrong, tell us." in page.replace("'", "&#39;")


def test_a_wrong_time_comes_back_beside_the_person_and_nothing_typed_is_lost(
    database, cast, time, as_, over
):
    shift, of = over
    cy = as_(cast.cy)
    path = f"/shifts/{shift}/attendance"
    cy.get(path)
    answer = cy.press(
        path,
        **{f"a-{of[cast.ana]}": "left_early", f"m-{of[cast.ana]}": "a while",
           f"a-{of[cast.bo]}": "left_early"},
    )  # fmt: skip
    assert answer.status_code == 422
    assert "length of time like 2 hr 30 min" in answer.text
    assert 'value="a while"' in answer.text
    answer = cy.press(
        path, **{f"a-{of[cast.ana]}": "left_early", f"m-{of[cast.ana]}": "1:15",
                 f"a-{of[cast.bo]}": "left_early"},
    )  # fmt: skip
    assert "Enter how long they were there." in answer.text
    cy.press(path, **{f"m-{of[cast.bo]}": "0:30"})
    with database.reading() as db:
        rows = db.execute(select(HoursEntry.person_id, HoursEntry.minutes)).all()
        assert dict(rows) == {cast.ana: 75, cast.bo: 30}


def test_somebody_who_simply_came_is_added_after_the_start(database, cast, time, as_):
    with database.writing() as db:
        shift = build.shift(db, cast.driver, starts=time.at - timedelta(hours=1)).id
    cy = as_(cast.cy)
    cy.get(f"/shifts/{shift}/roster")
    cy.post(f"/shifts/{shift}/roster", person=str(cast.bo), slot="1", asked="in_person")
    assert "Bo Tanaka" in cy.get(f"/shifts/{shift}/attendance").text
    assert as_(cast.ana).post(f"/shifts/{shift}/signup").status_code == 422


def test_a_volunteer_reports_changes_takes_back_and_asks(database, cast, time, as_):
    ana = as_(cast.ana)
    ana.get("/me/hours/new")
    values = {"position": str(cast.driver), "day": "2026-11-30", "note": "Phone calls"}
    answer = ana.press("/me/hours", **values)
    assert answer.status_code == 422
    assert "start and end time, or the total time" in answer.text
    assert "Phone calls" in answer.text
    page = ana.press("/me/hours", **values, starts="22:30", ends="00:15", minutes="").text
    assert "1 hr 45 min" in page
    assert "pending" in page
    with database.reading() as db:
        entry = db.scalars(select(HoursEntry.id)).one()
    assert as_(cast.bo).get(f"/me/hours/{entry}").status_code == 404
    ana.get(f"/me/hours/{entry}")
    ana.press(f"/me/hours/{entry}", starts="", ends="", minutes="2", later="yes")
    page = ana.get("/me/hours?month=2026-11").text
    assert "draft" in page
    assert "2 hr" in page
    cy = as_(cast.cy)
    assert "Ana Reyes" not in cy.get("/hours").text  # a draft is no one's but its writer's
    with database.reading() as db:
        entry = db.scalars(select(HoursEntry.id).where(HoursEntry.state == "draft")).one()
    ana.get(f"/me/hours/{entry}")
    ana.press(f"/me/hours/{entry}")
    page = cy.get("/hours").text
    assert "Ana Reyes" in page
    cy.press("/hours/approval")
    assert "approved" in ana.get("/me/hours?month=2026-11").text
    with database.reading() as db:
        entry = db.scalars(select(HoursEntry.id).where(HoursEntry.state == "approved")).one()
    ana.press(f"/me/hours/{entry}/question?month=2026-11", words="It was three.")
    assert "It was three." in cy.get("/hours").text
    assert "Questions about hours" in cy.get("/me").text
    with database.reading() as db:
        question = db.scalars(select(HoursQuestion.id)).one()
    assert as_(cast.mara).get(f"/hours/questions/{question}").status_code == 404
    cy.get(f"/hours/{entry}")
    cy.press(f"/hours/questions/{question}/answer", answer="You are right.", minutes="3:00")
    page = ana.get("/me/hours?month=2026-11").text
    assert "3 hr" in page


def test_the_hour_that_comes_twice_is_asked_about(database, cast, time, as_):
    ana = as_(cast.ana)
    ana.get("/me/hours/new")
    values = {"position": str(cast.driver), "day": "2026-11-01", "starts": "00:30", "ends": "01:30"}
    answer = ana.press("/me/hours", **values)
    assert answer.status_code == 422
    assert "This time comes twice that night." in answer.text
    ana.press("/me/hours", **values, ends_fold="1")
    with database.reading() as db:
        assert db.scalars(select(HoursEntry.minutes)).all() == [120]


def test_a_paper_sheet_is_typed_in_by_keyboard_all_of_it_or_nothing(database, cast, time, as_):
    cy = as_(cast.cy)
    path = f"/hours/sheet?position={cast.driver}&from=2026-11-25"
    page = cy.get(path).text
    assert f'name="h-{cast.ana}-2026-11-30"' in page
    assert "Tue, Dec 1" in page
    to = f"/hours/sheet?position={cast.driver}&from=2026-11-25"
    ana, bo = f"h-{cast.ana}-2026-11-30", f"h-{cast.bo}-2026-11-30"
    answer = cy.press(to, **{ana: "2", bo: "25"})
    assert answer.status_code == 422
    assert 'value="2"' in answer.text
    assert 'aria-invalid="true"' in answer.text
    answer = cy.press(to, **{bo: "x"})
    assert "length of time like 2 hr 30 min" in answer.text
    with database.reading() as db:
        assert db.scalars(select(HoursEntry.id)).all() == []
    page = cy.press(to, **{ana: "2", bo: "1:30"}).text
    assert "2 time entries were saved." in page
    assert f'name="{ana}"' not in page  # it stands there now
    with database.reading() as db:
        rows = db.scalars(select(HoursEntry)).all()
        assert {(row.asked, row.recorded_by_id) for row in rows} == {("paper", cast.cy)}
    assert as_(cast.mara).get(path).status_code == 404


def test_staff_write_hours_down_for_a_person_who_calls(database, cast, time, as_):
    with database.writing() as db:
        db.execute(update(Program).values(counts_travel=True))
    cy = as_(cast.cy)
    to = f"/people/{cast.ana}/hours"
    assert "Plus travel time" in cy.get(to).text
    cy.press(
        to,
        position=str(cast.driver),
        day="2026-11-30",
        minutes="2:00",
        travel="0:30",
        asked="phone",
    )
    with database.reading() as db:
        entry = db.scalars(select(HoursEntry)).one()
        assert (entry.minutes, entry.travel_minutes, entry.asked) == (150, 30, "phone")


def test_all_that_waits_is_approved_but_not_what_came_in_after_looking(database, cast, time, as_):
    cy = as_(cast.cy)

    def hand_in(day):
        with database.writing() as db:
            work = build.work(cast, day=day)
            reporting.report(Act(db, build.viewer(cast.ana), time.at), work, zone="UTC")

    hand_in("2026-11-29")
    assert "1 time entry to approve" in cy.get("/hours").text
    hand_in("2026-11-30")
    assert "1 time entry was approved." in cy.press("/hours/approval", everything="yes").text
    assert "1 time entry to approve" in cy.get("/hours").text


def test_who_approves_some_does_not_approve_the_others_by_the_next_press(database, cast, time, as_):
    made = []
    with database.writing() as db:
        for day in ("2026-11-28", "2026-11-29", "2026-11-30"):
            act = Act(db, build.viewer(cast.ana), time.at)
            made.append(reporting.report(act, build.work(cast, day=day), zone="UTC").id)
    cy = as_(cast.cy)
    assert cy.get("/hours").text.count(" checked") >= 3
    page = cy.press("/hours/approval", entries=[str(made[0])]).text
    assert "1 time entry was approved." in page
    assert " checked" not in page
    assert cy.press("/hours/approval?checked=no").status_code == 422


def test_a_program_says_who_pays_and_two_never_pay_for_one_day(cast, as_):
    cy = as_(cast.cy)
    to = f"/programs/{cast.rides}/funding"
    cy.get(to)
    cy.press(to, name="Title III", first_day="2026-01-01")
    answer = cy.press(to, name="County", first_day="2026-06-01")
    assert "Title III already funds some of these days." in answer.text
    cy.press(to, name="Court grant", first_day="2026-06-01", position_id=str(cast.driver))
    page = cy.get(to).text
    assert "Court grant" in page
    cy.press(f"{to}/1", name="Title III", first_day="2026-01-01", last_day="2026-05-31")
    cy.get(to)
    assert cy.press(to, name="County", first_day="2026-06-01").status_code == 200


def test_a_roster_of_hundreds_is_filled_in_with_one_press(database, cast, time, as_):
    with database.writing() as db:
        shift = build.shift(db, cast.driver, starts=time.at - timedelta(hours=3), places=600)
        people = [Person(name=f"P {index}", created_at=time.at) for index in range(520)]
        db.add_all(people)
        db.flush()
        slot = build.slot_of(db, shift.id)
        db.add_all(
            Signup(
                slot_id=slot, shift_id=shift.id, person_id=one.id, state="signed_up", since=time.at
            )
            for one in people
        )
        number = shift.id
    cy = as_(cast.cy)
    cy.get(f"/shifts/{number}/attendance")
    assert (
        "Attendance recorded for 520 people."
        in cy.press(f"/shifts/{number}/attendance", all_came="yes").text
    )


def test_a_sheet_that_the_end_of_a_session_caught_comes_back_where_it_was(
    database, cast, time, as_
):
    cy = as_(cast.cy)
    to = f"/hours/sheet?position={cast.driver}&from=2026-11-25"
    cy.get(to)
    form = cy.form(to) | {f"h-{cast.ana}-2026-11-30": "2:15"}
    time.move(hours=3)
    cy.client.post(to, data=form)
    again = as_(cast.cy)
    page = again.get("/session/kept").text
    assert 'value="2:15"' in page


def test_the_same_sheet_typed_by_two_people_counts_once(database, cast, time, as_):
    to = f"/hours/sheet?position={cast.driver}&from=2026-11-25"
    first, second = as_(cast.cy), as_(cast.ada)
    first.get(to)
    second.get(to)
    cell = f"h-{cast.ana}-2026-11-30"
    first.press(to, **{cell: "2"})
    answer = second.press(to, **{cell: "2"})
    assert answer.status_code == 422
    with database.reading() as db:
        assert db.scalars(select(HoursEntry.minutes)).all() == [120]


def test_who_simply_came_is_added_to_a_full_shift_once_it_has_begun(database, cast, time, as_):
    with database.writing() as db:
        shift = build.shift(db, cast.driver, starts=time.at - timedelta(hours=1), places=1).id
        signups.sign_up(Act(db, build.OFFICE, time.at), cast.ana, shift, staff=True)
        slot = build.slot_of(db, shift)
    cy = as_(cast.cy)
    cy.get(f"/shifts/{shift}/roster")
    cy.post(f"/shifts/{shift}/roster", person=str(cast.bo), slot=str(slot), asked="in_person")
    assert "Bo Tanaka" in cy.get(f"/shifts/{shift}/attendance").text
    with database.reading() as db:
        counted = db.get_one(Slot, slot)
        assert (counted.filled, counted.maximum) == (2, 2)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"starts": "14:00", "ends": "13:00"}, "Check am and pm."),
        ({"starts": "09:00", "ends": "11:00", "minutes": "5"}, "not both"),
        ({"minutes": "2", "day": "2019-01-01"}, "within the past year"),
        ({"minutes": "25"}, "less than 24 hours"),
        ({"minutes": "90"}, "like “90 min”"),
        ({"starts": "09:00"}, "both times"),
        ({"minutes": "two"}, "like 2 hr 30 min"),
    ],
)
def test_what_cannot_be_is_said_beside_the_field(cast, as_, typed, said):
    ana = as_(cast.ana)
    ana.get("/me/hours/new")
    values = {"position": str(cast.driver), "day": "2026-11-30", "note": "Phone calls"} | typed
    answer = ana.press("/me/hours", **values)
    assert answer.status_code == 422
    assert said in answer.text
    assert "Phone calls" in answer.text


def test_the_same_hours_twice_are_refused(cast, as_):
    ana = as_(cast.ana)
    for status in (200, 422):
        ana.get("/me/hours/new")
        values = {"position": str(cast.driver), "day": "2026-11-30", "minutes": "2"}
        assert ana.press("/me/hours", **values).status_code == status


def test_times_on_a_roster_are_never_dropped_silently(cast, time, as_, over):
    shift, of = over
    cy = as_(cast.cy)
    path = f"/shifts/{shift}/attendance"
    for typed, said in (
        ({f"m-{of[cast.ana]}": "1:00"}, "Did they attend?"),
        (
            {f"a-{of[cast.ana]}": "attended", f"m-{of[cast.ana]}": "25"},
            "much longer than the shift",
        ),
        ({f"a-{of[cast.ana]}": "left_early", f"m-{of[cast.ana]}": "5"}, "as long as the shift"),
        ({f"a-{of[cast.ana]}": "attended", f"m-{of[cast.ana]}": "0"}, "how long they were there"),
    ):
        cy.get(path)
        answer = cy.press(path, **typed)
        assert answer.status_code == 422
        assert said in answer.text


def test_a_person_sees_what_was_changed_and_the_answer_beside_what_stands_now(
    database, cast, time, as_, over
):
    shift, of = over
    cy, bo = as_(cast.cy), as_(cast.bo)
    path = f"/shifts/{shift}/attendance"
    cy.get(path)
    cy.press(path, **{f"a-{of[cast.bo]}": "no_show", "all_came": "yes"})
    with database.reading() as db:
        entry = db.scalars(select(HoursEntry.id).where(HoursEntry.person_id == cast.bo)).one()
    bo.get("/me/hours")
    bo.press(f"/me/hours/{entry}/question?month=2026-12", words="I was there.")
    cy.get(path)
    cy.press(path, **{f"a-{of[cast.bo]}": "attended"})
    with database.reading() as db:
        question = db.scalars(select(HoursQuestion.id)).one()
    cy.get(f"/hours/{entry}")
    cy.press(f"/hours/questions/{question}/answer", answer="Sorry, you are right.")
    page = bo.get("/me/hours").text
    assert "I was there." in page
    assert "Sorry, you are right." in page
    assert "It was 0 min until Cy" in page
    assert "2 hr" in page


def test_V5_a_press_approves_so_many_and_says_how_many_more_wait(
    database, cast, time, as_, monkeypatch
):
    monkeypatch.setattr("portal.hours.views.staff.MOST_AT_ONCE", 2)
    with database.writing() as db:
        for minutes in (10, 20, 30):
            work = build.work(cast, minutes=minutes)
            reporting.report(Act(db, build.viewer(cast.ana), time.at), work, zone="UTC")
    cy = as_(cast.cy)
    cy.get("/hours")
    page = cy.press("/hours/approval", everything="yes").text
    assert (
        "2 time entries were approved. 1 more are pending. Press the button again to approve them."
        in page
    )
    page = cy.press("/hours/approval", everything="yes").text
    assert "1 time entry was approved." in page


def test_approved_hours_are_found_again(database, cast, time, as_):
    with database.writing() as db:
        act = Act(db, build.viewer(cast.ana), time.at)
        made = reporting.report(act, build.work(cast), zone="UTC").id
        decisions.approve(Act(db, build.OFFICE, time.at), [made])
    cy = as_(cast.cy)
    assert "Ana Reyes" not in cy.get("/hours").text
    assert f'href="/hours/{made}"' in cy.get("/hours?show=all&q=Reyes").text
    assert f'href="/hours/{made}"' in cy.get(f"/hours?show=all&person={cast.ana}").text
    assert f'href="/hours/{made}"' not in as_(cast.mara).get("/hours?show=all").text
