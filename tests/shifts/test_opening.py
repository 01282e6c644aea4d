"""When sign-up opens: at one moment for many shifts, earlier for people on a list, days before a recurring date."""

from datetime import time as time_of
from datetime import timedelta

import pytest
from sqlalchemy import select

from portal import clock
from portal.act import Act
from portal.audit.models import AuditEntry
from portal.permissions import Role
from portal.programs.models import Program
from portal.shifts import early, opening, patterns, schedule, signups
from portal.shifts.early_models import EarlyList
from portal.shifts.forms import ShiftForm
from portal.shifts.models import Shift
from portal.shifts.obstacle_words import Kind
from portal.shifts.pattern_forms import PatternForm
from portal.shifts.pattern_models import Pattern
from portal.shifts.schedule import Wanted
from portal.shifts.viewer_scope import insight_of
from portal.web.errors import Preview, Refused
from tests import build
from tests.build import NOON, OFFICE
from tests.undo.test_undo import do, take_back

both = pytest.mark.both_databases
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
START, OPENS = NOON - 9 * DAY, NOON - 3 * DAY
ZONE = "America/New_York"


def coordinator(cast):
    return build.viewer(cast.cy, (Role.COORDINATOR, cast.rides))


@pytest.fixture
def shift(database, cast, time) -> int:
    """A shift of drivers, which is open; nine days before it."""
    time.at = START
    with database.writing() as db:
        return build.shift(db, cast.driver, title="Ride").id


def set_opening(act, cast, opens_at=OPENS, days=None):
    """Open Rides' shifts of that day at a moment, as if the preview had been looked at."""
    program = act.db.get_one(Program, cast.rides)
    day = clock.local_day(NOON, ZONE)
    given = (act, program, days or (day, day), opens_at, ZONE)
    try:
        return opening.set_opening(*given, "")
    except Preview as preview:
        return opening.set_opening(*given, preview.seen)


def listed(database, cast, person: str, hours: int) -> int:
    """Someone is on a list of Rides; gives the list."""
    with database.writing() as db:
        act = Act(db, coordinator(cast), START)
        row = early.add_list(act, db.get_one(Program, cast.rides), "Ten years", hours)
        early.add_person(act, row, getattr(cast, person))
        early.add_person(act, row, getattr(cast, person))
        assert len(row.people) == 1
        return row.id


def sign_up(database, person, shift, at) -> list[Kind]:
    """What is in someone's way who signs up."""
    try:
        with database.writing() as db:
            signups.sign_up(Act(db, build.viewer(person), at), person, shift)
    except Refused as refused:
        return [one.kind for one in refused.reasons]
    return []


def fitting(database, person, at) -> list[int]:
    """The open shifts that the list has for someone."""
    viewer = build.viewer(person)
    with database.reading() as db:
        insight = insight_of(db, viewer, at, ZONE)
        found = schedule.coming_shifts(db, viewer, insight, Wanted(fits=True), at, ZONE)
        return [one.id for one in found.rows]


@both
def test_sign_up_opens_for_all_at_one_moment_and_earlier_for_a_list(database, cast, time, shift):
    listed(database, cast, "bo", 48)
    with database.writing() as db:
        assert set_opening(Act(db, coordinator(cast), START), cast) == 1
    before, list_opens = OPENS - 49 * HOUR, OPENS - 48 * HOUR
    for person in (cast.ana, cast.bo):
        assert sign_up(database, person, shift, before) == [Kind.NOT_OPEN]
        assert fitting(database, person, before) == []
    assert sign_up(database, cast.ana, shift, list_opens) == [Kind.NOT_OPEN]
    assert fitting(database, cast.ana, list_opens) == []
    assert fitting(database, cast.bo, list_opens) == [shift]
    assert sign_up(database, cast.bo, shift, list_opens) == []
    assert fitting(database, cast.ana, OPENS) == [shift]
    assert sign_up(database, cast.ana, shift, OPENS) == []


@both
@pytest.mark.parametrize("hours", early.HOURS)
def test_the_list_of_open_shifts_and_the_verb_agree_to_the_minute(
    database, cast, time, shift, hours
):
    listed(database, cast, "bo", hours)
    opens = NOON - DAY
    with database.writing() as db:
        set_opening(Act(db, coordinator(cast), START), cast, opens)
    moment = opens - timedelta(hours=hours)
    assert fitting(database, cast.bo, moment - timedelta(minutes=1)) == []
    assert sign_up(database, cast.bo, shift, moment - timedelta(minutes=1)) == [Kind.NOT_OPEN]
    assert fitting(database, cast.bo, moment) == [shift]
    assert sign_up(database, cast.bo, shift, moment) == []


def test_an_ended_list_and_one_of_another_program_open_nothing(database, cast, time, shift):
    number = listed(database, cast, "bo", 168)
    with database.writing() as db:
        act = Act(db, OFFICE, START)
        other = early.add_list(act, db.get_one(Program, cast.shelter), "Hosts", 168)
        early.add_person(act, other, cast.ana)
        set_opening(act, cast)
    assert sign_up(database, cast.ana, shift, OPENS - HOUR) == [Kind.NOT_OPEN]
    with database.writing() as db:
        early.end_list(Act(db, OFFICE, START), db.get_one(EarlyList, number))
    assert sign_up(database, cast.bo, shift, OPENS - HOUR) == [Kind.NOT_OPEN]
    assert fitting(database, cast.bo, OPENS - HOUR) == []


def test_a_list_is_its_programs_alone_and_can_be_left(database, cast, time):
    number = listed(database, cast, "bo", 24)
    with database.reading() as db:
        assert early.lists_of(db, build.viewer(cast.mara, (Role.COORDINATOR, cast.shelter))) == []
        (row,) = early.lists_of(db, coordinator(cast))
        assert row.id == number
    with database.writing() as db:
        act = Act(db, coordinator(cast), START)
        early.take_off(act, db.get_one(EarlyList, number), cast.ana)
        early.take_off(act, db.get_one(EarlyList, number), cast.bo)
        assert db.get_one(EarlyList, number).people == []
        with pytest.raises(Refused):
            early.add_list(act, db.get_one(Program, cast.rides), "Odd", 5)
    with database.reading() as db:
        actions = db.scalars(select(AuditEntry.action)).all()
        assert [one for one in actions if one.startswith("early")] == [
            "early_list.added", "early_list.changed", "early_list.changed",
        ]  # fmt: skip


@both
def test_it_keeps_who_is_on_shifts_tells_no_one_and_can_be_undone(database, cast, time, shift):
    assert sign_up(database, cast.ana, shift, START) == []
    undo = do(database, coordinator(cast), START, lambda act: set_opening(act, cast))
    with database.reading() as db:
        assert db.get_one(Shift, shift).opens_at == OPENS
        assert db.get_one(Shift, shift).slots[0].filled == 1
    assert undo
    take_back(database, coordinator(cast), START + timedelta(minutes=1), undo)
    with database.reading() as db:
        assert db.get_one(Shift, shift).opens_at is None


def test_what_was_not_seen_is_shown_and_what_makes_no_sense_refused(database, cast, time, shift):
    day = clock.local_day(NOON, ZONE)
    with database.writing() as db:
        late = build.shift(db, cast.driver, title="Closed early", starts=NOON + HOUR).id
        db.get_one(Shift, late).closes_at = OPENS - HOUR
        program = db.get_one(Program, cast.rides)
        act = Act(db, coordinator(cast), START)
        with pytest.raises(Preview) as caught:
            opening.set_opening(act, program, (day, day), OPENS, ZONE, "")
        assert [(one.heading, one.early) for one in caught.value.changes] == [
            ("Ride", False),
            ("Closed early", True),
        ]
        for days, opens in (((day, day - DAY), OPENS), ((day, day), START), ((day, day), NOON)):
            with pytest.raises(Refused):
                opening.set_opening(act, program, days, opens, ZONE, "")
        assert db.get_one(Shift, shift).opens_at is None


@both
def test_a_recurring_shift_opens_days_before_each_date_and_keeps_the_hour_over_a_clock_change(
    database, cast, time
):
    time.at = clock.from_local(clock.local_day(NOON, ZONE), patterns_noon(), ZONE)
    with database.writing() as db:
        row = build.pattern(
            db, cast.driver, time.at, until=clock.local_day(NOON + 120 * DAY, ZONE), opens_days=14
        )
        for shift in db.scalars(select(Shift).where(Shift.pattern_id == row.id)):
            opens = clock.to_local(shift.opens_at, ZONE)
            assert (opens.hour, opens.minute) == (9, 0)
            assert clock.local_day(shift.starts_at, ZONE) - opens.date() == 14 * DAY


def patterns_noon():
    return clock.to_local(NOON, ZONE).time()


def test_a_change_of_a_pattern_without_it_leaves_each_dates_opening(database, cast, time):
    with database.writing() as db:
        number = build.pattern(db, cast.driver, time.at).id
        shifts = db.scalars(select(Shift).where(Shift.pattern_id == number)).all()
        last = shifts[-1]
        last.opens_at = last.starts_at - 2 * DAY
        kept = (last.id, last.opens_at)
    with database.writing() as db:
        row = db.get_one(Pattern, number)
        values = build.PATTERN | {"title": "Other", "version": row.version}
        wishes = [build.SlotWish(cast.driver, 1, 2)]
        act = Act(db, OFFICE, time.at)
        try:
            patterns.edit_pattern(act, row, values, wishes, row.version, "")
        except Preview as preview:
            patterns.edit_pattern(act, row, values, wishes, row.version, preview.seen)
    with database.reading() as db:
        shift = db.get_one(Shift, kept[0])
        assert (shift.title, shift.opens_at) == ("Other", kept[1])


def test_the_form_of_a_shift_keeps_the_time_of_day(database, cast, time, shift):
    with database.writing() as db:
        row = db.get_one(Shift, shift)
        row.opens_at = clock.from_local(clock.local_day(OPENS, ZONE), patterns_noon(), ZONE)
        form = ShiftForm.showing(row)
        assert form.opens_time.data == patterns_noon()


def test_a_recurring_shift_can_not_open_after_it_closed():
    form = PatternForm(
        data={"opens_days": 1, "opens_time": time_of(9), "starts": time_of(8), "closes_hours": 23}
    )
    assert form._opens_too_late()
    form.closes_hours.data = 22
    assert not form._opens_too_late()


def test_the_page_previews_then_sets_and_keeps_what_was_typed(database, cast, time, shift, as_):
    day, opens = (clock.local_day(one, ZONE).isoformat() for one in (NOON, OPENS))
    typed = {
        "program": cast.rides, "first": day, "last": day, "opens_on": opens, "opens_time": "18:30", "look": "yes",
    }  # fmt: skip
    browser = as_(cast.cy)
    browser.get("/opening")
    shown = browser.post("/opening", **typed | {"last": ""})
    assert shown.status_code == 422
    assert "18:30" in shown.text
    shown = browser.post("/opening", **typed)
    assert shown.status_code == 200
    assert "1 shift opens for sign-up then" in shown.text
