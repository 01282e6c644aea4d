"""What screening offers the rest of the portal."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import func

from portal.domain import Chore, Domain, Panel, Queue, ids, once
from portal.messages.marks import is_new_day
from portal.permissions import Permission
from portal.programs.application_models import Application
from portal.requirements.review_settings import LIST_REVIEW, SAFETY_CHECK, SAFETY_MONTHS
from portal.screening import (
    employees,
    erasing,
    guardian_chores,
    guardian_notices,
    guardians,
    interview_events,
    interview_notices,
    interviews,
    leaving,
    notices,
    reference_chores,
    references,
    room,
    room_scopes,
    routes,
)
from portal.screening.guardian_models import GuardianRequest
from portal.screening.interview_models import Interview
from portal.screening.list_models import ListMatch
from portal.screening.models import Reference
from portal.screening.settings import ASK_JOBS, GUIDE, REFERENCES
from portal.screening.views import guardians as guardian_views
from portal.screening.views import interviews as interview_views
from portal.screening.views import naming
from portal.web.request import Request
from portal.words import text

SCREEN = Permission.SCREENING_HANDLE


def _applicant(request: Request, application: Any, form: Any, base: str) -> Iterator[Panel]:
    yield from guardian_views.panel(request, application, form, base)
    yield from interview_views.panel(request, application, form, base)
    yield from naming.panel(request, application, form, base)


def _staff(request: Request, application: Any, form: Any, base: str) -> Iterator[Panel]:
    yield from guardian_views.staff_panel(request, application, form, base)
    yield from naming.staff_panel(request, application, form, base)
    yield from interview_views.staff_panel(request, application, form, base)


DOMAIN = Domain(
    "screening",
    pages=routes.pages,
    notices={**notices.NOTICES, **interview_notices.NOTICES, **guardian_notices.NOTICES},
    settings=(REFERENCES, GUIDE, ASK_JOBS, LIST_REVIEW, SAFETY_CHECK, SAFETY_MONTHS),
    applicant=_applicant,
    application=_staff,
    person=guardian_views.person_panel,
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
            "safety",
            text("People to look up for the screening review"),
            "/screening",
            "shield-check",
            206,
            lambda viewer, now: room_scopes.to_check(viewer),
            oldest=func.min(Application.received_at),
            may=SCREEN,
        ),
        Queue(
            "safety_again",
            text("Volunteers to look up again"),
            "/screening",
            "shield-check",
            210,
            lambda viewer, now: room_scopes.to_repeat(viewer, now.today),
            may=SCREEN,
        ),
        Queue(
            "matches",
            text("People to compare with the do-not-place list"),
            "/screening",
            "shield-check",
            207,
            lambda viewer, now: room_scopes.to_compare(viewer, now.today),
            oldest=func.min(ListMatch.found_at),
            may=SCREEN,
        ),
        Queue(
            "entries",
            text("Do-not-place entries to confirm or review"),
            "/do-not-place?todo=yes",
            "collection",
            208,
            lambda viewer, now: room_scopes.entries_to_do(viewer, now.today),
            may=SCREEN,
        ),
        Queue(
            "own_job",
            text("Do you work for this agency or the county?"),
            "/me/job",
            "person",
            203,
            lambda viewer, now: employees.own_question(viewer, now.today),
        ),
        Queue(
            "work_checks",
            text("Employees to ask HR about"),
            "/work-checks",
            "people",
            201,
            lambda viewer, now: employees.to_decide(viewer),
            may=SCREEN,
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
        Queue(
            "guardians",
            text("Parents and guardians to call"),
            "/guardians",
            "telephone",
            199,
            lambda viewer, now: guardians.to_call(viewer, now.at),
            oldest=func.min(GuardianRequest.asked_at),
            may=Permission.PLACEMENTS_DECIDE,
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
            "applicants looked up",
            165,
            ids(lambda now: room.to_look(), 50),
            lambda act, one, now: room.look(act, one, now.zone),
        ),
        Chore(
            "reviews to reopen",
            167,
            ids(lambda now: room.due_to_reopen(now.at, now.zone), 50),
            lambda act, one, now: room.reopen(act, one, now.zone),
        ),
        Chore(
            "holds to set right",
            168,
            ids(lambda now: room.to_set_right(now.at, now.zone), 50),
            lambda act, one, now: room.set_right(act, one, now.zone),
        ),
        Chore(
            "screening reviews",
            166,
            ids(lambda now: room.due(now.at, now.zone), 50),
            lambda act, one, now: room.clear(act, one, now.zone),
        ),
        Chore(
            "guardian reminders",
            162,
            ids(lambda now: guardian_chores.to_remind(now.at), 50),
            lambda act, one, now: guardian_chores.remind(act, one),
        ),
        Chore(
            "guardians who did not sign",
            163,
            ids(lambda now: guardian_chores.to_erase(now.at), 50),
            lambda act, one, now: guardian_chores.erase(act, one),
        ),
        Chore(
            "minors looked at again",
            164,
            once(lambda db, now: is_new_day(db, guardian_chores.MARK, now.zone, now.at)),
            lambda act, _, now: guardian_chores.look_again(act, now.settings),
            counts=False,
        ),
        Chore(
            "erased screening",
            153,
            ids(lambda now: erasing.of_erased(), 50),
            lambda act, one, now: erasing.erase(act, one),
        ),
    ),
)
