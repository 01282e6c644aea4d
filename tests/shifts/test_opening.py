"""When sign-up opens: at one moment for many shifts, earlier for people on a list, days before a recurring date."""

from datetime import time as time_of
from datetime import timedelta

import pytest
from sqlalchemy import select

from portal import clock
from portal.act import Act
from portal.agency.settings import change
from portal.audit.log import Asked
from portal.audit.models import AuditEntry
from portal.permissions import Role
from portal.programs.models import Program
from portal.shifts import (
    asks,
    copying,
    early,
    limits,
    opening,
    patterns,
    regulars,
    schedule,
    shifts,
    signups,
    waiting,
)
from portal.shifts.early_models import EarlyList
from portal.shifts.forms import ShiftForm
from portal.shifts.models import Shift, Signup, SignupState, Slot
from portal.shifts.obstacle_words import Kind
from portal.shifts.pattern_forms import PatternForm
from portal.shifts.pattern_models import Pattern
from portal.shifts.schedule import Wanted
from portal.shifts.viewer_scope import insight_of
from portal.shifts.waiting_models import Ask
from portal.web.errors import Preview, Refused, Stale
from tests import build
from tests.build import NOON, OFFICE, SETTINGS
from tests.shifts.test_swaps import on
from tests.undo.test_undo import do, take_back
from tests.worker import round_of_work

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
            "early_list.added", "early_list.person_added", "early_list.person_removed",
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
    assert "1 shift opens for sign-up" in shown.text
    assert "1 of them is open now and closes until then" in shown.text


def test_a_date_that_can_not_be_deleted_lets_no_other_move_past_a_limit(database, cast, time):
    """The savepoint put a copy of what is weighed in the place of what `weighed_together` looks at."""
    with database.writing() as db:
        act = Act(db, OFFICE, time.at)
        change(act, limits.DAY, 4, SETTINGS, program_id=cast.rides)
        pattern = build.pattern(db, cast.driver, time.at, until=clock.local_day(NOON, ZONE))
        dates = db.scalars(
            select(Shift).where(Shift.pattern_id == pattern.id).order_by(Shift.starts_at)
        ).all()
        tuesday = next(
            one for one in dates if one.pattern_day.weekday() == 1 and one.starts_at > time.at + DAY
        )
        thursday = dates[-1]
        assert thursday.pattern_day.weekday() == 3
        assert tuesday.starts_at < thursday.starts_at
        beside = build.shift(db, cast.driver, starts=thursday.starts_at - 5 * HOUR).id
        for one in (beside, thursday.id):
            signups.sign_up(act, cast.ana, one, staff=True, quiet=True)
        db.add(  # someone was asked about a date that no one took
            Ask(
                shift_id=tuesday.id,
                slot_id=tuesday.slots[0].id,
                person_id=cast.bo,
                asked_at=time.at,
                answer="",
            )
        )
        number, version = pattern.id, pattern.version
    values = build.PATTERN | {
        "rule": "FREQ=WEEKLY;INTERVAL=1;BYDAY=TH;WKST=MO", "ends": time_of(21), "version": version,
    }  # fmt: skip
    wishes = [build.SlotWish(cast.driver, 1, 2)]

    def edit(seen):
        with database.writing() as db:
            row = db.get_one(Pattern, number)
            patterns.edit_pattern(
                Act(db, OFFICE, time.at),
                row,
                values | {"version": row.version},
                wishes,
                row.version,
                seen,
            )

    with pytest.raises(Preview) as preview:
        edit("")
    with pytest.raises(Refused):
        edit(preview.value.seen)


@pytest.mark.parametrize("opens_days", [None, 14])
def test_whoever_comes_regularly_goes_on_coming(database, cast, time, opens_days):
    with database.writing() as db:
        number = build.pattern(
            db, cast.driver, time.at, until=clock.local_day(NOON, ZONE), opens_days=opens_days
        ).id
        first = db.scalars(
            select(Shift.id)
            .where(Shift.pattern_id == number, Shift.starts_at > time.at)
            .order_by(Shift.id)
        ).first()
    given = (cast.bo, first, cast.driver, 1, None, [], False)
    with database.writing() as db:
        act = Act(db, OFFICE, time.at).but(asked=Asked.PHONE)
        with pytest.raises(Preview) as preview:
            regulars.take(act, *given, "")
    with database.writing() as db:
        act = Act(db, OFFICE, time.at).but(asked=Asked.PHONE)
        regulars.take(act, *given, preview.value.seen)
    with database.writing() as db:
        assert patterns.extend(
            Act(db, OFFICE, time.at),
            db.get_one(Pattern, number),
            clock.local_day(NOON + 60 * DAY, ZONE),
        )
    round_of_work(database, SETTINGS, time.at + HOUR)
    with database.reading() as db:
        missing = db.scalars(
            select(Shift.id).where(
                Shift.pattern_id == number,
                Shift.starts_at > time.at,
                Shift.id.not_in(
                    select(Signup.shift_id).where(
                        Signup.person_id == cast.bo, Signup.state == SignupState.SIGNED_UP
                    )
                ),
            )
        ).all()
    assert missing == []


def edit_pattern(database, cast, at, number, **given):
    with database.writing() as db:
        row = db.get_one(Pattern, number)
        values = build.PATTERN | {"version": row.version} | given
        wishes = [build.SlotWish(cast.driver, 1, 2)]
        act = Act(db, OFFICE, at)
        try:
            patterns.edit_pattern(act, row, values, wishes, row.version, "")
        except Preview as preview:
            patterns.edit_pattern(act, row, values, wishes, row.version, preview.seen)


def test_blank_opens_a_recurring_shift_now_as_the_form_says(database, cast, time):
    with database.writing() as db:
        number = build.pattern(db, cast.driver, time.at, opens_days=14).id
    edit_pattern(database, cast, time.at, number, opens_days=None, opens_time=time_of(9))
    with database.reading() as db:
        late = db.scalars(
            select(Shift.id).where(Shift.pattern_id == number, Shift.opens_at > time.at)
        ).all()
    assert late == []


def test_another_title_of_a_recurring_shift_leaves_an_opening_that_was_set(database, cast, time):
    with database.writing() as db:
        number = build.pattern(db, cast.driver, time.at, opens_days=2).id
        last = db.scalars(select(Shift).where(Shift.pattern_id == number).order_by(Shift.id)).all()[
            -1
        ]
        shift, day = last.id, clock.local_day(last.starts_at, ZONE)
        opens = last.starts_at - DAY
        set_opening(Act(db, coordinator(cast), time.at), cast, opens, (day, day))
    edit_pattern(
        database, cast, time.at, number, opens_days=2, opens_time=time_of(9), title="Other"
    )
    with database.reading() as db:
        assert db.get_one(Shift, shift).opens_at == opens


def test_no_shift_of_the_chosen_days_is_left_out_in_silence(database, cast, time, monkeypatch):
    monkeypatch.setattr(opening, "MOST", 3)
    time.at = START
    with database.writing() as db:
        for number in range(5):
            build.shift(db, cast.driver, starts=NOON + number * HOUR)
        try:
            set_opening(Act(db, coordinator(cast), START), cast)
        except Refused:
            return
        assert len(db.scalars(select(Shift.id).where(Shift.opens_at.is_(None))).all()) == 0


@pytest.mark.parametrize("how", ["waitlist", "asked"])
def test_a_spot_that_was_promised_can_be_taken_before_sign_up_opens(database, cast, time, how):
    time.at = START
    with database.writing() as db:
        made = build.shift(db, cast.driver, places=1).id
        slot = build.slot_of(db, made)
        if how == "waitlist":
            signups.sign_up(Act(db, OFFICE, START), cast.ana, made, staff=True, quiet=True)
            waiting.join(Act(db, build.viewer(cast.bo), START), cast.bo, slot)
            signups.withdraw(Act(db, build.viewer(cast.ana), START), cast.ana, made)
            assert waiting.make_offers(db, slot, DAY, START) == 1
        else:
            asks.ask_all(
                Act(db, coordinator(cast), START), [asks.Wanted(slot, made, cast.rides, (cast.bo,))]
            )
        set_opening(Act(db, coordinator(cast), START), cast)
    with database.writing() as db:
        signups.sign_up(Act(db, build.viewer(cast.bo), START + HOUR), cast.bo, made)
    assert on(database, made) == [[cast.bo]]


def test_a_waitlist_keeps_its_turn_over_an_opening(database, cast, time):
    """Bo waits; then sign-up is set to open later; Ana leaves: the spot is kept for Bo."""
    time.at = START
    with database.writing() as db:
        made = build.shift(db, cast.driver, places=1).id
        slot = build.slot_of(db, made)
        signups.sign_up(Act(db, OFFICE, START), cast.ana, made, staff=True, quiet=True)
        waiting.join(Act(db, build.viewer(cast.bo), START), cast.bo, slot)
        set_opening(Act(db, coordinator(cast), START), cast)
        signups.withdraw(Act(db, build.viewer(cast.ana), START), cast.ana, made)
    round_of_work(database, SETTINGS, START + HOUR)
    with database.reading() as db:
        assert db.get_one(Slot, slot).held == 1


def test_ending_a_list_twice_is_harmless(database, cast, time, as_):
    number = listed(database, cast, "bo", 24)
    browser = as_(cast.cy)
    assert browser.post(f"/early-lists/{number}/ending").status_code == 303
    assert browser.post(f"/early-lists/{number}/ending").status_code == 303


def test_a_shift_that_moves_does_not_close_before_it_opens(database, cast, time):
    time.at = START
    with database.writing() as db:
        made = build.shift(db, cast.driver).id
        set_opening(Act(db, coordinator(cast), START), cast)
        row = db.get_one(Shift, made)
        shifts.move_shift(Act(db, OFFICE, START), row, clock.local_day(NOON - 5 * DAY, ZONE), None)
        assert row.opens_at < row.closes_at


def test_a_copied_week_does_not_open_at_once_where_its_shifts_open_later(database, cast, time):
    time.at = START
    day = clock.local_day(NOON, ZONE)
    sunday = day - ((day.weekday() + 1) % 7) * DAY
    with database.writing() as db:
        build.shift(db, cast.driver)
        set_opening(Act(db, coordinator(cast), START), cast)
        given = (Act(db, coordinator(cast), START), sunday, sunday + 7 * DAY, ZONE)
        with pytest.raises(Preview) as preview:
            copying.copy_week(*given, "")
        copying.copy_week(*given, preview.value.seen)
        copied = db.scalars(select(Shift).order_by(Shift.id.desc())).first()
        assert copied.opens_at is not None


def test_a_shift_is_not_written_that_closes_before_it_opens(database, cast, time, as_):
    time.at = START
    with database.writing() as db:
        made = build.shift(db, cast.driver).id
    browser = as_(cast.cy)
    browser.get(f"/shifts/{made}/edit")
    browser.press(f"/shifts/{made}", opens_on=clock.local_day(NOON + 5 * DAY, ZONE).isoformat())
    with database.reading() as db:
        row = db.get_one(Shift, made)
        assert row.opens_at is None or row.opens_at < row.closes_at


def test_who_saves_an_old_form_reads_that_the_opening_changed(database, cast, time):

    time.at = START
    with database.writing() as db:
        made = build.shift(db, cast.driver).id
    with database.writing() as db:
        row = db.get_one(Shift, made)
        version, values = (
            row.version,
            {
                "title": "Mine",
                "site_id": None,
                "note": "",
                "starts_at": row.starts_at,
                "ends_at": row.ends_at,
                "zone": row.zone,
                "opens_at": None,
                "closes_at": row.closes_at,
                "withdraw_until": row.withdraw_until,
            },
        )
        wishes = [build.SlotWish(cast.driver, 1, 2)]
    with database.writing() as db:
        set_opening(Act(db, coordinator(cast), START), cast)
    with database.writing() as db:
        with pytest.raises(Stale) as stale:
            shifts.edit_shift(
                Act(db, OFFICE, START), db.get_one(Shift, made), values, wishes, version
            )
        assert any("opens" in name for name in stale.value.current)


def test_who_takes_a_recurring_shift_waits_like_everyone(database, cast, time):
    with database.writing() as db:
        number = build.pattern(db, cast.driver, time.at, until=clock.local_day(NOON, ZONE)).id
        first = db.scalars(
            select(Shift.id).where(Shift.pattern_id == number).order_by(Shift.starts_at)
        ).first()
        for shift in db.scalars(select(Shift).where(Shift.pattern_id == number)):
            shift.opens_at = shift.starts_at - HOUR
    with pytest.raises(Refused), database.writing() as db:
        act = Act(db, build.viewer(cast.bo), time.at)
        regulars.take(act, cast.bo, first, cast.driver, 1, None, [], False, "")


def test_the_list_says_when_it_opens_for_oneself(database, cast, time, shift, as_):
    listed(database, cast, "bo", 48)
    with database.writing() as db:
        set_opening(Act(db, coordinator(cast), START), cast)
    when = {person: clock.moment_text(at, ZONE, "en", 2026) for person, at in (
        (cast.ana, OPENS), (cast.bo, OPENS - 48 * HOUR),
    )}  # fmt: skip
    for person, moment in when.items():
        assert f"Sign-up opens {moment}" in as_(person).get("/shifts?show=all").text


def test_no_one_is_added_to_a_list_that_ended(database, cast, time, as_):
    number = listed(database, cast, "bo", 24)
    with database.writing() as db:
        early.end_list(Act(db, OFFICE, START), db.get_one(EarlyList, number))
    assert as_(cast.cy).post(f"/early-lists/{number}/people", who="Ana Reyes").status_code == 404


def test_the_coordinator_of_another_program_sees_and_opens_nothing(
    database, cast, time, shift, as_
):
    with database.writing() as db:
        set_opening(Act(db, coordinator(cast), START), cast)
    other = as_(cast.mara)
    assert "Rides" not in other.get("/opening").text
    assert "Rides" in as_(cast.cy).get("/opening").text
    day, opens = (clock.local_day(one, ZONE).isoformat() for one in (NOON, OPENS))
    typed = {"program": cast.rides, "first": day, "last": day, "opens_on": opens}
    assert other.post("/opening", **typed, opens_time="18:30").status_code == 404
    given = {"of_program": cast.rides, "name": "Mine", "hours": "24"}
    assert other.post("/early-lists", **given).status_code == 404
