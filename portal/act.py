"""What every verb is told first: who does something, when, and on which session."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Self

from sqlalchemy.orm import Session

from portal.permissions import Viewer


@dataclass(frozen=True, slots=True)
class Act:
    """Something that `by` does at a moment, in the transaction of `db`.

    `asked` is set when staff do it for somebody, and says how that person asked: by phone, on paper.
    """

    db: Session
    by: Viewer
    at: datetime
    asked: str | None = None

    def but(self, **changes: Any) -> Self:
        """The same act with some of it different: act.but(by=NOBODY)."""
        return replace(self, **changes)
