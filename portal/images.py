"""Images of rows: what an act changed, so that it can be taken back for a while.

A verb says with `watch` what it is about to change, once it holds the locks. What is not watched costs
nothing: only a request of staff, whose session has an `Album`, keeps images.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from enum import StrEnum
from functools import cache
from typing import Any, NamedTuple, cast

from sqlalchemy import ColumnElement, Select, Table, delete, insert, select, update
from sqlalchemy.orm import Session

from portal.act import Act
from portal.columns import Base
from portal.permissions import Viewer

ALBUM = "album"
"""Under this name a session's `info` holds the images of what is changed in it, if it is watched."""

IDENTITY = ("person_id",)
"""Columns that are kept with every change of a row, so that it cannot be taken for another one."""

ONWARD = ("version", "sequence", "revised_at")
"""Columns that never go back: whoever holds an older copy must be able to tell."""

Row = Mapping[str, Any]
Rows = dict[tuple[str, int], Row]


@dataclass(frozen=True)
class Undoable:
    """What is taken back as a whole, such as a shift with its slots and its people, under a `name`.

    `noun` is what the audit calls one. `tables` gives for each table the condition of the rows that belong to
    some ids. `counters` are columns whose change is taken back, while what others added since stays. `guards`
    are columns that no one may have changed since, whatever the act changed. `may` selects the id and the
    program of what a viewer may change, `hold` locks the rows. `check` raises Refused, before anything is put
    back, for what came since; `recheck` when what was put back cannot stand.
    """

    name: str
    noun: str
    tables: Mapping[type[Base], Callable[[Sequence[int]], ColumnElement[bool]]]
    may: Callable[[Viewer], Select[Any, Any]]
    hold: Callable[[Session, Sequence[int]], None]
    check: "Check" = lambda _act, _changes, _since: None
    recheck: "Check" = lambda _act, _changes, _since: None
    counters: frozenset[str] = frozenset()
    guards: Mapping[type[Base], tuple[str, ...]] = field(default_factory=dict)

    def images(self, db: Session, ids: Sequence[int]) -> "Rows":
        """How the rows of some things are now, by table and id."""
        found: Rows = {}
        for model, belongs in self.tables.items():
            table = cast(Table, model.__table__)
            for row in db.connection().execute(select(*table.c).where(belongs(ids))):
                kept = {name: _kept(value) for name, value in row._mapping.items()}
                found[table.name, row.id] = kept
        return found


class RowChange(NamedTuple):
    """What became of a row. Without `before` it was added, without `after` removed; otherwise both hold the
    columns that changed."""

    table: str
    id: int
    before: Row | None
    after: Row | None

    def changed(self, *names: str) -> bool:
        """Whether the act changed one of some columns, or any if none is named."""
        if self.before is None or self.after is None:
            return True
        return any(self.before.get(name) != self.after.get(name) for name in names or self.before)


Check = Callable[[Act, Sequence[RowChange], datetime], None]
"""Raises Refused for some changes of an act that was done at a moment."""


@dataclass
class Album:
    """The images taken in one transaction: of what, and how the rows were before."""

    of: dict[str, tuple[Undoable, set[int]]] = field(default_factory=dict)
    before: Rows = field(default_factory=dict)
    never: bool = False

    def changes(self, db: Session) -> list[RowChange]:
        """What became of the rows since; nothing of an act that can't be undone."""
        if self.never:
            return []
        now: Rows = {}
        guards: dict[str, tuple[str, ...]] = {}
        for what, ids in self.of.values():
            now |= what.images(db, sorted(ids))
            guards |= {model.__tablename__: names for model, names in what.guards.items()}
        found = changed(self.before, now, guards)
        return found if any(one.changed() for one in found) else []


def never_undo(db: Session) -> None:
    """Have what this transaction does not be undone: part of it could not be put back."""
    if album := db.info.get(ALBUM):
        album.never = True


@cache
def noun_of(table: str) -> str:
    """What the audit and messages call a row of a table."""
    models = (one.class_ for one in Base.registry.mappers)
    noun: str = next(model.noun for model in models if model.__tablename__ == table)
    return noun


def hold_rows(table: Any) -> Callable[[Session, Sequence[int]], None]:
    """The `hold` of what has no lock but its own rows': they are locked in order of id."""

    def hold(db: Session, ids: Sequence[int]) -> None:
        rows = select(table.id).where(table.id.in_(ids)).order_by(table.id)
        db.execute(rows.with_for_update()).all()

    return hold


def watch(act: Act, what: Undoable, ids: Sequence[int], *, new: bool = False) -> None:
    """Keep how some things are before they change, under their lock; those that are `new` have no before."""
    album: Album | None = act.db.info.get(ALBUM)
    if album is None:
        return
    _, seen = album.of.setdefault(what.noun, (what, set()))
    unseen = sorted(set(ids) - seen)
    seen.update(unseen)
    if unseen and not new:
        act.db.flush()
        what.hold(act.db, unseen)
        album.before |= what.images(act.db, unseen)


def changed(before: Rows, after: Rows, guards: Mapping[str, tuple[str, ...]]) -> list[RowChange]:
    """What differs between two sets of images, and the guards of what is in both."""
    found = []
    for key in sorted({*before, *after}):
        old, new = before.get(key), after.get(key)
        guarded = guards.get(key[0], ())
        if old == new and not guarded:
            continue
        if old is not None and new is not None:
            kept = {*guarded, *IDENTITY}
            names = [name for name in old if old[name] != new[name] or name in kept]
            old, new = ({name: row[name] for name in names} for row in (old, new))
        found.append(RowChange(*key, old, new))
    return found


def conflicts(changes: Sequence[RowChange], now: Rows, counters: frozenset[str]) -> list[RowChange]:
    """Those changes whose rows are no longer as they were left."""
    return [one for one in changes if not _stands(one, now.get((one.table, one.id)), counters)]


def _stands(one: RowChange, row: Row | None, counters: frozenset[str]) -> bool:
    if one.after is None:
        return row is None or not _referenced(one.table)
    if row is None:
        return False
    return all(row[name] == value for name, value in one.after.items() if name not in counters)


def put_back(
    db: Session,
    changes: Sequence[RowChange],
    now: Rows,
    counters: frozenset[str],
    at: datetime,
) -> None:
    """Make the rows again what they were. What refers to others is removed first and added last."""
    named = {one.table for one in changes}
    tables = [table for table in Base.metadata.sorted_tables if table.name in named]
    _point_back(db, tables, changes)
    for table in reversed(tables):
        gone = [one.id for one in changes if one.table == table.name and one.before is None]
        if gone:
            db.execute(delete(table).where(table.c.id.in_(gone)))
    for table in tables:
        for one in changes:
            if one.table != table.name or one.before is None or not one.changed():
                continue
            if one.after is None:
                values = {name: _read(table, name, value) for name, value in one.before.items()}
                if _taken(db, table, one.id):
                    del values["id"]
                db.execute(insert(table).values(values))
            else:
                back = _back(table, one, now[one.table, one.id], counters, at)
                db.execute(update(table).where(table.c.id == one.id).values(back))
    db.expire_all()


def _point_back(db: Session, tables: Sequence[Table], changes: Sequence[RowChange]) -> None:
    """Let rows that stay refer to what they did before, where they refer to one that is about to go."""
    gone = {(one.table, one.id) for one in changes if one.before is None}
    for table in tables:
        keys = [(key.parent.name, key.column.table.name) for key in table.foreign_keys]
        for one in changes:
            if one.table != table.name or not one.before or not one.after:
                continue
            back = {
                name: one.before[name]
                for name, target in keys
                if name in one.before and (target, one.after[name]) in gone
            }
            if back:
                db.execute(update(table).where(table.c.id == one.id).values(back))


def _taken(db: Session, table: Table, number: int) -> bool:
    """Whether another row has the id of one that was removed, which can do with a new one."""
    return not _referenced(table.name) and bool(
        db.scalar(select(table.c.id).where(table.c.id == number))
    )


@cache
def _referenced(name: str) -> bool:
    """Whether rows of a table are referred to. SQLite gives the last id of one again once it is free."""
    tables = Base.metadata.tables.values()
    return any(key.column.table.name == name for table in tables for key in table.foreign_keys)


def _back(
    table: Table, one: RowChange, row: Row, counters: frozenset[str], at: datetime
) -> dict[str, Any]:
    assert one.before is not None
    assert one.after is not None
    values = {
        name: row[name] + value - one.after[name] if name in counters else _read(table, name, value)
        for name, value in one.before.items()
        if name not in ONWARD
    }
    for name in ONWARD:
        if name in one.before:
            values[name] = at if name == "revised_at" else row[name] + 1
    return values


def _kept(value: Any) -> Any:
    """A value as JSON keeps it."""
    if isinstance(value, StrEnum):
        return value.value
    if isinstance(value, (datetime, date, time)):
        return value.isoformat()
    return dict(value) if isinstance(value, Mapping) else value


def _read(table: Table, name: str, value: Any) -> Any:
    """What `_kept` wrote, for its column."""
    kind = _kind(table.c[name])
    return (
        value if value is None or kind not in (datetime, date, time) else kind.fromisoformat(value)
    )


def _kind(column: Any) -> type:
    """The Python type of a column's values."""
    kind: type = getattr(column.type, "impl_instance", column.type).python_type
    return kind
