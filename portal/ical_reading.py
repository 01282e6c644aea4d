"""Reading calendars that other people wrote: bounded in size, time and count, and never trusted.

A file is first cut into its events by hand, so that one that cannot be read spoils no other and
stands in the report with its line. Each is then read by icalendar and expanded by
recurring-ical-events, which knows exceptions as calendar programs do (CALENDARS 20).
"""

import codecs
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import icalendar
import recurring_ical_events

from portal.reading.rules import can_come_true

LARGEST_FILE = 5 * 1024 * 1024
LONGEST_LINE = 100_000
MOST_EVENTS = 5_000
MOST_OCCURRENCES = 20_000
DEEPEST = 4
LONGEST_ZONE = 500
SLOW = ("SECONDLY", "MINUTELY", "HOURLY")
TOO_OFTEN = f"it happens too often: a file may have {MOST_OCCURRENCES} times in all"
FIRST_YEAR = 2000
FIRST_YEAR_OF_RULES = 1900


class WrongCalendar(Exception):
    """A file that is not a calendar we can read; the message says why."""


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
    cancelled: bool
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
    wrong: str = ""


@dataclass
class _Block:
    line: int
    text: list[str] = field(default_factory=list)


def read_calendar(data: bytes, zone: str, last: datetime) -> list[Series]:
    """Every event of a calendar file, expanded up to a moment. `zone` is for files that name none.

    Raises WrongCalendar for a file that is too large or no calendar at all.
    """
    text = _decoded(data)
    zones, blocks, own_zone = _cut(text)
    by_uid: dict[str, list[_Block]] = {}
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


def _decoded(data: bytes) -> str:
    if len(data) > LARGEST_FILE:
        raise WrongCalendar(f"The file is larger than {LARGEST_FILE // 2**20} MiB.")
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return data.decode("utf-16", errors="replace")
    text = data.decode("utf-8-sig", errors="replace")
    if "BEGIN:VCALENDAR" not in text[:2000].upper():
        raise WrongCalendar("This is not a calendar file: it does not begin with BEGIN:VCALENDAR.")
    return text


def _cut(text: str) -> tuple[list[_Block], list[_Block], str]:
    """The blocks of all zones, those of all events, and the calendar's own zone."""
    zones: list[_Block] = []
    blocks: list[_Block] = []
    nest: list[str] = []
    own_zone = ""
    for number, line in _unfolded(text):
        upper = line[:60].upper().rstrip()
        if upper.startswith("BEGIN:"):
            nest.append(upper[6:])
            if len(nest) > DEEPEST:
                raise WrongCalendar(f"Line {number}: parts are nested too deeply.")
            if nest[1:] == ["VEVENT"]:
                blocks.append(_Block(number))
                if len(blocks) > MOST_EVENTS:
                    raise WrongCalendar(f"The file has more than {MOST_EVENTS} events.")
            if nest[1:] == ["VTIMEZONE"]:
                zones.append(_Block(number))
        if "VTIMEZONE" in nest[1:2]:
            if len(zones[-1].text) < LONGEST_ZONE:
                zones[-1].text.append(line)
        elif "VEVENT" in nest[1:2]:
            blocks[-1].text.append(line)
        elif upper.startswith("X-WR-TIMEZONE"):
            own_zone = line.partition(":")[2].strip()
        if upper.startswith("END:") and nest and nest[-1] == upper[4:]:
            nest.pop()
    return zones, blocks, own_zone


def _unfolded(text: str) -> Iterator[tuple[int, str]]:
    """Logical lines with the number of their first physical one (RFC 5545, 3.1)."""
    number, parts, length = 0, [""], 0
    for at, line in enumerate(text.splitlines(), 1):
        if line.startswith((" ", "\t")) and number:
            parts.append(line[1:])
            length += len(line)
        else:
            if number:
                yield number, "".join(parts)
            number, parts, length = at, [line], len(line)
        if length > LONGEST_LINE:
            raise WrongCalendar(f"Line {at} is longer than {LONGEST_LINE} characters.")
    if number:
        yield number, "".join(parts)


def _read_one(
    uid: str,
    blocks: Sequence[_Block],
    zones: Sequence[_Block],
    zone: str,
    last: datetime,
    most: int,
) -> Series:
    """One event with its exceptions. Whatever it does to its readers ends up in `wrong`."""
    line = blocks[0].line
    lines = [line for block in blocks for line in block.text]
    zone_lines = [line for block in _zones_in(zones, lines) for line in block.text]
    text = "\r\n".join(["BEGIN:VCALENDAR", "VERSION:2.0", *zone_lines, *lines, "END:VCALENDAR", ""])
    summary = next(
        (one.partition(":")[2] for one in lines if one.upper().startswith("SUMMARY")), ""
    )
    if most <= 0:
        return Series(line, uid, summary[:200], wrong="the file has too many times before it")
    try:
        calendar = icalendar.Calendar.from_ical(text)
        events = calendar.walk("VEVENT")
        _refuse_fast_rules(events)
        occurrences = _expanded(calendar, zone, last, most)
        return Series(line, uid, summary[:200], occurrences, _rule_of(events, zone))
    except _TooMany:
        wrong = TOO_OFTEN
    except _TooFast as error:
        wrong = f"it repeats {error}, which no shift does"
    except _Never:
        wrong = "its rule never comes true"
    except Exception as error:
        wrong = f"it cannot be read: {type(error).__name__}"
    return Series(line, uid, summary[:200], wrong=wrong)


def _zones_in(zones: Sequence[_Block], lines: Sequence[str]) -> Iterator[_Block]:
    """The zones that an event names, each once."""
    named = {found for line in lines for found in re.findall(r'TZID="?([^;:"]{1,60})', line[:200])}
    for block in zones:
        own = next((line[5:].strip() for line in block.text if line.startswith("TZID:")), "")
        if own in named:
            named.discard(own)
            yield block


class _TooMany(Exception):
    pass


class _TooFast(Exception):
    pass


class _Never(Exception):
    pass


def _refuse_fast_rules(events: Sequence[Any]) -> None:
    for event in events:
        rules = event.get("RRULE", [])
        for rule in rules if isinstance(rules, list) else [rules]:
            frequency = str((rule.get("FREQ") or [""])[0]).upper()
            if frequency in SLOW:
                raise _TooFast(frequency.lower())
            if any(name in rule for name in ("BYHOUR", "BYMINUTE", "BYSECOND", "BYYEARDAY")):
                raise _TooFast("many times a day")
            starts = event["DTSTART"].dt
            first = starts.date() if isinstance(starts, datetime) else starts
            if not can_come_true(rule, first):
                raise _Never
            if first.year < FIRST_YEAR_OF_RULES:
                raise _TooFast("since before 1900")


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
        "cancelled": str(event.get("STATUS", "")).upper() == "CANCELLED",
        "free": str(event.get("TRANSP", "")).upper() == "TRANSPARENT",
    }
    if not isinstance(starts, datetime):
        return Occurrence(str(original), None, None, starts, zone, after=ends, **shared)
    own = _zone_of(starts, zone)
    return Occurrence(
        _in_utc(original, own).isoformat(),
        _in_utc(starts, own),
        _in_utc(ends, own),
        None,
        own,
        **shared,
    )


def _in_utc(at: Any, zone: str) -> datetime:
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
    first, last = (_in_utc(at, own).astimezone(ZoneInfo(own)) for at in (starts, ends))
    rrule = _as_patterns_do(main["RRULE"], first.date())
    if rrule is None or last - first > timedelta(hours=24):
        return None
    until = (main["RRULE"].get("UNTIL") or [None])[0]
    return Rule(
        rrule,
        first.date(),
        _in_utc(until, own).astimezone(ZoneInfo(own)).date() if until else None,
        first.time(),
        last.time(),
        own,
        frozenset(_left_out(main, own)),
    )


def _left_out(event: Any, zone: str) -> Iterator[date]:
    dates = event.get("EXDATE", [])
    for one in dates if isinstance(dates, list) else [dates]:
        for value in one.dts:
            yield _in_utc(value.dt, zone).astimezone(ZoneInfo(zone)).date()


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


def busy_spans(
    data: bytes, zone: str, first: datetime, last: datetime, most: int
) -> Iterator[tuple[datetime, datetime]]:
    """When the owner of a calendar is busy between two moments, at most so many spans. Whole days are those of
    `zone`. Raises ValueError for a file that is no calendar."""
    try:
        found = read_calendar(data, zone, last)
    except WrongCalendar as error:
        raise ValueError(str(error)) from None
    spans = sorted(
        span
        for series in found
        for one in series.occurrences
        if not one.cancelled and not one.free
        for span in [_span(one, zone)]
        if span[0] < last and span[1] > first and span[0] < span[1]
    )
    yield from spans[:most]


def _span(one: Occurrence, zone: str) -> tuple[datetime, datetime]:
    if one.starts_at and one.ends_at:
        return one.starts_at, one.ends_at
    first = one.day or date.min
    after = one.after or first + timedelta(days=1)
    return _in_utc(first, zone), _in_utc(after, zone)


@dataclass(frozen=True)
class Reply:
    """What somebody's calendar answered to an invitation (RFC 5546, 3.2.3)."""

    uid: str
    attendee: str
    said: str
    sequence: int
    stamp: str = ""


def read_reply(data: bytes) -> Reply | None:
    """The answer in a calendar text; None for one that is no single answer."""
    if len(data) > 100_000:
        return None
    try:
        calendar = icalendar.Calendar.from_ical(data)
        events = list(calendar.walk("VEVENT"))
        attendees = events[0].get("ATTENDEE") if len(events) == 1 else None
        attendees = attendees if isinstance(attendees, list) else [attendees]
        if str(calendar.get("METHOD", "")).upper() != "REPLY" or len(attendees) != 1:
            return None
        attendee, event = attendees[0], events[0]
        sequence = int(event.get("SEQUENCE", 0))
        if not 0 <= sequence < 2**31:
            return None
        stamp = str(event.decoded("DTSTAMP", ""))
        return Reply(
            _visible(event["UID"])[:200],
            _visible(attendee).lower().removeprefix("mailto:").strip()[:254],
            _visible(attendee.params.get("PARTSTAT", "")).upper()[:16],
            sequence,
            stamp,
        )
    except Exception:
        return None  # whatever is wrong with it, it is no answer that we can read


def _visible(value: Any) -> str:
    """A text without what no database keeps."""
    return "".join(one for one in str(value) if one.isprintable())
