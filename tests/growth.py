"""A small world and a large one of the same shape, and what a page asks of each.

The large world holds the scene and many copies of it: every row of every table again, in other programs, with
other people. What someone of the first scene reads stays the same, so a page should cost them the same.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Integer, String, Table, Text, UniqueConstraint, event, text

from portal.columns import Base
from portal.db import Database

APART = 1_000_000
"""How far the ids of one copy are from those of the next."""

STEPS_AT_ONCE = 20
"""After how many steps of SQLite's virtual machine we are told; a count is that exact."""

ALONE = {
    "alembic_version",
    "once_value",
    "kept_form",
    "attempts",
    "seal",
    "mark",
    "search_key",
    "hour_rate",
}
"""Tables that are no part of the scene, or whose rows are about none of it."""


def grow(database: Database, copies: int) -> int:
    """Copy everything so many times; gives how many rows were added. Raises AssertionError for a table of which
    not every row was copied."""
    with database.writing() as db:
        connection = db.connection()
        connection.execute(text("PRAGMA defer_foreign_keys = ON"))
        rows = 0
        for table in Base.metadata.sorted_tables:
            if table.name in ALONE:
                continue
            there = connection.execute(text(f'SELECT count(*) FROM "{table.name}"')).scalar_one()
            made = sum(
                connection.execute(text(_copy(table, number * APART))).rowcount
                for number in range(1, copies + 1)
            )
            assert made == there * copies, f"{table.name}: {made} of {there * copies}"
            rows += made
    return rows


def _copy(table: Table, offset: int) -> str:
    columns = list(table.columns)
    alone = _alone(table)
    taken = ", ".join(f'"{one.name}"' for one in columns)
    values = ", ".join(_value(one, offset, alone) for one in columns)
    first = " AND ".join(
        f'"{one.name}" < {APART}' for one in columns if _is_id(one) and one.primary_key
    )
    where = f" WHERE {first}" if first else ""
    return (
        f'INSERT OR IGNORE INTO "{table.name}" ({taken}) SELECT {values} FROM "{table.name}"{where}'
    )


def _is_id(column: Any) -> bool:
    named = column.name == "id" or column.name.endswith("_id")
    return isinstance(column.type, Integer) and (named or bool(column.foreign_keys))


def _alone(table: Table) -> set[str]:
    """Texts that are unique by themselves, so that a copy needs another."""
    unique = [
        [column.name for column in one.columns]
        for one in (*table.constraints, *table.indexes)
        if isinstance(one, UniqueConstraint) or getattr(one, "unique", False)
    ]
    keys = [[column.name for column in table.primary_key.columns], *unique]
    found = set()
    for names in keys:
        if not any(_is_id(table.c[name]) for name in names if name in table.c):
            found |= set(names)
    return found


def _value(column: Any, offset: int, alone: set[str]) -> str:
    name = f'"{column.name}"'
    if _is_id(column):
        return f"{name} + {offset}"
    if column.name in alone and isinstance(column.type, String | Text):
        return f"{name} || '-{offset}'"
    return name


@dataclass
class Cost:
    """What was asked of the database: statements, and steps of SQLite's virtual machine."""

    statements: int = 0
    steps: int = 0


@contextmanager
def counted(database: Database) -> Iterator[Cost]:
    """Count what the database is asked for meanwhile."""
    cost = Cost()

    def step() -> int:
        cost.steps += STEPS_AT_ONCE
        return 0

    def begin(_connection: Any, cursor: Any, *_: Any) -> None:
        cost.statements += 1
        cursor.connection.set_progress_handler(step, STEPS_AT_ONCE)

    engines = (database._reader, database._writer)
    for engine in engines:
        event.listen(engine, "before_cursor_execute", begin)
    try:
        yield cost
    finally:
        for engine in engines:
            event.remove(engine, "before_cursor_execute", begin)
        for engine in engines:
            with engine.connect() as connection:
                connection.connection.dbapi_connection.set_progress_handler(None, 0)
