"""Reporting hours: one's own, and a sheet of many people's."""

from collections.abc import Collection, Mapping
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.act import Act
from portal.audit.log import Asked
from portal.hours.entries import Work, add_entry, check
from portal.hours.models import HoursEntry, HoursState, Source
from portal.people.people import lock_people
from portal.programs.models import Position
from portal.web.errors import Refused
from portal.words import Words, text


def report(act: Act, work: Work, *, zone: str, draft: bool = False) -> HoursEntry:
    """Hand hours in that come from no shift: one's own, or for someone who `asked` staff to. Days are
    those of `zone`."""
    lock_people(act.db, [work.person_id])
    check(act.db, work, None, act.at, zone)
    state = HoursState.DRAFT if draft else HoursState.SUBMITTED
    return add_entry(act, work, state, source=Source.OWN, asked=act.asked)


class WrongCells(Refused):
    """Some cells of a sheet cannot be so; nothing of it is kept. `cells` says why, by person and day."""

    def __init__(self, cells: Mapping[tuple[int, date], Words]) -> None:
        super().__init__(text("Fix the marked cells. Nothing was saved yet."))
        self.cells = cells


def report_sheet(
    act: Act, position: Position, cells: Mapping[tuple[int, date], int], *, zone: str
) -> int:
    """Submit a paper sheet: minutes by person and day; gives how many entries it made. All of it or,
    with WrongCells, none."""
    lock_people(act.db, sorted({person_id for person_id, _ in cells}))
    wrong: dict[tuple[int, date], Words] = {
        cell: text("There is already a time entry on that day.")
        for cell in _there(act.db, position, cells)
    }
    for (person_id, day), minutes in sorted(cells.items()):
        work = Work(person_id, position.program_id, position.id, day, minutes)
        if (person_id, day) in wrong:
            continue
        try:
            report(act.but(asked=Asked.PAPER), work, zone=zone)
        except Refused as refusal:
            wrong[person_id, day] = next(iter(refusal.fields.values()))
    if wrong:
        raise WrongCells(wrong)
    return len(cells)


def _there(
    db: Session, position: Position, cells: Collection[tuple[int, date]]
) -> set[tuple[int, date]]:
    """The cells of a sheet for which someone handed hours in meanwhile."""
    rows = db.execute(
        select(HoursEntry.person_id, HoursEntry.day).where(
            HoursEntry.position_id == position.id,
            HoursEntry.person_id.in_({person_id for person_id, _ in cells}),
            HoursEntry.day.in_({day for _, day in cells}),
            HoursEntry.state.not_in((HoursState.VOID, HoursState.DRAFT)),
        )
    )
    return {(row.person_id, row.day) for row in rows} & set(cells)
