"""What lists of people know from requirements: whose documents expire soon."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, func

from portal import clock
from portal.people.models import Person
from portal.people_lists import Control, PeopleColumn, PeopleFilter, Shown
from portal.permissions import Permission
from portal.requirements.evidence_models import Credential, Outcome
from portal.requirements.scopes import CURRENT, LASTS_LONGER, papers
from portal.web.request import Request
from portal.words import Words, count_text, text

PAST = "past"
DAYS = (30, 60, 90)
EXPIRES_WORDS: Mapping[str, Words] = {
    **{
        str(days): count_text("In the next %(n)s day", "In the next %(n)s days", days)
        for days in DAYS
    },
    PAST: text("Already expired"),
}


def _ending(request: Request) -> Select[Any]:
    """The documents that the viewer sees, without those renewed since."""
    return papers(request.viewer).where(
        Credential.outcome == Outcome.ACCEPTED, CURRENT, ~LASTS_LONGER
    )


def _today(request: Request) -> date:
    return clock.local_day(request.at, request.settings.timezone)


def _controls(request: Request) -> list[Control]:
    if not request.viewer.may(Permission.CREDENTIALS_SEE):
        return []
    options = list(EXPIRES_WORDS.items())
    return [Control("expires", text("Document expires"), request.asked("expires"), options)]


def _conditions(request: Request) -> list[ColumnElement[bool]]:
    which = request.asked("expires")
    if which not in EXPIRES_WORDS:
        return []
    today = _today(request)
    found = _ending(request).with_only_columns(Credential.person_id)
    if which == PAST:
        found = found.where(Credential.expires_on < today)
    else:
        last = today + int(which) * clock.ONE_DAY
        found = found.where(Credential.expires_on >= today, Credential.expires_on <= last)
    return [Person.id.in_(found)]


def _next_expiry(request: Request, people: Sequence[int]) -> Mapping[int, Any]:
    """The day on which the next of people's documents expires."""
    found = (
        _ending(request)
        .where(Credential.person_id.in_(people), Credential.expires_on >= _today(request))
        .with_only_columns(Credential.person_id, func.min(Credential.expires_on))
        .group_by(Credential.person_id)
    )
    return {row[0]: row[1] for row in request.db.execute(found).all()}


FILTER = PeopleFilter(("expires",), _controls, _conditions)
COLUMNS = (PeopleColumn("expires", text("Next document expires"), _next_expiry, Shown.DAY),)
