"""Presentations as calendar files: for the public, for speakers and for hosts."""

from typing import Any

from starlette.responses import Response

from portal import ical
from portal.outreach import links
from portal.outreach.events import OF_OFFER, OF_TALK, happening_of, public_happening, public_talks
from portal.outreach.talk_models import OfferState, Presentation, SpeakerOffer, TalkState
from portal.web.calendar_files import calendar_file, download
from portal.web.errors import NotFound
from portal.web.request import Request


def public_feed(request: Request) -> Response:
    """The talks that are open to the public, as a calendar to subscribe to."""
    found = [
        public_happening(row, request.settings, request.language)
        for row in public_talks(request.db, request.at)
    ]
    body = ical.feed(found, request.settings.agency_name, request.language).encode()
    changed = max([one.revised_at for one in found], default=request.at)
    return calendar_file(request, body, changed, "talks.ics", "inline")


def download_talk(request: Request, talk_id: int) -> Response:
    """One of them as a file."""
    row = next(
        (row for row in public_talks(request.db, request.at) if row.talk_id == talk_id), None
    )
    if row is None:
        raise NotFound
    happening = public_happening(row, request.settings, request.language)
    return download(request, happening, f"talk-{talk_id}.ics")


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
    happening = happening_of(row, request.settings, request.language, path)
    return download(request, happening, f"talk-{row.talk_id}.ics")
