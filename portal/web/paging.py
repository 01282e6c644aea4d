"""Keyset paging: a page of a long list starts after the last row of the one before.

The cost of page 400 is the cost of page 1, which OFFSET cannot say of itself.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

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
