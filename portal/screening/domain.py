"""What screening offers the rest of the portal."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import func

from portal.domain import Chore, Domain, Panel, Queue, ids, once
from portal.messages.marks import is_new_day
from portal.permissions import Permission
from portal.screening import (
    erasing,
    interview_events,
    interview_notices,
    interviews,
    leaving,
    notices,
    reference_chores,
    references,
    routes,
)
from portal.screening.interview_models import Interview
from portal.screening.models import Reference
from portal.screening.settings import GUIDE, REFERENCES
from portal.screening.views import interviews as interview_views
from portal.screening.views import naming
from portal.web.request import Request
from portal.words import text

SCREEN = Permission.SCREENING_HANDLE


def _applicant(request: Request, application: Any, form: Any, base: str) -> Iterator[Panel]:
    yield from interview_views.panel(request, application, form, base)
    yield from naming.panel(request, application, form, base)


def _staff(request: Request, application: Any, form: Any, base: str) -> Iterator[Panel]:
    yield from naming.staff_panel(request, application, form, base)
    yield from interview_views.staff_panel(request, application, form, base)


DOMAIN = Domain(
    "screening",
    pages=routes.pages,
    notices={**notices.NOTICES, **interview_notices.NOTICES},
    settings=(REFERENCES, GUIDE),
    applicant=_applicant,
    application=_staff,
    feed=interview_events.feed_of,
    release=leaving.release,
    engaged=leaving.engaged,
    queues=(
        Queue(
            "interviews",
            text("Interview outcomes to record"),
            "/interviews?decide=yes",
            "people",
            196,
            lambda viewer, now: interviews.to_decide(viewer, now.at),
            oldest=func.min(Interview.ends_at),
            may=Permission.PLACEMENTS_DECIDE,
        ),
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
            "interview reminders",
            154,
            once(lambda db, now: interview_events.due(db, now.at)),
            lambda act, _, now: interview_events.remind(act.db, act.at),
            counts=False,
        ),
        Chore(
            "interviews tomorrow",
            156,
            ids(lambda now: interview_events.to_remind(now.at), 50),
            lambda act, one, now: interview_events.remind_applicant(act, one),
        ),
        Chore(
            "interviews without a pick",
            158,
            ids(lambda now: leaving.with_times_over(now.at), 50),
            lambda act, one, now: leaving.end_with_times_over(act, one),
        ),
        Chore(
            "interviews without application",
            155,
            ids(lambda now: leaving.without_application(now.at), 50),
            lambda act, one, now: leaving.end_without_application(act, one),
        ),
        Chore(
            "references counted anew",
            160,
            once(lambda db, now: is_new_day(db, reference_chores.MARK, now.zone, now.at)),
            lambda act, _, now: reference_chores.recount(act, now.settings),
            counts=False,
        ),
        Chore(
            "reference reminders",
            152,
            ids(lambda now: reference_chores.to_remind(now.at), 50),
            lambda act, one, now: reference_chores.remind(act, one),
        ),
        Chore(
            "erased screening",
            153,
            ids(lambda now: erasing.of_erased(), 50),
            lambda act, one, now: erasing.erase(act, one),
        ),
    ),
)
