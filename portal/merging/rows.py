"""Finding and moving the rows of a record, by the tables themselves."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    Column,
    ColumnElement,
    Date,
    Index,
    Select,
    Table,
    UniqueConstraint,
    and_,
    func,
    select,
    update,
)
from sqlalchemy import text as sql
from sqlalchemy.orm import Session

from portal.columns import Base, UtcDateTime
from portal.merging.tables import FOLLOWS, MOVES, PAIRS, Moves


@dataclass(frozen=True)
class Part:
    """A column whose rows move, in its table."""

    table: Table
    column: Column[Any]
    moves: Moves

    @property
    def key(self) -> list[Column[Any]]:
        """The rest of the table's primary key."""
        return [one for one in self.table.primary_key.columns if one is not self.column]


def parts() -> Iterator[Part]:
    """Every column whose rows move."""
    for name, moves in MOVES.items():
        table, _, column = name.partition(".")
        found = Base.metadata.tables[table]
        yield Part(found, found.c[column], moves)


def count(db: Session, part: Part, person_id: int) -> int:
    """How many rows of a part a person has."""
    return db.scalar(select(func.count()).where(part.column == person_id)) or 0


def doubled(db: Session, part: Part, kept_id: int, gone_id: int) -> set[str]:
    """The keys of the rows that cannot move, since the other record has the same one."""
    return {
        _key(part, row)
        for columns, where in _unique(part)
        for row in db.execute(_same(part, columns, where, kept_id, gone_id))
    }


def naming_both(db: Session, part: Part, kept_id: int, gone_id: int) -> set[str]:
    """The keys of the rows that name both records."""
    others = [name for name in PAIRS.get(part.table.name, ()) if name != part.column.name]
    return {
        _key(part, row)
        for name in others
        for row in db.execute(
            select(*part.key).where(part.column == gone_id, part.table.c[name] == kept_id)
        )
    }


def _same(
    part: Part, columns: Sequence[Column[Any]], where: Any, kept_id: int, gone_id: int
) -> Select[*tuple[Any, ...]]:
    """A person's rows of which the other has the same in all the other columns that must differ."""
    mine, theirs = part.table.alias("mine"), part.table.alias("theirs")
    same = [mine.c[one.name] == theirs.c[one.name] for one in columns if one is not part.column]
    found = (
        select(*(mine.c[one.name] for one in part.key or [part.column]))
        .select_from(mine.join(theirs, and_(sql("1 = 1"), *same)))
        .where(mine.c[part.column.name] == gone_id, theirs.c[part.column.name] == kept_id)
    )
    if where is not None:
        # a partial index names its columns bare, so each side is asked in a query of its own
        alive = select(*part.table.primary_key.columns).where(sql(str(where)))
        for side in (mine, theirs):
            key = [side.c[one.name] for one in part.table.primary_key.columns]
            found = found.where(key[0].in_(alive))
    return found


def _unique(part: Part) -> Iterator[tuple[Sequence[Column[Any]], Any]]:
    """The sets of columns in which no two rows are the same and of which the part's is one, each with the
    condition of a partial index."""
    if part.column in list(part.table.primary_key.columns):
        yield list(part.table.primary_key.columns), None
    for constraint in part.table.constraints:
        if isinstance(constraint, UniqueConstraint) and part.column in list(constraint.columns):
            yield list(constraint.columns), None
    for index in part.table.indexes:
        if index.unique and part.column in list(index.columns):
            yield list(index.columns), _where(index)


def _where(index: Index) -> Any:
    return index.dialect_options["sqlite"].get("where")


def _key(part: Part, row: Any) -> str:
    return json.dumps({one.name: row[number] for number, one in enumerate(part.key)})


def keys_of(db: Session, part: Part, person_id: int) -> list[str]:
    """The keys of a person's rows."""
    found = db.execute(select(*(part.key or [part.column])).where(part.column == person_id))
    return [_key(part, row) for row in found]


def move(db: Session, part: Part, stays: set[str], from_id: int, to_id: int) -> list[str]:
    """Move the rows of a person but those that stay; gives the keys of what moved."""
    moving = update(part.table).where(part.column == from_id).values({part.column: to_id})
    if not stays:
        found = db.execute(moving.returning(*(part.key or [part.column])))
        return [_key(part, row) for row in found]
    keys = [key for key in keys_of(db, part, from_id) if key not in stays]
    for key in keys:
        db.execute(moving.where(*_named(part.table, key)))
    return keys


def put_back(db: Session, part: Part, key: str, from_id: int, to_id: int) -> None:
    """Move one row back, if it is still there."""
    db.execute(
        update(part.table)
        .where(part.column == from_id, *_named(part.table, key))
        .values({part.column: to_id})
    )


def follow(db: Session, part: Part, from_id: int, to_id: int) -> None:
    """Move the rows that took the place of one that a person has, and those that took theirs."""
    name = FOLLOWS.get(part.table.name)
    if name is None:
        return
    before = part.table.alias("before")
    theirs = select(before.c.id).where(before.c[part.column.name] == to_id)
    moving = (
        update(part.table)
        .where(part.column == from_id, part.table.c[name].in_(theirs))
        .values({part.column: to_id})
    )
    while db.execute(moving).rowcount:  # type: ignore[attr-defined]
        pass


def restore(db: Session, part: Part, key: str, before: dict[str, Any]) -> None:
    """Give a row the values it had."""
    values = {name: typed(part.table.c[name], value) for name, value in before.items()}
    db.execute(update(part.table).where(*_named(part.table, key)).values(values))


def typed(column: Column[Any], value: Any) -> Any:
    """A value of JSON as its column holds it."""
    if isinstance(value, str) and isinstance(column.type, UtcDateTime):
        return datetime.fromisoformat(value)
    if isinstance(value, str) and isinstance(column.type, Date):
        return date.fromisoformat(value)
    return value


def _named(table: Table, key: str) -> list[ColumnElement[bool]]:
    return [table.c[name] == value for name, value in json.loads(key).items()]
