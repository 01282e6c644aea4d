"""A grid of a week as it would be once a draft is published."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal import clock
from portal.people.models import Person
from portal.permissions import Viewer
from portal.programs.models import Position, Program, Site
from portal.reads import read, read_past
from portal.shifts.draft_models import DraftAct, Proposal
from portal.shifts.drafts import slots_of, values_of
from portal.shifts.grid import block_of, by_the_clock, groups_of, row_of, sheets_of
from portal.shifts.grid_models import Block, Grid, GridRow, Name
from portal.shifts.grid_queries import PEOPLE, SLOTS, GridPerson, GridSlot
from portal.shifts.models import Shift, Slot
from portal.shifts.shifts import moved_to
from portal.shifts.viewer_scope import Insight, managed_shifts


class DraftedWeek:
    """Lays what a draft proposes over the grid of some days."""

    def __init__(
        self,
        db: Session,
        viewer: Viewer,
        grid: Grid,
        days: Sequence[date],
        insight: Insight,
        by: str,
        zone: str,
    ) -> None:
        self.db, self.viewer, self.grid, self.days = db, viewer, grid, days
        self.insight, self.by, self.zone = insight, by, zone

    def lay(self, acts: Sequence[DraftAct]) -> None:
        """Show what would be different: each block says how it is `drafted`, each name too."""
        people = {one.person_id for one in acts if one.person_id}
        found = self.db.execute(select(Person.id, Person.name).where(Person.id.in_(people)))
        names = {row.id: row.name for row in found}
        for one in acts:
            if one.kind == Proposal.SHIFT:
                self._add_shift(one)
        for one in acts:
            if one.kind == Proposal.REMOVE:
                self._remove(one)
            elif one.kind == Proposal.ADD:
                self._add(one, names[one.person_id or 0])
            elif one.kind == Proposal.CANCEL:
                for _, _, block in self._of_shift(one.shift_id):
                    block.drafted, block.needed, block.optional = "canceled", 0, 0
        moved = [one for one in acts if one.kind == Proposal.MOVE]
        ids = [one.shift_id for one in moved]
        mine = managed_shifts(self.viewer).where(Shift.id.in_(ids))
        shifts = {shift.id: shift for shift in self.db.scalars(mine)}
        for one in moved:
            if shift := shifts.get(one.shift_id or 0):
                self._move(one, shift)
        if len(self.days) == 1:
            by_the_clock(self.grid, self.days[0], self.zone)

    def _blocks(self) -> Iterable[tuple[GridRow, int, Block]]:
        for _, rows in self.grid.sheets:
            for row in rows:
                for number, day in enumerate(row.days):
                    for block in list(day):
                        yield row, number, block

    def _of_shift(self, shift_id: int | None) -> Iterable[tuple[GridRow, int, Block]]:
        return [found for found in self._blocks() if found[2].slot.shift_id == shift_id]

    def _remove(self, one: DraftAct) -> None:
        for _, _, block in self._of_shift(one.shift_id):
            for name in block.names:
                if name.signup_id == one.signup_id:
                    name.drafted = "removed"
                    self._recount(block)

    def _add(self, one: DraftAct, person: str) -> None:
        for _, _, block in self._blocks():
            slot = block.slot
            onto = (-(one.onto_id or 0), one.position_id) == (slot.shift_id, slot.position_id)
            if slot.id == one.slot_id or onto:
                block.names.append(Name("on", person, one.person_id or 0, drafted="added"))
                self._recount(block)

    def _recount(self, block: Block) -> None:
        block.needed = max(0, block.slot.minimum - block.coming)
        block.optional = max(0, block.slot.maximum - max(block.coming, block.slot.minimum))

    def _move(self, one: DraftAct, shift: Shift) -> None:
        values = values_of(one)
        starts_at, ends_at = moved_to(shift, values["day"], values["starts"])
        for row, number, block in self._of_shift(one.shift_id) or self._from_elsewhere(shift):
            row.days[number].remove(block)
            block.drafted = "moved"
            block.slot = block.slot._replace(starts_at=starts_at, ends_at=ends_at)
            block.hours = clock.hours_text(
                starts_at, ends_at, shift.zone, self.insight.language, self.insight.this_year
            )
            day = self._day(starts_at)
            if day is not None:
                row.days[day].append(block)

    def _day(self, at: datetime) -> int | None:
        """Which of the days a moment is on."""
        number = (clock.local_day(at, self.zone) - self.days[0]).days
        return number if 0 <= number < len(self.days) else None

    def _from_elsewhere(self, shift: Shift) -> list[tuple[GridRow, int, Block]]:
        """The blocks of a shift that is on none of the days, laid on the first for a moment."""
        found = []
        for slot in read(self.db, GridSlot, SLOTS.where(Shift.id == shift.id, Slot.maximum > 0)):
            people = read_past(self.db, GridPerson, PEOPLE, {"slots": [slot.id]})
            names = [Name("on", who.name, who.person_id, who.signup_id) for who in people]
            groups, before = groups_of(self.db, [slot])[slot.id], shift.starts_at - clock.ONE_DAY
            block = block_of(slot, names, groups, self.by, self.insight, before)
            row = self._row(slot)
            row.days[0].append(block)
            found.append((row, 0, block))
        return found

    def _add_shift(self, one: DraftAct) -> None:
        values = values_of(one)
        day = self._day(values["starts_at"])
        if day is None:
            return
        for slot in self._slots(one, values):
            row = self._row(slot)
            block = block_of(slot, [], (), self.by, self.insight, one.at)
            block.drafted = "new"
            row.days[day].append(block)

    def _row(self, slot: GridSlot) -> GridRow:
        key, named = row_of(slot, self.by, self.insight.language)
        for _, rows in self.grid.sheets:
            for row in rows:
                if (row.name, row.note, row.sheet) == (*named, key[0]):
                    return row
        made = GridRow(*named, [[] for _ in self.days], key[0])
        rows = [row for _, of_sheet in self.grid.sheets for row in of_sheet]
        self.grid.sheets = sheets_of([*rows, made])
        return made

    def _slots(self, one: DraftAct, values: dict[str, Any]) -> list[GridSlot]:
        """The slots of a shift that is not there yet; its id is that of the proposal, below zero."""
        wishes = {wish.position_id: wish for wish in slots_of(one)}
        site = self.db.get(Site, values["site_id"]) if values["site_id"] else None
        found = self.db.execute(
            select(Position, Program)
            .join(Program, Program.id == Position.program_id)
            .where(Position.id.in_(wishes))
            .order_by(Position.id)
        )
        return [
            GridSlot(
                -one.id, -one.id, values["starts_at"], values["ends_at"], values["zone"],
                values["title"], None, program.id, program.name, program.translations,
                program.visibility, values["site_id"], site.name if site else None, position.id,
                position.name, position.translations, wishes[position.id].minimum,
                wishes[position.id].maximum, 0, 0,
            )
            for position, program in found
        ]  # fmt: skip
