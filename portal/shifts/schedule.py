"""Reading the schedule: lists of shifts as the public, a volunteer and a coordinator see them.

Statements are built once per combination of filters and kept, so that a request pays only
for running them.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import and_, bindparam, literal, select, tuple_, union_all
from sqlalchemy.orm import Session

from portal import clock
from portal.commitments.commitments import busy
from portal.permissions import Viewer
from portal.programs.models import Program, Site
from portal.reads import AnySelect, among, rows
from portal.requirements.clearance import Days, cleared_days
from portal.requirements.records import asking_of, records_of
from portal.shifts.early import moments, open_to
from portal.shifts.lines import LINES, ShiftLine, lines_of
from portal.shifts.models import CANT_COME, Shift, Signup, Slot
from portal.shifts.viewer_scope import KNOWN, PLACE_SHOWN, VISIBLE, Insight, reach
from portal.shifts.waiting_models import IN_LINE, Waiting
from portal.web.paging import PAGE_SIZE, PageOf, cut, mark, read_mark

MOST_READINGS = 20
FAR = timedelta(days=3 * 366)
"""Further ahead no one plans shifts."""


@dataclass(frozen=True, slots=True)
class Ahead:
    """On which days from now on someone is cleared, by position; for how many of their positions they are
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


def schedule_filters(flags: frozenset[str]) -> list[Any]:
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
        open_to(bindparam("person_id")),
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
            Shift.canceled_at.is_(None),
            VISIBLE,
            *schedule_filters(flags),
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
    parameters, flags = narrow(viewer, insight, wanted, at, zone)
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


def narrow(
    viewer: Viewer, insight: Insight, wanted: Wanted, at: datetime, zone: str
) -> tuple[dict[str, Any], set[str]]:
    """The parameters and flags of a list's statement, for a viewer and what they want."""
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
        parameters |= {"person_id": viewer.person_id, **moments(at)}
        flags.add("fits")
    return parameters, flags


_span = and_(Shift.starts_at >= bindparam("first"), Shift.starts_at < bindparam("last"))
_FLAGS = union_all(
    select(Waiting.shift_id, literal(1).label("line"), literal(0).label("cant"))
    .join(Shift, Shift.id == Waiting.shift_id)
    .where(Waiting.state.in_(IN_LINE), _span),
    select(Signup.shift_id, literal(0), literal(1))
    .join(Shift, Shift.id == Signup.shift_id)
    .where(CANT_COME, _span),
)


def flag(db: Session, lines: Iterable[ShiftLine], first: datetime, last: datetime) -> None:
    """Count who waits for each shift of a span, and who can't make it."""
    by_id = {line.id: line for line in lines}
    for shift_id, waits, cant in db.execute(_FLAGS, {"first": first, "last": last}):
        if line := by_id.get(shift_id):
            line.line += waits
            line.cant += cant
