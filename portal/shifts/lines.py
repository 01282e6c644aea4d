"""Shifts as lists print them: columns, not entities, cut to what the viewer may read.

A line holds words, ready in the viewer's language: a page of fifty of them is printed without
a call per row, which is most of what a list costs.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import case, func, select

from portal import clock
from portal.languages import SOURCE
from portal.programs.models import Position, Program, Site, Visibility
from portal.shifts.models import Shift, Slot
from portal.shifts.viewer_scope import PLACE_SHOWN, Insight
from portal.words import CATALOGS, in_language, text

VOLUNTEER = text("Volunteer")
PLACE_IN_PORTAL = text("See the location in the portal")


class SlotLine(NamedTuple):
    """A slot as a list prints it."""

    id: int
    position_id: int
    position: str
    color: str
    icon: str
    minimum: int
    maximum: int
    filled: int
    held: int = 0

    @property
    def taken(self) -> int:
        """Spots that no one else can take: filled, or kept for people in line."""
        return self.filled + self.held


@dataclass(slots=True)
class ShiftLine:
    """A shift as a list prints it, cut to what its viewer may see.

    `outside`: the viewer knows the program by its label only. `site` is "" where there is no
    place; a place that is given in the portal alone says so instead of its name. On a board, `line`
    counts the people in line, and `cant` those who can't make it. `opens` is when sign-up opens, if later.
    """

    id: int
    starts_at: datetime
    ends_at: datetime
    zone: str
    day: str
    hours: str
    title: str
    program: str
    outside: bool
    site: str
    confidential: bool
    canceled: bool
    mine: bool
    slots: tuple[SlotLine, ...]
    missing: int = 0
    line: int = 0
    cant: int = 0
    opens: str = ""

    @property
    def when(self) -> str:
        """Day and hours."""
        return f"{self.day}, {self.hours}"


LINES = (
    select(
        Shift.id,
        Shift.starts_at,
        Shift.ends_at,
        Shift.zone,
        Shift.title,
        Shift.canceled_at,
        Shift.program_id,
        Program.name.label("program"),
        Program.public_label,
        Program.visibility,
        Program.translations.label("program_translations"),
        case((PLACE_SHOWN, Site.name)).label("site"),
        func.coalesce(Site.confidential, False).label("confidential"),
        Shift.opens_at,
        Slot.id.label("slot_id"),
        Slot.position_id,
        Slot.minimum,
        Slot.maximum,
        Slot.filled,
        Slot.held,
        Position.name.label("position"),
        Position.translations.label("position_translations"),
        Position.color,
        Position.icon,
    )
    .join(Slot, Slot.shift_id == Shift.id)
    .join(Position, Position.id == Slot.position_id)
    .join(Program, Program.id == Shift.program_id)
    .outerjoin(Site, Site.id == Shift.site_id)
    .where(Slot.maximum > 0)
)
"""Coming to one row for each slot, the shift's columns first; takes `reach` as parameters."""

SHIFT_COLUMNS = 14
"""How many columns of a row are the shift's."""


def lines_of(rows: Iterable[Any], insight: Insight) -> list[ShiftLine]:
    """Shifts from rows of `LINES`, in the order of the rows."""
    lines: dict[int, ShiftLine] = {}
    for row in rows:
        line = lines.get(row[0])
        if line is None:
            line = lines[row[0]] = _line(row[:SHIFT_COLUMNS], insight)
        slot = _slot(row[SHIFT_COLUMNS:], line.outside, insight.language)
        line.slots += (slot,)
        line.missing += max(0, slot.minimum - slot.filled)
    for line in lines.values():
        line.title = line.title or _title(line, insight.language)
    return list(lines.values())


def _line(columns: tuple[Any, ...], insight: Insight) -> ShiftLine:
    (
        shift_id,
        starts_at,
        ends_at,
        zone,
        title,
        canceled_at,
        program_id,
        program,
        label,
        visibility,
        translations,
        site,
        confidential,
        opens_at,
    ) = columns
    outside = visibility != Visibility.PUBLIC and not insight.knows(program_id)
    language = insight.language
    day, hours = clock.day_and_hours(starts_at, ends_at, zone, language, insight.this_year)
    return ShiftLine(
        id=shift_id,
        starts_at=starts_at,
        ends_at=ends_at,
        zone=zone,
        day=day,
        hours=hours,
        title="" if outside else title,
        program=in_language(language, label, translations, "public_label")
        if outside
        else in_language(language, program, translations, "name"),
        outside=outside,
        site=site or (CATALOGS[language].say(PLACE_IN_PORTAL) if confidential else ""),
        confidential=confidential,
        canceled=canceled_at is not None,
        mine=shift_id in insight.own_shifts,
        slots=(),
        opens=_opens(opens_at, program_id, zone, insight),
    )


def _opens(opens_at: datetime | None, program_id: int, zone: str, insight: Insight) -> str:
    """When sign-up opens for the viewer, unless it is open."""
    opens_at = opens_at and insight.opens_at(program_id, opens_at)
    if opens_at is None or opens_at <= clock.now():
        return ""
    return clock.moment_text(opens_at, zone, insight.language, insight.this_year)


def _title(line: ShiftLine, language: str) -> str:
    """The roles, where a coordinator wrote no title."""
    if line.outside:
        return CATALOGS[language].say(VOLUNTEER)
    return ", ".join(slot.position for slot in line.slots)


def _slot(columns: tuple[Any, ...], outside: bool, language: str) -> SlotLine:
    slot_id, position_id, minimum, maximum, filled, held, *role = columns[:10]
    position, translations, color, icon = role
    if outside:
        position, color, icon = "", "slate", "people"
    elif language != SOURCE:
        position = in_language(language, position, translations, "name")
    return SlotLine(slot_id, position_id, position, color, icon, minimum, maximum, filled, held)
