"""How long things take: open cases count too, and little is said of few."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as some

from portal.recruitment import waits
from portal.recruitment.waits import Case

DAY = date(2026, 11, 2)


def done(*days: float) -> list[Case]:
    return [Case(one, done=True) for one in days]


def test_the_median_of_five_done_cases_is_their_middle():
    assert waits.median(done(1, 2, 19, 30, 40)) == 19


def test_under_five_cases_nothing_is_said():
    assert waits.median(done(1, 2, 3, 4)) is None
    assert waits.median([*done(1, 2, 3, 4), Case(9, done=False)]) is None
    assert waits.estimate(done(1, 2, 3, 4), DAY, DAY) is None


def test_open_cases_make_the_median_longer_and_never_shorter():
    """Five were quick, and five have been waiting for two months: "usually 3 days" would flatter."""
    quick = done(1, 2, 3, 4, 5)
    assert waits.median(quick) == 3
    assert waits.median([*quick, *[Case(60, done=False)] * 4]) == 5
    assert waits.median([*quick, *[Case(60, done=False)] * 6]) is None


def test_who_left_early_says_nothing_of_what_came_later():
    assert waits.median([*done(10, 20, 30, 40, 50), *[Case(1, done=False)] * 50]) == 30


CASES = some.lists(
    some.builds(Case, some.floats(0, 400).map(lambda days: round(days, 1)), some.booleans()),
    min_size=1,
    max_size=60,
)


@given(CASES, some.floats(0.05, 0.95), some.floats(0.05, 0.95))
def test_more_people_are_done_later(cases, one, other):
    low, high = sorted((one, other))
    first, last = waits.quantile(cases, low), waits.quantile(cases, high)
    if last is not None:
        assert first is not None
        assert first <= last
    for found in (first, last):
        assert found is None or Case(found, done=True) in cases


@given(CASES, some.floats(0, 300))
def test_whoever_waited_is_not_told_a_day_that_is_past(cases, waited):
    found = waits.quantile(cases, 0.5, waited)
    assert found is None or found > waited


def test_an_estimate_is_two_dates_or_one_if_they_are_near():
    near = waits.estimate(done(*range(20, 30)), DAY, DAY)
    assert near is not None
    assert near.narrow
    assert DAY + timedelta(days=20) <= near.half <= DAY + timedelta(days=30)
    far = waits.estimate(done(*range(20, 70)), DAY, DAY)
    assert far is not None
    assert not far.narrow
    assert far.weeks_from(DAY) == (4, 9)


def test_an_estimate_is_made_of_five_who_waited_as_long_and_not_of_one():
    """Four took 3 days and one took 300: after ten days there is one history left, which is no estimate."""
    cases = done(3, 3, 3, 3, 300)
    assert waits.estimate(cases, DAY, DAY) is not None
    assert waits.estimate(cases, DAY, DAY + timedelta(days=10)) is None


def test_where_three_quarters_never_start_half_are_named():
    cases = [*done(*range(10, 20)), *[Case(300, done=False)] * 8]
    found = waits.estimate(cases, DAY, DAY)
    assert found is not None
    assert (found.last, found.narrow) == (None, False)
    assert found.weeks(found.half, DAY) == 3
