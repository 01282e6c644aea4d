"""Finding people by what they can do and when they could come: one filter for every page that chooses."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime, time, timedelta
from typing import Any
from urllib.parse import urlencode

from sqlalchemy import ColumnElement, and_, exists, or_, select

from portal import clock
from portal.people.availability import DAY, minutes_of
from portal.people.models import Person
from portal.people.skill_forms import LEVEL_WORDS, WEEKDAY_WORDS
from portal.people.traits import Availability, Level, PersonSkill
from portal.typed import read_time
from portal.web.ids import as_id
from portal.web.request import Request

LEVELS = tuple(Level)
DRIVES, CAR = "yes", "car"


@dataclass(frozen=True)
class Wish:
    """What someone is looked for by. The names are those of the address's query.

    `speaks`, `skill` and `district` are ids; `level` is the least one; `free` asks for people who say
    that they could come at the time the page is about.
    """

    speaks: int | None = None
    level: str = ""
    skill: int | None = None
    district: int | None = None
    drives: str = ""
    seen: bool = False
    weekday: int | None = None
    starts: int | None = None
    ends: int | None = None
    free: bool = False

    @property
    def asked(self) -> bool:
        """Whether anything narrows the list."""
        return self.filled != {}

    @property
    def filled(self) -> dict[str, str]:
        """The parts of the address that say it again."""
        values = {one.name: getattr(self, one.name) for one in fields(self)}
        return {
            name: _written(name, value)
            for name, value in values.items()
            if value is not None and value is not False and value != ""
        }

    @property
    def query(self) -> str:
        """The same, to be put behind an address: "?speaks=3", or nothing."""
        return f"?{urlencode(self.filled)}" if self.asked else ""

    def conditions(self) -> list[ColumnElement[bool]]:
        """What a person must meet, but for `free`, which needs the page's own time."""
        found = [
            self._has(number, level)
            for number, level in (
                (self.speaks, self.level),
                (self.skill, ""),
                (self.district, ""),
            )
            if number is not None
        ]
        if self.drives:
            found.append(Person.drives.is_(True))
        if self.drives == CAR:
            found.append(Person.vehicle_seats.is_not(None))
        if self.weekday is not None:
            found.append(_in_the_week(self.weekday, self.starts, self.ends))
        return found

    def _has(self, number: int, level: str) -> ColumnElement[bool]:
        own = select(PersonSkill.person_id).where(PersonSkill.skill_id == number)
        if level:
            enough = LEVELS[LEVELS.index(Level(level)) :]
            own = own.where(PersonSkill.level.in_(enough))
        if self.seen:
            own = own.where(PersonSkill.verified_at.is_not(None))
        return Person.id.in_(own)


ANYONE = Wish()


def _written(name: str, value: Any) -> str:
    if name in ("starts", "ends"):
        return time(*divmod(value % DAY, 60)).isoformat("minutes")
    return "yes" if value is True else str(value)


def wish_of(request: Request) -> Wish:
    """What the address asks for; nonsense asks for nothing."""
    level, drives = request.asked("level"), request.asked("drives")
    weekday = as_id(request.asked("weekday"))
    return Wish(
        speaks=request.asked_id("speaks"),
        level=level if level in LEVELS else "",
        skill=request.asked_id("skill"),
        district=request.asked_id("district"),
        drives=drives if drives in (DRIVES, CAR) else "",
        seen=request.asked("seen") == "yes",
        weekday=weekday if weekday is not None and weekday < 7 else None,
        starts=_minutes(request.asked("starts")),
        ends=_minutes(request.asked("ends")),
        free=request.asked("free") == "yes",
    )


def _minutes(typed: str) -> int | None:
    try:
        return minutes_of(read_time(typed))
    except ValueError:
        return None


def _in_the_week(weekday: int, starts: int | None, ends: int | None) -> ColumnElement[bool]:
    """Whether someone could come on a weekday: during the whole span, or about the one time given."""
    conditions: list[Any] = [Availability.weekday == weekday]
    if starts is not None and ends is not None and ends <= starts:
        ends += DAY
    if starts is not None:
        conditions += [Availability.starts <= starts, Availability.ends > starts]
    if ends is not None:
        conditions += [Availability.ends >= ends, Availability.starts < ends]
    return exists().where(Availability.person_id == Person.id, *conditions)


def could_come(starts_at: datetime, ends_at: datetime, zone: str) -> ColumnElement[bool]:
    """Whether a person says that they could come then: by the clock of that place, on that day."""
    first, last = clock.to_local(starts_at, zone), clock.to_local(ends_at, zone)
    starts = minutes_of(first.time())
    ends = minutes_of(last.time()) + DAY * (last.date() - first.date()).days
    day = first.date()
    before = day - timedelta(days=1)
    not_then = _row(Availability.day == day, Availability.available.is_(False))
    return and_(or_(_says(day, starts, ends), _says(before, starts + DAY, ends + DAY)), ~not_then)


def _says(day: date, starts: int, ends: int) -> ColumnElement[bool]:
    span = (Availability.starts <= starts, Availability.ends >= ends)
    usual = _row(Availability.weekday == day.weekday(), *span)
    return or_(_row(Availability.day == day, *span), and_(usual, ~_row(Availability.day == day)))


def has_said() -> ColumnElement[bool]:
    """Whether a person has said anything about when they could come."""
    return _row()


def _row(*conditions: Any) -> ColumnElement[bool]:
    return exists().where(Availability.person_id == Person.id, *conditions)


def finding(request: Request, words: Sequence[Any], *, weekly: bool = True) -> dict[str, Any]:
    """What the template's filter needs: the words to choose from, in the viewer's language."""
    named = [(row.kind, row.id, request.written(row.name, row.translations)) for row in words]
    return {
        "wish": wish_of(request),
        "weekly": weekly,
        "levels": LEVEL_WORDS,
        "weekdays": WEEKDAY_WORDS,
        **{
            kind: [(number, name) for its, number, name in named if its == kind]
            for kind in ("language", "skill", "district")
        },
    }
