"""Keyset paging: a page of a long list starts after the last row of the one before.

The cost of page 400 is the cost of page 1, which OFFSET cannot say of itself.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Generic, TypeVar

from portal.web.ids import as_id

Row = TypeVar("Row")
PAGE_SIZE = 50


@dataclass(frozen=True)
class PageOf(Generic[Row]):
    """Some rows of a list, and the mark after which the next ones begin ("" at the end)."""

    rows: Sequence[Row]
    next: str = ""


def cut(rows: Sequence[Row], mark: Any, size: int = PAGE_SIZE) -> PageOf[Row]:
    """Make a page from up to size + 1 rows; `mark(row)` names the last row shown."""
    if len(rows) <= size:
        return PageOf(rows)
    return PageOf(rows[:size], next=mark(rows[size - 1]))


def day_mark(after: str) -> tuple[date, int] | None:
    """Where a page of a list by day and id begins, from a mark like 2027-03-14~17; None for the first page."""
    day, _, number = after.rpartition("~")
    last_id = as_id(number)
    try:
        return (date.fromisoformat(day), last_id) if last_id is not None else None
    except ValueError:
        return None
