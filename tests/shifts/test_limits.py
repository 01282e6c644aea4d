"""Limits: hours a day and a week, rest, days in a row; across programs, stricter for minors, on every way to a shift."""

import contextlib
import random
from collections import defaultdict
from datetime import UTC, date, datetime, timedelta
from datetime import time as daytime
from itertools import pairwise

import pytest
from sqlalchemy import select

from portal import clock
from portal.act import Act
from portal.agency.settings import change
from portal.audit.models import AuditEntry
from portal.closing import Do
from portal.commitments.commitments import commit_time
from portal.commitments.kinds import INTERVIEW, INTERVIEWER
from portal.commitments.models import Commitment
from portal.people.models import Person
from portal.permissions import COMMAND_LINE, Role
from portal.shifts import (
    endings,
    limits,
    patterns,
    regulars,
    releases,
    reopening,
    shifts,
    signups,
    waiting,
)
from portal.shifts.candidates import candidates
from portal.shifts.gaps import upcoming
from portal.shifts.limits import Limit, Limits, Work
from portal.shifts.models import Shift, Signup, SignupState
from portal.shifts.obstacle_words import Kind
from portal.shifts.pattern_models import Pattern
from portal.shifts.roster import people_on
from portal.shifts.suggestions import suggest
from portal.web.errors import Preview, Refused
from tests import build
from tests.build import NOON, OFFICE, SETTINGS
from tests.closings import close
from tests.undo.test_undo import do, take_back

both = pytest.mark.both_databases
ZONE = "America/New_York"
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def at(day: int, hour: float) -> datetime:
    """A moment of a day of December 2026 (the 7th is a Monday), in New York."""
    return clock.start_of_day(date(2026, 12, 1), ZONE) + timedelta(days=day - 1, hours=hour)


def work(*spans: tuple[datetime, datetime]) -> list[Work]:
    return [Work(1, *span, None, 1) for span in spans]


def broken(bound: Limits, spans, starts_at: datetime, ends_at: datetime) -> dict[Limit, float]:
    found = bound.broken(work(*spans), starts_at, ends_at, ZONE)
    return {one.limit: one.would for one in found}


@pytest.mark.parametrize(
    ("bound", "spans", "mine", "found"),
    [
        (Limits(), [(at(7, 0), at(7, 23))], (at(7, 23), at(8, 6)), {}),
        (Limits(day=8), [(at(7, 8), at(7, 12))], (at(7, 13), at(7, 17)), {}),
        (Limits(day=8), [(at(7, 8), at(7, 12))], (at(7, 13), at(7, 17.5)), {Limit.DAY: 8.5}),
        (Limits(day=8), [(at(7, 20), at(8, 4))], (at(8, 8), at(8, 13)), {Limit.DAY: 9}),
        (Limits(day=8), [(at(8, 8), at(8, 13))], (at(7, 20), at(8, 4)), {Limit.DAY: 9}),
        (Limits(day=8), [(at(6, 0), at(7, 0))], (at(7, 0), at(7, 8)), {}),
        (Limits(week=20), [(at(7, 8), at(7, 20))], (at(13, 8), at(13, 17)), {Limit.WEEK: 21}),
        (Limits(week=20), [(at(7, 8), at(7, 20))], (at(14, 8), at(14, 17)), {}),
        (Limits(week=20), [(at(6, 20), at(7, 8))], (at(7, 9), at(7, 20)), {}),
        (Limits(week=24), [(at(15, 8), at(16, 4))], (at(13, 20), at(14, 8)), {Limit.WEEK: 28}),
        (Limits(day=12), [], (at(11, 18), at(13, 6)), {Limit.DAY: 24}),
        (Limits(rest=11), [(at(7, 8), at(7, 22))], (at(8, 8), at(8, 9)), {Limit.REST: 10}),
        (Limits(rest=11), [(at(8, 8), at(8, 9))], (at(7, 8), at(7, 22)), {Limit.REST: 10}),
        (Limits(rest=11), [(at(7, 8), at(7, 10))], (at(7, 10), at(7, 12)), {}),
        (Limits(rest=11), [(at(7, 8), at(7, 21))], (at(8, 8), at(8, 9)), {}),
        (Limits(row=3), [(at(one, 8), at(one, 9)) for one in (7, 8, 10)], (at(9, 8), at(9, 9)), {Limit.ROW: 4}),
        (Limits(row=3), [(at(one, 8), at(one, 9)) for one in (7, 8, 11)], (at(9, 8), at(9, 9)), {}),
        (Limits(row=3), [(at(one, 8), at(one, 9)) for one in (7, 8, 9, 10)], (at(9, 12), at(9, 13)), {}),
    ],
)  # fmt: skip
def test_what_breaks_a_limit(bound, spans, mine, found):
    assert broken(bound, spans, *mine) == found


def test_the_long_night_has_an_hour_more():
    """November 1, 2026: at 2 am it is 1 am again in New York (SECURITY C5)."""
    starts = datetime(2026, 11, 1, 4, 0, tzinfo=UTC)  # midnight
    assert broken(Limits(day=8), [], starts, starts + 9 * HOUR) == {Limit.DAY: 9}
    assert clock.to_local(starts + 9 * HOUR, ZONE).hour == 8


def test_the_stricter_number_binds_a_minor():
    bounds = limits.Bounds({1: Limits(day=8)}, {1: Limits(day=4)})
    day = date(2026, 12, 7)
    assert bounds.of(1, None, day).day == 8
    assert bounds.of(1, day, day).day == 8  # they turn 18 that day
    assert bounds.of(1, day + DAY, day).day == 4
    assert limits._stricter(0, 4) == limits._stricter(4, 0) == limits._stricter(8, 4) == 4


def bind(db, program: int | None, **values: int) -> None:
    for name, value in values.items():
        change(Act(db, OFFICE, NOON), getattr(limits, name), value, SETTINGS, program)


def sign_up(database, by, person, shift, time, **kwargs) -> list[Kind]:
    """The kinds of what stands in the way; nothing when they are on the shift."""
    with database.writing() as db:
        try:
            signups.sign_up(Act(db, by, time.at), person, shift, **kwargs)
        except Refused as no:
            return [reason.kind for reason in no.reasons]
    return []


def add(database, position, day: int, hour: float, hours: float = 4, **values) -> int:
    with database.writing() as db:
        starts = at(day, hour)
        return build.shift(db, position, starts=starts, hours=hours, **values).id


@pytest.fixture
def cy(cast):
    return build.viewer(cast.cy, (Role.COORDINATOR, cast.rides))


@both
def test_work_in_another_program_counts_and_is_not_told(database, cast, time, cy):
    with database.writing() as db:
        bind(db, cast.rides, DAY=6)
        build.place(db, cast.hana, cast.driver, time.at)
    night, drive = add(database, cast.host, 7, 8), add(database, cast.driver, 7, 14)
    hana = build.viewer(cast.hana)
    assert sign_up(database, hana, cast.hana, night, time) == []
    assert sign_up(database, hana, cast.hana, drive, time) == [Kind.OVER_LIMIT]
    with database.writing() as db:
        for by, said in (
            (hana, "That would be 8 hr on one day. The most is 6 hr."),
            (cy, "Hana Weiss is at a limit."),
            (OFFICE, "Hana Weiss would do 8 hr that day. The most is 6 hr."),
        ):
            with pytest.raises(Refused) as no:
                signups.sign_up(Act(db, by, time.at), cast.hana, drive, staff=by is not hana)
            assert [str(one.words) for one in no.value.reasons] == [said]


@both
def test_only_limits_of_the_program_that_is_joined_bind(database, cast, time):
    with database.writing() as db:
        bind(db, cast.shelter, DAY=2)
    first, second = add(database, cast.driver, 7, 8), add(database, cast.driver, 7, 14)
    ana = build.viewer(cast.ana)
    assert sign_up(database, ana, cast.ana, first, time) == []
    assert sign_up(database, ana, cast.ana, second, time) == []


@both
def test_a_limit_of_the_agency_binds_where_a_program_has_none(database, cast, time):
    with database.writing() as db:
        bind(db, None, DAY=6)
        bind(db, cast.shelter, DAY=0)
    ana = build.viewer(cast.ana)
    long = add(database, cast.driver, 7, 8, 7)
    assert sign_up(database, ana, cast.ana, long, time) == [Kind.OVER_LIMIT]
    night = add(database, cast.host, 7, 8, 7)
    assert sign_up(database, build.viewer(cast.hana), cast.hana, night, time) == []


@both
def test_staff_add_an_adult_with_a_reason_and_no_minor(database, cast, time, cy):
    with database.writing() as db:
        bind(db, cast.rides, DAY=3)
        db.get_one(Person, cast.bo).adult_on = date(2027, 5, 1)
    shift = add(database, cast.driver, 7, 8)
    assert sign_up(database, cy, cast.ana, shift, time, staff=True) == [Kind.OVER_LIMIT]
    assert sign_up(database, build.viewer(cast.ana), cast.ana, shift, time, over_limit="I can") == [
        Kind.OVER_LIMIT
    ]
    assert (
        sign_up(database, cy, cast.ana, shift, time, staff=True, over_limit="Only one left") == []
    )
    found = sign_up(database, cy, cast.bo, shift, time, staff=True, over_limit="Wants to")
    assert Kind.OVER_LIMIT in found
    with database.reading() as db:
        row = db.scalars(select(Signup)).one()
        assert (row.person_id, row.over_limit) == (cast.ana, "Only one left")
        assert db.scalars(select(AuditEntry.detail).filter_by(action="signup.made")).all() == [
            "over_limit"
        ]


@both
def test_a_reason_passes_nothing_else(database, cast, time, cy):
    with database.writing() as db:
        bind(db, cast.rides, DAY=3)
    shift = add(database, cast.driver, 7, 8)
    found = sign_up(database, cy, cast.sol, shift, time, staff=True, over_limit="We need someone")
    assert found == [Kind.NOT_PLACED]


@both
def test_who_is_at_a_limit_is_neither_suggested_nor_offered_nor_in_line(database, cast, time, cy):
    first, second = (
        add(database, cast.driver, 7, 8, places=1),
        add(database, cast.driver, 7, 14, places=1),
    )
    ana = build.viewer(cast.ana)
    with database.writing() as db:
        slot = build.slot_of(db, second)
        build.place(db, cast.sol, cast.driver, time.at)
    assert sign_up(database, ana, cast.ana, first, time) == []
    assert sign_up(database, build.viewer(cast.sol), cast.sol, second, time) == []
    with database.writing() as db:
        waiting.join(Act(db, ana, time.at), cast.ana, slot)
        waiting.join(Act(db, build.viewer(cast.bo), time.at), cast.bo, slot)
    with database.writing() as db:
        bind(db, cast.rides, DAY=6)
    with database.writing() as db:
        signups.withdraw(Act(db, build.viewer(cast.sol), time.at), cast.sol, second)
        waiting.make_offers(Act(db, COMMAND_LINE, time.at).db, slot, DAY, time.at)
    with database.reading() as db:
        offered = db.execute(
            select(waiting.Waiting.person_id).where(waiting.Waiting.state == "offered")
        ).scalars()
        assert list(offered) == [cast.bo]
        row = db.get_one(Shift, second)
        gap = upcoming(db, cy, slot, time.at)
        found = suggest(db, OFFICE, [gap], time.at, ZONE)[slot]
        assert cast.ana not in [one.person.id for one in (*found.best, *found.tried)]
        assert cast.ana not in [one.id for one in candidates(db, OFFICE, row, "")]
        assert cast.ana in [one.id for one in candidates(db, OFFICE, row, "Ana")]
    with database.writing() as db:
        third = build.shift(db, cast.driver, starts=at(7, 19), places=1, hours=3).id
        signups.sign_up(Act(db, OFFICE, time.at), cast.bo, third, staff=True)
    with database.writing() as db, pytest.raises(Refused) as no:
        waiting.join(Act(db, ana, time.at), cast.ana, build.slot_of(db, third))
    assert [one.kind for one in no.value.reasons] == [Kind.OVER_LIMIT]


@both
def test_recurring_dates_count_for_each_other(database, cast, time):
    with database.writing() as db:
        bind(db, cast.rides, WEEK=2)
        pattern = build.pattern(db, cast.driver, time.at)  # Tuesdays and Thursdays, two hours
        first = db.scalars(
            select(Shift.id).filter_by(pattern_id=pattern.id).order_by(Shift.starts_at)
        ).first()
    with database.writing() as db:
        act = Act(db, build.viewer(cast.ana), time.at)
        given = (cast.ana, first, cast.driver, 1, None, [], False)
        with pytest.raises(Preview) as preview:
            regulars.take(act, *given, "")
        taken, _ = regulars.take(act, *given, preview.value.seen)
    with database.reading() as db:
        days = [clock.local_day(one, ZONE) for one in db.scalars(select(Commitment.starts_at))]
        assert taken == len(days)
        assert {day.weekday() for day in days} == {1}


@both
def test_a_move_that_would_be_too_much_is_refused_by_name(database, cast, time):
    ana = build.viewer(cast.ana)
    first, second = add(database, cast.driver, 7, 8), add(database, cast.driver, 8, 8)
    for one in (first, second):
        assert sign_up(database, ana, cast.ana, one, time) == []
    with database.writing() as db:
        bind(db, cast.rides, DAY=6)
    with database.writing() as db:
        row = db.get_one(Shift, second)
        with pytest.raises(Refused) as no:
            shifts.move_shift(Act(db, OFFICE, time.at), row, date(2026, 12, 7), daytime(14))
    assert "Ana Reyes" in str(no.value.reasons[0])
    with database.writing() as db:
        shifts.move_shift(
            Act(db, OFFICE, time.at), db.get_one(Shift, second), date(2026, 12, 9), None
        )


@pytest.mark.parametrize("seed", range(3))
def test_no_order_of_signing_up_and_moving_breaks_a_limit(database, cast, time, seed):
    """A thousand hours of work, looked at hour by hour."""
    chance = random.Random(seed)
    with database.writing() as db:
        bind(db, None, DAY=8, WEEK=20, REST=10, ROW=3)
        numbers = []
        for _ in range(40):
            starts = at(chance.randint(3, 16), chance.randint(0, 23))
            position = chance.choice((cast.driver, cast.desk))
            numbers.append(
                build.shift(db, position, starts=starts, hours=chance.randint(1, 9), places=3).id
            )
    ana = build.viewer(cast.ana)
    for _ in range(90):
        number = chance.choice(numbers)
        with contextlib.suppress(Refused), database.writing() as db:
            if chance.random() < 0.7:
                signups.sign_up(Act(db, ana, time.at), cast.ana, number)
            elif chance.random() < 0.5:
                signups.withdraw(Act(db, ana, time.at), cast.ana, number)
            else:
                day = date(2026, 12, chance.randint(3, 16))
                shifts.move_shift(Act(db, OFFICE, time.at), db.get_one(Shift, number), day, None)
    with database.reading() as db:
        spans = db.execute(
            select(Shift.starts_at, Shift.ends_at)
            .join(Signup, Signup.shift_id == Shift.id)
            .where(Signup.state == SignupState.SIGNED_UP)
            .order_by(Shift.starts_at)
        ).all()
    assert len(spans) > 3
    days, weeks = defaultdict(int), defaultdict(int)
    for starts, ends in spans:
        hour = starts
        while hour < ends:
            day = clock.local_day(hour, ZONE)
            days[day] += 1
            weeks[day.isocalendar()[:2]] += 1
            hour += HOUR
    assert max(days.values()) <= 8
    assert max(weeks.values()) <= 20
    local = [clock.local_day(starts, ZONE) for starts, _ in spans]
    for one, (before, after) in enumerate(pairwise(spans)):
        assert local[one] == local[one + 1] or after[0] - before[1] >= 10 * HOUR
    assert all(any(day + number * DAY not in local for number in range(4)) for day in local)


def test_the_roster_takes_a_reason(database, cast, time, as_):
    with database.writing() as db:
        bind(db, cast.rides, DAY=3)
    shift = add(database, cast.driver, 7, 8)
    cy = as_(cast.cy)
    cy.get(f"/shifts/{shift}/roster")
    with database.reading() as db:
        slot = build.slot_of(db, shift)
    page = cy.post(f"/shifts/{shift}/roster", person=str(cast.ana), slot=str(slot)).text
    assert "Ana Reyes would do 4 hr that day. The most is 3 hr." in page
    assert f"/shifts/{shift}/roster?over={cast.ana}#over" in page
    page = cy.get(f"/shifts/{shift}/roster?over={cast.ana}").text
    assert "Add Ana Reyes with a reason" in page
    path = f"/shifts/{shift}/roster?over={cast.ana}"
    assert "Enter a reason." in cy.press(path).text
    page = cy.press(path, over_limit="Only one left").text
    assert "added because: Only one left" in page


@both
@pytest.mark.parametrize("over_limit", ["", "4 hours only"])
def test_who_is_over_a_limit_is_not_moved_further_over_it(database, cast, time, cy, over_limit):
    """Others took on more elsewhere, were added with a reason, or the limit came later."""
    shift = add(database, cast.driver, 7, 8)
    with database.writing() as db:
        db.get_one(Person, cast.bo).adult_on = None if over_limit else date(2027, 5, 1)
        bind(db, cast.rides, **({"DAY": 3} if over_limit else {}))
    if over_limit:
        assert sign_up(database, cy, cast.bo, shift, time, staff=True, over_limit=over_limit) == []
    else:
        with database.writing() as db:
            db.get_one(Person, cast.bo).adult_on = None
            db.flush()
            signups.sign_up(Act(db, OFFICE, time.at), cast.bo, shift, staff=True)
            db.get_one(Person, cast.bo).adult_on = date(2027, 5, 1)
            bind(db, cast.rides, MINOR_DAY=3)
    longer = {"starts_at": at(7, 6), "ends_at": at(7, 18)}
    with pytest.raises(Refused, match="Bo Tanaka"), database.writing() as db:
        row = db.get_one(Shift, shift)
        shifts.change_shift(Act(db, OFFICE, time.at), row, longer, shifts.wishes_of(row.slots))
    with database.writing() as db:  # as long as it is, on another day
        row = db.get_one(Shift, shift)
        shifts.move_shift(Act(db, OFFICE, time.at), row, date(2026, 12, 8), None)


@both
def test_what_moves_together_is_weighed_together(database, cast, time):
    """Four hours twice a day on two days, moved by one day: halfway, one day would have eight."""
    ana = build.viewer(cast.ana)
    for day in (10, 11):
        for hour in (8, 14):
            number = add(database, cast.driver, day, hour, 3)
            assert sign_up(database, ana, cast.ana, number, time) == []
    with database.writing() as db:
        bind(db, cast.rides, DAY=6)
    with database.writing() as db:
        given = (Act(db, OFFICE, time.at), date(2026, 12, 10), date(2026, 12, 11), Do.MOVE)
        with pytest.raises(Preview) as preview:
            close(*given, "", -1)
        assert close(*given, preview.value.seen, -1) == 4


@both
def test_a_pattern_that_moves_by_the_clock_is_weighed_when_all_its_days_moved(database, cast, time):
    """From mornings to evenings, with eleven hours of rest: halfway, an evening stands before a morning."""
    with database.writing() as db:
        rule = "FREQ=WEEKLY;INTERVAL=1;BYDAY=MO,TU,WE;WKST=MO"
        pattern = build.pattern(
            db, cast.driver, time.at, rule=rule, starts=daytime(8), ends=daytime(12)
        )
        ids = db.scalars(
            select(Shift.id).where(Shift.starts_at > time.at).order_by(Shift.starts_at)
        ).all()
        for one in ids:
            signups.sign_up(Act(db, OFFICE, time.at), cast.ana, one, staff=True, quiet=True)
        bind(db, cast.rides, REST=11)
        number = pattern.id
    with database.writing() as db:
        row = db.get_one(Pattern, number)
        values = patterns.pattern_values(row) | {"starts": daytime(18), "ends": daytime(22)}
        given = (Act(db, OFFICE, time.at), row, values, shifts.wishes_of(row.slots), row.version)
        with pytest.raises(Preview) as preview:
            patterns.edit_pattern(*given, "")
        patterns.edit_pattern(*given, preview.value.seen)


@both
def test_dates_one_does_not_want_are_in_no_ones_way(database, cast, time):
    with database.writing() as db:
        bind(db, cast.rides, WEEK=2)
        pattern = build.pattern(db, cast.driver, time.at)  # Tuesdays and Thursdays, two hours
        rows = db.scalars(select(Shift).filter_by(pattern_id=pattern.id).order_by(Shift.starts_at))
        thursdays = [one.id for one in rows if clock.local_day(one.starts_at, ZONE).weekday() == 3]
    with database.writing() as db:
        act = Act(db, build.viewer(cast.ana), time.at)
        given = (cast.ana, thursdays[1], cast.driver, 0, None, thursdays[1:3], False)
        with pytest.raises(Preview) as preview:
            regulars.take(act, *given, "")
        assert regulars.take(act, *given, preview.value.seen) == (2, 0)


@both
def test_undo_puts_back_who_was_over_before_and_no_one_who_took_on_more_since(
    database, cast, time, cy
):
    with database.writing() as db:
        bind(db, cast.rides, DAY=6)
        build.place(db, cast.hana, cast.driver, time.at)
    hana = build.viewer(cast.hana)
    drive, night = add(database, cast.driver, 7, 8), add(database, cast.host, 7, 14)
    for one in (drive, night):
        assert sign_up(database, hana, cast.hana, one, time) == []  # the shelter has no limit

    def remove(act):
        signups.remove(act, act.db.scalars(select(Signup).filter_by(shift_id=drive)).one(), "Slip")

    undone = do(database, cy, time.at, remove)
    take_back(database, cy, time.at, undone)
    with database.reading() as db:
        assert db.scalars(people_on(drive)).all() == [cast.hana]
    undone = do(database, cy, time.move(minutes=1), remove_current(drive))
    time.move(minutes=1)
    late = add(database, cast.host, 7, 20)
    assert sign_up(database, hana, cast.hana, late, time) == []
    with pytest.raises(Refused, match="Hana Weiss"):
        take_back(database, cy, time.at, undone)


def remove_current(shift):
    def verb(act):
        [signup] = endings.current_signups(act.db, shift)
        signups.remove(act, signup, "Slip")

    return verb


@both
def test_who_was_added_over_a_limit_comes_back_and_who_said_they_cant_does_not(
    database, cast, time, cy
):
    with database.writing() as db:
        bind(db, cast.rides, DAY=3)
    shift = add(database, cast.driver, 7, 8)
    assert sign_up(database, cy, cast.ana, shift, time, staff=True, over_limit="Only one") == []
    assert sign_up(database, cy, cast.bo, shift, time, staff=True, over_limit="Second") == []
    with database.writing() as db:
        act = Act(db, OFFICE, time.at, "phone")
        releases.cant_make_it(act, cast.bo, shift, "family", keep=True)
        shifts.cancel(act, db.get_one(Shift, shift), "Snow")
    with database.writing() as db:
        act, row = Act(db, OFFICE, time.at), db.get_one(Shift, shift)
        with pytest.raises(Preview) as preview:
            reopening.reopen(act, row, "")
        assert reopening.reopen(act, row, preview.value.seen) == 1
        [signup] = endings.current_signups(db, shift)
        assert (signup.person_id, signup.over_limit) == (cast.ana, "Only one")


@both
def test_several_unknown_limits_are_said_once(database, cast, time, cy):
    with database.writing() as db:
        bind(db, cast.rides, DAY=6, WEEK=6)
        build.place(db, cast.hana, cast.driver, time.at)
    assert (
        sign_up(database, build.viewer(cast.hana), cast.hana, add(database, cast.host, 7, 8), time)
        == []
    )
    drive = add(database, cast.driver, 7, 14)
    assert sign_up(database, cy, cast.hana, drive, time, staff=True) == [Kind.OVER_LIMIT]


@both
def test_interviews_and_what_is_only_held_do_not_count(database, cast, time):
    with database.writing() as db:
        bind(db, cast.rides, DAY=4)
        for number, (kind, held) in enumerate(
            ((INTERVIEW, None), (INTERVIEWER, None), ("talk", at(7, 23)))
        ):
            commit_time(db, cast.ana, kind, 900 + number, at(7, 13), at(7, 15), held)
    ana, drive = build.viewer(cast.ana), add(database, cast.driver, 7, 8)
    assert sign_up(database, ana, cast.ana, drive, time) == []
    with database.writing() as db:
        commit_time(db, cast.bo, "talk", 990, at(7, 13), at(7, 15))
    assert sign_up(database, build.viewer(cast.bo), cast.bo, drive, time) == [Kind.OVER_LIMIT]
