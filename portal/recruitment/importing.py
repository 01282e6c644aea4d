"""Opportunities from a file: writing them, or finding them again."""

import html
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.act import Act
from portal.imports.cells import Address, address_in, day_and_time, number_in, too_long
from portal.imports.models import ImportedRow
from portal.imports.report import BadLine, Outcome, Report, key_of
from portal.permissions import COMMAND_LINE
from portal.postal import ZIP, place_of
from portal.programs import programs
from portal.programs.models import Position, Program, Visibility
from portal.recruitment import opportunities
from portal.recruitment.models import Cause, Opportunity, Recurrence
from portal.tables import Line
from portal.web.forms import clean
from portal.words import Words, text, together

COLUMNS = (
    "title", "summary", "description", "organization", "program", "position", "category", "location",
    "area", "zip", "kind", "needed", "start", "end", "key",
)  # fmt: skip
HEADS = {
    "opportunity_id": "key",
    "vol_requests": "needed",
    "category_desc": "category",
    "org_title": "organization",
    "locality": "location",
    "Postcode": "zip",
    "recurrence_type": "kind",
    "start_date_date": "start",
    "end_date_date": "end",
}
"""What cities' open-data files call our columns."""

PROGRAM, POSITION = "Community partners", "Volunteer"
"""The program and the role of a line that names none."""
MOST_NEEDED = 9999
CAUSES: Mapping[str, Cause] = {
    "strengthening communities": Cause.COMMUNITY,
    "community": Cause.COMMUNITY,
    "helping neighbors in need": Cause.NEIGHBORS,
    "education": Cause.EDUCATION,
    "health": Cause.HEALTH,
    "environment": Cause.ENVIRONMENT,
    "emergency preparedness": Cause.EMERGENCIES,
    "seniors": Cause.SENIORS,
    "children": Cause.CHILDREN,
    "housing": Cause.HOUSING,
    "food": Cause.FOOD,
}
"""What files call causes, in lower case."""
KINDS: Mapping[str, Recurrence] = {
    "": Recurrence.ONGOING,
    "ongoing": Recurrence.ONGOING,
    "onetime": Recurrence.ONCE,
    "one time": Recurrence.ONCE,
}


@dataclass(frozen=True)
class Row:
    """A line understood; nothing was looked up yet."""

    line: int
    key: str
    program: str
    position: str
    address: Address | None
    columns: Mapping[str, Any]
    unknown: str

    @property
    def digest(self) -> str:
        return key_of(self.program, self.position, self.address, sorted(self.columns.items()))


def understood(lines: Iterable[Line], program: str, report: Report) -> list[Row]:
    """The lines that make sense; the others go to the report with their reason."""
    rows: list[Row] = []
    seen: dict[str, int] = {}
    for line in lines:
        try:
            if line.wrong:
                raise BadLine(line.wrong)
            row = _row(line, program)
            if (first := seen.setdefault(row.key, line.number)) != line.number:
                raise BadLine(text("It's the same as line %(line)s.", line=first))
        except BadLine as error:
            report.add(line.number, Outcome.LEFT_OUT, error.words)
            continue
        rows.append(row)
    return rows


def _row(line: Line, program: str) -> Row:
    cells = {name: clean(html.unescape(cell), lines=True) for name, cell in line.cells.items()}
    title, host = cells.get("title", ""), cells.get("organization", "")
    if not title:
        raise BadLine(text("It has no title."))
    for name, cell, most in (("title", title, 200), ("organization", host, 200)):
        if len(cell) > most:
            raise BadLine(too_long(name, most))
    kind = KINDS.get(cells.get("kind", "").casefold())
    if kind is None:
        raise BadLine(text("“%(cell)s” is neither ongoing nor one time.", cell=cells["kind"][:100]))
    starts_on, ends_on = _day(cells, "start"), _day(cells, "end")
    if starts_on and ends_on and ends_on < starts_on:
        raise BadLine(text("It ends before it starts."))
    address = address_in(line.cells.get("location", ""))
    category = cells.get("category", "")
    cause = CAUSES.get(category.casefold())
    columns = {
        "title": title,
        "summary": cells.get("summary", "")[:500],
        "description": cells.get("description") or cells.get("summary", ""),
        "host": host,
        "cause": cause and cause.value,
        "area": (cells.get("area") or (address.city if address else ""))[:80],
        "postal_code": _postal_code(cells, address),
        "recurrence": kind.value,
        "needed": number_in(cells, "needed", MOST_NEEDED) or None,
        "starts_on": starts_on if kind is Recurrence.ONCE else None,
        "listed_until": ends_on,
    }
    key = cells.get("key") or (title, host, starts_on)
    return Row(
        line.number,
        key_of("opportunity", cells.get("program") or program, key),
        cells.get("program") or program,
        cells.get("position") or POSITION,
        address,
        columns,
        category if category and cause is None else "",
    )


def _day(cells: Mapping[str, str], name: str) -> date | None:
    typed = cells.get(name, "")
    return day_and_time(typed)[0] if typed else None


def _postal_code(cells: Mapping[str, str], address: Address | None) -> str:
    """The first ZIP code of a line that there is; "" if there is none."""
    typed = (cells.get("zip", ""), address.postal_code if address else "")
    codes = [code[:5] for code in typed if ZIP.fullmatch(code[:5])]
    return next((code for code in codes if place_of(code)), "")


def write_row(
    create: bool, at: datetime, db: Session, row: Row, report: Report
) -> tuple[Outcome, Words | str]:
    """Write or change the opportunity of one line; see `report.run`."""
    title = row.columns["title"]
    known = db.get(ImportedRow, row.key)
    if known and known.digest == row.digest:
        return Outcome.UNCHANGED, title
    act = Act(db, COMMAND_LINE, at)
    program = _program(act, row.program, report.made if create else None)
    position = programs.position_named(
        db, program, row.position, at, report.made if create else None
    )
    columns = {**row.columns, "site_id": None}
    if row.address is not None and row.address.street:
        name = row.address.line[:200]
        columns["site_id"] = programs.site_named(
            act, program, name, report.made if create else None
        ).id
    said = [text("(category not known: %(name)s)", name=row.unknown[:100])] if row.unknown else []
    before = db.get(Opportunity, known.result_id) if known else None
    if before is not None and known is not None:
        opportunities.edit_opportunity(act, before, columns, before.version)
        known.digest = row.digest
        return Outcome.CHANGED, together(title, *said)
    made = _made(act, position, columns)
    db.add(ImportedRow(key=row.key, digest=row.digest, result_id=made.id))
    db.flush()
    return Outcome.MADE, together(title, *said)


def _made(act: Act, position: Position, columns: Mapping[str, Any]) -> Opportunity:
    made = opportunities.add_opportunity(act, position, {**columns, "translations": {}})
    if not made.program.sensitive:
        opportunities.publish(act, made)
    return made


def _program(act: Act, name: str, made: list[Words] | None) -> Program:
    """The program of that name; a new one is public, and named in `made`; None refuses it."""
    found = act.db.scalar(select(Program).where(Program.name == name))
    if found is not None:
        return found
    if made is None:
        raise BadLine(text("There is no program “%(name)s”.", name=name))
    made.append(text("Program: %(name)s", name=name))
    values = {
        "name": name,
        "visibility": Visibility.PUBLIC,
        "public_label": "",
        "description": "",
        "translations": {},
    }
    return programs.add_program(act, values)
