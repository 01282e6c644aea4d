"""A new date with the same companion, another look, the end, and the clock on a first visit."""

from datetime import UTC, date, datetime, timedelta
from datetime import time as clock_time

import pytest
from sqlalchemy import select

from portal.cases import adjourning, due, lists, matches, report, requests
from portal.cases.models import Case, HelpRequest, Match, MatchState, RequestState, Unmet
from portal.commitments.models import Commitment
from portal.messages.models import Message
from portal.permissions import Role
from portal.web.errors import Refused
from tests import build
from tests.build import SETTINGS
from tests.cases.test_cases import asked, lee, refused, worker
from tests.cases.test_contacts import enter
from tests.cases.test_matches import DAY, both, do, match, own, proposed, state, step
from tests.worker import round_of_work

__all__ = ["asked", "lee", "match"]


ZONE = SETTINGS.timezone


def handed(database, cast, time, lee, match):
    for name in ("accept", "client_said", "hand_off"):
        step(database, cast, time, lee, match, name)


@both
def test_an_adjourned_request_asks_only_its_companion_who_need_not_be_told_again(
    database, cast, time, lee, asked, match
):
    handed(database, cast, time, lee, match)
    today = time.at.date()
    with database.writing() as db:
        act, row = worker(db, cast, time, lee), db.get_one(HelpRequest, asked[1])
        for field, day, starts, ends in (
            ("day", today - DAY, None, None),
            ("ends", today + 9 * DAY, clock_time(12), clock_time(11)),
            ("day", row.day, row.starts, row.ends),
        ):
            assert refused(adjourning.adjourn, act, row, day, starts, ends, today) == [field]
        times = clock_time(12), clock_time(13)
        done = adjourning.adjourn(act, row, today + 9 * DAY, *times, today)
        assert [one.id for one in done] == [match]
        assert row.state == RequestState.OPEN
    with database.reading() as db:
        asked_ = db.scalars(select(Message).where(Message.kind == "match.moved")).all()
        assert [one.person_id for one in asked_] == [cast.ana]
        row = db.get_one(Match, match)
        assert row.state == MatchState.PROPOSED  # until then nothing is read
    step(database, cast, time, lee, match, "accept")
    step(database, cast, time, lee, match, "accept")
    assert state(database, match) == MatchState.HANDED_OFF
    with database.reading() as db:
        assert db.get_one(HelpRequest, asked[1]).state == RequestState.FILLED
        assert db.get_one(Match, match).next_due_on == today + 9 * DAY
        assert len(db.scalars(select(Commitment).filter_by(kind="match")).all()) == 1


@both
def test_whoever_was_only_asked_keeps_the_question_and_the_clients_yes_stays(
    database, cast, time, lee, asked, match
):
    step(database, cast, time, lee, match, "accept")
    step(database, cast, time, lee, match, "client_said")
    other = proposed(database, cast, time, asked, cast.bo)
    today = time.at.date()
    with database.writing() as db:
        row = db.get_one(HelpRequest, asked[1])
        done = adjourning.adjourn(
            worker(db, cast, time, lee), row, today + 9 * DAY, None, None, today
        )
        assert [one.id for one in done] == [match]
    with database.reading() as db:
        assert set(db.scalars(select(Match.state))) == {MatchState.PROPOSED}
        assert db.get_one(Match, other).state == MatchState.PROPOSED
    step(database, cast, time, lee, match, "accept")
    assert state(database, match) == MatchState.AGREED  # the client's yes stays


@both
def test_a_request_is_done_once_someone_knew_the_client(database, cast, time, lee, asked, match):
    with pytest.raises(Refused, match="No one has helped"):
        finish(database, cast, time, lee, asked)
    handed(database, cast, time, lee, match)
    for _ in range(2):
        finish(database, cast, time, lee, asked)
    assert state(database, match) == MatchState.ENDED
    with database.reading() as db:
        assert db.get_one(HelpRequest, asked[1]).state == RequestState.DONE
    with pytest.raises(Refused):
        do(database, own(cast, time), matches.accept, match)


def finish(database, cast, time, lee, asked):
    with database.writing() as db:
        adjourning.finish(worker(db, cast, time, lee), db.get_one(HelpRequest, asked[1]))


@both
def test_what_is_needed_again_and_again_is_looked_at_on_its_day(database, cast, time, lee, asked):
    today = time.at.date()
    with database.writing() as db:
        row = db.get_one(HelpRequest, asked[1])
        act = worker(db, cast, time, lee)
        row.lasting, row.day, row.review_on = True, None, today
        with pytest.raises(Refused, match="once"):
            adjourning.adjourn(act, row, today + DAY, None, None, today)
        viewer = act.by
        assert len(lists.open_requests(db, viewer, "review", today)) == 1
        assert refused(adjourning.look_again, act, row, today, today) == ["on"]
        adjourning.look_again(act, row, today + 30 * DAY, today)
        assert lists.open_requests(db, viewer, "review", today) == []
        assert len(lists.open_requests(db, viewer, "review", today + 30 * DAY)) == 1


@both
@pytest.mark.parametrize("night", ["2026-10-31", "2027-03-13"])
def test_the_clock_of_a_first_visit_warns_at_three_days_at_one_and_once_it_is_late(
    database, cast, time, lee, asked, match, night
):
    """Over a night on which the clocks change; also when the worker slept on a day."""
    first = date.fromisoformat(night)
    with database.writing() as db:
        row = db.get_one(HelpRequest, asked[1])
        row.lasting, row.day, row.due_on = True, None, first + 2 * DAY

    def told() -> int:
        with database.reading() as db:
            return len(db.scalars(select(Message).where(Message.kind == due.DUE.name)).all())

    noon = datetime(first.year, first.month, first.day, 18, tzinfo=UTC)
    seen = []
    for days in (-2, -1, 0, 1, 2, 3, 4):
        if days == -1:
            round_of_work(database, SETTINGS, noon + timedelta(days=days))  # by the worker itself
        for hours in (-12, 0, 1):  # at night: none
            with database.writing() as db:
                due.warn(db, ZONE, noon + timedelta(days=days, hours=hours))
        seen.append(told())
    assert seen == [0, 1, 1, 2, 2, 3, 3]
    handed(database, cast, time, lee, match)
    step(database, cast, time, lee, match, "meet")
    with database.reading() as db:
        viewer = build.viewer(lee, (Role.CASEWORKER, cast.rides))
        assert lists.open_requests(db, viewer, "due", first) == []


def test_an_adjournment_and_the_same_again_on_their_pages(
    database, cast, time, lee, asked, match, as_
):
    handed(database, cast, time, lee, match)
    page = f"/help-requests/{asked[1]}"
    browser = as_(lee)
    browser.get(page)
    day = (time.at.date() + 12 * DAY).isoformat()
    browser.press(f"{page}/date", day=day)
    assert "We asked the same volunteer" in browser.text
    again = browser.get(f"/cases/{asked[0]}/requests/new?like={asked[1]}").text
    assert '<option value="1" selected' in again or "selected" in again
    with database.reading() as db:
        assert db.get_one(HelpRequest, asked[1]).day.isoformat() == day
    stranger = as_(cast.mara)
    assert stranger.post(f"{page}/date", day=day).status_code == 404


def numbers(*given: int) -> list[report.Line]:
    empty = dict.fromkeys((*report.COUNTS, *report.BESIDE), 0)
    return [
        report.Line(
            "Rides",
            {},
            f"F{place}",
            {},
            empty | {"requested": value, "visits": value, "minutes": 60},
        )
        for place, value in enumerate(given)
    ]


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ((40, 30), [40, 30, 70]),
        ((40, 3), [40, -1, -1]),  # the total would give it away
        ((40, 30, 3), [40, 30, -1, -1]),
        ((40, 9, 9), [40, -1, -1, -1]),  # both at their most
        ((40, 3, 0), [40, -1, 0, -1]),
        ((3,), [-1]),
        ((3, 4), [-1, -1, -1]),
        ((0, 0), [0, 0, 0]),
    ],
)
def test_P6_small_numbers_are_hidden_and_can_t_be_found_from_the_others(given, shown):
    lines = report.hide_small(numbers(*given), 10)
    assert [line.numbers["requested"] for line in lines] == shown
    assert [line.numbers["minutes"] == report.HIDDEN for line in lines] == [
        value == report.HIDDEN for value in shown
    ]


@both
def test_the_report_counts_what_was_asked_for_filled_unmet_and_given(
    database, cast, time, lee, asked, match
):
    handed(database, cast, time, lee, match)
    today = time.at.date()
    enter(database, own(cast, time), match, time, tenths=15)
    with database.writing() as db:
        function = db.get_one(HelpRequest, asked[1]).function_id
        act = worker(db, cast, time, lee)
        row = build.help_request(act, function, today + DAY, "24-0500")
        requests.give_up(act, row, Unmet.AREA)
        gone = build.help_request(act, function, today + DAY, "24-0501")
        requests.withdraw(act, gone)
    with database.reading() as db:
        viewer = build.viewer(lee, (Role.CASEWORKER, cast.rides))
        (line,) = report.lines(db, viewer, today, today, "America/New_York", 1)
        got = {name: value for name, value in line.numbers.items() if value}
        assert got == {
            "requested": 3, "filled": 1, "unmet_area": 1, "withdrawn": 1, "visits": 1, "minutes": 50, "tenths": 15,
        }  # fmt: skip
        mara = build.viewer(cast.mara, (Role.COORDINATOR, cast.shelter))
        assert report.lines(db, mara, today, today, "America/New_York", 1) == []
        assert db.get_one(Case, asked[0]).closed_at is None


def test_the_report_on_its_page_and_as_a_file_hides_the_same(database, cast, time, lee, asked, as_):
    browser = as_(lee)
    assert "Numbers under 10 are hidden" in browser.get("/help-requests/report").text
    time.at += 35 * DAY
    file = as_(lee).client.get("/help-requests/report.csv?span=last").text
    assert "hidden" in file
    assert "24-0117" not in file
