"""What a domain offers the rest of the portal: one declaration each, in its `domain.py`.

`app.DOMAINS` is the only list of them; the other parts are handed it and know no domain by name.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from operator import attrgetter
from typing import Any, Protocol

from sqlalchemy import Select, cast, null
from sqlalchemy.orm import Session

from portal import clock
from portal.act import Act
from portal.agency.settings import Setting
from portal.closing import Closable
from portal.columns import UtcDateTime
from portal.db import Database
from portal.expiring import Expires
from portal.ical import Happening
from portal.images import Undoable
from portal.messages.kinds import Notice
from portal.people_lists import PeopleColumn, PeopleFilter
from portal.periods import Asked
from portal.permissions import Permission, Viewer
from portal.searching import Search
from portal.settings import Settings
from portal.web.page import Page
from portal.web.request import Request
from portal.web.shared import Entry
from portal.words import Words

NEVER = cast(null(), UtcDateTime())
"""Inside a query: no moment."""


@dataclass(frozen=True)
class Now:
    """When the agency is looked at: a moment, and the zone of its days."""

    at: datetime
    zone: str

    @property
    def today(self) -> date:
        """The agency's local day."""
        return clock.local_day(self.at, self.zone)


NEVER_LISTED = 10**9
"""More than wait in any queue: `over` of one that Home shows in another way."""


@dataclass(frozen=True)
class Queue:
    """Something that waits for someone, as Home counts it.

    `rows` are those that wait for a viewer who holds the permission `may`; they are what the list at `path`
    shows. `number` counts them, if not each row by itself; `oldest` is since when one waits, `due` when the
    next ends. The most pressing has the lowest `rank`. One is listed when more than `over` wait in it. One
    with a `card`, a template and its rank among Home's panels, is drawn by that instead.
    """

    name: str
    words: Words
    path: str
    icon: str
    rank: int
    rows: Callable[[Viewer, Now], Select[Any]]
    oldest: Any = NEVER
    due: Any = NEVER
    number: Any = None
    may: Permission = Permission.SIGNED_IN
    over: int = 0
    card: tuple[str, int] | None = None


@dataclass(frozen=True)
class Round:
    """One round of the worker: when it began, with which settings, and for which domains."""

    settings: Settings
    at: datetime
    domains: Sequence["Domain"]

    @property
    def zone(self) -> str:
        """The agency's time zone."""
        return self.settings.timezone

    @property
    def today(self) -> date:
        """The agency's local day."""
        return clock.local_day(self.at, self.zone)


ONCE = (0,)
"""What is due of a chore that is about no row: itself."""
AT_ONCE = 200
"""How many pieces of one chore are done in a round, unless it says otherwise."""


def ids(
    found: Callable[[Round], Select[int]], most: int = AT_ONCE
) -> Callable[[Session, Round], Iterable[int]]:
    """The `due` of a chore whose pieces a query finds."""
    return lambda db, now: db.scalars(found(now).limit(most)).all()


def once(holds: Callable[[Session, Round], bool]) -> Callable[[Session, Round], Iterable[int]]:
    """The `due` of a chore that is about no row."""
    return lambda db, now: ONCE if holds(db, now) else ()


@dataclass(frozen=True)
class Chore:
    """What the worker does by itself when it is due, each piece in a short transaction of its own.

    `due` gives the ids of the pieces, `ONCE` for a chore that is about no row; it only reads. `work` does a
    piece, and looks again under its lock, so that several workers, a crash, or the same piece twice do no
    harm. A chore that is done `until_nothing` is left is looked for again after each piece. One that `counts`
    lets the worker look for more at once, instead of resting.
    """

    name: str
    rank: int
    due: Callable[[Session, Round], Iterable[int]]
    work: Callable[[Act, int, Round], object]
    until_nothing: bool = False
    counts: bool = True


@dataclass(frozen=True)
class LongChore:
    """A chore that needs more than one transaction, or a network: it is handed the database."""

    name: str
    rank: int
    due: Callable[[Session, Round], Iterable[int]]
    work: Callable[[Database, int, Round], object]
    until_nothing: bool = False
    counts: bool = True


@dataclass(frozen=True)
class Figure:
    """Sums that agencies report. `lines` gives them for what a viewer may read and asked for, in a time zone;
    `columns` are the numbers of a line that the table to download has, with their heads."""

    name: str
    template: str
    columns: Mapping[str, Words]
    lines: Callable[[Session, Viewer, Asked, str], Sequence[Any]]


@dataclass(frozen=True)
class Panel:
    """A part of a page that a domain draws: a template, which finds its `facts` as `it`.

    The lowest `rank` stands first; of one rank, what `starts_at` first. A panel that is `alone` is drawn only
    if no other has its rank.
    """

    rank: int
    template: str
    facts: Mapping[str, Any]
    starts_at: datetime | None = None
    alone: bool = False


def in_order(panels: Iterable[Panel]) -> list[Panel]:
    """The panels of a page as they are drawn. The facts of each say whether it is the `first` of its rank."""
    by_rank: dict[int, list[Panel]] = {}
    for panel in panels:
        by_rank.setdefault(panel.rank, []).append(panel)
    found: list[Panel] = []
    for rank in sorted(by_rank):
        given = [panel for panel in by_rank[rank] if not panel.alone] or by_rank[rank]
        given.sort(key=lambda panel: panel.starts_at or clock.END_OF_TIME)
        found += (
            replace(panel, facts={**panel.facts, "first": number == 0})
            for number, panel in enumerate(given)
        )
    return found


@dataclass(frozen=True)
class Audience:
    """People whom a letter can go to since they share something, such as a shift.

    `of` gives that thing by its id, or NotFound unless the viewer may write to its people; it has an `id`, a
    `program_id` and a `starts_at`. `people` selects their ids, `back` is the page to return to."""

    of: Callable[[Request, int], Any]
    people: Callable[[int], Select[int]]
    back: Callable[[int], str]


@dataclass(frozen=True)
class Texts:
    """Texts of one kind that an agency writes itself and may translate, such as the names of its programs.

    `rows` are those that a viewer may change; each has the columns `names`, and `translations`. `path` gives
    the page on which a row is changed, or said anew, and `title` what it is called there.
    """

    words: Words
    rows: Callable[[Viewer], Select[Any]]
    names: tuple[str, ...]
    path: Callable[[Any], str]
    title: Callable[[Any], str | Words] = attrgetter("name")


HomePanels = Callable[[Request, Collection[str]], Iterable[Panel]]
"""What a domain draws on the viewer's Home. It is told which of their queues are not empty."""
PersonPanels = Callable[[Request, int], Iterable[Panel]]
"""What a domain draws for staff on the page of a person, or a shift, by id, that the viewer may see."""

ApplicationPanels = Callable[[Request, Any, Any, str], Iterable[Panel]]
"""What a domain draws on the page of an application: which, the form refused there, the address of acts."""


class Reader(Protocol):
    """Something outside that is read again and again while the worker runs."""

    def __init__(self, database: Database, settings: Settings) -> None: ...

    def round(self, at: datetime) -> int:
        """Read what is new; gives how much that was."""
        ...


Release = Callable[[Session, Any, datetime], Sequence[int | None]]
"""Takes a leaver off what is coming; gives the program of each thing that was freed."""
Engaged = Callable[[Session, Any, datetime], Sequence[Any]]
"""What a leaver would be taken off: the same that `Release` then takes them off."""
ComingWork = Callable[[Session, Any, datetime], Sequence[Any]]
"""What some people are engaged for from a moment on."""
Feed = Callable[[Session, int, Settings, str, datetime], Sequence[Happening]]
"""The events of a person's own calendar: of whom, with which settings, in which language, from when on."""


@dataclass(frozen=True)
class Answerable:
    """What a message is about that people answer from its page, or by phone.

    `answer` does what they said, as themselves; `thanks` is what they read after a yes. `reached` begins their
    time to answer once they are told; `follow_up` is the page on which staff write an answer down.
    """

    answer: Callable[[Act, int, str], None]
    thanks: Words
    reached: Callable[[Session, int, timedelta, datetime], None] | None = None
    follow_up: Callable[[Session, int], str] | None = None


@dataclass(frozen=True)
class Domain:
    """What one domain offers. `answerable` is by the noun of what a message is about.

    `release` takes whoever leaves off what is coming and gives the program of each thing that was freed;
    `engaged` is what that would be. `coming_work` finds what people are engaged for, to look at it again when
    their clearance changes. `gives` is what it does for domains that may not import it, by the protocol they
    ask for. `settings` are what an agency decides for itself, `texts` what it writes in several languages.
    `audiences` are by what the address of a new letter calls them. `people_filter` and `people_columns` are for
    lists of people. On a shift's page staff see `shift`, whoever is on it `own_shift`; `door` is on the list of
    ways to help."""

    name: str
    pages: Sequence[Page] = ()
    navigation: Sequence[Entry] = ()
    notices: Mapping[str, Notice] = field(default_factory=dict)
    queues: Sequence[Queue] = ()
    chores: Sequence[Chore | LongChore] = ()
    readers: Sequence[type[Reader]] = ()
    home: HomePanels | None = None
    person: PersonPanels | None = None
    shift: PersonPanels | None = None
    own_shift: PersonPanels | None = None
    door: Callable[[Request], Iterable[Panel]] | None = None
    applicant: ApplicationPanels | None = None
    application: ApplicationPanels | None = None
    figures: Sequence[Figure] = ()
    feed: Feed | None = None
    settings: Sequence[Setting[Any]] = ()
    answerable: Mapping[str, Answerable] = field(default_factory=dict)
    release: Release | None = None
    engaged: Engaged | None = None
    coming_work: ComingWork | None = None
    audiences: Mapping[str, Audience] = field(default_factory=dict)
    texts: Sequence[Texts] = ()
    people_filter: PeopleFilter | None = None
    people_columns: Sequence[PeopleColumn] = ()
    gives: Mapping[type, Any] = field(default_factory=dict)
    undoables: Sequence[Undoable] = ()
    searches: Sequence[Search] = ()
    closables: Sequence[Closable] = ()
    expires: Sequence[Expires] = ()
