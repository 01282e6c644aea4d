"""Closing a place, as the search over everything offers it."""

from collections.abc import Sequence

from portal.closings.forms import PROGRAM
from portal.closings.places import places
from portal.people.search import words_of
from portal.permissions import Permission
from portal.searching import MOST_HITS, Hit, Search
from portal.web.request import Request
from portal.words import text


def find_places(request: Request, query: str) -> Sequence[Hit]:
    """The agency and locations that the viewer may close, whose name has every word that was typed, or its
    beginning; who looks for a program wants its page."""
    typed = words_of(query)
    found = []
    for where, name in places(request):
        said = request.said(text("Close %(place)s", place=name))
        fits = all(any(word.startswith(one) for word in words_of(said)) for one in typed)
        if fits and not where.startswith(PROGRAM):
            found.append(Hit(said, "", f"/closures/new?where={where}"))
    return found[:MOST_HITS]


CLOSINGS_FOUND = Search(text("Closures"), "calendar-x", 60, Permission.SHIFTS_MANAGE, find_places)
