"""Everything out: each table as CSV, with a dictionary of what its columns mean."""

import csv
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Column, Table, select

from portal.columns import Base
from portal.db import Database, Unfit
from portal.tables import safe_cell

HIDDEN = ("_hash",)
"""Columns with these endings hold what opens something; they stay in the database."""

DICTIONARY = ("table", "column", "type", "may be empty", "refers to", "about")


def export_all(database: Database, to: Path) -> dict[str, int]:
    """Write every table into a folder that is empty or not there, all of one moment; gives the number of
    rows of each."""
    if to.exists() and (not to.is_dir() or any(to.iterdir())):
        raise Unfit(f"{to} is there already and not empty.")
    to.mkdir(mode=0o700, parents=True, exist_ok=True)
    tables = Base.metadata.sorted_tables
    written = {}
    with database.reading() as db:
        for table in tables:
            rows = db.execute(
                select(*_columns(table)).order_by(*table.primary_key),
                execution_options={"yield_per": 1000},
            )
            written[table.name] = _write(
                to / f"{table.name}.csv", [column.name for column in _columns(table)], rows
            )
    _write(to / "dictionary.csv", DICTIONARY, _dictionary(tables))
    return written


def _columns(table: Table) -> list[Column[Any]]:
    return [column for column in table.columns if not column.name.endswith(HIDDEN)]


def _write(path: Path, header: Sequence[str], rows: Iterable[Sequence[Any]]) -> int:
    number = 0
    with path.open("w", newline="", encoding="utf-8") as file:
        path.chmod(0o600)
        writer = csv.writer(file)
        writer.writerow(header)
        for number, row in enumerate(rows, start=1):  # noqa: B007 - the last number is the count
            writer.writerow([_cell(value) for value in row])
    return number


def _cell(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, bytes):
        return value.hex()
    return safe_cell(value)


def _dictionary(tables: Sequence[Table]) -> Iterator[tuple[str, ...]]:
    """A line for each table with what it is, and for each column."""
    about = {mapper.local_table: mapper.class_.__doc__ or "" for mapper in Base.registry.mappers}
    for table in tables:
        yield (table.name, "", "", "", "", " ".join(about.get(table, "").split()))
        for column in table.columns:
            refers = ", ".join(sorted(key.target_fullname for key in column.foreign_keys))
            hidden = "left out: it opens something" if column not in _columns(table) else ""
            kind = (
                str(column.type.compile())
                if column.type.__class__.__name__ != "UtcDateTime"
                else "moment, UTC"
            )
            yield (
                table.name,
                column.name,
                kind,
                "yes" if column.nullable else "no",
                refers,
                hidden,
            )
