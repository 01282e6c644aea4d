"""Pages of cases: the list, one page for a case and what is asked for, and the case whole."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import func, select

from portal.act import Act
from portal.cases import cases, conflicts, lists, reading, requests, scopes
from portal.cases.conflict_models import Conflict, ConflictKind
from portal.cases.forms import (
    AGE_WORDS,
    END_WORDS,
    SAFETY_WORDS,
    WAY_WORDS,
    CaseForm,
    CloseCaseForm,
    FindForm,
    NewCaseForm,
    RequestForm,
)
from portal.cases.match_forms import CONFLICT_WORDS, CaseworkerForm, ConflictForm, LiftForm
from portal.cases.models import Case, CaseEnd, HelpRequest
from portal.cases.views.asking import STATE_WORDS
from portal.cases.views.choosing import choices, words_of
from portal.people.models import Person
from portal.programs.models import Program
from portal.programs.scopes import one
from portal.web.answers import Screen, See, screen
from portal.web.errors import Refused
from portal.web.forms import form_of
from portal.web.request import Request, today_of
from portal.words import text

SAVED = text("The request was saved.")
HOW = {
    "case.opened": text("opened it"),
    "case.added": text("added it"),
    "case.seen": text("saw its reference"),
    "case.edited": text("changed it"),
    "case.closed": text("closed it"),
    "case.emergency": text("opened it in an emergency"),
    "case.handed_over": text("gave it to another caseworker"),
    "case.words_erased": text("what was typed was erased"),
}
"""What the page of a case says of each entry about it."""


def index(request: Request, form: Any = None) -> Screen:
    """The cases one knows of, the newest first."""
    reading.note_listed(request)
    which = request.asked("which")
    return screen(
        "cases/list.html",
        page=lists.cases(request.db, request.viewer, which, request.asked("after")),
        which=which,
        finding=form_of(form, FindForm),
        form=form,
    )


def find(request: Request, form: FindForm) -> See:
    """Go to the case with a reference; the address of its page holds its id alone."""
    same = func.lower(Case.reference) == form.reference.data.lower()
    case = request.db.scalars(scopes.known_cases(request.viewer).where(same)).first()
    if case is None:
        raise Refused(fields={"reference": text("No case you can see has this reference.")})
    if request.viewer.may_in(scopes.READ, case.program_id):
        return See(f"/cases/{case.id}")
    return See(f"/cases/{case.id}/requests/new")


def new(request: Request, form: NewCaseForm | None = None) -> Screen:
    """Write a case and what is asked for."""
    offered = choices(request)
    only = offered["programs"][0][0] if len(offered["programs"]) == 1 else None
    return screen(
        "cases/new.html",
        form=form or NewCaseForm(data={"people": 1, "program": only}),
        own=all(request.viewer.may_in(scopes.READ, one) for one, _ in offered["programs"]),
        **offered,
    )


def create(request: Request, form: NewCaseForm) -> See:
    """Write both, or neither."""
    program = _program(request, form.program.data)
    whose, act = _for_whom(request, form, program.id)
    case = cases.open_case(act, program, whose, form.reference.data, form.columns, request.settings)
    made = requests.ask(
        act, case, form.function.data or 0, whose, _wanted(request, form), today_of(request)
    )
    return See(f"/help-requests/{made.id}", SAVED)


def _program(request: Request, number: Any) -> Program:
    found = scopes.case_programs(request.viewer).where(Program.id == number)
    program = request.db.scalars(found).one_or_none()
    if program is None:
        raise Refused(fields={"program": text("Select a program.")})
    return program


def _for_whom(request: Request, form: RequestForm, program_id: int) -> tuple[int, Act]:
    """Whose request it is: one's own, or that of the caseworker for whom a coordinator enters it."""
    named = form.requested_by.data
    if named is None and request.viewer.may_in(scopes.READ, program_id):
        assert request.viewer.person_id
        return request.viewer.person_id, request.act
    return named or 0, request.act.but(asked=form.asked.data)


def _wanted(request: Request, form: RequestForm) -> Mapping[str, Any]:
    return {**form.wanted, "zone": request.settings.timezone}


def _readable(request: Request, case_id: int) -> Case:
    return one(request.db, scopes.readable_cases(request.viewer), Case.id == case_id)


def show(
    request: Request, case_id: int, form: Any = None, conflict_id: int | None = None
) -> Screen:
    """A case whole, for its caseworkers. Opening it is noted before it is shown."""
    case = _readable(request, case_id)
    reading.note_opened(request, case)
    return screen(
        "cases/show.html",
        case=case,
        ages=AGE_WORDS,
        safety=SAFETY_WORDS,
        ends=END_WORDS,
        how=HOW,
        states=STATE_WORDS,
        requests=lists.requests_of(request.db, request.viewer, case.id),
        ways=WAY_WORDS,
        kinds=CONFLICT_WORDS,
        conflicts=conflicts.standing(request.db, case.id),
        caseworkers=_others(request, case),
        me=request.viewer.person_id,
        refused=conflict_id,
        looked=reading.who_looked(request.db, case.id),
        closing=form_of(form, CloseCaseForm),
        handing=form_of(form, CaseworkerForm),
        conflict=form_of(form, ConflictForm),
        lifting=form_of(form, LiftForm),
        form=form,
    )


def _others(request: Request, case: Case) -> Sequence[tuple[int, str]]:
    """The program's other caseworkers."""
    found = scopes.caseworkers_of([case.program_id]).where(Person.id != case.caseworker_id)
    rows = request.db.execute(found.with_only_columns(Person.id, Person.name).limit(300))
    return [(row.id, row.name) for row in rows]


def edit(request: Request, case_id: int, form: CaseForm | None = None) -> Screen:
    """Change what a match needs to know."""
    case = _readable(request, case_id)
    reading.note_opened(request, case)
    return screen(
        "cases/edit.html",
        case=case,
        ages=AGE_WORDS,
        safety=SAFETY_WORDS,
        form=form or CaseForm.showing(case),
        **words_of(request, case),
    )


def update(request: Request, form: CaseForm, case_id: int) -> See:
    """Save it."""
    case = _readable(request, case_id)
    cases.edit_case(request.act, case, form.columns, form.version.data, request.settings)
    return See(f"/cases/{case.id}", text("The case was saved."))


def close(request: Request, form: CloseCaseForm, case_id: int) -> See:
    """Close it."""
    cases.close_case(request.act, _readable(request, case_id), CaseEnd(form.end.data))
    return See(f"/cases/{case_id}", text("The case was closed."))


def hand_over(request: Request, form: CaseworkerForm, case_id: int) -> See:
    """Give it to another caseworker."""
    cases.hand_over(request.act, _readable(request, case_id), form.caseworker.data or 0)
    return See(f"/cases/{case_id}", text("The case was handed over."))


def declare_conflict(request: Request, form: ConflictForm, case_id: int) -> See:
    """Say that a caseworker must not see it."""
    case = _readable(request, case_id)
    kind = ConflictKind(form.conflict.data)
    conflicts.declare(request.act, case, form.person.data or 0, kind)
    if form.person.data == request.viewer.person_id:
        return See("/cases", text("It was saved. You see nothing of this case any longer."))
    return See(f"/cases/{case_id}", text("It was saved. They see nothing of this case."))


def _conflict(request: Request, case_id: int, conflict_id: int) -> Conflict:
    case = _readable(request, case_id)
    return one(
        request.db, select(Conflict).where(Conflict.case_id == case.id), Conflict.id == conflict_id
    )


def ask_to_lift(request: Request, form: LiftForm, case_id: int, conflict_id: int) -> See:
    """Ask that a conflict ends."""
    conflicts.ask_to_lift(request.act, _conflict(request, case_id, conflict_id), form.reason.data)
    return See(f"/cases/{case_id}", text("Saved. Another caseworker decides."))


def lift(request: Request, form: Any, case_id: int, conflict_id: int) -> See:
    """End one that another caseworker asked about."""
    conflicts.lift(request.act, _conflict(request, case_id, conflict_id))
    return See(f"/cases/{case_id}", text("They may be matched again."))


def ask_again(request: Request, case_id: int, form: RequestForm | None = None) -> Screen:
    """Ask for someone for a case that is there."""
    case = one(request.db, scopes.known_cases(request.viewer), Case.id == case_id)
    reading.note_seen(request, case.id, case.program_id)
    return screen(
        "cases/ask.html",
        case=case,
        form=form or _like(request, case) or RequestForm(data={"people": 1}),
        own=request.viewer.may_in(scopes.READ, case.program_id),
        **choices(request, case.program_id),
    )


def _like(request: Request, case: Case) -> RequestForm | None:
    """The same as an earlier request of this case, which the address names."""
    earlier = scopes.known_requests(request.viewer).where(HelpRequest.case_id == case.id)
    row = request.db.scalars(earlier.where(HelpRequest.id == request.asked_id("like"))).first()
    return RequestForm.like(row) if row else None


def ask(request: Request, form: RequestForm, case_id: int) -> See:
    """Do it."""
    case = one(request.db, scopes.known_cases(request.viewer), Case.id == case_id)
    whose, act = _for_whom(request, form, case.program_id)
    made = requests.ask(
        act, case, form.function.data or 0, whose, _wanted(request, form), today_of(request)
    )
    return See(f"/help-requests/{made.id}", SAVED)
