"""A coordinator's week as a grid: a row for each role, location or program, a column for each day, and in the
cells the people by name."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from portal import clock
from portal.permissions import Viewer
from portal.programs.closures import closures_between
from portal.programs.models import Placement, Visibility
from portal.reads import among, read, read_past
from portal.requirements.trials import TrialLine, trials_of
from portal.shifts.grid_models import Block, Grid, GridRow, Name, Shut
from portal.shifts.grid_queries import (
    ASKED,
    GROUPS,
    PEOPLE,
    UNCLEAR,
    GridAsk,
    GridGroup,
    GridPerson,
    GridSlot,
    slots_of_days,
)
from portal.shifts.models import CAME
from portal.shifts.schedule import Wanted, narrow
from portal.shifts.still_coming import UNANSWERED
from portal.shifts.viewer_scope import Insight
from portal.words import CATALOGS, in_language, text

MOST_ROWS = 120
"""Rows on one sheet of it; each has a class of its own in the style sheet."""

NO_LOCATION = text("No location")
VIEWS = ("week", "day")
"""The views of the schedule that are grids."""
BY = ("position", "site", "program")
"""What a row can stand for; the first is usual."""


def grid_of(
    db: Session,
    viewer: Viewer,
    insight: Insight,
    wanted: Wanted,
    days: Sequence[date],
    at: datetime,
    zone: str,
    by: str = "position",
    *,
    gaps_first: bool = False,
) -> Grid:
    """The viewer's shifts of some days in rows; `by` says what a row stands for."""
    parameters, flags = narrow(viewer, insight, wanted, at, zone)
    parameters |= {
        "first_at": clock.start_of_day(days[0], zone),
        "last_at": clock.start_of_day(days[-1] + clock.ONE_DAY, zone),
    }
    slots = read_past(db, GridSlot, slots_of_days(frozenset(flags)), parameters)
    names, groups = _names(db, viewer, slots, at), groups_of(db, slots)
    found: dict[tuple[Any, ...], GridRow] = {}
    for slot in slots:
        key, named = row_of(slot, by, insight.language)
        row = found.setdefault(key, GridRow(*named, [[] for _ in days], key[0]))
        day = clock.local_day(slot.starts_at, zone)
        row.days[(day - days[0]).days].append(
            block_of(slot, names[slot.id], groups[slot.id], by, insight, at)
        )
    rows = [found[key] for key in sorted(found)]
    if gaps_first:
        rows.sort(key=lambda row: (row.sheet, -row.needed))
    made = Grid(sheets_of(rows), _closed(db, slots, days), len({slot.shift_id for slot in slots}))
    if len(days) == 1:
        by_the_clock(made, days[0], zone)
    return made


HALF, MIDNIGHT = 30, 48
"""Minutes of a half hour, and half hours of a day."""


def by_the_clock(grid: Grid, day: date, zone: str) -> None:
    """Say where each block stands among the hours of a day; what goes on after midnight ends with it."""
    blocks = [one for _, rows in grid.sheets for row in rows for one in row.days[0]]
    spans = [
        (_halves(one.slot.starts_at, day, zone), _halves(one.slot.ends_at, day, zone))
        for one in blocks
    ]
    if not spans:
        return
    first = min(starts for starts, _ in spans) // 2
    last = -(-max(ends for _, ends in spans) // 2)
    grid.hours = range(first, max(last, first + 1))
    for one, (starts, ends) in zip(blocks, spans, strict=True):
        one.starts = starts - 2 * first
        one.ends = max(ends - 2 * first, one.starts + 1)


def _halves(at: datetime, day: date, zone: str) -> int:
    """How many half hours of the clock have begun by a moment of a day; all 48 on a later day."""
    local = clock.to_local(at, zone)
    if local.date() > day:
        return MIDNIGHT
    return -(-(local.hour * 60 + local.minute) // HALF)


def _closed(db: Session, slots: Iterable[GridSlot], days: Sequence[date]) -> list[list[Shut]]:
    sites: dict[int | None, str | None] = {None: None}
    programs: set[int | None] = {None}
    for slot in slots:
        sites[slot.site_id] = slot.site
        programs.add(slot.program_id)
    closures = closures_between(db, days[0], days[-1])
    return [
        [
            *dict.fromkeys(
                Shut(one.reason, sites[one.site_id])
                for one in closures
                if one.first_day <= day <= one.last_day
                and one.site_id in sites
                and one.program_id in programs
            )
        ]
        for day in days
    ]


def sheets_of(rows: Iterable[GridRow]) -> list[tuple[str, list[GridRow]]]:
    """Rows by the sheet they are printed on."""
    found: dict[str, list[GridRow]] = {}
    for row in rows:
        found.setdefault(row.sheet, []).append(row)
    return sorted(found.items())


def row_of(slot: GridSlot, by: str, language: str) -> tuple[tuple[Any, ...], tuple[str, str]]:
    """The key of a slot's row, by which rows are in order, with its name and note. The first of the key is the
    sensitive program whose sheet it prints on, or ""."""
    program = in_language(language, slot.program, slot.program_translations, "name")
    position = in_language(language, slot.position, slot.position_translations, "name")
    sheet = program if slot.visibility != Visibility.PUBLIC else ""
    if by == "site":
        return (sheet, slot.site or "", slot.site_id or 0), (
            slot.site or CATALOGS[language].say(NO_LOCATION),
            sheet,
        )
    if by == "program":
        return (sheet, program, slot.program_id), (program, "")
    return (sheet, program, position, slot.position_id), (position, program)


def block_of(
    slot: GridSlot,
    names: list[Name],
    groups: Sequence[GridGroup],
    by: str,
    insight: Insight,
    at: datetime,
) -> Block:
    """A slot as a block of the grid, with the people and groups on it."""
    hours = clock.hours_text(
        slot.starts_at, slot.ends_at, slot.zone, insight.language, insight.this_year
    )
    position = in_language(insight.language, slot.position, slot.position_translations, "name")
    label = slot.title if by == "position" else slot.title or position
    block = Block(slot, hours, label, names, groups, over=slot.starts_at <= at)
    if not block.over and not slot.canceled_at:
        block.needed = max(0, slot.minimum - block.coming)
        block.optional = max(0, slot.maximum - slot.held - max(slot.filled, slot.minimum))
    return block


def groups_of(db: Session, slots: Sequence[GridSlot]) -> dict[int, list[GridGroup]]:
    """The groups with spots of each of some slots."""
    found: dict[int, list[GridGroup]] = defaultdict(list)
    for one in read_past(db, GridGroup, GROUPS, {"slots": [slot.id for slot in slots]}):
        found[one.slot_id].append(one)
    return found


def _names(
    db: Session, viewer: Viewer, slots: Sequence[GridSlot], at: datetime
) -> dict[int, list[Name]]:
    """Who is on each slot, and who was asked."""
    ids = {"slots": [slot.id for slot in slots]}
    people = read_past(db, GridPerson, PEOPLE, ids)
    asked = read_past(db, GridAsk, ASKED, ids)
    signups = {"signups": [one.signup_id for one in people]}
    unclear = frozenset(db.scalars(UNCLEAR, signups))
    scope = trials_of(viewer).where(among(Placement.person_id, "people"))
    holders = {"people": sorted({one.person_id for one in people})}
    trials = {(row.person_id, row.position_id) for row in read(db, TrialLine, scope, holders)}
    by_id = {slot.id: slot for slot in slots}
    found: dict[int, list[Name]] = defaultdict(list)
    for one in people:
        slot = by_id[one.slot_id]
        mark = _mark(one, unclear, slot.starts_at, at)
        trial = (one.person_id, slot.position_id) in trials
        found[slot.id].append(Name(mark, one.name, one.person_id, one.signup_id, trial))
    for ask in asked:
        if by_id[ask.slot_id].starts_at > at:
            found[ask.slot_id].append(Name("asked", ask.name, ask.person_id))
    return found


def _mark(one: GridPerson, unclear: Collection[int], starts_at: datetime, at: datetime) -> str:
    over = starts_at <= at
    if over and one.attendance is not None:
        return "came" if one.attendance in CAME else "absent"
    if one.cant_at is not None:
        return "cant"
    if one.trainee:
        return "shadow"
    if over:
        return "open"
    if one.signup_id in unclear:
        return "unclear"
    return "silent" if one.silent and starts_at <= at + UNANSWERED else "on"
