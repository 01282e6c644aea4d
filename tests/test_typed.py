"""Dates, times and amounts of time, as people type them and as the portal says them."""

from datetime import date, time, timedelta

import pytest

from portal import clock
from portal.languages import LANGUAGES
from portal.typed import read_day, read_month_day, read_time
from portal.web.durations import duration_text, read_duration
from portal.words import CATALOGS, fill, text

TODAY = date(2026, 11, 29)


@pytest.mark.parametrize(
    "typed",
    [
        "3/14/2027", "03/14/2027", "3/14/27", "3-14-2027", "3.14.2027", "Mar 14", "mar. 14", "March 14",
        "March 14, 2027", "March 14th, 2027", "Mar 14, 27", "Mar 14 '27", "Sunday, March 14, 2027", "14 March 2027",
        "14-Mar-27", "2027-03-14", " 3/14/27 ", "14 de marzo de 2027", "14 mar 2027", "domingo 14 de marzo",
        "3/14", "MARCH 14",
    ],
)  # fmt: skip
def test_a_date_is_read_as_people_type_it(typed):
    assert read_day(typed, TODAY) == date(2027, 3, 14)


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "soon",
        "25/12/2026",
        "13/13/2026",
        "2/30/2027",
        "3",
        "3/14/202",
        "14",
        "March",
        "Mars 14",
    ],
)
def test_what_is_no_date_or_could_be_another_is_refused(typed):
    with pytest.raises(ValueError, match=r"^"):
        read_day(typed, TODAY)


def test_without_a_year_a_date_is_the_nearest():
    assert read_day("Nov 3", TODAY) == date(2026, 11, 3)
    assert read_day("Feb 3", TODAY) == date(2027, 2, 3)
    assert read_day("Jan 2", date(2027, 12, 30)) == date(2028, 1, 2)
    for far in ("6/2", "May 30", "2/29"):
        with pytest.raises(ValueError, match=r"^"):
            read_day(far, TODAY)


@pytest.mark.parametrize(
    "typed",
    [
        "1.2/27", "Mar 1.4", "3/1²/27", "27 Mar 14", "12-11-10", "3/14/98", "Monday, March 14, 2027",
        "before mar 14", "3/14/2027" + " " * 50 + "x", "٣/١٤/٢٠٢٧", "Mar 14 27",
    ],
)  # fmt: skip
def test_slips_do_not_become_another_date(typed):
    with pytest.raises(ValueError, match=r"^"):
        read_day(typed, TODAY)


def test_every_day_can_be_typed_as_the_portal_says_it():
    for number in range(800):
        day = TODAY + timedelta(days=number)
        for language in LANGUAGES:
            assert read_day(clock.day_text(day, language, 0), TODAY) == day


def test_long_nonsense_is_not_read():
    for read in (lambda value: read_day(value, TODAY), read_time, read_month_day):
        with pytest.raises(ValueError, match=r"^"):
            read("ﷺ" * 100_000)


@pytest.mark.parametrize(
    "typed",
    [
        "6pm",
        "6 PM",
        "6:00 pm",
        "06:00PM",
        "6:00 p.m.",
        "6:00 p. m.",
        "18:00",
        "18:00:00",
        "1800",
        "6p",
    ],
)
def test_a_time_is_read_as_people_type_it(typed):
    assert read_time(typed) == time(18)


def test_noon_and_midnight_are_not_confused():
    assert (read_time("12 pm"), read_time("noon"), read_time("mediodía")) == (time(12),) * 3
    assert (read_time("12:00 am"), read_time("midnight"), read_time("0:00")) == (time(0),) * 3
    assert (read_time("10:30"), read_time("10.30 am"), read_time("06:30")) == (
        time(10, 30), time(10, 30), time(6, 30),
    )  # fmt: skip


@pytest.mark.parametrize(
    "typed", ["", "6", "6:00", "1.8:00", "24:00", "13 pm", "0 am", "6:60 pm", "later"]
)
def test_what_is_no_time_or_could_be_another_is_refused(typed):
    with pytest.raises(ValueError, match=r"^"):
        read_time(typed)


@pytest.mark.parametrize("typed", ["6/30", "06-30", "June 30", "30 de junio"])
def test_a_date_of_each_year(typed):
    assert read_month_day(typed) == (6, 30)
    assert clock.yearly_text("06-30", "en") == "June 30"
    assert clock.yearly_text("06-30", "es") == "30 de junio"


def test_every_date_of_a_year_can_be_typed_and_said():
    for number in range(365):
        day = date(2025, 1, 1) + timedelta(days=number)
        kept = f"{day:%m-%d}"
        assert read_month_day(kept) == read_month_day(f"{day.month}/{day.day}")
        for language in LANGUAGES:
            assert read_month_day(clock.yearly_text(kept, language)) == (day.month, day.day)


@pytest.mark.parametrize("typed", ["2/29", "6/31", "6/30/2027", "06", ""])
def test_what_does_not_come_every_year_is_refused(typed):
    with pytest.raises(ValueError, match=r"^"):
        read_month_day(typed)


@pytest.mark.parametrize(
    ("minutes", "english", "spanish"),
    [
        (0, "0 min", "0 min"), (45, "45 min", "45 min"), (60, "1 hr", "1 h"), (150, "2 hr 30 min", "2 h 30 min"),
        (5880, "98 hr", "98 h"), (74_075, "1,234 hr 35 min", "1,234 h 35 min"),
    ],
)  # fmt: skip
def test_an_amount_of_time_names_its_units_and_can_be_typed_so(minutes, english, spanish):
    assert duration_text(minutes, "en") == english
    assert duration_text(minutes, "es") == spanish
    assert read_duration(english) == read_duration(spanish) == minutes


def test_weeks_begin_on_the_day_the_agency_says():
    wednesday = date(2026, 12, 2)
    assert clock.week_start(wednesday, 7) == date(2026, 11, 29)
    assert clock.week_start(wednesday, 1) == date(2026, 11, 30)
    assert clock.week_start(wednesday, 6) == date(2026, 11, 28)
    assert clock.week_start(date(2026, 11, 29), 7) == date(2026, 11, 29)


def test_spanish_dates_say_de_and_have_no_English_commas():
    assert clock.day_text(date(2026, 12, 1), "es", 2026) == "mar 1 de dic"
    assert clock.day_text(date(2027, 3, 2), "es", 2026) == "mar 2 de mar de 2027"
    assert clock.month_text(date(2026, 11, 1), "es") == "noviembre de 2026"


def test_a_value_that_ends_in_a_period_ends_the_sentence():
    said = CATALOGS["en"].say(text("Sign-up opens %(when)s.", when="7:00 p. m."))
    assert said == "Sign-up opens 7:00 p. m."
    assert (
        fill("By %(name)s. Then %(day)s.", name="Acme Inc.", day="Tue") == "By Acme Inc. Then Tue."
    )
    assert fill("Wait %(name)s...", name="Inc.") == "Wait Inc...."
