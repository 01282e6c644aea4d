"""What cases offer the rest of the portal."""

from sqlalchemy import func

from portal.cases import cases, routes, scopes
from portal.cases.models import HelpRequest, RequestState
from portal.cases.settings import SETTINGS
from portal.domain import Chore, Domain, Queue
from portal.permissions import Permission
from portal.web.shared import Entry
from portal.words import text

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
)
