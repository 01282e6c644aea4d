"""Calendars as text (RFC 5545): facts to VEVENTs, and back. Pure; the only importer of icalendar.

What clients do with the details below was tried out with khal, vdirsyncer, ical.js and
recurring-ical-events; the tests try again.
"""

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from icalendar import Calendar, Event, Timezone, TimezoneDaylight, TimezoneStandard, vRecur

from portal import __version__, clock
from portal.words import CATALOGS, text

REFRESH = timedelta(hours=1)
WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")


@dataclass(frozen=True)
class Happening:
    """One event with its permanent `uid`. `sequence` rises with every change of time, place or state;
    `revised_at` is the last change of any kind, so that two renders are equal to the byte."""

    uid: str
    sequence: int
    revised_at: datetime
    starts_at: datetime
    ends_at: datetime
    summary: str
    location: str = ""
    description: str = ""
    url: str = ""
    canceled: bool = False
    days: tuple[date, date] | None = None
    """Of an event that takes whole days: the first, and the one after the last (CALENDARS 15)."""


@dataclass(frozen=True)
class Series:
    """A recurring event of wall-clock times in a zone, with the days that are left out."""

    uid: str
    sequence: int
    revised_at: datetime
    first_day: date
    starts: time
    ends: time
    zone: str
    rule: str
    until: date | None
    left_out: Sequence[date]
    summary: str
    location: str = ""


def feed(happenings: Iterable[Happening], name: str, language: str) -> str:
    """A calendar to subscribe to: plain events in UTC, none repeating (CALENDARS 5). What was canceled says so
    in its title, in the reader's language: many calendar programs do not show the status."""
    calendar = _calendar()
    calendar.add("name", _line(name))
    calendar.add("x-wr-calname", _line(name))
    calendar.add("refresh-interval", REFRESH, parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", "PT1H")
    for one in happenings:
        said = text("Canceled: %(what)s", what=one.summary) if one.canceled else one.summary
        calendar.add_component(_event(replace(one, summary=CATALOGS[language].say(said))))
    return _text(calendar)


def download(happening: Happening) -> str:
    """One event as a file."""
    calendar = _calendar()
    calendar.add_component(_event(happening))
    return _text(calendar)


def invitation(
    happening: Happening, method: str, organizer: tuple[str, str], attendee: tuple[str, str]
) -> str:
    """An invitation (REQUEST) or its withdrawal (CANCEL), from one (name, address) to one other and
    no one else (RFC 5546; CALENDARS 17, 18)."""
    calendar = _calendar()
    calendar.add("method", method)
    event = _event(happening)
    event.add("organizer", f"mailto:{organizer[1]}", parameters={"CN": _line(organizer[0])})
    asked = {"PARTSTAT": "NEEDS-ACTION", "RSVP": "TRUE"} if method == "REQUEST" else {}
    event.add("attendee", f"mailto:{attendee[1]}", parameters={"CN": _line(attendee[0]), **asked})
    calendar.add_component(event)
    return _text(calendar)


def series(one: Series, apart: Iterable[Happening] = ()) -> str:
    """A recurring event with its zone written out (CALENDARS 12, 13); days that differ from it are
    events of their own."""
    calendar = _calendar()
    calendar.add_component(_zone(one.zone, one.first_day))
    event = Event()
    event.add("uid", one.uid)
    event.add("dtstamp", one.revised_at.astimezone(UTC))
    event.add("sequence", one.sequence)
    event.add("summary", _line(one.summary))
    place = clock.zone(one.zone)
    event.add("dtstart", datetime.combine(one.first_day, one.starts, place))
    last = one.first_day if one.ends > one.starts else one.first_day + clock.ONE_DAY
    event.add("dtend", datetime.combine(last, one.ends, place))
    rule = vRecur.from_ical(one.rule)
    if one.until:
        rule["UNTIL"] = [clock.as_calendars_do(one.until, one.starts, one.zone)]
    event.add("rrule", rule)
    for day in one.left_out:
        event.add("exdate", datetime.combine(day, one.starts, place))
    if one.location:
        event.add("location", _plain(one.location))
    calendar.add_component(event)
    for happening in apart:
        calendar.add_component(_event(happening))
    return _text(calendar)


def _calendar() -> Calendar:
    """Built by hand: Calendar.new() adds a UID, with which vdirsyncer folds all events into one."""
    calendar = Calendar()
    calendar.add("prodid", f"-//Volunteer Portal//{__version__}//EN")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    return calendar


def _event(one: Happening) -> Event:
    event = Event()
    event.add("uid", one.uid)
    event.add("dtstamp", one.revised_at.astimezone(UTC).replace(microsecond=0))
    event.add("last-modified", one.revised_at.astimezone(UTC).replace(microsecond=0))
    event.add("sequence", one.sequence)
    starts, ends = one.days or (one.starts_at.astimezone(UTC), one.ends_at.astimezone(UTC))
    event.add("dtstart", starts)
    event.add("dtend", ends)
    event.add("summary", _line(one.summary))
    if one.location:
        event.add("location", _plain(one.location))
    if one.description:
        event.add("description", _plain(one.description))
    if one.url:
        event.add("url", one.url)
    event.add("status", "CANCELLED" if one.canceled else "CONFIRMED")
    event.add("transp", "TRANSPARENT" if one.canceled else "OPAQUE")
    return event


def _plain(text: str) -> str:
    """Text without control characters, which the library would let through (SECURITY F2)."""
    safe = text.encode("utf-8", "ignore").decode().replace("\r\n", "\n")
    return "".join(one for one in safe if one == "\n" or unicodedata.category(one) != "Cc")


def _line(text: str) -> str:
    return _plain(text).replace("\n", " ")


def _text(calendar: Calendar) -> str:
    return bytes(calendar.to_ical()).decode()


def _zone(name: str, day: date) -> Timezone:
    """A zone as yearly rules, which every client reads alike (CALENDARS 12).

    The rules are those of the year before `day`, so that one of them holds from the first event on
    (ical.js takes a time before every rule for UTC); where there is no clock change, one offset.
    """
    component = Timezone()
    component.add("tzid", name)
    changes = _changes(name, day.year - 1)
    if not changes:
        offset = datetime(day.year, 1, 1, tzinfo=clock.zone(name)).utcoffset()
        changes = [(datetime(1970, 1, 1), offset, offset, False)]  # noqa: DTZ001 - wall-clock time
    for wall, before, after, is_summer in changes:
        part: Any = TimezoneDaylight() if is_summer else TimezoneStandard()
        part.add("dtstart", wall)
        part.add("tzoffsetfrom", before)
        part.add("tzoffsetto", after)
        if before != after:
            part.add("rrule", {"FREQ": "YEARLY", "BYMONTH": wall.month, "BYDAY": _nth(wall.date())})
        component.add_component(part)
    return component


def _changes(name: str, year: int) -> list[tuple[datetime, Any, Any, bool]]:
    """The clock changes of a year: the wall-clock time before each, and the offsets around it."""
    place = clock.zone(name)
    found = []
    hour = datetime(year, 1, 1, tzinfo=UTC)
    while hour.year == year:
        before, after = (one.astimezone(place) for one in (hour, hour + timedelta(hours=1)))
        if before.utcoffset() != after.utcoffset():
            wall = (hour + timedelta(hours=1) + (before.utcoffset() or timedelta())).replace(
                tzinfo=None
            )
            found.append((wall, before.utcoffset(), after.utcoffset(), bool(after.dst())))
        hour += timedelta(hours=1)
    return found


def _nth(day: date) -> str:
    """Which weekday of its month a day is: 2SU for the second Sunday, -1SU for the last."""
    last = (day + 7 * clock.ONE_DAY).month != day.month
    number = -1 if last and day.day > 21 else (day.day + 6) // 7
    return f"{number}{WEEKDAYS[day.weekday()]}"
