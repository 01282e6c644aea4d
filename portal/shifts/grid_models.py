"""A coordinator's week as a grid: rows, the blocks in their cells, and the people in those."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from portal.shifts.grid_queries import GridGroup, GridSlot


class Shut(NamedTuple):
    """Why a day is closed: everywhere, or at one location of the grid."""

    reason: str
    site: str | None


COMES = ("on", "unclear", "silent")
"""The marks of those who count as coming."""


@dataclass(slots=True)
class Name:
    """A person in a cell, and how they stand: "on", "cant", "unclear" (not cleared), "silent" (not confirmed),
    "shadow", "asked", and of what is over "came", "absent" or "open" (no attendance yet). A draft has them
    `drafted` as "added" or "removed"."""

    mark: str
    name: str
    person_id: int
    signup_id: int = 0
    trial: bool = False
    drafted: str = ""


@dataclass(slots=True)
class Block:
    """One slot in a cell, with the people and the `groups` on it. `needed` more people are needed, `optional`
    more may come; of what has begun neither is said. Of a day by itself, `starts` and `ends` count half hours
    from the grid's first hour. A draft has it `drafted` as "new", "moved" or "canceled"."""

    slot: GridSlot
    hours: str
    label: str
    names: list[Name] = field(default_factory=list)
    groups: Sequence[GridGroup] = ()
    needed: int = 0
    optional: int = 0
    over: bool = False
    drafted: str = ""
    starts: int = 0
    ends: int = 0

    @property
    def coming(self) -> int:
        """How many come, as far as one knows."""
        people = sum(one.mark in COMES and one.drafted != "removed" for one in self.names)
        return people + sum(one.spots for one in self.groups)

    @property
    def state(self) -> str:
        """How it looks: "off" (canceled), "over", "gap", "low" or "full"."""
        if self.slot.canceled_at:
            return "off"
        if self.over:
            return "over"
        if self.needed:
            return "gap"
        return "low" if self.optional else "full"


@dataclass(slots=True)
class GridRow:
    """A row: its name, what stands below it, and its blocks by day."""

    name: str
    note: str
    days: list[list[Block]]
    sheet: str = ""

    @property
    def needed(self) -> int:
        """How many people its gaps need in all."""
        return sum(block.needed for day in self.days for block in day if not block.slot.canceled_at)


@dataclass(slots=True)
class Grid:
    """A week. `sheets` are its rows by the paper they are printed on: sensitive programs have one each, so that
    nothing of them hangs on a wall with the others. `closed` names what is closed on each day. Of a day by
    itself, `hours` are those of the clock from its first shift to its last."""

    sheets: list[tuple[str, list[GridRow]]]
    closed: list[list[Shut]]
    shifts: int
    hours: range = range(0)
