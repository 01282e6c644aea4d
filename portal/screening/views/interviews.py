"""Interviews: the applicant's side, and that of whoever offers times and says what came of them."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import func
from sqlalchemy.orm import aliased

from portal.agency.settings import value_of
from portal.domain import Panel
from portal.people.models import Person
from portal.programs.application_models import Application, ApplicationState
from portal.programs.models import Position, Program
from portal.programs.scopes import one
from portal.recruitment.applications import owners_of
from portal.recruitment.views.application import application_of
from portal.recruitment.views.applying import applied_of, as_applicant
from portal.recruitment.views.own import own_application
from portal.screening import interview_outcomes, interviews
from portal.screening.forms import MoveForm, OfferForm, OutcomeForm, PickForm, RefuseForm, moment
from portal.screening.interview_models import OPEN_INTERVIEWS, How, Interview, InterviewState
from portal.screening.interview_notices import HOW_WORDS
from portal.screening.settings import GUIDE
from portal.web.answers import Screen, See, screen
from portal.web.errors import NotFound, Refused
from portal.web.forms import form_of
from portal.web.paging import Listing
from portal.web.request import Request
from portal.words import text

BOOKED = text("The interview is booked.")
TOLD = text("Thank you for telling us. We'll look for other times.")
CANCELED = text("The interview was canceled.")
STATE_WORDS = {
    InterviewState.OFFERED: text("times offered"),
    InterviewState.BOOKED: text("booked"),
    InterviewState.HELD: text("held"),
    InterviewState.MISSED: text("missed"),
    InterviewState.CANCELED: text("canceled"),
}


def panel(request: Request, application: Application, form: Any, base: str) -> Iterator[Panel]:
    """The times to pick from, or the interview that is booked, for whoever applied."""
    found = interviews.of_application(request.db, application.id)
    row = next((it for it in found if it.state in OPEN_INTERVIEWS), None)
    if row is None:
        return
    offered = row.state == InterviewState.OFFERED
    facts = {
        "row": row,
        "times": interviews.times_of(request.db, row.id, request.at) if offered else (),
        "picking": form_of(form, PickForm),
        "refusing": form_of(form, RefuseForm).apart("times"),
        "how": HOW_WORDS,
        "begun": interviews.has_begun(row, request.at),
        "base": base,
    }
    yield Panel(10, "screening/_interview.html", facts)


def staff_panel(
    request: Request, application: Application, form: Any, base: str
) -> Iterator[Panel]:
    """The interviews of an application, and the form to offer times."""
    found = interviews.of_application(request.db, application.id)
    reviewed = application.state in (ApplicationState.IN_REVIEW, ApplicationState.ON_HOLD)
    may_offer = reviewed and not any(it.state in OPEN_INTERVIEWS for it in found)
    if not found and not may_offer:
        return
    first = {"interviewer": request.viewer.person_id}
    facts = {
        "rows": found,
        "states": STATE_WORDS,
        "may_offer": may_offer,
        "offering": form_of(form, OfferForm, first).apart("interview"),
        "people": list(owners_of(request.db, application.program_id).items()),
        "base": base,
    }
    yield Panel(30, "screening/_interviews.html", facts)


def offer(request: Request, form: OfferForm, application_id: int) -> See:
    """Offer times."""
    application = application_of(request, application_id)
    what = interviews.Offer(
        form.interviewer.data,
        How(form.how.data),
        form.place.data,
        form.minutes.data,
        form.times(request.settings.timezone),
    )
    interviews.offer(request.act, application, what, request.settings)
    return See(f"/applications/{application_id}", text("You offered times for an interview."))


def _of(request: Request, application: Application) -> Interview:
    """The open interview of an application."""
    for row in interviews.of_application(request.db, application.id):
        if row.state in OPEN_INTERVIEWS:
            return row
    raise NotFound


def pick(request: Request, form: PickForm, token: str) -> See:
    """Pick a time, by the link of one's application."""
    found = applied_of(request, token)
    interviews.pick(as_applicant(request, found), _of(request, found), form.time.data)
    return See(f"/applied/{token}", BOOKED)


def refuse(request: Request, form: RefuseForm, token: str) -> See:
    """Say that no time fits, or cancel."""
    found = applied_of(request, token)
    return See(
        f"/applied/{token}", _refuse(as_applicant(request, found), _of(request, found), form)
    )


def pick_own(request: Request, form: PickForm, application_id: int) -> See:
    """Pick a time, signed in."""
    found = own_application(request, application_id)
    interviews.pick(request.act, _of(request, found), form.time.data)
    return See(f"/me/applications/{application_id}", BOOKED)


def refuse_own(request: Request, form: RefuseForm, application_id: int) -> See:
    """Say that no time fits, or cancel, signed in."""
    row = _of(request, own_application(request, application_id))
    return See(f"/me/applications/{application_id}", _refuse(request.act, row, form))


def _refuse(act: Any, row: Interview, form: RefuseForm) -> Any:
    if form.shown.data != row.state:  # it was booked, or offered anew, since the page was opened
        raise Refused(interviews.CHANGED)
    if row.state == InterviewState.OFFERED:
        interviews.none_fits(act, row, form.words.data)
        return TOLD
    interviews.cancel(act, row)
    return CANCELED


class Line(NamedTuple):
    """An interview as the list prints it."""

    id: int
    starts_at: datetime
    how: How
    name: str
    interviewer: str
    position: str
    translations: Mapping[str, Any]
    program: str
    program_translations: Mapping[str, Any]


LISTING = Listing(Line, (Interview.starts_at, Interview.id))
_applicant, _interviewer = aliased(Person), aliased(Person)


def list_interviews(request: Request) -> Screen:
    """The booked interviews to come; or those of which no one said what came of them."""
    deciding = request.asked("decide") == "yes"
    viewer, at = request.viewer, request.at
    scope = interviews.to_decide(viewer, at)
    if not deciding:
        coming = Interview.state == InterviewState.BOOKED, Interview.ends_at > at
        scope = interviews.visible_interviews(viewer).where(*coming)
    query: Any = (
        scope.outerjoin(_applicant, _applicant.id == Application.person_id)
        .join(_interviewer, _interviewer.id == Interview.interviewer_id)
        .join(Position, Position.id == Application.position_id)
        .join(Program, Program.id == Application.program_id)
        .with_only_columns(
            Interview.id,
            Interview.starts_at,
            Interview.how,
            func.coalesce(_applicant.name, Application.name).label("name"),
            _interviewer.name.label("interviewer"),
            Position.name.label("position"),
            Position.translations,
            Program.name.label("program"),
            Program.translations.label("program_translations"),
        )
    )
    page = LISTING.page(request.db, query, request.asked("after"))
    return screen("screening/interviews.html", page=page, deciding=deciding, how=HOW_WORDS)


def _theirs(request: Request, interview_id: int) -> Interview:
    scope = interviews.visible_interviews(request.viewer)
    return one(request.db, scope, Interview.id == interview_id)


def show(request: Request, interview_id: int, form: Any = None) -> Screen:
    """One interview: when, what to ask, and what came of it."""
    row = _theirs(request, interview_id)
    return screen(
        "screening/interview.html",
        row=row,
        times=interviews.times_of(request.db, row.id, request.at),
        states=STATE_WORDS,
        how=HOW_WORDS,
        guide=value_of(request.db, GUIDE, request.settings, row.program_id),
        begun=interviews.has_begun(row, request.at),
        moving=form_of(form, MoveForm),
        picking=form_of(form, PickForm),
        deciding=form_of(form, OutcomeForm),
        problem=form,
    )


def move(request: Request, form: MoveForm, interview_id: int) -> See:
    """Move a booked interview."""
    row = _theirs(request, interview_id)
    interviews.move(request.act, row, moment(form.day, form.starts, request.settings.timezone))
    return See(f"/interviews/{interview_id}", text("The interview was moved. We told both."))


def book(request: Request, form: PickForm, interview_id: int) -> See:
    """Book the time that the applicant picked on the phone."""
    row = _theirs(request, interview_id)
    interviews.pick(request.act.but(asked="phone"), row, form.time.data)
    return See(f"/interviews/{interview_id}", BOOKED)


def cancel(request: Request, form: Any, interview_id: int) -> See:
    """Cancel an interview."""
    interviews.cancel(request.act, _theirs(request, interview_id))
    return See(f"/interviews/{interview_id}", CANCELED)


def decide(request: Request, form: OutcomeForm, interview_id: int) -> See:
    """Write down what came of an interview."""
    row = _theirs(request, interview_id)
    good = form.good.data == "yes"
    interview_outcomes.decide(request.act, row, good, form.notes.data, request.settings)
    return See(f"/applications/{row.application_id}", text("The interview was saved."))


def missed(request: Request, form: Any, interview_id: int) -> See:
    """The applicant did not come."""
    row = _theirs(request, interview_id)
    interview_outcomes.missed(request.act, row)
    return See(f"/applications/{row.application_id}", text("You marked the interview as missed."))
