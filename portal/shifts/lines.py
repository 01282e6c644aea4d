"""Shifts as lists print them: columns, not entities, cut to what the viewer may read."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import case, func, select

from portal.programs.models import Position, Program, Site, Visibility
from portal.shifts.insight import PLACE_SHOWN, Insight
from portal.shifts.models import Shift, Slot


@dataclass(frozen=True, slots=True)
class SlotLine:
    """A slot as a list prints it."""

    id: int
    position_id: int
    position: str
    translations: dict[str, Any] | None
    color: str
    icon: str
    minimum: int
    maximum: int
    filled: int

    @property
    def missing(self) -> int:
        return max(0, self.minimum - self.filled)

    @property
    def open(self) -> int:
        return self.maximum - self.filled


@dataclass(frozen=True, slots=True)
class ShiftLine:
    """A shift as a list prints it, cut to what its viewer may see.

    `outside`: the viewer knows the program by its label only. `site` is None where there is
    no place, or one that is given in the portal alone (`confidential`).
    """

    id: int
    starts_at: datetime
    ends_at: datetime
    zone: str
    title: str
    program: str
    program_translations: dict[str, Any] | None
    outside: bool
    site: str | None
    confidential: bool
    called_off: bool
    mine: bool
    slots: list[SlotLine]

    @property
    def missing(self) -> int:
        return sum(slot.missing for slot in self.slots)

    @property
    def open(self) -> int:
        return sum(slot.open for slot in self.slots)

    @property
    def filled(self) -> int:
        return sum(slot.filled for slot in self.slots)

    @property
    def maximum(self) -> int:
        return sum(slot.maximum for slot in self.slots)


LINES = (
    select(
        Shift.id,
        Shift.starts_at,
        Shift.ends_at,
        Shift.zone,
        Shift.title,
        Shift.called_off_at,
        Shift.program_id,
        Program.name.label("program"),
        Program.public_label,
        Program.visibility,
        Program.translations.label("program_translations"),
        case((PLACE_SHOWN, Site.name)).label("site"),
        func.coalesce(Site.confidential, False).label("confidential"),
        Slot.id.label("slot_id"),
        Slot.position_id,
        Slot.minimum,
        Slot.maximum,
        Slot.filled,
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
"""Coming to one row for each slot; takes `reach` as parameters."""


def lines_of(rows: Iterable[Any], insight: Insight) -> list[ShiftLine]:
    """Shifts from rows of slots, in the order of the rows."""
    lines: dict[int, ShiftLine] = {}
    for row in rows:
        line = lines.get(row.id)
        if line is None:
            line = lines[row.id] = _line(row, insight)
        line.slots.append(_slot(row, line.outside))
    return list(lines.values())


def _line(row: Any, insight: Insight) -> ShiftLine:
    outside = row.visibility != Visibility.PUBLIC and not insight.knows(row.program_id)
    return ShiftLine(
        id=row.id,
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        zone=row.zone,
        title="" if outside else row.title,
        program=row.public_label if outside else row.program,
        program_translations=labels(row.program_translations)
        if outside
        else row.program_translations,
        outside=outside,
        site=row.site,
        confidential=row.confidential,
        called_off=row.called_off_at is not None,
        mine=row.id in insight.own_shifts,
        slots=[],
    )


def labels(translations: dict[str, Any] | None) -> dict[str, Any]:
    """A program's translations with its neutral label in the place of its name, and nothing else."""
    return {
        language: {"name": words.get("public_label", "")}
        for language, words in (translations or {}).items()
    }


def _slot(row: Any, outside: bool) -> SlotLine:
    return SlotLine(
        row.slot_id,
        row.position_id,
        "" if outside else row.position,
        None if outside else row.position_translations,
        "slate" if outside else row.color,
        "people" if outside else row.icon,
        row.minimum,
        row.maximum,
        row.filled,
    )
