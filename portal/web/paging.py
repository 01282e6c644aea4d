"""Keyset paging: a page of a long list starts after the last row of the one before.

The cost of page 400 is the cost of page 1, which OFFSET cannot say of itself.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Generic, TypeVar

from sqlalchemy import Select, literal, tuple_
from sqlalchemy.orm import InstrumentedAttribute, Session

from portal import clock
from portal.reads import AnySelect, read
from portal.web.ids import as_id

Row = TypeVar("Row")
PAGE_SIZE = 50
BETWEEN = "~"
EPOCH = clock.from_seconds(0)
MICROSECOND = timedelta(microseconds=1)
"""As exact as moments are kept: rounded, a mark would skip or repeat what came in the same second."""
MOST_DIGITS = 16
"""Microseconds of a moment until the year 2286; an id has fewer."""


@dataclass(frozen=True)
class PageOf(Generic[Row]):
    """Some rows of a list, and the mark after which the next ones begin ("" at the end)."""

    rows: Sequence[Row]
    next: str = ""


def mark(*values: Any) -> str:
    """Where a page begins, as its address says it: the values that put a row in its place."""
    return BETWEEN.join(
        str((value - EPOCH) // MICROSECOND) if isinstance(value, datetime) else str(value)
        for value in values
    )


def read_mark(after: str, *kinds: type) -> tuple[Any, ...] | None:
    """The values of a mark, of these kinds; None for the first page and for nonsense. Only the first may be
    text, since a name may hold anything."""
    parts = after.rsplit(BETWEEN, len(kinds) - 1)
    if len(parts) != len(kinds):
        return None
    values = tuple(_value(part, kind) for part, kind in zip(parts, kinds, strict=True))
    return None if None in values else values


def _value(part: str, kind: type) -> Any:
    if kind is str:
        return part
    if kind is date:
        try:
            return date.fromisoformat(part)
        except ValueError:
            return None
    if kind is datetime:
        exact = part.isascii() and part.isdecimal() and len(part) <= MOST_DIGITS
        return EPOCH + int(part) * MICROSECOND if exact else None
    return as_id(part)


@dataclass(frozen=True)
class Listing(Generic[Row]):
    """A long list in pages: its read model, and the columns that put it in order, the last of them unique.

    The model has a field of each column's name.
    """

    model: type[Row]
    order: tuple[InstrumentedAttribute[Any], ...]
    newest_first: bool = False
    size: int = PAGE_SIZE

    def page(self, db: Session, found: AnySelect | Select[Any], after: str) -> PageOf[Row]:
        """The page of a query that begins after a mark; "" begins it."""
        if values := read_mark(after, *map(_kind, self.order)):
            place = tuple_(*self.order)
            bound = tuple_(
                *(literal(one, it.type) for one, it in zip(values, self.order, strict=True))
            )
            found = found.where(place < bound if self.newest_first else place > bound)
        order = [one.desc() for one in self.order] if self.newest_first else self.order
        rows = read(db, self.model, found.order_by(*order).limit(self.size + 1))
        return cut(
            rows, lambda row: mark(*(getattr(row, one.key) for one in self.order)), self.size
        )


def _kind(column: InstrumentedAttribute[Any]) -> type:
    kind = column.type.python_type
    return datetime if kind is object else kind


def cut(rows: Sequence[Row], mark_of: Any, size: int = PAGE_SIZE) -> PageOf[Row]:
    """Make a page from up to size + 1 rows; `mark_of(row)` names the last row shown."""
    if len(rows) <= size:
        return PageOf(rows)
    return PageOf(rows[:size], next=mark_of(rows[size - 1]))
