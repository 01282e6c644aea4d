"""What falls into a closing of the agency, a location or a program, by the domains that know it."""

from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy.orm import Session

from portal import clock
from portal.act import Act
from portal.permissions import Viewer
from portal.words import Words

MOST_ITEMS = 2000
"""How many items of one kind a closing settles."""


class Do(StrEnum):
    """What becomes of an item."""

    CANCEL = "cancel"
    MOVE = "move"
    ONLINE = "online"
    KEEP = "keep"


@dataclass(frozen=True)
class Span:
    """What closes: from when to when; one location or all, for some programs or for every one (None)."""

    starts_at: datetime
    ends_at: datetime
    site_id: int | None = None
    programs: frozenset[int] | None = None


@dataclass(frozen=True)
class Item:
    """Something that falls into a closing, with the people on it, and what can become of it. `takes` are items
    that go along with it, by letter and id."""

    letter: str
    id: int
    title: str
    program: str
    starts_at: datetime
    ends_at: datetime
    zone: str
    names: tuple[str, ...]
    path: str
    can: tuple[Do, ...]
    takes: frozenset[tuple[str, int]] = frozenset()

    def moved(self, days: int) -> tuple[datetime, datetime]:
        """From when to when it would be some days later, at the same time of the clock."""
        starts = clock.to_local(self.starts_at, self.zone)
        day = starts.date() + days * clock.ONE_DAY
        starts_at = clock.as_calendars_do(day, starts.time(), self.zone)
        return starts_at, starts_at + (self.ends_at - self.starts_at)

    @property
    def key(self) -> tuple[str, int]:
        """The letter of its kind, and its id."""
        return self.letter, self.id


@dataclass(frozen=True)
class Decision:
    """What becomes of an item: by how many days it moves, or under which link it is online."""

    do: Do
    days: int = 0
    link: str = ""


def _apart(_: Session) -> AbstractContextManager[None]:
    return nullcontext()


@dataclass(frozen=True)
class Closable:
    """One kind of what a closing settles, by the `letter` that a form gives it.

    `found` gives what falls into a span, in the viewer's scope, ahead of a moment. `people` gives whose time
    the items engage: they are locked before anything changes. `settle` does what was decided about one item,
    with the reason, by the verb that staff press on its own page; it may use what domains give each other.
    Within `together` several are settled, and looked at once all of them are. A closing can be undone if all
    that it changed has verbs that keep images (`undoable`).
    """

    letter: str
    words: Words
    found: Callable[[Session, Viewer, Span, datetime], Sequence[Item]]
    people: Callable[[Session, Collection[int]], Collection[int]]
    settle: Callable[[Act, int, Decision, str, Mapping[type, Any]], None]
    together: Callable[[Session], AbstractContextManager[None]] = _apart
    undoable: bool = False
