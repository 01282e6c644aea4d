"""What cases offer the rest of the portal."""

from sqlalchemy import func

from portal.act import Act
from portal.cases import cases, leaving, matches, routes, scopes
from portal.cases.match_notices import NOTICES
from portal.cases.models import HelpRequest, Match, MatchState, RequestState
from portal.cases.settings import SETTINGS
from portal.cases.views import matching
from portal.domain import Answerable, Chore, Domain, Queue
from portal.permissions import Permission
from portal.web.shared import Entry
from portal.words import text


def _answer(act: Act, match_id: int, said: str) -> None:
    """What a volunteer said from the page of a mail, or by phone."""
    row = act.db.get_one(Match, match_id)
    if said == "yes":
        matches.accept(act, row)
    else:
        matches.decline(act, row)


DOMAIN = Domain(
    "cases",
    pages=routes.pages,
    navigation=(
        Entry(
            text("Cases"),
            "/cases",
            "heart",
            Permission.CASES_REQUEST,
            also=("/help-requests",),
            rank=85,
        ),
    ),
    queues=(
        Queue(
            "help",
            text("Requests that look for a volunteer"),
            "/help-requests",
            "heart",
            66,
            lambda viewer, now: scopes.known_requests(viewer).where(
                HelpRequest.state == RequestState.OPEN
            ),
            oldest=func.min(HelpRequest.since),
            may=Permission.CASES_REQUEST,
        ),
        Queue(
            "handoff",
            text("Clients to ask, and volunteers to hand off to"),
            "/help-requests/waiting",
            "person-check",
            64,
            lambda viewer, now: scopes.readable_matches(viewer).where(
                Match.state.in_((MatchState.ACCEPTED, MatchState.AGREED))
            ),
            oldest=func.min(Match.accepted_at),
            may=Permission.CASES_READ,
        ),
    ),
    chores=(
        Chore(
            "case words",
            175,
            lambda db, now: db.scalars(cases.to_erase(db, now.settings, now.at).limit(200)).all(),
            lambda act, case_id, now: cases.erase_words(act, case_id, now.settings),
        ),
    ),
    settings=SETTINGS,
    notices=NOTICES,
    home=matching.panels,
    release=leaving.release,
    engaged=leaving.engaged,
    answerable={
        Match.noun: Answerable(
            _answer,
            matching.THANKS,
            follow_up=lambda db, one: (
                f"/help-requests/{db.get_one(Match, one).request_id}/volunteers"
            ),
        )
    },
)
