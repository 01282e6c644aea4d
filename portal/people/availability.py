"""When people could come: every week, what holds on one day instead, and the days on which they are away."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any, NamedTuple

from sqlalchemy import bindparam, delete, func, select
from sqlalchemy.orm import Session

from portal import clock
from portal.act import Act, of_person
from portal.audit.log import record
from portal.people.people import lock_people
from portal.people.skills import mark_of
from portal.people.traits import Absence, Availability
from portal.reads import among, read_past
from portal.web.errors import NotFound, Refused, unless_stale
from portal.words import text

DAY = 24 * 60
"""Minutes of a day."""

MOST_DAYS = 200
SHOWN = 60


@dataclass(frozen=True)
class Span:
    """From when to when, in minutes after a day's midnight; an end past 1440 is the next morning."""

    starts: int
    ends: int

    @property
    def from_time(self) -> time:
        return time(*divmod(self.starts % DAY, 60))

    @property
    def to_time(self) -> time:
        return time(*divmod(self.ends % DAY, 60))

    @property
    def all_day(self) -> bool:
        return (self.starts, self.ends) == (0, DAY)


def span_of(starts: time, ends: time) -> Span:
    """A span by the clock; one that ends no later than it starts goes on into the next morning."""
    first, last = minutes_of(starts), minutes_of(ends)
    return Span(first, last if last > first else last + DAY)


def minutes_of(at: time) -> int:
    """How long after midnight a time is."""
    return at.hour * 60 + at.minute


def joined(spans: Iterable[Span]) -> list[Span]:
    """Spans in order, those that overlap or touch made one."""
    found: list[Span] = []
    for one in sorted(spans, key=lambda span: (span.starts, span.ends)):
        if found and one.starts <= found[-1].ends:
            found[-1] = Span(found[-1].starts, max(found[-1].ends, one.ends))
        else:
            found.append(one)
    return found


def week_of(db: Session, person_id: int) -> dict[int, list[Span]]:
    """The spans of each weekday on which a person could come."""
    rows = db.execute(
        select(Availability.weekday, Availability.starts, Availability.ends)
        .where(Availability.person_id == person_id, Availability.weekday.is_not(None))
        .order_by(Availability.weekday, Availability.starts)
        .limit(50)
    )
    found: dict[int, list[Span]] = {}
    for row in rows:
        found.setdefault(row.weekday or 0, []).append(Span(row.starts or 0, row.ends or 0))
    return found


def days_of(db: Session, person_id: int, today: date) -> Sequence[tuple[Availability, Span | None]]:
    """What holds on single days from today on: each row, and its span if they could come."""
    rows = db.scalars(
        select(Availability)
        .where(Availability.person_id == person_id, Availability.day >= today)
        .order_by(Availability.day, Availability.starts)
        .limit(SHOWN)
    )
    return [
        (row, Span(row.starts, row.ends) if row.starts is not None and row.ends else None)
        for row in rows
    ]


def week_mark(week: Mapping[int, Sequence[Span]]) -> int:
    """A number that changes with a week's spans: the version of its form."""
    return mark_of(sorted((day, list(spans)) for day, spans in week.items() if spans))


def set_week(
    act: Act, person_id: int, week: Mapping[int, Sequence[Span]], version: int | None
) -> None:
    """Write down the week anew. Days without a span are days on which they could not come."""
    lock_people(act.db, [person_id])
    unless_stale({"version": week_mark(week_of(act.db, person_id))}, version)
    act.db.execute(
        delete(Availability).where(
            Availability.person_id == person_id, Availability.weekday.is_not(None)
        )
    )
    act.db.add_all(
        Availability(person_id=person_id, weekday=day, starts=span.starts, ends=span.ends)
        for day, spans in sorted(week.items())
        for span in joined(spans)
    )
    _record(act, person_id, "week")


def set_day(act: Act, person_id: int, day: date, span: Span | None, today: date) -> None:
    """Write down what holds on one day instead of its weekday: this span, or (None) not at all."""
    if day < today:
        raise Refused(fields={"day": text("This date is in the past.")})
    lock_people(act.db, [person_id])
    own = Availability.person_id == person_id
    act.db.execute(delete(Availability).where(own, Availability.day == day))
    if (
        act.db.scalar(select(func.count()).where(own, Availability.day >= today)) or 0
    ) >= MOST_DAYS:
        raise Refused(text("That's too many days. Remove some first."))
    values: dict[str, Any] = {"starts": span.starts, "ends": span.ends} if span else {}
    act.db.add(Availability(person_id=person_id, day=day, available=span is not None, **values))
    _record(act, person_id, "day")


def remove_day(act: Act, person_id: int, day_id: int) -> None:
    """Let the weekday hold again."""
    row = act.db.scalar(
        select(Availability).where(
            Availability.id == day_id,
            Availability.person_id == person_id,
            Availability.day.is_not(None),
        )
    )
    if row is None:
        raise NotFound
    act.db.delete(row)
    _record(act, person_id, "day")


def _record(act: Act, person_id: int, detail: str) -> None:
    record(act, "person.availability", of_person(person_id), detail)


_AWAY = select(Absence.person_id, Absence.first_day, Absence.last_day, Absence.since).where(
    among(Absence.person_id, "people"),
    Absence.last_day >= bindparam("first"),
    Absence.first_day <= bindparam("last"),
    Absence.ended_at.is_(None),
)


class DayAway(NamedTuple):
    """A day on which a person is away."""

    person_id: int
    first_day: date
    last_day: date
    since: datetime


def days_away(db: Session, people: Collection[int], first: date, last: date) -> Sequence[DayAway]:
    """When some people are away between two days: their first and last day each time, and since when
    we know."""
    return read_past(db, DayAway, _AWAY, {"people": sorted(people), "first": first, "last": last})


class Times(NamedTuple):
    """A row of `Availability` as it is judged."""

    weekday: int | None
    day: date | None
    available: bool
    starts: int | None
    ends: int | None


def says_free(times: Iterable[Times], starts_at: datetime, ends_at: datetime, zone: str) -> bool:
    """Whether someone says that they could come during a span, by the clock of its place: the same as
    `finding.could_come` inside a query."""
    first, last = clock.to_local(starts_at, zone), clock.to_local(ends_at, zone)
    starts = minutes_of(first.time())
    ends = minutes_of(last.time()) + DAY * (last.date() - first.date()).days
    day = first.date()
    rows = list(times)
    if any(row.day == day and not row.available for row in rows):
        return False
    return _covers(rows, day, starts, ends) or _covers(
        rows, day - clock.ONE_DAY, starts + DAY, ends + DAY
    )


def _covers(rows: Collection[Times], day: date, starts: int, ends: int) -> bool:
    """Whether what holds on a day, or else on its weekday, covers some minutes after its midnight."""
    of_the_day = [row for row in rows if row.day == day]
    holds = of_the_day or [row for row in rows if row.weekday == day.weekday()]
    return any(
        row.starts is not None
        and row.ends is not None
        and row.starts <= starts
        and row.ends >= ends
        for row in holds
    )
