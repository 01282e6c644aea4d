"""What every verb is told first: who does something, when, and on which session; and what it is about."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, NamedTuple, Self

from sqlalchemy.orm import Session

from portal.permissions import Viewer


@dataclass(frozen=True, slots=True)
class Act:
    """Something that `by` does at a moment, in the transaction of `db`.

    `asked` is set when staff do it for someone, and says how that person asked: by phone, on paper.
    """

    db: Session
    by: Viewer
    at: datetime
    asked: str | None = None

    def but(self, **changes: Any) -> Self:
        """The same act with some of it different: act.but(by=No one)."""
        return replace(self, **changes)


class Ref(NamedTuple):
    """What an act is about, where its row is not at hand: like a row, it has a noun, an id, a person and a
    program. An id of None is the agency's one of that kind."""

    noun: str
    id: int | None
    person_id: int | None = None
    program_id: int | None = None


def of_person(person_id: int | None) -> Ref:
    """A person as what an act is about, where only their id is at hand."""
    return Ref("person", person_id, person_id)
