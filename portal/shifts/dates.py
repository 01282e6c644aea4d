"""The coming dates of a pattern for one person: which are theirs, and what stands in the way of the others."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal import clock
from portal.act import Act
from portal.people.traits import Absence
from portal.shifts import limit_words
from portal.shifts.facts import Facts, facts_of_all
from portal.shifts.limits import Work
from portal.shifts.models import Shift
from portal.shifts.obstacle_words import Kind
from portal.shifts.obstacles import clash_of, signup_obstacles
from portal.words import Words, text

MOST_DATES = 120


@dataclass(frozen=True)
class OneDate:
    """One date of a pattern for a person: whether it will be theirs, and what stands in the way."""

    day: date
    shift_id: int
    slot_id: int
    starts_at: datetime
    ends_at: datetime
    takes: bool = False
    has: bool = False
    full: bool = False
    why: tuple[Words, ...] = ()
    facts: Facts | None = field(default=None, repr=False, compare=False)


def dates_of(
    act: Act,
    person_id: int,
    pattern_id: int,
    position_id: int,
    *,
    staff: bool = False,
    regularly: bool = False,
) -> list[OneDate]:
    """The coming dates of a pattern, with what stands in the person's way on each. Who takes them `regularly`
    need not wait until sign-up opens."""
    ids = act.db.scalars(
        select(Shift.id)
        .where(
            Shift.pattern_id == pattern_id,
            Shift.starts_at > act.at,
            Shift.canceled_at.is_(None),
        )
        .order_by(Shift.starts_at, Shift.id)
        .limit(MOST_DATES)
    ).all()
    absent = absences_of(act.db, person_id)
    known = facts_of_all(act.db, act.by, ids, person_id, act.at)
    found = (
        _one_date(act.db, known[one], position_id, absent, act.at, staff, regularly)
        for one in ids
        if one in known
    )
    return [one for one in found if one]


def _one_date(
    db: Session,
    facts: Facts,
    position_id: int,
    absent: Sequence[Absence],
    at: datetime,
    staff: bool,
    regularly: bool,
) -> OneDate | None:
    spot = next((spot for spot in facts.spots if spot.position_id == position_id), None)
    if spot is None or facts.person is None:
        return None
    spot.regularly = regularly
    row = facts.row
    day = clock.local_day(row.starts_at, row.zone)
    obstacles = signup_obstacles(facts, spot, at, clash_of(db, facts), staff=staff)
    has = facts.person.own_slot_id is not None
    why = tuple(obstacle.words for obstacle in obstacles)
    if any(absence.first_day <= day <= absence.last_day for absence in absent):
        why = (*why, text("You're away then.") if staff else text("You're away."))
    full = not has and [obstacle.kind for obstacle in obstacles] == [Kind.FULL] and len(why) == 1
    return OneDate(
        day,
        row.shift_id,
        spot.id,
        row.starts_at,
        row.ends_at,
        not why,
        has,
        full,
        () if has else why,
        facts,
    )


def together(dates: Sequence[OneDate]) -> list[OneDate]:
    """Some dates as they can be taken one after the other: each that is taken counts for the limits of those
    after it."""
    found, taken = [], list[Work]()
    for one in dates:
        if one.takes and one.facts:
            facts, row = one.facts, one.facts.row
            work = [*facts.work, *taken]
            over = facts.limits.broken(work, row.starts_at, row.ends_at, row.zone)
            if over:
                why = tuple(limit_words.to_you(broken) for broken in over)
                one = replace(one, takes=False, why=why)
            else:
                taken.append(Work(0, row.starts_at, row.ends_at, None, row.program_id))
        found.append(one)
    return found


def wanted_dates(
    dates: Sequence[OneDate], every: int, first_day: date, last_day: date | None
) -> list[OneDate]:
    """Those of some dates that a rhythm asks for: each week of the pattern, or every other one."""
    from_here = [one for one in dates if one.day >= first_day]
    weeks = sorted({week_of(one.day) for one in from_here})
    kept = set(weeks[:: max(1, every)])
    return together(
        [
            one
            for one in from_here
            if week_of(one.day) in kept and (last_day is None or one.day <= last_day)
        ]
    )


def week_of(day: date) -> date:
    """The Monday of the week of a day."""
    return day - day.weekday() * clock.ONE_DAY


def absences_of(db: Session, person_id: int) -> Sequence[Absence]:
    """When a person is away."""
    return db.scalars(
        select(Absence)
        .where(Absence.person_id == person_id, Absence.ended_at.is_(None))
        .order_by(Absence.first_day)
    ).all()
