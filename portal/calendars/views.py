"""Pages and files of calendars: subscribing, one shift as a file, a pattern as a file."""

import hashlib
from datetime import datetime
from email.utils import format_datetime
from typing import Any
from urllib.parse import quote

from starlette.responses import Response

from portal import ical
from portal.calendars import feeds
from portal.calendars.series import pattern_calendar
from portal.outreach import links
from portal.outreach.events import OF_OFFER, OF_TALK, public_happening, public_talks
from portal.outreach.events import feed_of as talks_of
from portal.outreach.events import happening_of as talk_happening
from portal.outreach.talk_models import OfferState, Presentation, SpeakerOffer, TalkState
from portal.shifts.events import ABOUT, feed_of, happening_of
from portal.shifts.models import Signup, SignupState
from portal.shifts.views.patterns import managed_pattern
from portal.training.events import feed_of as sessions_of
from portal.web.errors import NotFound
from portal.web.page import Screen, See, screen
from portal.web.request import Request
from portal.web.words import text

CALENDAR = "text/calendar; charset=utf-8"


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
    return See("/me/calendar", text("This link does not work any more."))


def show_feed(request: Request, token: str) -> Response:
    """The feed itself, for calendar programs: no cookie, no sign-in, 304 when nothing changed."""
    person_id, language, since = feeds.reader_of(request.db, token)
    about = (request.db, person_id, request.settings, language, request.at)
    found = [*feed_of(*about), *sessions_of(*about), *talks_of(*about)]
    body = ical.feed(found, request.settings.agency_name).encode()
    changed = max([since, *(one.revised_at for one in found)])
    return _file(request, body, changed, "inline", "shifts.ics")


def _file(request: Request, body: bytes, changed: datetime, shown: str, name: str) -> Response:
    tag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
    headers = {
        "etag": tag,
        "last-modified": format_datetime(changed.replace(microsecond=0), usegmt=True),
        "cache-control": "private, max-age=0, must-revalidate",
        "content-disposition": f'{shown}; filename="{name}"',
        "content-type": CALENDAR,
    }
    if tag in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    return Response(body, headers=headers)


def download_shift(request: Request, shift_id: int) -> Response:
    """One's own shift as a calendar file."""
    row = request.db.execute(
        ABOUT.where(
            Signup.shift_id == shift_id,
            Signup.person_id == request.viewer.person_id,
            Signup.state == SignupState.SIGNED_UP,
        )
    ).one_or_none()
    if row is None:
        raise NotFound
    happening = happening_of(row, request.settings, request.language)
    return _download(request, happening, f"shift-{shift_id}.ics")


def _download(request: Request, happening: ical.Happening, name: str) -> Response:
    body = ical.download(happening).encode()
    return _file(request, body, happening.revised_at, "attachment", name)


def download_pattern(request: Request, pattern_id: int) -> Response:
    """A pattern as one recurring event in its own zone; days that differ stand beside it."""
    pattern = managed_pattern(request, pattern_id)
    body = pattern_calendar(request.db, pattern, request.settings).encode()
    return _file(request, body, request.at, "attachment", f"pattern-{pattern_id}.ics")


def public_feed(request: Request) -> Response:
    """The talks that are open to the public, as a calendar to subscribe to."""
    found = [
        public_happening(row, request.settings, request.language)
        for row in public_talks(request.db, request.at)
    ]
    body = ical.feed(found, request.settings.agency_name).encode()
    changed = max([one.revised_at for one in found], default=request.at)
    return _file(request, body, changed, "inline", "talks.ics")


def download_talk(request: Request, talk_id: int) -> Response:
    """One of them as a file."""
    row = next(
        (row for row in public_talks(request.db, request.at) if row.talk_id == talk_id), None
    )
    if row is None:
        raise NotFound
    happening = public_happening(row, request.settings, request.language)
    return _download(request, happening, f"talk-{talk_id}.ics")


def download_own_talk(request: Request, offer_id: int) -> Response:
    """A talk that one gives, as a file: the same event as in the mail."""
    found = OF_OFFER.where(
        SpeakerOffer.id == offer_id,
        SpeakerOffer.person_id == request.viewer.person_id,
        SpeakerOffer.state == OfferState.ACCEPTED,
    )
    return _talk_file(request, found, f"/me/talks/{offer_id}")


def download_host_talk(request: Request, token: str, talk_id: int) -> Response:
    """A confirmed talk, for its host. As in the mail, the event does not carry the private link: calendars are
    shared."""
    asked = links.by_status_token(request.db, token, request.at)
    found = OF_TALK.where(Presentation.id == talk_id, Presentation.request_id == asked.id)
    return _talk_file(request, found, "")


def _talk_file(request: Request, found: Any, path: str) -> Response:
    row = request.db.execute(found.where(Presentation.state == TalkState.CONFIRMED)).one_or_none()
    if row is None:
        raise NotFound
    happening = talk_happening(row, request.settings, request.language, path)
    return _download(request, happening, f"talk-{row.talk_id}.ics")
