"""Reading references, for screeners alone."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import func
from sqlalchemy.orm import aliased

from portal.act import Ref
from portal.audit.log import record
from portal.people.models import Person
from portal.programs.application_models import Application
from portal.programs.models import Position, Program
from portal.programs.scopes import one
from portal.screening import references
from portal.screening.forms import HOW_WORDS, RECOMMENDS_WORDS, WriteForm
from portal.screening.models import Reference, ReferenceState
from portal.web.answers import Screen, See, screen
from portal.web.forms import form_of
from portal.web.paging import Listing
from portal.web.request import Request
from portal.words import text

HOW = {"online": text("Online")} | HOW_WORDS


class Line(NamedTuple):
    """A reference as the list prints it."""

    id: int
    name: str
    phone: str
    state: ReferenceState
    asked_at: datetime
    about: str
    position: str
    translations: Mapping[str, Any]
    program: str
    program_translations: Mapping[str, Any]


LISTING = Listing(Line, (Reference.asked_at, Reference.id))
_applicant = aliased(Person)


def list_references(request: Request) -> Screen:
    """The answers to read; or whom to call, since they gave no email or did not answer."""
    calling = request.asked("call") == "yes"
    viewer = request.viewer
    scope = references.to_call(viewer, request.at) if calling else references.to_read(viewer)
    query: Any = (
        scope.outerjoin(_applicant, _applicant.id == Application.person_id)
        .join(Position, Position.id == Application.position_id)
        .join(Program, Program.id == Application.program_id)
        .with_only_columns(
            Reference.id,
            Reference.name,
            Reference.phone,
            Reference.state,
            Reference.asked_at,
            func.coalesce(_applicant.name, Application.name).label("about"),
            Position.name.label("position"),
            Position.translations,
            Program.name.label("program"),
            Program.translations.label("program_translations"),
        )
    )
    page = LISTING.page(request.db, query, request.asked("after"))
    return screen("screening/references.html", page=page, calling=calling)


def _theirs(request: Request, reference_id: int) -> Reference:
    scope = references.visible_references(request.viewer)
    return one(request.db, scope, Reference.id == reference_id)


def show(request: Request, reference_id: int, form: Any = None) -> Screen:
    """One reference: what they said, or the form to enter it. Reading what was said is noted (SECURITY U1)."""
    row = _theirs(request, reference_id)
    if row.state == ReferenceState.ANSWERED:
        about = Ref("reference", row.id, row.application.person_id)
        request.trail(
            lambda db: record(request.act.but(db=db), "reference.opened", about), must=True
        )
    return screen(
        "screening/reference.html",
        row=row,
        rows=references.of_application(request.db, row.application_id),
        needed=references.needed(request.db, row.application, request.settings),
        writing=form_of(form, WriteForm, {"how": "phone"}),
        problem=form,
        recommends=RECOMMENDS_WORDS,
        how=HOW,
    )


def write(request: Request, form: WriteForm, reference_id: int) -> See:
    """Enter what someone said by phone or on paper."""
    row = _theirs(request, reference_id)
    references.answer(request.act, row, form.values, form.how.data)
    return See(f"/references/{reference_id}", text("The reference was saved."))


def accept(request: Request, form: Any, reference_id: int) -> See:
    """Count a reference."""
    references.decide(request.act, _theirs(request, reference_id), True, request.settings)
    return See("/references", text("You accepted the reference."))


def dismiss(request: Request, form: Any, reference_id: int) -> See:
    """Not count it."""
    references.decide(request.act, _theirs(request, reference_id), False, request.settings)
    return See("/references", text("The reference isn't counted."))
