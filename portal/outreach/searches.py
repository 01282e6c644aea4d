"""Presentations and organizations, as the search over everything finds them."""

from collections.abc import Sequence
from datetime import timedelta
from functools import partial

from sqlalchemy import or_

from portal import clock
from portal.outreach.models import TalkRequest
from portal.outreach.organization_models import Organization
from portal.outreach.scopes import MANAGE, organizations, visible_talks
from portal.outreach.talk_lists import TalkLine, talk_lines
from portal.outreach.talk_models import CURRENT_TALKS, Presentation
from portal.reads import read
from portal.searching import MOST_HITS, Hit, Search
from portal.web.request import Request
from portal.words import text

SINCE = timedelta(days=60)
"""How long ago a presentation may have been."""


def find_talks(request: Request, query: str) -> Sequence[Hit]:
    """The presentations of the viewer's programs for a host, a contact or a reference."""
    like = (
        Organization.name, TalkRequest.organization_name, TalkRequest.contact_name, TalkRequest.reference,
    )  # fmt: skip
    found = talk_lines(visible_talks(request.viewer)).where(
        Presentation.state.in_(CURRENT_TALKS),
        Presentation.starts_at > request.at - SINCE,
        or_(*(one.icontains(query, autoescape=True) for one in like)),
    )
    return [_talk(request, row) for row in read(request.db, TalkLine, found.limit(MOST_HITS))]


def _talk(request: Request, row: TalkLine) -> Hit:
    say = partial(clock.span_text, row.starts_at, row.ends_at, row.zone)
    when = say(request.language, request.at.year)
    return Hit(row.organization or row.contact_name, when, f"/outreach/talks/{row.id}")


def find_organizations(request: Request, query: str) -> Sequence[Hit]:
    """The organizations with a name or town."""
    like = or_(
        Organization.name.icontains(query, autoescape=True),
        Organization.town.icontains(query, autoescape=True),
    )
    rows = request.db.scalars(
        organizations().where(like).order_by(Organization.name, Organization.id).limit(MOST_HITS)
    )
    return [Hit(row.name, row.town, f"/outreach/organizations/{row.id}") for row in rows]


SEARCHES = (
    Search(text("Presentations"), "megaphone", 30, MANAGE, find_talks),
    Search(text("Organizations"), "people", 40, MANAGE, find_organizations),
)
