"""Dates and times as people in the United States type them, in the languages of the portal.

An office types 3/14/2027, 3/14/27, Mar 14 or 14 de marzo; a picker sends 2027-03-14. A numeric date is month
first. What could be read two ways is refused, so that nobody ends up on another day than they meant.
"""

import re
import unicodedata
from datetime import date, time

from portal.languages import LANGUAGES, locale_of


def _months() -> dict[str, int]:
    found = {"sept": 9}
    for language in LANGUAGES:
        months = locale_of(language).months["format"]
        for width in ("wide", "abbreviated"):
            for number, name in months[width].items():
                found[_plain(name)] = number
    return found


def _plain(value: str) -> str:
    """Lower case without accents or periods, with single plain spaces."""
    bare = unicodedata.normalize("NFKD", value)
    kept = "".join(one for one in bare if not unicodedata.combining(one) and one != ".")
    return " ".join(kept.lower().split())


MONTHS = _months()
_MONTH = "|".join(sorted(MONTHS, key=len, reverse=True))
_YEAR = r"(?:,? (?:de )?'?(?P<year>\d{4}|\d{2}))?"
_WEEKDAY = r"(?:(?!(?:" + _MONTH + r")\b)[a-z]{2,9},? )?"
_ISO = re.compile(r"(?P<year>\d{4})-(?P<month>\d{2})-(?P<day>\d{2})")
_NUMBERS = re.compile(r"(?P<month>\d{1,2})[/-](?P<day>\d{1,2})(?:[/-](?P<year>\d{4}|\d{2}))?")
_DOTS = re.compile(r"(?P<month>\d{1,2})\.(?P<day>\d{1,2})\.(?P<year>\d{4}|\d{2})")
_MONTH_FIRST = re.compile(
    rf"{_WEEKDAY}(?P<month>{_MONTH}) (?P<day>\d{{1,2}})(?:st|nd|rd|th)?{_YEAR}"
)
_DAY_FIRST = re.compile(
    rf"{_WEEKDAY}(?:el )?(?P<day>\d{{1,2}})[ -](?:de )?(?P<month>{_MONTH})"
    rf"(?:-(?P<short>\d{{4}}|\d{{2}})|{_YEAR})"
)


def read_day(value: str, today: date) -> date:
    """The date somebody typed; without a year, the one nearest to `today`. Raises ValueError for what is no
    date."""
    typed = value.strip()
    plain = _plain(typed)
    found = _DOTS.fullmatch(typed) or next(
        filter(
            None,
            (one.fullmatch(plain) for one in (_ISO, _NUMBERS, _MONTH_FIRST, _DAY_FIRST)),
        ),
        None,
    )
    if found is None:
        raise ValueError(value)
    parts = found.groupdict()
    name = parts["month"]
    month, day = MONTHS.get(name) or int(name), int(parts["day"])
    if year := parts.get("year") or parts.get("short"):
        return date(int(year) + (2000 if len(year) == 2 else 0), month, day)
    return _nearest(month, day, today)


def _nearest(month: int, day: int, today: date) -> date:
    years = []
    for year in range(today.year - 4, today.year + 5):  # as far as the next February 29
        try:
            years.append(date(year, month, day))
        except ValueError:
            continue
    if not years:
        raise ValueError(f"{month}/{day}")
    return min(years, key=lambda one: abs(one - today))


def read_month_day(value: str) -> tuple[int, int]:
    """The month and the day of a date that comes every year, like 6/30. Raises ValueError for what is none,
    and for February 29, which most years do not have."""
    typed = re.sub(r"^(\d{2})-(\d{2})$", r"\1/\2", value.strip())
    first = read_day(typed, date(2025, 7, 1))
    if not date(2024, 12, 31) < first < date(2026, 1, 1):
        raise ValueError(value)
    return first.month, first.day


_CLOCK = re.compile(
    r"(?P<hour>\d{1,2})(?:[:h](?P<minute>\d{2})(?::(?P<second>\d{2}))?)? ?(?P<half>a|p|am|pm|a m|p m)?"
)
_NAMED = {"noon": time(12), "mediodia": time(12), "midnight": time(0), "medianoche": time(0)}


def read_time(value: str) -> time:
    """The time of day somebody typed, like 6 pm, 6:00 p.m. or 18:00. Raises ValueError for what is none, and
    for a bare hour, which may be morning or evening."""
    plain = _plain(value)
    if plain in _NAMED:
        return _NAMED[plain]
    if re.fullmatch(r"([01]\d|2[0-3])[0-5]\d", plain):  # 1800, as schedules of hospitals have it
        return time(int(plain[:2]), int(plain[2:]))
    found = _CLOCK.fullmatch(plain)
    if found is None or not (found["minute"] or found["half"]):
        raise ValueError(value)
    hour, minute, second = (int(found[name] or 0) for name in ("hour", "minute", "second"))
    if found["half"]:
        if not 1 <= hour <= 12:
            raise ValueError(value)
        hour = hour % 12 + (12 if found["half"][0] == "p" else 0)
    return time(hour, minute, second)
