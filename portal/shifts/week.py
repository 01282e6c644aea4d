"""A coordinator's week: list, board and totals."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import and_, bindparam, case, func, or_, select, tuple_
from sqlalchemy.orm import Session

from portal import clock
from portal.permissions import Viewer
from portal.programs.models import Program, Site
from portal.reads import AnySelect, read, rows
from portal.shifts.lines import LINES, ShiftLine, lines_of
from portal.shifts.models import Shift, Slot
from portal.shifts.schedule import Wanted, narrow, schedule_filters
from portal.shifts.viewer_scope import EVERYWHERE, STAFF_OF, Insight
from portal.web.paging import PAGE_SIZE, PageOf, cut, mark, read_mark

SHORT, COMING, PAST = 0, 1, 2
"""The order of a coordinator's list: gaps first, then what comes, then what was."""


@cache
def _week(flags: frozenset[str]) -> AnySelect:
    """Shifts of a span of time in one's programs: those short of people first."""
    missing = case((Slot.minimum > Slot.filled, Slot.minimum - Slot.filled), else_=0)
    gap = select(func.sum(missing)).where(Slot.shift_id == Shift.id).scalar_subquery()
    rank = case(
        (Shift.ends_at <= bindparam("at"), PAST),
        (and_(Shift.canceled_at.is_(None), gap > 0), SHORT),
        else_=COMING,
    )
    page = (
        select(Shift.id, rank.label("rank"))
        .join(Program, Program.id == Shift.program_id)
        .where(
            Shift.starts_at >= bindparam("week_first"),
            Shift.starts_at < bindparam("week_last"),
            or_(EVERYWHERE, STAFF_OF),
            *schedule_filters(flags - {"after"}),
        )
        .order_by(rank, Shift.starts_at, Shift.id)
        .limit(bindparam("size"))
    )
    if "site" in flags:
        page = page.join(Site, Site.id == Shift.site_id)
    if "after" in flags:
        mark = tuple_(
            bindparam("after_rank"),
            bindparam("after_at", type_=Shift.starts_at.type),
            bindparam("after_id"),
        )
        page = page.where(tuple_(rank, Shift.starts_at, Shift.id) > mark)
    ranked = page.subquery()
    return (
        LINES.join(ranked, ranked.c.id == Shift.id)
        .add_columns(ranked.c.rank)
        .order_by(ranked.c.rank, Shift.starts_at, Shift.id, Slot.id)
    )


def week_of_shifts(
    db: Session,
    viewer: Viewer,
    insight: Insight,
    wanted: Wanted,
    first_day: date,
    at: datetime,
    zone: str,
    after: str = "",
    size: int = PAGE_SIZE,
) -> PageOf[ShiftLine]:
    """A coordinator's week in one list: gaps first, then everything in order of time."""
    parameters, flags = narrow(viewer, insight, wanted, at, zone)
    parameters |= week_bounds(first_day, zone)
    place = read_mark(after, int, datetime, int)
    if place and place[0] in (SHORT, COMING, PAST):
        parameters |= {"after_rank": place[0], "after_at": place[1], "after_id": place[2]}
        flags |= {"after"}
    found = rows(db, _week(frozenset(flags)), parameters | {"size": size + 1})
    lines = lines_of(found, insight)
    return cut(lines, lambda line: mark(_rank(line, at), line.starts_at, line.id), size)


class DayNumbers(NamedTuple):
    """A day in numbers: its shifts, and how many of those ahead are short of people."""

    shifts: int
    short: int


def days_in_numbers(
    db: Session,
    viewer: Viewer,
    insight: Insight,
    wanted: Wanted,
    days: Sequence[date],
    at: datetime,
    zone: str,
) -> dict[date, DayNumbers]:
    """The days of a span on which there are shifts of one's programs, in numbers."""
    parameters, flags = narrow(viewer, insight, wanted, at, zone)
    parameters |= {
        "week_first": clock.start_of_day(days[0], zone),
        "week_last": clock.start_of_day(days[-1] + clock.ONE_DAY, zone),
    }
    found: dict[date, DayNumbers] = {}
    for starts_at, missing in rows(db, _in_numbers(frozenset(flags)), parameters):
        day = clock.local_day(starts_at, zone)
        before = found.get(day, DayNumbers(0, 0))
        short = missing > 0 and starts_at > at
        found[day] = DayNumbers(before.shifts + 1, before.short + short)
    return found


@cache
def _in_numbers(flags: frozenset[str]) -> AnySelect:
    missing = func.max(Slot.minimum - Slot.filled)
    found = (
        select(Shift.starts_at, missing)
        .join(Slot, Slot.shift_id == Shift.id)
        .join(Program, Program.id == Shift.program_id)
        .where(
            Shift.starts_at >= bindparam("week_first"),
            Shift.starts_at < bindparam("week_last"),
            Shift.canceled_at.is_(None),
            or_(EVERYWHERE, STAFF_OF),
            *schedule_filters(flags),
        )
        .group_by(Shift.id, Shift.starts_at)
    )
    return found.join(Site, Site.id == Shift.site_id) if "site" in flags else found


def by_local_day(lines: Iterable[Any], first: date, days: int, zone: str) -> list[list[Any]]:
    """Lines in columns, one for each of so many days from the first."""
    found: list[list[Any]] = [[] for _ in range(days)]
    for line in lines:
        found[(clock.local_day(line.starts_at, zone) - first).days].append(line)
    return found


def _rank(line: ShiftLine, at: datetime) -> int:
    if line.ends_at <= at:
        return PAST
    return SHORT if line.missing and not line.canceled else COMING


def week_bounds(first_day: date, zone: str) -> dict[str, datetime]:
    """A local week as moments: its first, and the first after it."""
    return {
        "week_first": clock.start_of_day(first_day, zone),
        "week_last": clock.start_of_day(first_day + 7 * clock.ONE_DAY, zone),
    }


_TOTALS = (
    select(
        func.coalesce(func.sum(Slot.filled), 0).label("filled"),
        func.coalesce(func.sum(Slot.maximum), 0).label("maximum"),
        func.count(
            case(
                (and_(Slot.minimum > Slot.filled, Shift.starts_at > bindparam("at")), Slot.shift_id)
            ).distinct()
        ).label("short"),
        func.count(Slot.shift_id.distinct()).label("shifts"),
    )
    .join(Shift, Shift.id == Slot.shift_id)
    .where(
        Shift.starts_at >= bindparam("week_first"),
        Shift.starts_at < bindparam("week_last"),
        Shift.canceled_at.is_(None),
        or_(EVERYWHERE, STAFF_OF),
    )
)


class Totals(NamedTuple):
    """A week in numbers."""

    filled: int
    maximum: int
    short: int
    shifts: int


def week_totals(db: Session, insight: Insight, first_day: date, at: datetime, zone: str) -> Totals:
    """A coordinator's week in four numbers: spots filled and in all, coming shifts short of people,
    and all shifts."""
    parameters = {"everywhere": insight.everywhere, "staff_of": sorted(insight.staff_of), "at": at}
    return read(db, Totals, _TOTALS, parameters | week_bounds(first_day, zone))[0]
