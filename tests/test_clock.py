"""Local time and UTC, the two nights when the clocks change, and how times are written."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal import clock

NEW_YORK = "America/New_York"


def test_C5_the_hour_that_is_skipped_is_refused():
    with pytest.raises(clock.SkippedHour):
        clock.from_local(date(2027, 3, 14), time(2, 30), NEW_YORK)


def test_C5_the_hour_that_comes_twice_is_asked_about():
    night = date(2027, 11, 7)
    with pytest.raises(clock.RepeatedHour):
        clock.from_local(night, time(1, 30), NEW_YORK)
    first = clock.from_local(night, time(1, 30), NEW_YORK, fold=0)
    second = clock.from_local(night, time(1, 30), NEW_YORK, fold=1)
    assert second - first == timedelta(hours=1)
    assert {clock.to_local(at, NEW_YORK).time() for at in (first, second)} == {time(1, 30)}


def test_C5_hours_are_real_elapsed_time():
    starts = clock.from_local(date(2027, 11, 6), time(22), NEW_YORK)
    ends = clock.from_local(date(2027, 11, 7), time(6), NEW_YORK)
    assert clock.elapsed(starts, ends) == timedelta(hours=9)


@given(
    st.dates(date(2000, 1, 1), date(2100, 12, 31)),
    st.times(),
    st.sampled_from(
        [NEW_YORK, "America/Phoenix", "Pacific/Honolulu", "Europe/Berlin", "Asia/Kathmandu"]
    ),
    st.sampled_from([0, 1]),
)
def test_a_local_time_comes_back_as_it_was(day, at, zone, fold):
    try:
        moment = clock.from_local(day, at, zone, fold)
    except clock.SkippedHour:
        return
    assert clock.to_local(moment, zone).replace(tzinfo=None) == datetime.combine(day, at)


@pytest.mark.parametrize(
    ("starts", "hours", "language", "words"),
    [
        ((2026, 12, 1, 18), 2, "en", "Tue, Dec 1, 6:00–8:00 pm"),
        ((2026, 12, 1, 8, 30), 3.5, "en", "Tue, Dec 1, 8:30 am–12:00 pm"),
        ((2026, 12, 1, 22), 8, "en", "Tue, Dec 1, 10:00 pm – Wed, Dec 2, 6:00 am"),
        ((2027, 1, 5, 9), 1, "en", "Tue, Jan 5, 2027, 9:00–10:00 am"),
        ((2026, 12, 1, 18), 2, "es", "mar 1 de dic, 6:00–8:00 p.\u00a0m."),
    ],
)
def test_times_are_written_as_people_write_them(starts, hours, language, words):
    at = datetime(*starts, tzinfo=clock.zone(NEW_YORK)).astimezone(UTC)
    assert clock.span_text(at, at + timedelta(hours=hours), NEW_YORK, language, 2026) == words


def test_a_day_starts_at_its_first_moment_even_where_midnight_is_skipped():
    starts = clock.start_of_day(
        date(2018, 11, 4), "America/Sao_Paulo"
    )  # clocks went from 0:00 to 1:00
    assert clock.local_day(starts, "America/Sao_Paulo") == date(2018, 11, 4)
    assert clock.local_day(starts - timedelta(seconds=1), "America/Sao_Paulo") == date(2018, 11, 3)
