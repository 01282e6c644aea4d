"""Pages of one's own calendar: subscribing, and what is subscribed to."""

from typing import Any
from urllib.parse import quote

from starlette.responses import Response

from portal import ical
from portal.calendars import feeds
from portal.web.answers import Screen, See, screen
from portal.web.calendar_files import calendar_file
from portal.web.request import Request
from portal.words import text


def show_feeds(request: Request, form: Any = None) -> Screen:
    """How one's shifts get into one's own calendar."""
    assert request.viewer.person_id
    found = feeds.feeds_of(request.db, request.viewer.person_id)
    return screen("calendars/feeds.html", feeds=found, links=None, form=form)


def add_feed(request: Request, form: Any) -> Screen:
    """Make a calendar address; it is shown once, here."""
    assert request.viewer.person_id
    token = feeds.add_feed(request.act)
    found = feeds.feeds_of(request.db, request.viewer.person_id)
    base = request.settings.base_url.rstrip("/")
    address = f"{base}/calendar/{token}.ics"
    webcal = "webcal://" + address.partition("://")[2]
    links = {
        "address": address,
        "webcal": webcal,
        "google": f"https://calendar.google.com/calendar/render?cid={quote(webcal, safe='')}",
        "outlook": "https://outlook.office.com/calendar/0/addfromweb"
        f"?url={quote(address, safe='')}",
    }
    return screen("calendars/feeds.html", feeds=found, links=links, form=None)


def end_feed(request: Request, form: Any, feed_id: int) -> See:
    """End a calendar address."""
    feeds.end_feed(request.act, feed_id)
    return See("/me/calendar", text("This link no longer works."))


def show_feed(request: Request, token: str) -> Response:
    """The feed itself, for calendar programs: no cookie, no sign-in, 304 when nothing changed."""
    person_id, language, since = feeds.reader_of(request.db, token)
    about = (request.db, person_id, request.settings, language, request.at)
    feeds_of = [one.feed for one in request.portal.domains if one.feed]
    found = [event for of in feeds_of for event in of(*about)]
    body = ical.feed(found, request.settings.agency_name, language).encode()
    changed = max([since, *(one.revised_at for one in found)])
    return calendar_file(request, body, changed, "shifts.ics", "inline")
