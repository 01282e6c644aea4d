"""Pages of requests for a volunteer."""

from typing import Any

from portal.cases import adjourning, lists, reading, requests, scopes
from portal.cases.adjourning import any_known
from portal.cases.forms import UNMET_WORDS, AdjournForm, LookAgainForm, UnmetForm
from portal.cases.models import LOOKING, HelpRequest, RequestState, Unmet
from portal.permissions import Permission
from portal.programs.scopes import one
from portal.web.answers import Screen, See, screen
from portal.web.forms import form_of
from portal.web.request import Request, today_of
from portal.words import Words, count_text, text

STATE_WORDS: dict[str, Words] = {
    RequestState.OPEN: text("Looking for someone"),
    RequestState.FILLED: text("Someone was found"),
    RequestState.WITHDRAWN: text("Not needed any longer"),
    RequestState.UNMET: text("No one was found"),
    RequestState.DONE: text("Done"),
}


WHICH_WORDS: dict[str, Words] = {
    "": text("Looking for someone"),
    "due": text("Due within 7 days"),
    "review": text("To look at again"),
}


def index(request: Request) -> Screen:
    """What looks for someone, first due first."""
    reading.note_listed(request)
    which = request.asked("which") if request.asked("which") in WHICH_WORDS else ""
    return screen(
        "cases/requests.html",
        requests=lists.open_requests(request.db, request.viewer, which, today_of(request)),
        which=which,
        whiches=WHICH_WORDS,
        emergency=request.viewer.may(Permission.CASES_EMERGENCY),
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
        adjourning=form_of(form, AdjournForm, {"starts": row.starts, "ends": row.ends}),
        again=form_of(form, LookAgainForm),
        helped=any_known(request.db, row.id),
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


def adjourn(request: Request, form: AdjournForm, help_request_id: int) -> See:
    """Move it to a new date, with the same companion."""
    row = _known(request, help_request_id)
    day, starts, ends = form.day.data, form.starts.data, form.ends.data
    asked = adjourning.adjourn(request.act, row, day, starts, ends, today_of(request))
    here = f"/help-requests/{help_request_id}"
    if not asked:
        return See(here, text("The new date was saved. No one had said yes yet."))
    return See(
        here,
        count_text(
            "The new date was saved. We asked the same volunteer.",
            "The new date was saved. We asked the same %(n)s volunteers.",
            len(asked),
        ),
    )


def look_again(request: Request, form: LookAgainForm, help_request_id: int) -> See:
    """It is still needed."""
    row = _known(request, help_request_id)
    adjourning.look_again(request.act, row, form.on.data, today_of(request))
    return See(f"/help-requests/{help_request_id}", text("The day was saved."))


def finish(request: Request, form: Any, help_request_id: int) -> See:
    """What was asked for is done."""
    adjourning.finish(request.act, _known(request, help_request_id))
    return See(f"/help-requests/{help_request_id}", text("Marked as done."))
