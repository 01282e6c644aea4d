"""What incidents offer the rest of the portal."""

from sqlalchemy import func

from portal.domain import Chore, Domain, Queue, ids
from portal.incidents import handling, receivers, routes
from portal.incidents.models import Incident
from portal.incidents.notices import NOTICES
from portal.incidents.settings import ADULT_HOTLINE, CHILD_HOTLINE, WITHIN
from portal.permissions import Permission
from portal.words import text

DOMAIN = Domain(
    "incidents",
    pages=routes.pages,
    settings=(CHILD_HOTLINE, ADULT_HOTLINE, *WITHIN.values()),
    notices=NOTICES,
    queues=(
        Queue(
            "incidents",
            text("Incident reports for you"),
            "/incidents",
            "shield-exclamation",
            3,
            lambda viewer, now: receivers.waiting(viewer),
            oldest=func.min(Incident.received_at),
            may=Permission.INCIDENTS_RECEIVE,
        ),
        Queue(
            "receivers",
            text("Programs without two people to read incident reports"),
            "/incidents/setup",
            "shield-exclamation",
            205,
            lambda viewer, now: receivers.uncovered(viewer),
            may=Permission.AGENCY_MANAGE,
        ),
    ),
    chores=(
        Chore(
            "overdue incidents",
            144,
            ids(lambda now: handling.overdue(now.at)),
            lambda act, incident, now: handling.warn(act, incident),
            counts=False,
        ),
    ),
    release=handling.release,
)
