"""Limits on how much one person does: hours a day and a week, rest between days, days in a row.

A program sets its own, or the agency for all. They bind whoever takes a shift of that program; what counts is
everything someone does in any program, presentations and trainings, too, but no interviews.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import NamedTuple

from sqlalchemy import and_, bindparam, select
from sqlalchemy.orm import Session

from portal import clock
from portal.agency.settings import Setting, stored
from portal.commitments.kinds import INTERVIEW, INTERVIEW_TIME, INTERVIEWER, MEETING, SHIFT
from portal.commitments.models import Commitment
from portal.permissions import Permission
from portal.reads import among, read_past
from portal.shifts.models import Shift, Signup
from portal.words import Words, text


def _setting(name: str, words: Words, most: int) -> Setting[int]:
    return Setting(name, words, 0, most=most, may=Permission.SHIFTS_MANAGE, per_program=True)


DAY = _setting("limit_day", text("Most hours a day for one person (0: no limit)"), 24)
WEEK = _setting(
    "limit_week", text("Most hours a week for one person, Monday to Sunday (0: no limit)"), 168
)
REST = _setting(
    "limit_rest", text("Hours of rest between the shifts of one day and the next (0: none)"), 24
)
ROW = _setting("limit_row", text("Most days in a row for one person (0: no limit)"), 30)
MINOR_DAY = _setting("limit_minor_day", text("Under 18: most hours a day (0: no limit)"), 24)
MINOR_WEEK = _setting("limit_minor_week", text("Under 18: most hours a week (0: no limit)"), 168)
SETTINGS = (DAY, WEEK, REST, ROW, MINOR_DAY, MINOR_WEEK)

AROUND = timedelta(days=31)
"""Work so long before and after a shift counts: as long as the longest row of days."""


class Limit(StrEnum):
    """Which limit stands in the way."""

    DAY = "day"
    WEEK = "week"
    REST = "rest"
    ROW = "row"


class Work(NamedTuple):
    """What someone does from when to when; of a shift its signup, its program, and since when they have it."""

    person_id: int
    starts_at: datetime
    ends_at: datetime
    signup_id: int | None
    program_id: int | None
    since: datetime | None = None


@dataclass(frozen=True)
class Broken:
    """A limit that a shift would break: the most there may be (of rest, the least), and what there would be, in
    hours or days. `counted` are the programs whose work counts, None among them for what is no shift."""

    limit: Limit
    most: int
    would: float
    counted: frozenset[int | None] = frozenset()


@dataclass(frozen=True)
class Limits:
    """The limits of a program, in hours and days; 0 is none."""

    day: int = 0
    week: int = 0
    rest: int = 0
    row: int = 0

    def broken(
        self, work: Sequence[Work], starts_at: datetime, ends_at: datetime, zone: str
    ) -> list[Broken]:
        """Which limits someone would break with a shift beside some work."""
        mine = Work(0, starts_at, ends_at, None, None)
        first, last = (clock.local_day(one, zone) for one in (starts_at, ends_at - MOMENT))
        days = [first + number * clock.ONE_DAY for number in range((last - first).days + 1)]
        weeks = sorted({clock.week_start(day, 1) for day in days})
        spans = [(Limit.DAY, self.day, day, 1) for day in days]
        spans += [(Limit.WEEK, self.week, monday, 7) for monday in weeks]
        found = [_too_long(*span, work, mine, zone) for span in spans if span[1]]
        found += [self._rest(work, mine, zone), self._row(work, first, zone)]
        worst: dict[Limit, Broken] = {}
        for one in found:
            if one and (one.limit not in worst or one.would > worst[one.limit].would):
                worst[one.limit] = one
        return list(worst.values())

    def _rest(self, work: Sequence[Work], mine: Work, zone: str) -> Broken | None:
        """Between days: two shifts of one day may follow each other."""
        day = clock.local_day(mine.starts_at, zone)
        others = [one for one in work if clock.local_day(one.starts_at, zone) != day]
        gaps = [(_gap(one, mine), one) for one in others]
        if not self.rest or not gaps:
            return None
        least, beside = min(gaps, key=lambda gap: gap[0])
        if least >= self.rest:
            return None
        return Broken(Limit.REST, self.rest, least, frozenset({beside.program_id}))

    def _row(self, work: Sequence[Work], day: date, zone: str) -> Broken | None:
        days: dict[date, set[int | None]] = {}
        for one in work:
            days.setdefault(clock.local_day(one.starts_at, zone), set()).add(one.program_id)
        if not self.row or day in days:
            return None
        first = last = day
        while first - clock.ONE_DAY in days:
            first -= clock.ONE_DAY
        while last + clock.ONE_DAY in days:
            last += clock.ONE_DAY
        number = (last - first).days + 1
        if number <= self.row:
            return None
        among_them = (its for one, its in days.items() if first <= one <= last)
        return Broken(Limit.ROW, self.row, number, frozenset().union(*among_them))


MOMENT = timedelta(microseconds=1)


def _gap(one: Work, other: Work) -> float:
    """Hours between two spans; nothing where they overlap."""
    first, second = sorted((one, other), key=lambda work: work.starts_at)
    return max(0.0, _hours(first.ends_at, second.starts_at))


def _hours(starts_at: datetime, ends_at: datetime) -> float:
    return clock.elapsed(starts_at, ends_at).total_seconds() / 3600


def _too_long(
    limit: Limit, most: int, first: date, days: int, work: Sequence[Work], mine: Work, zone: str
) -> Broken | None:
    """Whether the hours within some days are too many."""
    begins = clock.start_of_day(first, zone)
    ends = clock.start_of_day(first + days * clock.ONE_DAY, zone)
    within = [one for one in work if one.ends_at > begins and one.starts_at < ends]
    hours = sum(
        _hours(max(one.starts_at, begins), min(one.ends_at, ends)) for one in (*within, mine)
    )
    if hours <= most:
        return None
    return Broken(limit, most, hours, frozenset(one.program_id for one in within))


def is_minor(adult_on: date | None, day: date) -> bool:
    """Whether someone is under 18 on a day; `adult_on` is when they turn 18, None of adults."""
    return adult_on is not None and day < adult_on


class Own(NamedTuple):
    """A signup, as its limits need it."""

    signup_id: int
    program_id: int
    adult_on: date | None
    zone: str


@dataclass
class Bounds:
    """The limits of some programs, for adults and for whoever is under 18."""

    adults: Mapping[int, Limits] = field(default_factory=dict)
    minors: Mapping[int, Limits] = field(default_factory=dict)

    def of(self, program_id: int, adult_on: date | None, day: date) -> Limits:
        """The limits of a program for someone on a day; `adult_on` is when a minor turns 18."""
        return (self.minors if is_minor(adult_on, day) else self.adults)[program_id]

    def broken_by(
        self, own: Own, work: Iterable[Work], starts_at: datetime, ends_at: datetime
    ) -> list[Broken]:
        """Which limits a signup breaks, with its shift at a time, beside its person's other work."""
        others = [one for one in work if one.signup_id != own.signup_id]
        limits = self.of(own.program_id, own.adult_on, clock.local_day(starts_at, own.zone))
        return limits.broken(others, starts_at, ends_at, own.zone)

    def __bool__(self) -> bool:
        return any(one != Limits() for one in (*self.adults.values(), *self.minors.values()))


def worse(then: Iterable[Broken], now: Iterable[Broken]) -> bool:
    """Whether a limit is broken then that is not now, or further than now."""
    had = {one.limit: one.would for one in now}
    return any(
        one.limit not in had
        or (one.would < had[one.limit] if one.limit == Limit.REST else one.would > had[one.limit])
        for one in then
    )


def bounds_of(db: Session, programs: Collection[int]) -> Bounds:
    """The limits of some programs: one statement."""
    found = stored(db, SETTINGS, programs)
    adults: dict[int, Limits] = {}
    minors: dict[int, Limits] = {}
    for program_id in programs:
        value = found[program_id]
        day, week, rest, row = (value[one.name] for one in (DAY, WEEK, REST, ROW))
        adults[program_id] = Limits(day, week, rest, row)
        minors[program_id] = Limits(
            _stricter(day, value[MINOR_DAY.name]),
            _stricter(week, value[MINOR_WEEK.name]),
            rest,
            row,
        )
    return Bounds(adults, minors)


def _stricter(one: int, other: int) -> int:
    return min((number for number in (one, other) if number), default=0)


_WORK = (
    select(
        Commitment.person_id,
        Commitment.starts_at,
        Commitment.ends_at,
        Signup.id.label("signup_id"),
        Shift.program_id,
        Signup.since,
    )
    .outerjoin(Signup, and_(Commitment.kind == SHIFT, Signup.id == Commitment.source_id))
    .outerjoin(Shift, Shift.id == Signup.shift_id)
    .where(
        among(Commitment.person_id, "people"),
        Commitment.ends_at > bindparam("since"),
        Commitment.starts_at < bindparam("until"),
        Commitment.kind.not_in((INTERVIEW, INTERVIEWER, INTERVIEW_TIME, MEETING)),
        Commitment.held_until.is_(None),
    )
)


def work_around(
    db: Session, people: Iterable[int], first: datetime, last: datetime
) -> dict[int, list[Work]]:
    """What some people do around some shifts, by person: one statement."""
    ids = sorted(people)
    span = {"people": ids, "since": first - AROUND, "until": last + AROUND}
    found: dict[int, list[Work]] = {person_id: [] for person_id in ids}
    for row in read_past(db, Work, _WORK, span):
        found[row.person_id].append(row)
    return found
