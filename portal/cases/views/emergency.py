"""Pages of emergency access, and of their review."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from portal.act import Ref
from portal.audit.log import record
from portal.cases import emergency, reading
from portal.cases.emergency_forms import EmergencyForm, VerdictForm
from portal.cases.emergency_models import EmergencyAccess
from portal.cases.forms import AGE_WORDS, SAFETY_WORDS, WAY_WORDS
from portal.cases.models import HelpRequest, Match, MatchState
from portal.cases.views.matching import STATE_WORDS
from portal.people.models import Person
from portal.people.people import BEST_PHONE
from portal.programs.models import Program
from portal.programs.scopes import one
from portal.web.answers import Screen, See, screen
from portal.web.errors import Refused
from portal.web.request import Request
from portal.words import text

MOST = 100


def ask(request: Request, form: EmergencyForm | None = None) -> Screen:
    """Say which case, and why."""
    found = emergency.programs(request.viewer).order_by(Program.name).limit(300)
    rows = request.db.scalars(found).all()
    return screen(
        "cases/emergency.html",
        programs=[(row.id, request.written(row.name, row.translations)) for row in rows],
        mine=request.db.scalars(
            emergency.current(request.viewer, request.at).order_by(EmergencyAccess.id).limit(5)
        ).all(),
        form=form or EmergencyForm(data={"minutes": 30}),
    )


def open_access(request: Request, form: EmergencyForm) -> See:
    """Open it. Every try is noted, also one that is refused or finds no case."""
    program_id = form.program.data or 0
    about = Ref("emergency_access", None)
    request.trail(
        lambda db: record(request.act.but(db=db), "emergency_access.tried", about), must=True
    )
    case = emergency.find(request.db, request.viewer, program_id, form.reference.data)
    if case is None:
        raise Refused(
            fields={"reference": text("No open case of this program has this reference.")}
        )
    made = emergency.open_access(request.act, case, form.reason.data, form.minutes.data)
    return See(
        f"/emergency-access/{made.id}", text("The privacy officer and the caseworker were told.")
    )


def show(request: Request, emergency_access_id: int, form: Any = None) -> Screen:
    """The case, while the access lasts. Opening it is noted before it is shown."""
    found = emergency.current(request.viewer, request.at)
    row = one(request.db, found, EmergencyAccess.id == emergency_access_id)
    reading.note_opened(request, row.case)
    phone = select(BEST_PHONE).where(Person.id == row.case.caseworker_id)
    matches = request.db.execute(
        select(Match.state, Person.name, BEST_PHONE.label("phone"))
        .join(Person, Person.id == Match.person_id)
        .join(HelpRequest, HelpRequest.id == Match.request_id)
        .where(Match.case_id == row.case_id, Match.state != MatchState.ENDED)
        .order_by(Match.id)
        .limit(MOST)
    ).all()
    return screen(
        "cases/emergency_case.html",
        row=row,
        case=row.case,
        phone=request.db.scalar(phone),
        matches=matches,
        states=STATE_WORDS,
        ages=AGE_WORDS,
        safety=SAFETY_WORDS,
        ways=WAY_WORDS,
    )


def end(request: Request, form: Any, emergency_access_id: int) -> See:
    """Give it back."""
    found = emergency.current(request.viewer, request.at)
    emergency.end(request.act, one(request.db, found, EmergencyAccess.id == emergency_access_id))
    return See("/emergency-access/new", text("It is closed."))


def index(request: Request, form: Any = None) -> Screen:
    """Who opened a case in an emergency, and why; of the case itself nothing."""
    rows = request.db.scalars(
        emergency.reviewable(request.viewer)
        .options(joinedload(EmergencyAccess.person), joinedload(EmergencyAccess.program))
        .order_by(EmergencyAccess.reviewed_at.is_not(None), EmergencyAccess.id.desc())
        .limit(MOST)
    ).all()
    return screen("cases/emergencies.html", rows=rows, form=form)


def review(request: Request, form: VerdictForm, emergency_access_id: int) -> See:
    """Say whether it was justified."""
    found = emergency.reviewable(request.viewer)
    row = one(request.db, found, EmergencyAccess.id == emergency_access_id)
    emergency.review(request.act, row, justified=form.justified.data == "yes")
    return See("/emergency-access", text("Your review was saved."))
