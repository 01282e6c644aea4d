"""Recurrences: rules to days, and days to moments, over the nights on which clocks change."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal import clock
from portal.shifts.recurrence import (
    RHYTHMS,
    days_of,
    occurrence,
    rhythm_of,
    rule_of,
    rule_words,
)

NEW_YORK = "America/New_York"


@given(st.sampled_from(sorted(RHYTHMS)), st.sets(st.integers(0, 6), min_size=1))
def test_a_rule_reads_back_as_what_was_chosen(rhythm, weekdays):
    assert rhythm_of(rule_of(rhythm, sorted(weekdays))) == (rhythm, sorted(weekdays))


@given(
    st.sampled_from(sorted(RHYTHMS)),
    st.sets(st.integers(0, 6), min_size=1),
    st.dates(date(2026, 1, 1), date(2028, 12, 31)),
    st.integers(0, 200),
)
def test_days_are_on_their_weekdays_and_do_not_depend_on_where_one_looks(
    rhythm, weekdays, first, later
):
    rule = rule_of(rhythm, sorted(weekdays))
    until = first + timedelta(days=300)
    days = days_of(rule, first, first, until)
    assert days == sorted(set(days))
    assert {day.weekday() for day in days} <= weekdays
    since = first + timedelta(days=later)
    assert days_of(rule, first, since, until) == [day for day in days if day >= since]


def test_words_for_a_rule():
    assert str(rule_words(rule_of("2", [1, 3]))) == "Every 2 weeks: Tue, Thu"


def test_the_second_tuesday_of_the_month():
    found = days_of(rule_of("second", [1]), date(2027, 1, 1), date(2027, 1, 1), date(2027, 3, 31))
    assert found == [date(2027, 1, 12), date(2027, 2, 9), date(2027, 3, 9)]


@pytest.mark.parametrize(
    ("day", "starts", "ends", "first", "hours"),
    [
        # March 14, 2027: clocks jump from 2 to 3
        (date(2027, 3, 13), time(22), time(6), datetime(2027, 3, 14, 3, tzinfo=UTC), 7),
        (date(2027, 3, 14), time(2, 30), time(5), datetime(2027, 3, 14, 7, 30, tzinfo=UTC), 1.5),
        (
            date(2027, 3, 14),
            time(2, 10),
            time(2, 50),
            datetime(2027, 3, 14, 7, 10, tzinfo=UTC),
            40 / 60,
        ),
        (date(2027, 3, 14), time(18), time(20), datetime(2027, 3, 14, 22, tzinfo=UTC), 2),
        # November 7, 2027: the hour from 1 to 2 comes twice
        (date(2027, 11, 6), time(22), time(6), datetime(2027, 11, 7, 2, tzinfo=UTC), 9),
        (date(2027, 11, 7), time(1, 30), time(4), datetime(2027, 11, 7, 5, 30, tzinfo=UTC), 3.5),
        (date(2027, 11, 7), time(18), time(20), datetime(2027, 11, 7, 23, tzinfo=UTC), 2),
    ],
)
def test_C5_nights_on_which_clocks_change(day, starts, ends, first, hours):
    found = occurrence(day, starts, ends, NEW_YORK)
    assert found.starts_at == first
    assert clock.elapsed(found.starts_at, found.ends_at) == timedelta(hours=hours)


@given(st.dates(date(2027, 1, 1), date(2027, 12, 31)), st.times(), st.times())
def test_C5_every_occurrence_lasts_and_stays_near_its_wall_clock(day, starts, ends):
    starts, ends = starts.replace(second=0, microsecond=0), ends.replace(second=0, microsecond=0)
    if starts == ends:
        return
    found = occurrence(day, starts, ends, NEW_YORK)
    assert found.ends_at > found.starts_at
    assert clock.local_day(found.starts_at, NEW_YORK) == day
