"""Recurrences: from a coordinator's words to an RRULE (RFC 5545), and from that to days and moments.

Nothing here touches the database. Days are local; a time that the clocks jump over is taken as
calendars take it (RFC 5545, 3.3.5: with the offset before the gap), and one that comes twice is
the first.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache, partial

from dateutil.rrule import rrulestr

from portal import clock
from portal.words import Words, text

WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
RHYTHMS = {
    "1": text("Every week"),
    "2": text("Every 2 weeks"),
    "3": text("Every 3 weeks"),
    "4": text("Every 4 weeks"),
    "first": text("The first of the month"),
    "second": text("The second of the month"),
    "third": text("The third of the month"),
    "fourth": text("The fourth of the month"),
    "last": text("The last of the month"),
}
_NTH = {"first": 1, "second": 2, "third": 3, "fourth": 4, "last": -1}


def rule_of(rhythm: str, weekdays: Sequence[int]) -> str:
    """An RRULE for a rhythm of `RHYTHMS` on weekdays (0 is Monday)."""
    names = [WEEKDAYS[weekday] for weekday in sorted(weekdays)]
    if rhythm in _NTH:
        return f"FREQ=MONTHLY;BYDAY={','.join(f'{_NTH[rhythm]}{name}' for name in names)}"
    return f"FREQ=WEEKLY;INTERVAL={rhythm};BYDAY={','.join(names)};WKST=MO"


def rhythm_of(rule: str) -> tuple[str, list[int]]:
    """The rhythm and the weekdays of a rule that `rule_of` made."""
    parts = dict(part.split("=") for part in rule.split(";"))
    named = parts["BYDAY"].split(",")
    weekdays = [WEEKDAYS.index(name[-2:]) for name in named]
    if parts["FREQ"] == "MONTHLY":
        nth = int(named[0][:-2])
        return next(name for name, number in _NTH.items() if number == nth), weekdays
    return parts["INTERVAL"], weekdays


def rule_words(rule: str) -> Words:
    """A rule in words: "Every week: Tue, Thu"."""
    rhythm, weekdays = rhythm_of(rule)
    names = partial(clock.weekday_names, tuple(weekdays))
    return text("%(rhythm)s: %(weekdays)s", rhythm=RHYTHMS[rhythm], weekdays=names)


def days_of(rule: str, first_day: date, since: date, until: date) -> list[date]:
    """The days of a rule from `since` to `until`, both included. It counts weeks from `first_day`."""
    start = max(first_day, since)
    return [day for day in _days(rule, first_day, until) if day >= start]


@lru_cache(maxsize=256)
def _days(rule: str, first_day: date, until: date) -> tuple[date, ...]:
    series = rrulestr(rule, dtstart=datetime.combine(first_day, time()))
    last = datetime.combine(until, time())
    return tuple(
        at.date() for at in series.between(datetime.combine(first_day, time()), last, inc=True)
    )


@dataclass(frozen=True)
class Occurrence:
    """One time that a recurrence happens: its local day, and its moments."""

    day: date
    starts_at: datetime
    ends_at: datetime


def occurrence(day: date, starts: time, ends: time, zone: str) -> Occurrence:
    """The moments of wall-clock times on a day; an end at or before the start is the next day's.

    A night that clocks change is an hour shorter or longer, as people there live it. Where both
    times fall into the gap, the length on the clock is kept.
    """
    last_day = day if ends > starts else day + clock.ONE_DAY
    starts_at = clock.as_calendars_do(day, starts, zone)
    ends_at = clock.as_calendars_do(last_day, ends, zone)
    if ends_at <= starts_at:
        ends_at = starts_at + length(starts, ends)
    return Occurrence(day, starts_at, ends_at)


def length(starts: time, ends: time) -> timedelta:
    """How long it is from one wall-clock time to another, on a night without a change."""
    day = date(2000, 1, 1)
    last_day = day if ends > starts else day + clock.ONE_DAY
    return datetime.combine(last_day, ends) - datetime.combine(day, starts)
