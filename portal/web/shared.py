"""What all requests of an application share."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple, Protocol

from sqlalchemy.orm import Session

from portal.db import Database
from portal.permissions import NOBODY, Permission, Viewer
from portal.settings import Settings
from portal.web.render import Renderer
from portal.words import Words

TRAIL_SECONDS = 1.0
"""How long a page waits for the note of its use."""


Trail = Callable[[Session], None]
"""Something to keep although nothing else of the request may be: run in its own short transaction."""


@dataclass(frozen=True)
class Visit:
    """What a session cookie turned out to be.

    `lapsed` is the person whose session on this browser ended by itself, `trail` notes the use.
    """

    viewer: Viewer = NOBODY
    lapsed: int | None = None
    trail: Trail | None = None


class LoadViewer(Protocol):
    """Find out who holds a session cookie."""

    def __call__(self, db: Session, token: str, at: datetime) -> Visit: ...


class OnDenied(Protocol):
    """Note that someone asked for what their permissions do not cover."""

    def __call__(
        self, db: Session, viewer: Viewer, permission: Permission, at: datetime
    ) -> None: ...


@dataclass(frozen=True)
class Entry:
    """A place in the navigation: words, address, icon, and the permission it takes.

    `on_phone`: only in the bar at the bottom of a phone; a desk has it in the menu. `also` are the
    beginnings of other addresses that belong to it. Whoever has the permission `unless` reaches it from
    another entry. The first has the lowest `rank`.
    """

    words: Words
    path: str
    icon: str
    permission: Permission
    on_phone: bool = False
    also: tuple[str, ...] = ()
    unless: Permission | None = None
    rank: int = 0


@dataclass(frozen=True)
class Portal:
    """What every request of one application shares. Made by app.py.

    `gives` holds what a domain does for others that may not import it, by the protocol they ask for.
    """

    settings: Settings
    database: Database
    renderer: Renderer
    load_viewer: LoadViewer
    on_denied: OnDenied
    navigation: Sequence[Entry] = field(default=())
    domains: Sequence[Any] = ()
    gives: Mapping[type, Any] = field(default_factory=dict)


class CanUndo(NamedTuple):
    """Something that its doer can still take back: until when, how many emails wait for that and how many
    people are to be called. `said` is what the act was answered with."""

    id: int
    said: str
    until: datetime
    mails: int
    calls: int


class Undos(Protocol):
    """Keeps what requests of staff change, for as long as it can be taken back."""

    def begin(self, db: Session) -> None: ...

    def keep(self, request: Any, said: str) -> int | None: ...

    def shown(self, request: Any, undo_id: int) -> CanUndo | None: ...
