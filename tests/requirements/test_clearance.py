"""Clearance equals a slow second computation, for one person and for many, every day of a year."""

from datetime import date, timedelta

import pytest
from dateutil.relativedelta import relativedelta
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from portal.requirements.clearance import State, clearance, cleared_days
from portal.requirements.terms import (
    Asking,
    Demand,
    Notice,
    Record,
    RequirementRef,
    Service,
    Span,
    Version,
)

FIRST = date(2027, 1, 1)
YEAR = [FIRST + timedelta(days=index) for index in range(365)]
DRIVER, DESK, RIDES = 1, 2, 10
PROOFS = {
    1: RequirementRef(1, "license", "Driver's license", strict=True),
    2: RequirementRef(2, "health", "TB test", strict=False),
    3: RequirementRef(3, "course", "Orientation", strict=True),
}


def day(number: int) -> date:
    return FIRST + timedelta(days=number)


days = some.integers(-60, 420).map(day)
ADULT_DAYS = some.integers(-60, 420 + 3 * 365).map(day)
"""The 18th birthdays of people who are about 15 to 18 in the year."""
maybe_day = some.none() | days


@some.composite
def versions(draw) -> tuple[Version, ...]:
    starts = sorted(draw(some.lists(days, min_size=1, max_size=3, unique=True)))
    found = []
    for first in starts:
        options = draw(some.lists(some.sampled_from([1, 2, 3]), max_size=2, unique=True))
        after = draw(some.none() | some.integers(0, 200))
        binds = None if after is None else first + timedelta(days=after)
        stage = draw(some.sampled_from(["apply", "first", "always"]))
        found.append(Version(first, stage, tuple(options), binds, draw(some.booleans())))
    return tuple(found)


@some.composite
def spans(draw) -> Span:
    first = draw(days)
    length = draw(some.none() | some.integers(0, 250))
    last = None if length is None else first + timedelta(days=length)
    waiver = draw(some.booleans())
    return Span(
        draw(some.sampled_from([1, 2, 3])), first, last, not waiver and draw(some.booleans()), waiver,
        draw(some.sampled_from([None, DRIVER, DESK])) if waiver else None,
    )  # fmt: skip


@some.composite
def services(draw) -> Service:
    first = draw(days)
    length = draw(some.none() | some.integers(0, 300))
    position = draw(some.sampled_from([(DRIVER, RIDES), (DESK, RIDES), (3, 11)]))
    return Service(*position, first, None if length is None else first + timedelta(days=length))


@some.composite
def worlds(draw) -> tuple[Record, Asking]:
    scopes = [(None, None), (RIDES, None), (RIDES, DRIVER)]
    demands = tuple(
        Demand(number, *draw(some.sampled_from(scopes)), versions=draw(versions()))
        for number in range(draw(some.integers(1, 3)))
    )
    notices = tuple(
        Notice(one, "Read this", day(one * 90)) for one in draw(some.sets(some.integers(1, 3)))
    )
    served = draw(some.none() | days)
    record = Record(
        tuple(draw(some.lists(spans(), max_size=5))),
        tuple(draw(some.lists(services(), max_size=3))),
        {} if served is None else {DRIVER: served},
        frozenset(draw(some.sets(some.integers(1, 3)))),
        tuple(draw(some.lists(some.tuples(some.sampled_from([1, 2, 3]), days), max_size=2))),
        draw(some.none() | ADULT_DAYS),
        draw(some.booleans()),
        frozenset(draw(some.sets(some.sampled_from([DRIVER, DESK])))),
        frozenset(draw(some.sets(some.sampled_from([RIDES, 11])))),
        draw(some.booleans()),
    )  # fmt: skip
    consent = draw(some.sampled_from([None, PROOFS[1]]))
    youngest = draw(some.integers(15, 18))
    return record, Asking(
        DRIVER, RIDES, demands, notices, PROOFS, youngest, consent, draw(some.booleans())
    )


class Slow:
    """The rules word for word, one day after the other, with no thought for speed."""

    def __init__(self, record: Record, demand: Demand) -> None:
        self.record, self.demand = record, demand
        self.why: dict[date, list] = {}
        self.state: dict[date, str] = {}
        first = min(one.effective_on for one in demand.versions) - timedelta(days=1)
        today = min(first, FIRST)
        while today <= YEAR[-1]:
            self.live(today)
            today += timedelta(days=1)

    def version(self, today: date) -> Version | None:
        so_far = [one for one in self.demand.versions if one.effective_on <= today]
        return so_far[-1] if so_far else None

    def asked(self, version: Version | None, today: date) -> bool:
        if version is None or len(version.options) == 0:
            return False
        if version.stage == "apply":
            return all(
                not (one.position_id == DRIVER and self.lasts(one, today))
                for one in self.record.services
            )
        if version.stage == "first":
            return not (
                DRIVER in self.record.first_served and self.record.first_served[DRIVER] < today
            )
        return True

    def lasts(self, thing, today: date) -> bool:
        first, last = (
            (thing.first, thing.last)
            if isinstance(thing, Span)
            else (thing.starts_on, thing.ends_on)
        )
        return first <= today <= (last or date(9000, 1, 1))

    def good(self, span: Span) -> bool:
        mine = span.position_id is None or span.position_id == DRIVER
        return mine and (not span.pending or span.requirement_id == 2)

    def episodes(self, today: date) -> list[Service]:
        mine = [one for one in self.record.services if one.position_id == DRIVER]
        return [one for one in mine if self.lasts(one, today)]

    def decided_against(self, version: Version, eve: date, today: date) -> bool:
        for requirement, day in self.record.against:
            if requirement in version.options and day > eve and day <= today:
                return True
        return False

    def live(self, today: date) -> None:
        version = self.version(today)
        if not self.asked(version, today):
            self.why[today], self.state[today] = self.episodes(today), "no longer required"
            return
        has = [
            one
            for one in self.record.spans
            if one.requirement_id in version.options and self.lasts(one, today) and self.good(one)
        ]
        kept = []
        if version.binds_all_on is None or today < version.binds_all_on:
            eve = version.effective_on - timedelta(days=1)
            kept = [one for one in self.why[eve] if self.lasts(one, today)]
            if self.decided_against(version, eve, today):
                kept = []
        self.why[today] = has + kept
        if has:
            self.state[today] = "met" if any(not one.waiver for one in has) else "waived"
        else:
            self.state[today] = "kept" if kept else "missing"


def age_on(adult_on: date, today: date) -> int:
    """How old someone is, counted year by year from the day they turned 18."""
    age, birthday = 18, adult_on
    while birthday > today:
        age, birthday = age - 1, birthday - relativedelta(years=1)
    return age


def slowly_built_in(record: Record, asking: Asking, today: date) -> list[str]:
    """What the portal asks for by itself: age, then a consent, of minors; HR's word, of employees."""
    found = []
    if record.adult_on is not None and age_on(record.adult_on, today) < 18:
        there = [
            one
            for one in record.spans
            if asking.consent is not None
            and one.requirement_id == asking.consent.id
            and one.first <= today <= (one.last or date(9000, 1, 1))
            and not one.pending
            and one.position_id in (None, DRIVER)
        ]
        too_young = age_on(record.adult_on, today) < asking.youngest
        found.append("met" if there and not too_young else "missing")
    serves = any(
        one.program_id == RIDES and one.starts_on <= today <= (one.ends_on or date(9000, 1, 1))
        for one in record.services
    )
    if record.held or (asking.review and RIDES not in record.reviewed and not serves):
        found.append("missing")
    if record.employee:
        found.append("met" if DRIVER in record.other_work else "missing")
    return found


def slowly(record: Record, asking: Asking) -> dict[date, list[str]]:
    """How each demand stands on every day; what lets people serve, and "missing" for all else."""
    lives = [Slow(record, demand) for demand in asking.demands]
    found = {}
    for today in YEAR:
        states = [life.state[today] for life in lives if life.state[today] != "no longer required"]
        states += slowly_built_in(record, asking, today)
        for notice in asking.notices:
            if today > notice.due_on:
                states += ["met" if notice.id in record.read else "missing"]
        found[today] = states
    return found


def quickly(record: Record, asking: Asking) -> dict[date, list[str]]:
    open_states = (State.WAITING, State.LAPSES, State.MISSING)
    return {
        today: [
            "missing" if item.state in open_states else str(item.state)
            for item in clearance(record, asking, today).items
        ]
        for today in YEAR
    }


@given(worlds())
@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
def test_every_day_of_a_year_is_as_the_slow_computation_says(world):
    record, asking = world
    assert quickly(record, asking) == slowly(record, asking)


@given(worlds())
@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
def test_the_spans_of_cleared_days_are_the_days_one_by_one(world):
    record, asking = world
    found = {
        first + timedelta(days=more)
        for first, last in cleared_days(record, asking, YEAR[0], YEAR[-1])
        for more in range((last - first).days + 1)
    }
    assert found == {today for today in YEAR if clearance(record, asking, today).clear}


def asks(*found: Version, notices=()) -> Asking:
    return Asking(DRIVER, RIDES, (Demand(1, None, None, found),), tuple(notices), PROOFS)


def states(record: Record, asking: Asking, *numbers: int) -> list[str]:
    return [
        "/".join(item.state for item in clearance(record, asking, day(number)).items) or "nothing"
        for number in numbers
    ]


DRIVES = (Service(DRIVER, RIDES, day(-300)),)


def test_a_license_that_ends_before_the_day_is_said_with_its_last_day():
    record = Record((Span(1, day(0), day(10)),), DRIVES)
    found = clearance(record, asks(Version(day(-400), "always", (1,))), day(11))
    assert [(one.state, one.until) for one in found.missing] == [(State.LAPSES, day(10))]
    assert clearance(record, asks(Version(day(-400), "always", (1,))), day(10)).clear


def test_what_waits_for_review_counts_only_where_the_requirement_is_not_strict():
    record = Record(
        (Span(1, day(0), None, pending=True), Span(2, day(0), None, pending=True)), DRIVES
    )
    assert states(record, asks(Version(day(-9), "always", (1,), day(-9))), 5) == ["waiting"]
    assert states(record, asks(Version(day(-9), "always", (2,), day(-9))), 5) == ["met"]


def test_a_stricter_rule_spares_those_who_were_cleared_until_theirs_ends():
    record = Record((Span(2, day(0), day(50)),), DRIVES)
    rule = (Version(day(-400), "always", (2,), day(-400)), Version(day(20), "always", (1,)))
    assert states(record, asks(*rule), 19, 20, 50, 51) == ["met", "kept", "kept", "missing"]


def test_a_stricter_rule_that_binds_all_spares_nobody_from_its_day():
    record = Record((Span(2, day(0), day(50)),), DRIVES)
    rule = (Version(day(-400), "always", (2,)), Version(day(20), "always", (1,), day(30)))
    assert states(record, asks(*rule), 29, 30) == ["kept", "missing"]


def test_a_new_rule_spares_those_who_serve_already_and_nobody_who_comes_later():
    rule = Version(day(20), "always", (1,))
    assert states(Record((), DRIVES), asks(rule), 19, 20, 300) == ["nothing", "kept", "kept"]
    assert states(Record((), (Service(DRIVER, RIDES, day(20)),)), asks(rule), 20) == ["missing"]


def test_nobody_is_spared_what_was_decided_against_them():
    rule = Version(day(20), "always", (1,))
    record = Record((), DRIVES, {}, frozenset(), ((1, day(30)),))
    assert states(record, asks(rule), 29, 30) == ["kept", "missing"]


def test_holding_another_role_before_a_rule_spares_nobody_in_this_one():
    rule = Version(day(20), "always", (1,))
    both = Record((), (Service(DESK, RIDES, day(-99)), Service(DRIVER, RIDES, day(25))))
    assert states(both, asks(rule), 26) == ["missing"]


def test_one_of_several_proofs_is_enough():
    rule = Version(day(-400), "always", (1, 3), day(-400))
    assert states(Record((Span(3, day(0)),), DRIVES), asks(rule), 5) == ["met"]
    found = clearance(Record((), DRIVES), asks(rule), day(5)).missing[0]
    assert ([one.name for one in found.options], found.proof) == (
        ["Driver's license", "Orientation"],
        None,
    )


def test_before_the_first_shift_is_not_asked_after_it():
    rule = Version(day(-400), "first", (3,), day(-400))
    served = Record((), DRIVES, {DRIVER: day(5)})
    assert states(served, asks(rule), 5, 6) == ["missing", "nothing"]


def test_a_learner_needs_only_what_holds_for_learners():
    rule = asks(Version(day(-400), "always", (1,), day(-400), trainees=False))
    assert clearance(Record((), DRIVES), rule, day(5), trainee=True).clear
    rule = asks(Version(day(-400), "always", (1,), day(-400), trainees=True))
    assert not clearance(Record((), DRIVES), rule, day(5), trainee=True).clear


def test_an_exception_counts_for_its_position_until_its_end():
    rule = asks(Version(day(-400), "always", (1,), day(-400)))
    mine = Span(1, day(0), day(9), waiver=True, position_id=DRIVER)
    other = Span(1, day(0), day(9), waiver=True, position_id=DESK)
    assert states(Record((mine,), DRIVES), rule, 9, 10) == ["waived", "lapses"]
    assert states(Record((other,), DRIVES), rule, 9) == ["missing"]


@pytest.mark.parametrize(
    ("read", "expected"), [(set(), ["nothing", "missing"]), ({7}, ["nothing", "met"])]
)
def test_what_is_not_read_by_its_day_is_in_the_way_from_the_next(read, expected):
    asking = Asking(DRIVER, RIDES, (), (Notice(7, "Handbook", day(30)),), PROOFS)
    assert states(Record((), DRIVES, {}, frozenset(read)), asking, 30, 31) == expected
