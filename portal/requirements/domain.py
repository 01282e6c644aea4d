"""What requirements offer the rest of the portal."""

from operator import attrgetter

from sqlalchemy import Select, and_, func, or_

from portal.act import Act
from portal.domain import Chore, Domain, Now, Queue, Round, Texts, once
from portal.messages.marks import is_new_day
from portal.permissions import Permission, Viewer
from portal.requirements import clearance_recheck, expiry_warnings, routes
from portal.requirements.acknowledgements import managed_readings
from portal.requirements.check_models import BackgroundCheck, CheckState
from portal.requirements.checks import handled_checks
from portal.requirements.evidence_models import Credential
from portal.requirements.forms import TEXT_WORDS, ReadingForm, RequirementForm, TextForm
from portal.requirements.kinds import managed_requirements, newest_texts
from portal.requirements.models import Reading, Requirement
from portal.requirements.notices import NOTICES
from portal.requirements.people_list import COLUMNS, FILTER
from portal.requirements.scopes import waiting_papers
from portal.web.shared import Entry
from portal.words import text


def _steps(viewer: Viewer, now: Now) -> Select[BackgroundCheck]:
    """The background checks of which the next step is the screener's."""
    next_step = BackgroundCheck.state.in_((CheckState.AUTHORIZED, CheckState.RETURNED))
    over = and_(
        BackgroundCheck.state == CheckState.NOTICE_SENT,
        BackgroundCheck.decide_from <= now.today,
    )
    return handled_checks(viewer).where(or_(next_step, over))


def _look_back(act: Act, _: int, now: Round) -> None:
    """Look at the coming work of people whose clearance changed."""
    touched_by = [one.coming_work for one in now.domains if one.coming_work]
    clearance_recheck.look(act.db, touched_by, now.zone, act.at)


DOMAIN = Domain(
    "requirements",
    pages=routes.pages,
    people_filter=FILTER,
    people_columns=COLUMNS,
    texts=(
        Texts(
            text("Requirements"),
            lambda viewer: managed_requirements(viewer).where(Requirement.closed_at.is_(None)),
            RequirementForm.translated,
            lambda row: f"/requirements/{row.id}/edit",
        ),
        Texts(
            text("Agreements, disclosures, and notices"),
            newest_texts,
            TextForm.translated,
            lambda row: f"/requirements/{row.requirement_id}",
            lambda row: TEXT_WORDS[row.kind],
        ),
        Texts(
            text("Required reading"),
            lambda viewer: managed_readings(viewer).where(Reading.ended_at.is_(None)),
            ReadingForm.translated,
            lambda row: "/readings/new",
            attrgetter("title"),
        ),
    ),
    navigation=(
        Entry(
            text("Requirements"),
            "/reviews",
            "file-earmark-check",
            Permission.CREDENTIALS_VERIFY,
            also=("/paperwork", "/credentials", "/waivers"),
            rank=70,
        ),
        Entry(
            text("Checks"),
            "/checks",
            "shield-check",
            Permission.SCREENING_HANDLE,
            also=("/references",),
            rank=80,
        ),
    ),
    notices=NOTICES,
    queues=(
        Queue(
            "reviews",
            text("Documents to review"),
            "/reviews",
            "file-earmark-check",
            120,
            lambda viewer, now: waiting_papers(viewer),
            oldest=func.min(Credential.recorded_at),
            may=Permission.CREDENTIALS_VERIFY,
        ),
        Queue(
            "checks",
            text("Background checks that need a step"),
            "/checks",
            "shield-check",
            130,
            _steps,
            oldest=func.min(BackgroundCheck.asked_at),
            may=Permission.SCREENING_HANDLE,
        ),
    ),
    chores=(
        Chore(
            "paperwork",
            30,
            once(lambda db, now: is_new_day(db, expiry_warnings.MARK, now.zone, now.at)),
            lambda act, _, now: expiry_warnings.each_day(act.db, now.zone, act.at),
            counts=False,
        ),
        Chore(
            "sweep",
            40,
            once(lambda db, now: clearance_recheck.due(db)),
            _look_back,
            until_nothing=True,
            counts=False,
        ),
    ),
)
