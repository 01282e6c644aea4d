"""Pages of requests for a volunteer."""

from typing import Any

from portal.cases import lists, reading, requests, scopes
from portal.cases.forms import UNMET_WORDS, UnmetForm
from portal.cases.models import LOOKING, HelpRequest, RequestState, Unmet
from portal.programs.scopes import one
from portal.web.answers import Screen, See, screen
from portal.web.forms import form_of
from portal.web.request import Request, today_of
from portal.words import Words, text

STATE_WORDS: dict[str, Words] = {
    RequestState.OPEN: text("Looking for someone"),
    RequestState.FILLED: text("Someone was found"),
    RequestState.WITHDRAWN: text("Not needed any longer"),
    RequestState.UNMET: text("No one was found"),
    RequestState.DONE: text("Done"),
}


def index(request: Request) -> Screen:
    """What looks for someone, first due first."""
    reading.note_listed(request)
    return screen(
        "cases/requests.html",
        requests=lists.open_requests(request.db, request.viewer),
        today=today_of(request),
    )


def _known(request: Request, help_request_id: int) -> HelpRequest:
    return one(request.db, scopes.known_requests(request.viewer), HelpRequest.id == help_request_id)


def show(request: Request, help_request_id: int, form: Any = None) -> Screen:
    """What is asked for, by the case's reference."""
    row = _known(request, help_request_id)
    reading.note_seen(request, row.case_id, row.program_id)
    return screen(
        "cases/request.html",
        row=row,
        states=STATE_WORDS,
        unmet=UNMET_WORDS,
        looking=row.state in LOOKING,
        reads=request.viewer.may_in(scopes.READ, row.program_id),
        giving_up=form_of(form, UnmetForm),
        form=form,
    )


def withdraw(request: Request, form: Any, help_request_id: int) -> See:
    """It is not needed any longer."""
    requests.withdraw(request.act, _known(request, help_request_id))
    return See(f"/help-requests/{help_request_id}", text("The request was withdrawn."))


def give_up(request: Request, form: UnmetForm, help_request_id: int) -> See:
    """No one was found."""
    requests.give_up(request.act, _known(request, help_request_id), Unmet(form.unmet.data))
    return See(f"/help-requests/{help_request_id}", text("The request was closed as unmet."))
