"""The front page, and the home of everyone who is signed in."""

from collections.abc import Iterator

from portal import clock
from portal.domain import Now, Panel, in_order
from portal.home.queues import counts_of
from portal.web.answers import Screen, See, screen
from portal.web.request import Request
from portal.words import Words, text

QUEUES_RANK = 90


def front(request: Request) -> Screen | See:
    """What this is, and the way in."""
    if request.viewer.signed_in:
        return See("/me")
    return screen("home/front.html")


def me(request: Request) -> Screen:
    """What is next, what needs me, what could I take — in one look."""
    hour = clock.to_local(request.at, request.settings.timezone).hour
    return screen("home/me.html", greeting=greeting(hour), panels=in_order(_panels(request)))


def _panels(request: Request) -> Iterator[Panel]:
    """What the viewer's queues and every domain draw."""
    domains = request.portal.domains
    now = Now(request.at, request.settings.timezone)
    counts = counts_of(request.db, request.viewer, domains, now)
    for one in counts.values():
        if one.queue.card:
            template, rank = one.queue.card
            yield Panel(rank, template, {"count": one})
    listed = [one for one in counts.values() if not one.queue.card and one.number > one.queue.over]
    if listed:
        yield Panel(QUEUES_RANK, "home/_queues.html", {"queues": listed})
    for domain in domains:
        if domain.home:
            yield from domain.home(request, counts.keys())


def greeting(hour: int) -> Words:
    """What one says at an hour of the day; the name is put in by the page."""
    if not 4 <= hour < 22:
        return text("Hello")
    if hour < 12:
        return text("Good morning")
    return text("Good afternoon") if hour < 18 else text("Good evening")
