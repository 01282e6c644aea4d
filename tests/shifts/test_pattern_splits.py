"""A recurring shift is changed from a day on: what is earlier stays, what is later keeps its people."""

from datetime import date, time, timedelta

import pytest
from sqlalchemy import select

from portal import clock
from portal.act import Act
from portal.messages.models import Message
from portal.permissions import Role
from portal.shifts import patterns, regulars
from portal.shifts.models import Shift, Signup, SignupState
from portal.shifts.pattern_models import Pattern, Regular
from portal.shifts.shift_slots import SlotWish
from portal.web.errors import Preview, Refused, Stale
from tests import build
from tests.build import PATTERN
from tests.undo.test_undo import do, take_back

both = pytest.mark.both_databases
DAY = timedelta(days=1)
ZONE = "America/New_York"
FROM = date(2027, 1, 1)
UNTIL = date(2027, 2, 28)


def coordinator(cast):
    return build.viewer(cast.cy, (Role.COORDINATOR, cast.rides))


@pytest.fixture
def pattern(database, cast, time) -> int:
    """Tuesdays and Thursdays at six until the end of February; Ana takes every one."""
    with database.writing() as db:
        number = build.pattern(db, cast.driver, time.at, until=UNTIL).id
        first = db.scalars(
            select(Shift.id).where(Shift.pattern_id == number).order_by(Shift.starts_at)
        ).first()
        act = Act(db, build.viewer(cast.ana), time.at)
        given = (act, cast.ana, first, cast.driver, 1, None, [], False)
        with pytest.raises(Preview) as caught:
            regulars.take(*given, "")
        regulars.take(*given, caught.value.seen)
    return number


def edit(act, cast, number, seen, from_day=FROM, **values) -> int:
    """Change it from a day on; gives the later pattern."""
    row = act.db.get_one(Pattern, number)
    wishes = [SlotWish(cast.driver, 1, 2)]
    return patterns.edit_pattern(act, row, PATTERN | values, wishes, row.version, seen, from_day).id


def seen(database, cast, time, number, from_day=FROM, **values) -> str:
    """The mark of the preview that is looked at first."""
    with pytest.raises(Preview) as caught, database.writing() as db:
        edit(Act(db, coordinator(cast), time.at), cast, number, "", from_day, **values)
    return caught.value.seen


def change(database, cast, time, number, from_day=FROM, **values) -> int:
    """Look at it, then do it."""
    mark = seen(database, cast, time, number, from_day, **values)
    with database.writing() as db:
        return edit(Act(db, coordinator(cast), time.at), cast, number, mark, from_day, **values)


def dates(database, number) -> dict[date, tuple[time, bool]]:
    """A pattern's dates, when each starts, and whether Ana is on it."""
    with database.reading() as db:
        rows = db.scalars(select(Shift).where(Shift.pattern_id == number)).all()
        on = set(db.scalars(select(Signup.shift_id).where(Signup.state == SignupState.SIGNED_UP)))
        return {
            row.pattern_day: (clock.to_local(row.starts_at, ZONE).time(), row.id in on)
            for row in rows
        }


LATER = {"starts": time(17), "ends": time(19)}


@both
def test_what_is_earlier_stays_and_what_is_later_moves_with_its_people(
    database, cast, time, pattern
):
    before = dates(database, pattern)
    later = change(database, cast, time, pattern, **LATER)
    assert later != pattern
    earlier, moved = dates(database, pattern), dates(database, later)
    assert earlier == {day: one for day, one in before.items() if day < FROM}
    assert moved.keys() == {day for day in before if day >= FROM}
    assert set(moved.values()) == {(LATER["starts"], True)}
    with database.reading() as db:
        old, new = db.get_one(Pattern, pattern), db.get_one(Pattern, later)
        assert (old.last_day, old.starts.hour, new.starts.hour) == (FROM - DAY, 18, 17)
        told = select(Message.person_id).where(Message.kind == "regular.changed")
        assert db.scalars(told).all() == [cast.ana]
        (regular,) = db.scalars(select(Regular)).all()
        assert (regular.pattern_id, regular.last_day) == (later, None)
        theirs = select(Signup.shift_id).where(Signup.regular_id == regular.id)
        assert len(db.scalars(theirs).all()) == len(earlier) + len(moved)
    with database.writing() as db:  # who stops leaves the dates of both parts
        act = Act(db, build.viewer(cast.ana), time.at)
        regulars.stop(act, db.get_one(Regular, regular.id))
    every = {**dates(database, pattern), **dates(database, later)}
    soon = clock.local_day(time.at + DAY, ZONE)  # past its cut-off
    assert [day for day, (_, on) in every.items() if on and day > soon] == []


@both
def test_it_can_be_undone_as_a_whole(database, cast, time, pattern):
    before = dates(database, pattern)
    mark = seen(database, cast, time, pattern, **LATER)
    undo = do(
        database, coordinator(cast), time.at, lambda act: edit(act, cast, pattern, mark, **LATER)
    )
    assert undo
    assert dates(database, pattern) != before
    take_back(database, coordinator(cast), time.at + timedelta(minutes=1), undo)
    assert dates(database, pattern) == before
    with database.reading() as db:
        assert db.get_one(Pattern, pattern).last_day is None
        assert db.scalars(select(Pattern.id)).all() == [pattern]
        (regular,) = db.scalars(select(Regular)).all()
        assert regular.pattern_id == pattern
        assert set(db.scalars(select(Signup.regular_id))) == {regular.id}


def test_from_today_or_before_the_first_day_all_dates_change(database, cast, time, pattern):
    today = clock.local_day(time.at, ZONE)
    assert change(database, cast, time, pattern, today, **LATER) == pattern
    assert change(database, cast, time, pattern, PATTERN["first_day"], title="Rides") == pattern
    with database.reading() as db:
        assert len(db.scalars(select(Pattern)).all()) == 1


def test_after_the_last_day_and_from_an_old_form_it_is_refused(database, cast, time, pattern):
    with database.writing() as db:
        db.get_one(Pattern, pattern).last_day = date(2026, 12, 31)
    with database.writing() as db:
        act = Act(db, coordinator(cast), time.at)
        row = db.get_one(Pattern, pattern)
        given = (act, row, PATTERN, [SlotWish(cast.driver, 1, 2)])
        with pytest.raises(Refused) as caught:
            patterns.edit_pattern(*given, row.version, "", FROM)
        assert "from_day" in caught.value.fields
        with pytest.raises(Stale):
            patterns.edit_pattern(*given, (row.version or 0) + 1, "", FROM)


@both
def test_every_other_week_stays_the_same_week(database, cast, time):
    rule = "FREQ=WEEKLY;INTERVAL=2;BYDAY=TH;WKST=MO"
    with database.writing() as db:
        number = build.pattern(db, cast.driver, time.at, until=UNTIL, rule=rule).id
    before = dates(database, number)
    later = change(database, cast, time, number, rule=rule, starts=LATER["starts"])
    assert {**dates(database, number), **dates(database, later)}.keys() == before.keys()


def test_the_worker_carries_the_later_part_on_and_not_the_earlier(database, cast, time, pattern):
    later = change(database, cast, time, pattern, **LATER)
    until = UNTIL + 14 * DAY
    with database.writing() as db:
        act = Act(db, build.OFFICE, time.at)
        due = set(db.scalars(patterns.due(until)))
        assert due == {later}
        assert patterns.extend(act, db.get_one(Pattern, later), until) == 4
    with database.writing() as db:
        (regular,) = db.scalars(select(Regular).where(Regular.pattern_id == later)).all()
        assert regulars.carry_on(db, regular.id, time.at) == 4


def test_another_first_day_is_refused_beside_a_day_to_change_from(database, cast, time, pattern):
    with database.writing() as db, pytest.raises(Refused) as caught:
        act = Act(db, coordinator(cast), time.at)
        edit(act, cast, pattern, "", FROM, first_day=PATTERN["first_day"] + DAY)
    assert "first_day" in caught.value.fields


def test_another_weekday_keeps_the_week_of_every_other_one(database, cast, time):
    rule = "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU;WKST=MO"
    with database.writing() as db:
        number = build.pattern(db, cast.driver, time.at, until=UNTIL, rule=rule).id
    tuesday = next(day for day in sorted(dates(database, number)) if day > FROM)
    thursdays = rule.replace("TU", "TH")
    later = change(database, cast, time, number, tuesday + DAY, rule=thursdays)
    assert min(dates(database, later)) == tuesday + 2 * DAY


def test_who_stopped_before_goes_on_with_the_later_part(database, cast, time, pattern):
    with database.writing() as db:
        (regular,) = db.scalars(select(Regular)).all()
        regulars.stop(Act(db, build.viewer(cast.ana), time.at), regular)
    later = change(database, cast, time, pattern, **LATER)
    with database.writing() as db:
        (regular,) = db.scalars(select(Regular)).all()
        regulars.resume(Act(db, build.viewer(cast.ana), time.at), regular)
    assert {on for _, on in dates(database, later).values()} == {True}


def test_the_search_finds_recurring_shifts_of_ones_programs_alone(
    database, cast, time, pattern, as_
):
    for person, found in ((cast.cy, True), (cast.mara, False)):
        text = as_(person).get("/search?q=evening").text
        assert (f"/patterns/{pattern}/edit" in text) is found
