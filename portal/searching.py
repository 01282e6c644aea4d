"""What the search over everything finds, by the domains that know it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from portal.permissions import Permission
from portal.web.request import Request
from portal.words import Words

MOST_HITS = 6
"""How many of each sort are shown."""


class Hit(NamedTuple):
    """Something that was found: what it is called, what else is known of it, and where it is."""

    title: str
    note: str
    path: str


@dataclass(frozen=True)
class Search:
    """One sort of what can be found, for whoever holds the permission `may`. `find` gives at most MOST_HITS, in
    the viewer's own scope; the lowest `rank` stands first."""

    words: Words
    icon: str
    rank: int
    may: Permission
    find: Callable[[Request, str], Sequence[Hit]]
