"""Reading calendars that other people wrote: bounded in size, time and count, and never trusted.

A file is first cut into its events by hand, so that one that cannot be read spoils no other and
stands in the report with its line. Each is then read by icalendar and expanded by
recurring-ical-events, which knows exceptions as calendar programs do (CALENDARS 20).
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import icalendar
import recurring_ical_events

from portal.ical_blocks import Block, cut_blocks, decoded
from portal.ical_rules import MOST_OCCURRENCES, TOO_OFTEN, Never, TooFast, refuse_fast_rules
from portal.words import Words, text

FIRST_YEAR = 2000


@dataclass(frozen=True)
class Occurrence:
    """One time that an event happens. `original` is when its rule put it; `day`, and `after` as the first
    day that is not in it, are set instead of times for an event of whole days. Who is `free` all the same
    said so."""

    original: str
    starts_at: datetime | None
    ends_at: datetime | None
    day: date | None
    zone: str
    summary: str
    location: str
    canceled: bool
    free: bool = False
    after: date | None = None


@dataclass(frozen=True)
class Rule:
    """What goes on: an RRULE on local days of a zone, until a last day or (None) for ever."""

    rrule: str
    first_day: date
    last_day: date | None
    starts: time
    ends: time
    zone: str
    left_out: frozenset[date] = frozenset()


@dataclass(frozen=True)
class Series:
    """One event of a calendar with all its times up to a horizon; `wrong` says why it has none."""

    line: int
    uid: str
    summary: str
    occurrences: Sequence[Occurrence] = ()
    rule: Rule | None = None
    wrong: Words | str = ""


def read_calendar(data: bytes, zone: str, last: datetime) -> list[Series]:
    """Every event of a calendar file, expanded up to a moment. `zone` is for files that name none.

    Raises WrongCalendar for a file that is too large or no calendar at all.
    """
    source = decoded(data)
    zones, blocks, own_zone = cut_blocks(source)
    by_uid: dict[str, list[Block]] = {}
    for number, block in enumerate(blocks):
        found = re.search(r"^UID(?:;[^:\r\n]*)?:(.*)$", "\n".join(block.text), re.MULTILINE)
        by_uid.setdefault(found[1].strip() if found else f"no uid {number}", []).append(block)
    known = own_zone if _is_zone(own_zone) else zone
    series, total = [], 0
    for uid, of_one in by_uid.items():
        one = _read_one(uid, of_one, zones, known, last, MOST_OCCURRENCES - total)
        total += len(one.occurrences) if one.wrong != TOO_OFTEN else MOST_OCCURRENCES
        series.append(one)
    return sorted(series, key=lambda one: one.line)


def _read_one(
    uid: str,
    blocks: Sequence[Block],
    zones: Sequence[Block],
    zone: str,
    last: datetime,
    most: int,
) -> Series:
    """One event with its exceptions. Whatever it does to its readers ends up in `wrong`."""
    line = blocks[0].line
    lines = [line for block in blocks for line in block.text]
    zone_lines = [line for block in _zones_in(zones, lines) for line in block.text]
    source = "\r\n".join(
        ["BEGIN:VCALENDAR", "VERSION:2.0", *zone_lines, *lines, "END:VCALENDAR", ""]
    )
    summary = next(
        (one.partition(":")[2] for one in lines if one.upper().startswith("SUMMARY")), ""
    )
    if most <= 0:
        return Series(
            line, uid, summary[:200], wrong=text("The file has too many dates before it.")
        )
    try:
        calendar = icalendar.Calendar.from_ical(source)
        events = calendar.walk("VEVENT")
        refuse_fast_rules(events)
        occurrences = _expanded(calendar, zone, last, most)
        return Series(line, uid, summary[:200], occurrences, _rule_of(events, zone))
    except _TooMany:
        wrong: Words = TOO_OFTEN
    except TooFast as error:
        wrong = text("It repeats too often for a shift (%(how)s).", how=str(error))
    except Never:
        wrong = text("Its rule never matches a date.")
    except Exception as error:
        wrong = text("We couldn't read it (%(why)s).", why=type(error).__name__)
    return Series(line, uid, summary[:200], wrong=wrong)


def _zones_in(zones: Sequence[Block], lines: Sequence[str]) -> Iterator[Block]:
    """The zones that an event names, each once."""
    named = {found for line in lines for found in re.findall(r'TZID="?([^;:"]{1,60})', line[:200])}
    for block in zones:
        own = next((line[5:].strip() for line in block.text if line.startswith("TZID:")), "")
        if own in named:
            named.discard(own)
            yield block


class _TooMany(Exception):
    pass


def _expanded(calendar: Any, zone: str, last: datetime, most: int) -> list[Occurrence]:
    """Year by year, from the first that the event names: asked for "after" a day, the library takes 50
    seconds for a daily event of 27 years."""
    found: dict[str, Occurrence] = {}
    query = recurring_ical_events.of(calendar, skip_bad_series=False)
    first = min((_year_of(event) for event in calendar.walk("VEVENT")), default=FIRST_YEAR)
    for year in range(max(FIRST_YEAR, first), last.year + 1):
        ends = min(last, datetime(year + 1, 1, 1, tzinfo=UTC))
        for event in query.between(datetime(year, 1, 1, tzinfo=UTC), ends):
            occurrence = _occurrence(event, zone)
            found[occurrence.original] = occurrence
        if len(found) > most:
            raise _TooMany
    return sorted(found.values(), key=_begin)


def _year_of(event: Any) -> int:
    return int(event["DTSTART"].dt.year)


def _begin(one: Occurrence) -> datetime:
    return one.starts_at or datetime.combine(one.day or date.min, time(), UTC)


def _occurrence(event: Any, zone: str) -> Occurrence:
    starts, ends = event["DTSTART"].dt, event["DTEND"].dt
    original = event["RECURRENCE-ID"].dt if "RECURRENCE-ID" in event else starts
    shared: dict[str, Any] = {
        "summary": str(event.get("SUMMARY", "")),
        "location": str(event.get("LOCATION", "")),
        "canceled": str(event.get("STATUS", "")).upper() == "CANCELLED",
        "free": str(event.get("TRANSP", "")).upper() == "TRANSPARENT",
    }
    if not isinstance(starts, datetime):
        return Occurrence(str(original), None, None, starts, zone, after=ends, **shared)
    own = _zone_of(starts, zone)
    return Occurrence(
        in_utc(original, own).isoformat(),
        in_utc(starts, own),
        in_utc(ends, own),
        None,
        own,
        **shared,
    )


def in_utc(at: Any, zone: str) -> datetime:
    moment: datetime = at if isinstance(at, datetime) else datetime.combine(at, time())
    return (moment if moment.tzinfo else moment.replace(tzinfo=ZoneInfo(zone))).astimezone(UTC)


def _zone_of(at: datetime, zone: str) -> str:
    """The IANA name of a time's zone; the calendar's own for UTC and for times without one."""
    name = getattr(at.tzinfo, "key", "") or str(at.tzinfo or "")
    return name if _is_zone(name) and name not in ("UTC", "Etc/UTC") else zone


def _is_zone(name: str) -> bool:
    try:
        return bool(name) and len(name) <= 40 and bool(ZoneInfo(name))
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False


def _rule_of(events: Sequence[Any], zone: str) -> Rule | None:
    """The rule of an event as patterns write them; None where a pattern cannot say the same."""
    main = next((event for event in events if "RECURRENCE-ID" not in event), None)
    if main is None or "RRULE" not in main or "RDATE" in main or isinstance(main["RRULE"], list):
        return None
    starts, ends = main["DTSTART"].dt, main.decoded("DTEND", None)
    if not isinstance(starts, datetime) or ends is None or "COUNT" in main["RRULE"]:
        return None
    own = _zone_of(starts, zone)
    first, last = (in_utc(at, own).astimezone(ZoneInfo(own)) for at in (starts, ends))
    rrule = _as_patterns_do(main["RRULE"], first.date())
    if rrule is None or last - first > timedelta(hours=24):
        return None
    until = (main["RRULE"].get("UNTIL") or [None])[0]
    return Rule(
        rrule,
        first.date(),
        in_utc(until, own).astimezone(ZoneInfo(own)).date() if until else None,
        first.time(),
        last.time(),
        own,
        frozenset(_left_out(main, own)),
    )


def _left_out(event: Any, zone: str) -> Iterator[date]:
    dates = event.get("EXDATE", [])
    for one in dates if isinstance(dates, list) else [dates]:
        for value in one.dts:
            yield in_utc(value.dt, zone).astimezone(ZoneInfo(zone)).date()


def _as_patterns_do(rule: Any, first_day: date) -> str | None:
    """WEEKLY on weekdays, up to every fourth week, or MONTHLY on an nth weekday; else None."""
    names = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
    frequency = str(rule["FREQ"][0]).upper()
    interval = int((rule.get("INTERVAL") or [1])[0])
    days = [str(day).upper() for day in rule.get("BYDAY") or [names[first_day.weekday()]]]
    known = {"FREQ", "INTERVAL", "BYDAY", "WKST", "UNTIL"}
    if {str(name).upper() for name in rule} - known:
        return None
    if frequency == "WEEKLY" and interval <= 4 and set(days) <= set(names):
        starts_week = str((rule.get("WKST") or ["MO"])[0]).upper()
        if interval > 1 and len(days) > 1 and starts_week != "MO":
            return None
        ordered = ",".join(name for name in names if name in days)
        return f"FREQ=WEEKLY;INTERVAL={interval};BYDAY={ordered};WKST=MO"
    nth = re.fullmatch(r"(-1|[1-4])(MO|TU|WE|TH|FR|SA|SU)", days[0])
    if frequency == "MONTHLY" and interval == 1 and len(days) == 1 and nth:
        return f"FREQ=MONTHLY;BYDAY={days[0]}"
    return None
