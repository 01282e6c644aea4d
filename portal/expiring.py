"""What is not kept for good: a domain declares every table and column that has an end (SECURITY P8)."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, delete, update
from sqlalchemy.orm import Session

from portal.columns import Base


@dataclass(frozen=True)
class Expires:
    """The rows of a table that end with something, found by `of` from its id. `columns` are put in place of
    what was there; without them the rows themselves go."""

    table: type[Base]
    of: Callable[[int], ColumnElement[bool]]
    columns: Mapping[str, Any] | None = None

    def erase(self, db: Session, number: int) -> None:
        """Erase what belongs to the thing with this id."""
        if self.columns is None:
            db.execute(delete(self.table).where(self.of(number)))
        else:
            db.execute(update(self.table).where(self.of(number)).values(**self.columns))
