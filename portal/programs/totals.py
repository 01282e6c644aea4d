"""The sums that agencies report: hours, and how full shifts were, by period and by what one chooses.

Periods are cut by their first days, so a month is the local one. People are counted once in each
line, in each period's total and in the whole, so totals of people are no sums of the lines.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from sqlalchemy import (
    ColumnElement,
    String,
    and_,
    case,
    cast,
    exists,
    literal,
    null,
    or_,
    select,
    true,
)
from sqlalchemy.orm import Session

from portal import clock
from portal.people.models import Person
from portal.periods import MOST_MONTHS, Asked, By
from portal.permissions import Permission, Viewer
from portal.programs.models import Funding, Position, Program, Site
from portal.programs.scopes import in_viewers_programs
from portal.words import CATALOGS, in_language, text

Numbers = TypeVar("Numbers")


@dataclass(frozen=True)
class Line(Generic[Numbers]):
    """A line of a report: the period's place, what it is about (None: the total), and its numbers. Without
    a period it is about the whole span."""

    period: int | None
    key: int | str | None
    name: str
    numbers: Numbers
    total: bool = False

    @property
    def period_key(self) -> int:
        """Groups the lines of a page; the whole span comes last."""
        return MOST_MONTHS + 1 if self.period is None else self.period


def place(column: Any, starts: Sequence[Any]) -> ColumnElement[int]:
    """Which period a row falls into, by the moments or days at which the periods after the first begin."""
    if not starts:
        return literal(0)
    return case(*((column < start, index) for index, start in enumerate(starts)), else_=len(starts))


def paid_by(
    sources: Sequence[Funding], program_id: Any, position_id: Any, when: Any, edge: Any
) -> ColumnElement[str]:
    """Who pays for something: the label of that day, a position's own before its program's. `edge` turns
    a day into what `when` is compared with. Labels of one name are one source."""
    cases = [
        (
            and_(
                program_id == label.program_id,
                true() if label.position_id is None else position_id == label.position_id,
                when >= edge(label.first_day),
                true() if label.last_day is None else when < edge(label.last_day + clock.ONE_DAY),
            ),
            label.name,
        )
        for label in sources
    ]
    return case(*cases, else_=None) if cases else cast(null(), String)


EMPLOYEES, OTHERS = "employees", "others"
WORK_WORDS = {EMPLOYEES: text("Agency employees"), OTHERS: text("Others")}


def work_of(person_id: Any) -> ColumnElement[str]:
    """Whether a person works for the agency, by the job on record."""
    employed = exists().where(Person.id == person_id, Person.agency_job != literal(""))
    return case((employed, EMPLOYEES), else_=OTHERS)


def labels(db: Session, viewer: Viewer, asked: Asked) -> Sequence[Funding]:
    """The labels of the viewer's programs that hold in the span, positions' first."""
    if asked.by is not By.FUNDING:
        return ()
    return db.scalars(
        select(Funding)
        .where(
            in_viewers_programs(Funding.program_id, viewer, Permission.REPORTS_READ),
            Funding.first_day <= asked.last,
            or_(Funding.last_day.is_(None), Funding.last_day >= asked.first),
        )
        .order_by(Funding.position_id.is_(None), Funding.id)
    ).all()


def lines_of(
    db: Session, asked: Asked, found: Any, model: type[Numbers], numbers: Sequence[Any]
) -> list[Line[Numbers]]:
    """The lines of a report in order, each period's total after them, the whole's last. `model` has the
    numbers of a line as its fields."""
    by_key = db.execute(
        select(found.c.period, found.c.key, *numbers).group_by(found.c.period, found.c.key)
    ).all()
    names = _names(db, asked, [row.key for row in by_key if row.key])
    lines = [
        Line(int(row.period), row.key, names.get(row.key, ""), model(*row[2:])) for row in by_key
    ]
    lines.sort(key=lambda line: (line.period or 0, not line.name, line.name.lower(), str(line.key)))
    totals = db.execute(select(found.c.period, *numbers).group_by(found.c.period)).all()
    lines += [Line(int(row.period), None, "", model(*row[1:]), total=True) for row in totals]
    lines.sort(key=lambda line: line.period or 0)
    if len(asked.periods) > 1 and lines:
        lines.append(Line(None, None, "", model(*db.execute(select(*numbers)).one()), total=True))
    return lines


_NAMED: dict[By, Any] = {
    By.PROGRAM: select(Program.id, Program.name, Program.translations),
    By.POSITION: select(
        Position.id, Program.name, Program.translations, Position.name, Position.translations
    ).join(Program, Program.id == Position.program_id),
    By.SITE: select(Site.id, Site.name, Site.translations),
    By.PERSON: select(Person.id, Person.name, literal(None)),
}
"""For each line's id its name and what it is in other languages, twice where it stands in something."""


def _names(db: Session, asked: Asked, keys: Sequence[Any]) -> dict[Any, str]:
    """What lines are called, in the reader's language."""
    if asked.by is By.FUNDING:
        return {key: key for key in keys}
    if asked.by is By.WORK:
        return {key: CATALOGS[asked.language].say(WORK_WORDS[key]) for key in keys}
    statement = _NAMED[asked.by]
    own_id = statement.selected_columns[0]
    numbers = sorted(set(keys))
    found: dict[Any, str] = {}
    for start in range(0, len(numbers), 500):
        for number, *names in db.execute(statement.where(own_id.in_(numbers[start : start + 500]))):
            pairs = zip(names[::2], names[1::2], strict=True)
            found[number] = ": ".join(
                in_language(asked.language, name, translations, "name")
                for name, translations in pairs
            )
    return found
