"""The search over everything the viewer may see."""

from collections.abc import Sequence
from dataclasses import dataclass

from portal.people.search import SHORTEST, words_of
from portal.searching import Hit, Search
from portal.web.answers import Screen, screen
from portal.web.request import Request


@dataclass(frozen=True)
class Found:
    """What was found of one sort."""

    of: Search
    hits: Sequence[Hit]


def search(request: Request) -> Screen:
    """What fits a query, by sort: people, shifts, presentations, organizations, pages and actions."""
    query = request.asked("q")
    searches = [one for domain in request.portal.domains for one in domain.searches]
    if len("".join(words_of(query))) < SHORTEST:
        searches = []
    found = [
        Found(one, hits)
        for one in sorted(searches, key=lambda one: one.rank)
        if request.viewer.may(one.may) and (hits := one.find(request, query))
    ]
    return screen("search/search.html", query=query, found=found, shortest=SHORTEST)
