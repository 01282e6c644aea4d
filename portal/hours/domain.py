"""What hours offer the rest of the portal."""

from sqlalchemy import Select, func

from portal.domain import Domain, Now, Queue
from portal.hours import ledger, routes
from portal.hours.figures import HOURS
from portal.hours.models import HoursEntry, HoursQuestion
from portal.hours.notices import NOTICES
from portal.hours.people_list import COLUMNS, FILTER
from portal.hours.undoable import ENTRIES
from portal.permissions import Permission, Viewer
from portal.web.shared import Entry
from portal.words import text


def _questions(viewer: Viewer, now: Now) -> Select[HoursQuestion]:
    return ledger.answerable(viewer).where(HoursQuestion.answered_at.is_(None))


DOMAIN = Domain(
    "hours",
    pages=routes.pages,
    people_filter=FILTER,
    people_columns=COLUMNS,
    figures=(HOURS,),
    navigation=(
        Entry(
            text("Hours"), "/hours", "clock", Permission.HOURS_APPROVE, also=("/reports",), rank=60
        ),
    ),
    notices=NOTICES,
    queues=(
        Queue(
            "questions",
            text("Questions about hours"),
            "/hours",
            "question-circle",
            190,
            _questions,
            oldest=func.min(HoursQuestion.asked_at),
            may=Permission.HOURS_APPROVE,
        ),
        Queue(
            "hours",
            text("Time entries to approve"),
            "/hours",
            "clock",
            200,
            lambda viewer, now: ledger.waiting(viewer, ledger.Which()),
            oldest=func.min(HoursEntry.recorded_at),
            may=Permission.HOURS_APPROVE,
        ),
    ),
    undoables=(ENTRIES,),
)
