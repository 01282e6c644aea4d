"""What waits for someone: every queue that is theirs, with how many, since when, and what is next due."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, String, cast, func, literal, select, union_all
from sqlalchemy.orm import Session

from portal.domain import Domain, Now, Queue
from portal.permissions import Viewer
from portal.words import Words


@dataclass(frozen=True)
class Count:
    """A queue that is not empty: how many wait in it, the oldest since when, and when the next is due."""

    queue: Queue
    number: int
    oldest: datetime | None
    due: datetime | None

    @property
    def name(self) -> str:
        return self.queue.name

    @property
    def words(self) -> Words:
        return self.queue.words

    @property
    def path(self) -> str:
        return self.queue.path

    @property
    def icon(self) -> str:
        return self.queue.icon


def counts_of(db: Session, viewer: Viewer, domains: Sequence[Domain], now: Now) -> dict[str, Count]:
    """A viewer's queues that are not empty by their names, the most pressing first: one statement for all."""
    queues = [one for domain in domains for one in domain.queues if viewer.may(one.may)]
    parts = [(one.name, _counted(one, viewer, now).subquery()) for one in queues]
    rows = db.execute(
        union_all(
            *(
                select(
                    cast(literal(name), String()).label("name"),
                    part.c.number,
                    part.c.oldest,
                    part.c.due,
                )
                for name, part in parts
            )
        )
    )
    found = {row.name: row for row in rows if row.number}
    return {
        one.name: Count(one, row.number, row.oldest, row.due)
        for one in sorted(queues, key=lambda one: one.rank)
        if (row := found.get(one.name))
    }


def _counted(queue: Queue, viewer: Viewer, now: Now) -> Select[Any]:
    number = func.count() if queue.number is None else queue.number
    return (
        queue.rows(viewer, now)
        .with_only_columns(
            number.label("number"), queue.oldest.label("oldest"), queue.due.label("due")
        )
        .order_by(None)
    )
