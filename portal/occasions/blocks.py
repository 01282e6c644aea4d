"""Blocks of time at a fair, as outreach asks for them; shifts, which stand beside outreach, make them."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple, Protocol

from sqlalchemy.orm import Session

from portal.permissions import Viewer
from portal.web.request import Request


class Block(NamedTuple):
    """A block of a table, and how full it is."""

    id: int
    starts_at: datetime
    ends_at: datetime
    zone: str
    canceled_at: datetime | None
    program_id: int
    filled: int
    maximum: int


class Blocks(Protocol):
    """Blocks of time for which people sign up like for shifts, made for a table at a fair. A row has `id`,
    `program_id`, `starts_at`, `ends_at`, `zone`, `filled`, `maximum` and `canceled_at`."""

    def add(
        self,
        db: Session,
        by: Viewer,
        position_id: int,
        words: tuple[str, str],
        spans: Sequence[tuple[datetime, datetime]],
        people: int,
        zone: str,
        at: datetime,
    ) -> list[int]: ...

    def cancel(
        self, db: Session, by: Viewer, ids: Collection[int], reason: str, at: datetime
    ) -> None: ...

    def hold(self, db: Session, ids: Collection[int]) -> None: ...

    def people(self, db: Session, ids: Collection[int]) -> set[int]: ...

    def move(
        self,
        db: Session,
        by: Viewer,
        ids: Collection[int],
        later: timedelta,
        places: tuple[str, str],
        at: datetime,
    ) -> None: ...

    def names(self, db: Session, ids: Collection[int]) -> dict[int, tuple[str, ...]]: ...

    def rows(self, db: Session, ids: Collection[int]) -> Sequence[Block]: ...


def blocks_of(request: Request) -> Blocks:
    """Whatever makes blocks in this application."""
    return request.portal.gives[Blocks]  # type: ignore[no-any-return]
