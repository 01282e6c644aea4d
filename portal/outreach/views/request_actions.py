"""What is done with a request: booked, given to someone, answered, ended."""

from typing import Any

from portal.occasions.blocks import blocks_of
from portal.outreach import booking, hosting, intake, speaker_offers, triage
from portal.outreach.action_forms import (
    AnswerRequestForm,
    CounterAnswerForm,
    CounterForm,
    EndReasonForm,
    LinkForm,
    NoteForm,
    OwnerForm,
    ReasonForm,
    RouteForm,
)
from portal.outreach.forms import BookForm
from portal.outreach.organization_models import Organization
from portal.outreach.scopes import (
    MANAGE,
    possible_clerks,
    routable_programs,
    speakers_seen,
)
from portal.outreach.scopes import organizations as all_organizations
from portal.outreach.speaker_offers import OfferTerms
from portal.outreach.views.desk import managed_request, path_of
from portal.people.models import Person
from portal.programs.models import Program
from portal.programs.scopes import one
from portal.web.answers import See
from portal.web.errors import Refused
from portal.web.request import Request
from portal.words import text


def book(request: Request, form: BookForm, request_id: int) -> See:
    """A date becomes a talk and, in the same press, someone is asked or confirmed."""
    row = managed_request(request, request_id)
    starts_at = form.moments(row.zone)["day"]
    if form.person.data:
        person = one(request.db, speakers_seen(request.viewer), Person.id == form.person.data)
        how = OfferTerms(
            mode=form.mode.data,
            hours=form.hours.data,
            clash_reason=form.clash_reason.data or "",
            asked=form.asked.data,
        )
        made = speaker_offers.book_with(request.act, row, starts_at, person, how)
        words = {
            "ask": text("Booked. We asked %(name)s.", name=person.name),
            "hold": text("Booked. We're holding the time of %(name)s.", name=person.name),
            "yes": text("Booked and confirmed with %(name)s.", name=person.name),
        }
        return See(f"/outreach/talks/{made.presentation_id}", words[form.mode.data])
    talk = booking.book(request.act, row, starts_at)
    return See(f"/outreach/talks/{talk.id}", text("Booked. Who is the speaker?"))


def take(request: Request, form: OwnerForm, request_id: int) -> See:
    """Someone looks after it."""
    row = managed_request(request, request_id)
    owner = None
    if form.owner.data:
        owner = one(request.db, possible_clerks(row.program_id), Person.id == form.owner.data)
    triage.take(request.act, row, owner)
    return See(path_of(row), text("The assignment was saved."))


def route(request: Request, form: RouteForm, request_id: int) -> See:
    """Send it to a program."""
    row = managed_request(request, request_id)
    program_id = form.program.data
    if program_id:
        one(request.db, routable_programs(request.viewer), Program.id == program_id)
    elif not request.viewer.everywhere(MANAGE):
        raise Refused(fields={"program": text("Select one.")})
    triage.route(request.act, row, program_id)
    return See(path_of(row), text("The request was sent to the program."))


def add_note(request: Request, form: NoteForm, request_id: int) -> See:
    """Write a note for colleagues."""
    row = managed_request(request, request_id)
    triage.add_note(request.act, row, form.note.data)
    return See(path_of(row), text("The note was added."))


def link(request: Request, form: LinkForm, request_id: int) -> See:
    """It comes from this organization; without one, from a new one."""
    row = managed_request(request, request_id)
    found = None
    if form.organization.data:
        found = one(request.db, all_organizations(), Organization.id == form.organization.data)
    triage.link(request.act, row, found)
    return See(path_of(row), text("The organization was saved."))


def spoke(request: Request, form: Any, request_id: int) -> See:
    """A clerk spoke with them; the email need not be confirmed."""
    row = managed_request(request, request_id)
    intake.prove(request.db, row, request.viewer, request.at, spoke=True)
    return See(path_of(row), text("Confirmed. The request is ready to answer."))


def decline(request: Request, form: ReasonForm, request_id: int) -> See:
    """Say no."""
    row = managed_request(request, request_id)
    triage.decline(request.act, row, form.reason.data)
    return See(path_of(row), text("The request was declined. We told them."))


def answer(request: Request, form: AnswerRequestForm, request_id: int) -> See:
    """Answer a question, or say that literature is on its way."""
    row = managed_request(request, request_id)
    triage.answer(request.act, row, form.words.data)
    return See(path_of(row), text("Your reply was sent."))


def counter(request: Request, form: CounterForm, request_id: int) -> See:
    """Propose something else."""
    row = managed_request(request, request_id)
    speaker_id = form.speaker.data
    if speaker_id:
        one(request.db, speakers_seen(request.viewer), Person.id == speaker_id)
    proposal = triage.Proposal(
        form.kind.data, form.words.data or "", list(form.moments(row.zone).values()), speaker_id
    )
    triage.counter(request.act, row, proposal)
    return See(path_of(row), text("Your proposal was sent."))


def answer_counter(request: Request, form: CounterAnswerForm, request_id: int) -> See:
    """They called and said yes or no to it."""
    row = managed_request(request, request_id)
    triage.answer_counter(
        request.act, row, form.counter.data or 0, form.date.data, yes=form.answer.data == "yes"
    )
    return See(path_of(row), text("Their reply was recorded."))


def withdraw(request: Request, form: EndReasonForm, request_id: int) -> See:
    """They called and took it back."""
    row = managed_request(request, request_id)
    hosting.withdraw(request.act, row, form.reason.data, blocks_of(request))
    return See(path_of(row), text("The request was withdrawn."))
