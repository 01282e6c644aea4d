"""What screening offers the rest of the portal."""

from sqlalchemy import func

from portal.domain import Chore, Domain, Queue, ids, once
from portal.messages.marks import is_new_day
from portal.permissions import Permission
from portal.screening import erasing, references, routes
from portal.screening.models import Reference
from portal.screening.notices import NOTICES
from portal.screening.settings import REFERENCES
from portal.screening.views import naming
from portal.words import text

SCREEN = Permission.SCREENING_HANDLE

DOMAIN = Domain(
    "screening",
    pages=routes.pages,
    notices=NOTICES,
    settings=(REFERENCES,),
    applicant=naming.panel,
    application=naming.staff_panel,
    queues=(
        Queue(
            "references",
            text("References to read"),
            "/references",
            "envelope",
            194,
            lambda viewer, now: references.to_read(viewer),
            oldest=func.min(Reference.answered_at),
            may=SCREEN,
        ),
        Queue(
            "reference_calls",
            text("People to call for a reference"),
            "/references?call=yes",
            "telephone",
            195,
            lambda viewer, now: references.to_call(viewer, now.at),
            oldest=func.min(Reference.asked_at),
            may=SCREEN,
        ),
    ),
    chores=(
        Chore(
            "reference reminders",
            152,
            ids(lambda now: references.to_remind(now.at), 50),
            lambda act, one, now: references.remind(act, one),
        ),
        Chore(
            "erased screening",
            153,
            once(lambda db, now: is_new_day(db, erasing.MARK, now.zone, now.at)),
            lambda act, _, now: erasing.each_day(act, now.zone),
            counts=False,
        ),
    ),
)
