"""Time: the only place that asks what time it is, or turns UTC into an agency's local time.

The database holds UTC. People read and write the local time of a zone. Two nights a year
that conversion has a gap (an hour that never happens) and a fold (an hour that happens
twice); `from_local` names both instead of guessing.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from babel.dates import format_time

from portal.languages import locale_of

zone = lru_cache(maxsize=64)(ZoneInfo)


def _system_time() -> datetime:
    return datetime.now(UTC)


_source: Callable[[], datetime] = _system_time


def now() -> datetime:
    """This moment, in UTC."""
    return _source()


def use_source(source: Callable[[], datetime] | None) -> Callable[[], datetime]:
    """Take the time from `source` instead of the system; None goes back. Gives where it came from before.
    For tests and drills."""
    global _source
    before, _source = _source, source or _system_time
    return before


class SkippedHour(ValueError):
    """The clocks jump over this local time, so it never happens."""


class RepeatedHour(ValueError):
    """This local time happens twice; say which with fold 0 (first) or 1 (second)."""


def to_local(at: datetime, zone_name: str) -> datetime:
    """The wall-clock time of a moment in a zone."""
    return at.astimezone(zone(zone_name))


def from_local(day: date, at: time, zone_name: str, fold: int | None = None) -> datetime:
    """The moment, in UTC, of a wall-clock time. Raises SkippedHour or, without `fold`, RepeatedHour."""
    place = zone(zone_name)
    first = datetime.combine(day, at, place).replace(fold=0)
    second = first.replace(fold=1)
    if first.utcoffset() != second.utcoffset():
        if first.astimezone(UTC).astimezone(place).replace(tzinfo=None) != first.replace(
            tzinfo=None
        ):
            raise SkippedHour
        if fold is None:
            raise RepeatedHour
    return (second if fold else first).astimezone(UTC)


def as_calendars_do(day: date, at: time, zone_name: str) -> datetime:
    """The moment, in UTC, of a recurring wall-clock time, which must exist every day.

    One that the clocks jump over takes the offset before the gap, one that comes twice is the
    first (RFC 5545, 3.3.5).
    """
    return datetime.combine(day, at.replace(fold=0), zone(zone_name)).astimezone(UTC)


def start_of_day(day: date, zone_name: str) -> datetime:
    """The first moment of a local day, in UTC; where midnight is skipped, the first that exists."""
    return datetime.combine(day, time(), zone(zone_name)).astimezone(UTC)


def local_day(at: datetime, zone_name: str) -> date:
    """The calendar day of a moment in a zone."""
    return to_local(at, zone_name).date()


def week_start(day: date, first_weekday: int) -> date:
    """The first day of the week a day is in; `first_weekday` is 1 for Monday to 7 for Sunday (ISO 8601)."""
    return day - timedelta(days=(day.isoweekday() - first_weekday) % 7)


@dataclass(frozen=True)
class Names:
    """How one language writes days and times. Weekdays count from Monday, months from January.

    `of` stands between day, month and year where a language says it ("1 de dic de 2026").
    """

    days: tuple[str, ...]
    months: tuple[str, ...]
    long_months: tuple[str, ...]
    morning: str
    afternoon: str
    day_first: bool
    of: str = ""


OF = {"es": "de", "pt": "de"}
"""What some languages say between day, month and year."""

HALVES = {"en": ("am", "pm"), "es": ("a.\u00a0m.", "p.\u00a0m.")}
"""The halves of the day where we write them otherwise than CLDR."""


class _Names(dict[str, Names]):
    """Reads how a language writes days and times when someone first needs it."""

    def __missing__(self, language: str) -> Names:
        locale = locale_of(language)
        days, months = locale.days["format"], locale.months["format"]["abbreviated"]
        wide, pattern = locale.months["stand-alone"]["wide"], locale.date_formats["medium"].pattern
        morning, afternoon = HALVES.get(language) or (
            format_time(time(hour), "a", locale=locale) for hour in (9, 15)
        )
        return self.setdefault(
            language,
            Names(
                days=tuple(days["abbreviated"][index] for index in range(7)),
                months=tuple(months[index] for index in range(1, 13)),
                long_months=tuple(wide[index] for index in range(1, 13)),
                morning=morning,
                afternoon=afternoon,
                day_first=pattern.index("d") < pattern.index("M"),
                of=OF.get(language, ""),
            ),
        )


NAMES = _Names()
"""How each language writes days and times."""


@lru_cache(maxsize=4096)
def day_text(day: date, language: str, this_year: int) -> str:
    """A day as people write it: "Tue, Dec 1", with the year when it is not this one."""
    names = NAMES[language]
    weekday, month = names.days[day.weekday()], names.months[day.month - 1]
    if names.of:
        year = "" if day.year == this_year else f" {names.of} {day.year}"
        return f"{weekday} {day.day} {names.of} {month}{year}"
    text = f"{day.day} {month}" if names.day_first else f"{month} {day.day}"
    year = "" if day.year == this_year else f", {day.year}"
    return f"{weekday}, {text}{year}"


def month_text(day: date, language: str) -> str:
    """The month of a day: "November 2026"."""
    names = NAMES[language]
    of = f" {names.of}" if names.of else ""
    return f"{names.long_months[day.month - 1]}{of} {day.year}"


def yearly_text(month_day: str, language: str) -> str:
    """A date that comes every year, kept as MM-DD: "June 30"."""
    names = NAMES[language]
    month, day = names.long_months[int(month_day[:2]) - 1], int(month_day[3:])
    if names.of:
        return f"{day} {names.of} {month}"
    return f"{day} {month}" if names.day_first else f"{month} {day}"


def weekday_names(weekdays: tuple[int, ...], language: str) -> str:
    """Days of the week, 0 for Monday: "Tue, Thu"."""
    return ", ".join(NAMES[language].days[weekday] for weekday in weekdays)


def _time_text(at: time | datetime, names: Names, *, half: bool = True) -> str:
    text = f"{at.hour % 12 or 12}:{at.minute:02}"
    return f"{text} {names.afternoon if at.hour >= 12 else names.morning}" if half else text


def wall_text(starts: time, ends: time, language: str) -> str:
    """A span of wall-clock times: "6:00–8:00 pm"."""
    names = NAMES[language]
    same_half = (starts.hour < 12) == (ends.hour < 12)
    return f"{_time_text(starts, names, half=not same_half)}–{_time_text(ends, names)}"


def wall_time_text(at: time, language: str) -> str:
    """A wall-clock time: "6:00 pm"."""
    return _time_text(at, NAMES[language])


@lru_cache(maxsize=4096)
def time_text(at: datetime, zone_name: str, language: str) -> str:
    """The local time of a moment: "6:00 pm"."""
    return _time_text(to_local(at, zone_name), NAMES[language])


@lru_cache(maxsize=4096)
def moment_text(at: datetime, zone_name: str, language: str, this_year: int) -> str:
    """A moment as people write it: "Tue, Dec 1, 6:00 pm"."""
    local = to_local(at, zone_name)
    return f"{day_text(local.date(), language, this_year)}, {_time_text(local, NAMES[language])}"


@lru_cache(maxsize=4096)
def hours_text(
    starts: datetime, ends: datetime, zone_name: str, language: str, this_year: int
) -> str:
    """From one moment to another on a day: "6:00–8:00 pm". Names the last day if it is another."""
    names = NAMES[language]
    first, last = to_local(starts, zone_name), to_local(ends, zone_name)
    if first.date() != last.date():
        end = moment_text(ends, zone_name, language, this_year)
        return f"{_time_text(first, names)} – {end}"
    same_half = (first.hour >= 12) == (last.hour >= 12)
    return f"{_time_text(first, names, half=not same_half)}–{_time_text(last, names)}"


@lru_cache(maxsize=8192)
def day_and_hours(
    starts: datetime, ends: datetime, zone_name: str, language: str, this_year: int
) -> tuple[str, str]:
    """A span in two parts, as a list under headings prints it: "Tue, Dec 1" and "6:00–8:00 pm"."""
    day = day_text(local_day(starts, zone_name), language, this_year)
    return day, hours_text(starts, ends, zone_name, language, this_year)


def span_text(
    starts: datetime, ends: datetime, zone_name: str, language: str, this_year: int
) -> str:
    """From one moment to another: "Tue, Dec 1, 6:00–8:00 pm"; names both days if they differ."""
    return ", ".join(day_and_hours(starts, ends, zone_name, language, this_year))


def elapsed(starts: datetime, ends: datetime) -> timedelta:
    """Real time between two moments; both in UTC, so clock changes do not bend it."""
    return ends.astimezone(UTC) - starts.astimezone(UTC)


ONE_DAY = timedelta(days=1)
END_OF_TIME = datetime(9000, 1, 1, tzinfo=UTC)
"""Later than anything here."""


def from_seconds(seconds: int) -> datetime:
    """The moment that many seconds after 1970."""
    return datetime.fromtimestamp(seconds, UTC)


def _nth(year: int, month: int, weekday: int, number: int) -> date:
    """The first (1), second ... weekday of a month; 5 for the last."""
    first = date(year, month, 1)
    day = first + timedelta(days=(weekday - first.weekday()) % 7 + 7 * (number - 1))
    return day if day.month == month else day - timedelta(days=7)


@lru_cache(maxsize=64)
def federal_holidays(year: int) -> frozenset[date]:
    """The days on which federal offices are closed, as observed (5 U.S.C. 6103)."""
    fixed = [date(year, *day) for day in ((1, 1), (6, 19), (7, 4), (11, 11), (12, 25))]
    moving = [
        _nth(year, month, weekday, number)
        for month, weekday, number in (
            (1, 0, 3),
            (2, 0, 3),
            (5, 0, 5),
            (9, 0, 1),
            (10, 0, 2),
            (11, 3, 4),
        )
    ]
    shift = {5: -1, 6: 1}
    return frozenset(
        day + timedelta(days=shift.get(day.weekday(), 0))
        for day in (*fixed, *moving, date(year + 1, 1, 1))
    )


def business_day_after(day: date, number: int) -> date:
    """The day so many business days later: Monday to Friday without federal holidays."""
    while number:
        day += ONE_DAY
        if day.weekday() < 5 and day not in federal_holidays(day.year):
            number -= 1
    return day


def business_days_between(first: date, last: date) -> int:
    """How many business days have passed since a day: 0 on it and on the days off after it."""
    number, day = 0, first
    while day < last:
        day += ONE_DAY
        number += day.weekday() < 5 and day not in federal_holidays(day.year)
    return number
