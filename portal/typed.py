"""Dates and times as people in the United States type them, in the languages of the portal.

An office types 3/14/2027, 3/14/27, Mar 14 or 14 de marzo; a picker sends 2027-03-14. A numeric date is month
first. What could be read two ways is refused, so that no one ends up on another day than they meant.
"""

import re
import unicodedata
from collections.abc import Callable
from datetime import date, time
from typing import Any

from portal.languages import LANGUAGES, locale_of

LONGEST = 40
"""No date or time is longer; what is, is not looked at."""

NEAR_DAYS = 120
"""How far a date without a year may be from today; further away, it could be of either year."""

NEAR_YEARS = 20
"""How far a year of two digits may be from this one."""


def _plain(value: str) -> str:
    """Lower case without accents, with single plain spaces, and without the periods of abbreviations."""
    parts = unicodedata.normalize("NFD", value)
    bare = "".join(one for one in parts if not unicodedata.combining(one))
    return " ".join(re.sub(r"(?<=[^\W\d_])\.", "", bare.lower()).split())


def _names(of: Callable[[Any], Any]) -> dict[str, int]:
    """Names in every language, by their number; one that means two things is left out."""
    found: dict[str, set[int]] = {}
    for language in LANGUAGES:
        for width in ("wide", "abbreviated"):
            for number, name in of(locale_of(language))["format"][width].items():
                found.setdefault(_plain(name), set()).add(number)
    return {name: numbers.pop() for name, numbers in found.items() if len(numbers) == 1}


MONTHS = _names(lambda locale: locale.months) | {"sept": 9}
WEEKDAYS = _names(lambda locale: locale.days)
_MONTH = "|".join(sorted(MONTHS, key=len, reverse=True))
_WEEKDAY = rf"(?:(?P<weekday>{'|'.join(sorted(WEEKDAYS, key=len, reverse=True))}),? )?"
_YEAR = r"(?:,? (?:del? )?(?P<year>[0-9]{4})|, (?P<short>[0-9]{2})| '(?P<quoted>[0-9]{2}))?"
_FORMS = (
    re.compile(r"(?P<year>[0-9]{4})-(?P<month>[0-9]{2})-(?P<day>[0-9]{2})"),
    re.compile(r"(?P<month>[0-9]{1,2})/(?P<day>[0-9]{1,2})(?:/(?P<year>[0-9]{4}|[0-9]{2}))?"),
    re.compile(r"(?P<month>[0-9]{1,2})([-.])(?P<day>[0-9]{1,2})\2(?P<year>[0-9]{4})"),
    re.compile(rf"{_WEEKDAY}(?P<month>{_MONTH}) (?P<day>[0-9]{{1,2}})(?:st|nd|rd|th)?{_YEAR}"),
    re.compile(rf"{_WEEKDAY}(?:el )?(?P<day>[0-9]{{1,2}}) (?:de )?(?P<month>{_MONTH}){_YEAR}"),
    re.compile(rf"(?P<day>[0-9]{{1,2}})-(?P<month>{_MONTH})-(?P<year>[0-9]{{4}}|[0-9]{{2}})"),
)


def _parts(value: str) -> tuple[int, int, str, str]:
    """The month, day, year (maybe "") and weekday (maybe "") that were typed. Raises ValueError."""
    if len(value) <= LONGEST:
        plain = _plain(value)
        for form in _FORMS:
            if found := form.fullmatch(plain):
                said = found.groupdict()
                month = MONTHS.get(said["month"]) or int(said["month"])
                year = said.get("year") or said.get("short") or said.get("quoted") or ""
                return month, int(said["day"]), year, said.get("weekday") or ""
    raise ValueError(value[:LONGEST])


def read_day(value: str, today: date) -> date:
    """The date someone typed; without a year, the one near `today`. Raises ValueError for what is no date,
    for a date without a year that is not near, and for a weekday that is not its own."""
    month, day, year, weekday = _parts(value)
    if not year:
        found = _near(month, day, today)
    elif len(year) == 4:
        found = date(int(year), month, day)
    else:
        found = date(2000 + int(year), month, day)
        if abs(found.year - today.year) > NEAR_YEARS:
            raise ValueError(value)
    if weekday and WEEKDAYS[weekday] != found.weekday():
        raise ValueError(value)
    return found


def _near(month: int, day: int, today: date) -> date:
    for year in (today.year - 1, today.year, today.year + 1):
        try:
            found = date(year, month, day)
        except ValueError:
            continue
        if abs((found - today).days) <= NEAR_DAYS:
            return found
    raise ValueError(f"{month}/{day}")


def read_month_day(value: str) -> tuple[int, int]:
    """The month and the day of a date that comes every year, like 6/30. Raises ValueError for what is none,
    and for February 29, which most years do not have."""
    month, day, year, weekday = _parts(re.sub(r"^([0-9]{2})-([0-9]{2})$", r"\1/\2", value.strip()))
    if year or weekday:
        raise ValueError(value)
    date(2025, month, day)  # a year without a leap day
    return month, day


_CLOCK = re.compile(
    r"(?P<hour>[0-9]{1,2})(?:[:.h](?P<minute>[0-9]{2})(?::(?P<second>[0-9]{2}))?)?"
    r" ?(?P<half>a|p|am|pm|a m|p m)?"
)
_NAMED = {"noon": time(12), "mediodia": time(12), "midnight": time(0), "medianoche": time(0)}


def read_time(value: str) -> time:
    """The time of day someone typed, like 6 pm, 6:00 p.m. or 18:00. Raises ValueError for what is none, and
    for 6 or 6:00 alone, which may be morning or evening."""
    plain = _plain(value) if len(value) <= LONGEST else ""
    if plain in _NAMED:
        return _NAMED[plain]
    if re.fullmatch(r"([01][0-9]|2[0-3])[0-5][0-9]", plain):  # 1800, as hospitals have it
        return time(int(plain[:2]), int(plain[2:]))
    found = _CLOCK.fullmatch(plain)
    if found is None:
        raise ValueError(value[:LONGEST])
    hour, minute, second = (int(found[name] or 0) for name in ("hour", "minute", "second"))
    if not found["half"]:
        if not found["minute"] or (len(found["hour"]) == 1 and hour):
            raise ValueError(value)
    elif not 1 <= hour <= 12:
        raise ValueError(value)
    else:
        hour = hour % 12 + (12 if found["half"][0] == "p" else 0)
    return time(hour, minute, second)
