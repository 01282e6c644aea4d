"""Reading for a sheet on which an office writes many people's hours."""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from sqlalchemy import func, select, true
from sqlalchemy.orm import Session

from portal.hours.models import HoursEntry, HoursState
from portal.people.models import Person
from portal.people.search import matches
from portal.programs.models import Placement
from portal.programs.placements import from_day
from portal.reads import read

SHEET_ROWS = 100


class SheetPerson(NamedTuple):
    """Someone whose hours a sheet asks for."""

    id: int
    name: str


def people_with(
    db: Session, position_id: int, first: date, last: date, query: str = ""
) -> Sequence[SheetPerson]:
    """Who had a role at any time from a day to another, by name: the rows of a sheet."""
    wanted = matches(query)
    return read(
        db,
        SheetPerson,
        select(Person.id, Person.name)
        .join(Placement, Placement.person_id == Person.id)
        .where(
            Placement.position_id == position_id,
            from_day(first),
            Placement.starts_on <= last,
            true() if wanted is None else wanted,
        )
        .distinct()
        .order_by(Person.name, Person.id)
        .limit(SHEET_ROWS),
    )


def on_sheet(
    db: Session, position_id: int, people: Sequence[int], first: date, last: date
) -> dict[tuple[int, date], int]:
    """The minutes that stand already, by person and day, of whatever source."""
    rows = db.execute(
        select(HoursEntry.person_id, HoursEntry.day, func.sum(HoursEntry.minutes))
        .where(
            HoursEntry.position_id == position_id,
            HoursEntry.person_id.in_(people),
            HoursEntry.day >= first,
            HoursEntry.day <= last,
            HoursEntry.state.not_in((HoursState.VOID, HoursState.DRAFT)),
        )
        .group_by(HoursEntry.person_id, HoursEntry.day)
    )
    return {(row[0], row[1]): int(row[2]) for row in rows}
