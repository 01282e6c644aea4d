"""Reading the schedule: lists of shifts as the public, a volunteer and a coordinator see them.

Statements are built once per combination of filters and kept, so that a request pays only
for running them.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import and_, bindparam, case, func, literal, or_, select, tuple_, union_all
from sqlalchemy.orm import Session

from portal import clock
from portal.commitments.commitments import busy
from portal.permissions import Viewer
from portal.programs.models import Program, Site
from portal.reads import AnySelect, among, read, rows
from portal.requirements.clearance import Days, cleared_days
from portal.requirements.records import asking_of, records_of
from portal.shifts.insight import EVERYWHERE, KNOWN, PLACE_SHOWN, STAFF_OF, VISIBLE, Insight, reach
from portal.shifts.lines import LINES, ShiftLine, lines_of
from portal.shifts.models import CANT_COME, IN_LINE, Shift, Signup, SignupState, Slot, Waiting
from portal.web.paging import PAGE_SIZE, PageOf, cut, mark, read_mark

MOST_READINGS = 20
FAR = timedelta(days=3 * 366)
"""Further ahead nobody plans shifts."""


@dataclass(frozen=True, slots=True)
class Ahead:
    """On which days from now on somebody is cleared, by position; for how many of their positions they are
    not today."""

    days: Mapping[int, Sequence[Days]]
    lacking: int


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a list is narrowed to: so many days from `day`, and with `fits` only what the viewer could
    take right now."""

    program: int | None = None
    position: int | None = None
    site: int | None = None
    day: date | None = None
    days: int = 1
    fits: bool = False


def _filters(flags: frozenset[str]) -> list[Any]:
    """The conditions of the filters in use; narrowing by what one may not read finds nothing."""
    wants = select(Slot.id).where(
        Slot.shift_id == Shift.id, Slot.position_id == bindparam("position")
    )
    known = {
        "program": Shift.program_id == bindparam("program"),
        "position": and_(KNOWN, wants.exists()),
        "site": and_(Shift.site_id == bindparam("site"), PLACE_SHOWN),
        "day": and_(Shift.starts_at >= bindparam("first"), Shift.starts_at < bindparam("last")),
        "fits": _fits(),
        "after": tuple_(Shift.starts_at, Shift.id)
        > tuple_(bindparam("after_at", type_=Shift.starts_at.type), bindparam("after_id")),
    }
    return [condition for name, condition in known.items() if name in flags]


def _fits() -> Any:
    open_to_me = select(Slot.id).where(
        Slot.shift_id == Shift.id,
        Slot.filled + Slot.held < Slot.maximum,
        among(Slot.position_id, "placed"),
    )
    return and_(
        Shift.closes_at > bindparam("at"),
        or_(Shift.opens_at.is_(None), Shift.opens_at <= bindparam("at")),
        Program.closed_at.is_(None),
        open_to_me.exists(),
        ~busy(bindparam("person_id"), Shift.starts_at, Shift.ends_at),  # type: ignore[arg-type]
    )


@cache
def _coming(flags: frozenset[str]) -> AnySelect:
    """Coming shifts in order of time, a page of them, with their slots."""
    page = (
        select(Shift.id)
        .join(Program, Program.id == Shift.program_id)
        .where(
            Shift.starts_at > bindparam("at"),
            Shift.called_off_at.is_(None),
            VISIBLE,
            *_filters(flags),
        )
        .order_by(Shift.starts_at, Shift.id)
        .limit(bindparam("size"))
    )
    if "site" in flags:
        page = page.join(Site, Site.id == Shift.site_id)
    return LINES.where(Shift.id.in_(page)).order_by(Shift.starts_at, Shift.id, Slot.id)


def coming_shifts(
    db: Session,
    viewer: Viewer,
    insight: Insight,
    wanted: Wanted,
    at: datetime,
    zone: str,
    after: str = "",
    size: int = PAGE_SIZE,
    ahead: Ahead | None = None,
) -> PageOf[ShiftLine]:
    """Coming shifts a viewer may know of, soonest first. `ahead` is their own clearance, where it is known
    already."""
    parameters, flags = _narrowed(viewer, insight, wanted, at, zone)
    if place := read_mark(after, datetime, int):
        parameters |= {"after_at": place[0], "after_id": place[1]}
        flags |= {"after"}

    def read(more: Mapping[str, Any], number: int) -> list[ShiftLine]:
        also = {"after"} if "after_id" in more else set()
        statement = _coming(frozenset(flags | also))
        return lines_of(rows(db, statement, {**parameters, **more, "size": number}), insight)

    if wanted.fits:
        ahead = ahead or clearance_ahead(db, viewer, insight, at, zone)
        parameters["placed"] = sorted(ahead.days)
        lines = _fitting(read, insight, ahead, size + 1) if ahead.days else []
    else:
        lines = read({}, size + 1)
    return cut(lines, lambda line: mark(line.starts_at, line.id), size)


def _fitting(
    read: Callable[[Mapping[str, Any], int], list[ShiftLine]],
    insight: Insight,
    ahead: Ahead,
    size: int,
) -> list[ShiftLine]:
    """So many shifts that fit on their own day. Those that do not are rare, so mostly one reading is
    enough; whoever is cleared only later takes some more."""
    found: list[ShiftLine] = []
    more: dict[str, Any] = {}
    number = size
    for _ in range(MOST_READINGS):
        some = read(more, number)
        found += [line for line in some if _fits_on_its_day(line, insight, ahead.days)]
        if len(found) >= size or len(some) < number:
            break
        more = {"after_at": some[-1].starts_at, "after_id": some[-1].id}
        number = PAGE_SIZE
    return found[:size]


def _fits_on_its_day(
    line: ShiftLine, insight: Insight, cleared: Mapping[int, Sequence[Days]]
) -> bool:
    day = clock.local_day(line.starts_at, line.zone)
    return any(
        slot.taken < slot.maximum
        and insight.placed(slot.position_id, day)
        and any(first <= day <= last for first, last in cleared[slot.position_id])
        for slot in line.slots
        if slot.position_id in cleared
    )


def clearance_ahead(
    db: Session, viewer: Viewer, insight: Insight, at: datetime, zone: str
) -> Ahead:
    """The viewer's own clearance from now on: two statements."""
    assert viewer.person_id
    today = clock.local_day(at, zone)
    asking = asking_of(db, {row.position_id: row.program_id for row in insight.placements})
    record = records_of(db, [viewer.person_id], asking.values())[viewer.person_id]
    days = {
        position_id: cleared_days(record, asked, today, today + FAR)
        for position_id, asked in asking.items()
    }
    blocked = sum(1 for one in days.values() if not one or one[0][0] > today)
    return Ahead({position_id: one for position_id, one in days.items() if one}, blocked)


def _narrowed(
    viewer: Viewer, insight: Insight, wanted: Wanted, at: datetime, zone: str
) -> tuple[dict[str, Any], set[str]]:
    parameters = reach(insight) | {"at": at}
    flags: set[str] = set()
    for name in ("program", "position", "site"):
        if (value := getattr(wanted, name)) is not None:
            parameters[name] = value
            flags.add(name)
    if wanted.day:
        parameters["first"] = clock.start_of_day(wanted.day, zone)
        parameters["last"] = clock.start_of_day(wanted.day + wanted.days * clock.ONE_DAY, zone)
        flags.add("day")
    if wanted.fits:
        parameters["person_id"] = viewer.person_id
        flags.add("fits")
    return parameters, flags


SHORT, COMING, PAST = 0, 1, 2
"""The order of a coordinator's list: gaps first, then what comes, then what was."""


@cache
def _week(flags: frozenset[str]) -> AnySelect:
    """Shifts of a span of time in one's programs: those short of people first."""
    missing = case((Slot.minimum > Slot.filled, Slot.minimum - Slot.filled), else_=0)
    gap = select(func.sum(missing)).where(Slot.shift_id == Shift.id).scalar_subquery()
    rank = case(
        (Shift.ends_at <= bindparam("at"), PAST),
        (and_(Shift.called_off_at.is_(None), gap > 0), SHORT),
        else_=COMING,
    )
    page = (
        select(Shift.id, rank.label("rank"))
        .join(Program, Program.id == Shift.program_id)
        .where(
            Shift.starts_at >= bindparam("week_first"),
            Shift.starts_at < bindparam("week_last"),
            or_(EVERYWHERE, STAFF_OF),
            *_filters(flags - {"after"}),
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
    monday: date,
    at: datetime,
    zone: str,
    after: str = "",
    size: int = PAGE_SIZE,
) -> PageOf[ShiftLine]:
    """A coordinator's week in one list: gaps first, then everything in order of time."""
    parameters, flags = _narrowed(viewer, insight, wanted, at, zone)
    parameters |= week_bounds(monday, zone)
    place = read_mark(after, int, datetime, int)
    if place and place[0] in (SHORT, COMING, PAST):
        parameters |= {"after_rank": place[0], "after_at": place[1], "after_id": place[2]}
        flags |= {"after"}
    found = rows(db, _week(frozenset(flags)), parameters | {"size": size + 1})
    lines = lines_of(found, insight)
    return cut(lines, lambda line: mark(_rank(line, at), line.starts_at, line.id), size)


MOST_ON_A_BOARD = 500


@cache
def _board(flags: frozenset[str]) -> AnySelect:
    page = (
        select(Shift.id)
        .join(Program, Program.id == Shift.program_id)
        .where(
            Shift.starts_at >= bindparam("week_first"),
            Shift.starts_at < bindparam("week_last"),
            or_(EVERYWHERE, STAFF_OF),
            *_filters(flags),
        )
        .order_by(Shift.starts_at, Shift.id)
        .limit(MOST_ON_A_BOARD)
    )
    if "site" in flags:
        page = page.join(Site, Site.id == Shift.site_id)
    return LINES.where(Shift.id.in_(page)).order_by(Shift.starts_at, Shift.id, Slot.id)


def board_of(
    db: Session,
    viewer: Viewer,
    insight: Insight,
    wanted: Wanted,
    first: date,
    days: int,
    at: datetime,
    zone: str,
) -> list[list[ShiftLine]]:
    """A coordinator's shifts by local day of the agency, so many days from the first."""
    parameters, flags = _narrowed(viewer, insight, wanted, at, zone)
    parameters |= {
        "week_first": clock.start_of_day(first, zone),
        "week_last": clock.start_of_day(first + days * clock.ONE_DAY, zone),
    }
    lines = lines_of(rows(db, _board(frozenset(flags)), parameters), insight)
    _flag(db, lines, parameters["week_first"], parameters["week_last"])
    return by_local_day(lines, first, days, zone)


def by_local_day(lines: Iterable[Any], first: date, days: int, zone: str) -> list[list[Any]]:
    """Lines in columns, one for each of so many days from the first."""
    found: list[list[Any]] = [[] for _ in range(days)]
    for line in lines:
        found[(clock.local_day(line.starts_at, zone) - first).days].append(line)
    return found


_span = and_(Shift.starts_at >= bindparam("first"), Shift.starts_at < bindparam("last"))
_FLAGS = union_all(
    select(Waiting.shift_id, literal(1).label("line"), literal(0).label("cant"))
    .join(Shift, Shift.id == Waiting.shift_id)
    .where(Waiting.state.in_(IN_LINE), _span),
    select(Signup.shift_id, literal(0), literal(1))
    .join(Shift, Shift.id == Signup.shift_id)
    .where(CANT_COME, _span),
)


def _flag(db: Session, lines: Iterable[ShiftLine], first: datetime, last: datetime) -> None:
    """Count who waits for each shift of a span, and who can't make it."""
    by_id = {line.id: line for line in lines}
    for shift_id, waits, cant in db.execute(_FLAGS, {"first": first, "last": last}):
        if line := by_id.get(shift_id):
            line.line += waits
            line.cant += cant


def _rank(line: ShiftLine, at: datetime) -> int:
    if line.ends_at <= at:
        return PAST
    return SHORT if line.missing and not line.called_off else COMING


def week_bounds(monday: date, zone: str) -> dict[str, datetime]:
    """A local week as moments: its first, and the first after it."""
    return {
        "week_first": clock.start_of_day(monday, zone),
        "week_last": clock.start_of_day(monday + 7 * clock.ONE_DAY, zone),
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
        Shift.called_off_at.is_(None),
        or_(EVERYWHERE, STAFF_OF),
    )
)


class Totals(NamedTuple):
    """A week in numbers."""

    filled: int
    maximum: int
    short: int
    shifts: int


def week_totals(db: Session, insight: Insight, monday: date, at: datetime, zone: str) -> Totals:
    """A coordinator's week in four numbers: spots filled and in all, coming shifts short of people,
    and all shifts."""
    parameters = {"everywhere": insight.everywhere, "staff_of": sorted(insight.staff_of), "at": at}
    return read(db, Totals, _TOTALS, parameters | week_bounds(monday, zone))[0]


_MINE = (
    LINES.join(Signup, and_(Signup.shift_id == Shift.id, Signup.slot_id == Slot.id))
    .where(
        Signup.person_id == bindparam("person_id"),
        Signup.state == SignupState.SIGNED_UP,
        Shift.ends_at > bindparam("at"),
        Shift.starts_at < bindparam("until"),
    )
    .order_by(Shift.starts_at, Shift.id)
    .limit(bindparam("size"))
)


def my_shifts(
    db: Session,
    person_id: int,
    insight: Insight,
    at: datetime,
    size: int = PAGE_SIZE,
    until: datetime | None = None,
) -> list[ShiftLine]:
    """A person's shifts that end after a moment, soonest first. Each has the one slot they are on."""
    until = until or clock.END_OF_TIME
    parameters = reach(insight) | {"person_id": person_id, "at": at, "size": size, "until": until}
    parameters.pop("inside")
    return lines_of(rows(db, _MINE, parameters), insight)


_GAPS = (
    LINES.where(
        Shift.id.in_(
            select(Slot.shift_id)
            .join(Shift, Shift.id == Slot.shift_id)
            .where(
                Shift.starts_at > bindparam("at"),
                Shift.starts_at < bindparam("last"),
                Shift.called_off_at.is_(None),
                Slot.filled < Slot.minimum,
                or_(EVERYWHERE, STAFF_OF),
            )
            .order_by(Shift.starts_at, Shift.id)
            .limit(bindparam("size"))
        )
    )
).order_by(Shift.starts_at, Shift.id, Slot.id)


def coming_gaps(db: Session, insight: Insight, at: datetime, size: int) -> list[ShiftLine]:
    """The next shifts of the coming two weeks that are short of people, in one's programs."""
    parameters = reach(insight) | {"at": at, "last": at + 14 * clock.ONE_DAY, "size": size}
    parameters.pop("inside")
    return lines_of(rows(db, _GAPS, parameters), insight)
