"""Addresses of messages, calls, letters and wordings."""

from portal.outbox.forms import AnswerForm, CallForm, ChoicesForm, LetterForm, WordingForm
from portal.outbox.views import calls, letters, mail, messages, wordings
from portal.permissions import Permission
from portal.web.page import Page, Post, get

PUBLIC, SIGNED_IN = Permission.PUBLIC, Permission.SIGNED_IN
MANAGE, PEOPLE, AGENCY = (
    Permission.SHIFTS_MANAGE,
    Permission.PEOPLE_MANAGE,
    Permission.AGENCY_MANAGE,
)

choices = get("/me/messages", mail.edit_choices, SIGNED_IN)
by_mail = get("/mail/{token}", mail.show_mail, PUBLIC)
CALLS = Permission.CALLS_MAKE
call = get("/calls/{call_id:id}", calls.show_call, CALLS)
letter = get("/letters/new", letters.new_letter, PEOPLE)
wording = get("/wordings/{kind}/{language}", wordings.edit_wording, AGENCY)

pages: list[Page] = [
    choices,
    Post("/me/messages", mail.update_choices, SIGNED_IN, form=ChoicesForm, again=choices),
    by_mail,
    Post("/mail/{token}/answer", mail.answer_mail, PUBLIC, form=AnswerForm, again=by_mail),
    Post("/mail/{token}/choices", mail.choose_by_mail, PUBLIC, form=ChoicesForm, again=by_mail),
    get("/calls", calls.list_calls, CALLS),
    call,
    Post("/calls/{call_id:id}/outcome", calls.note_call, CALLS, form=CallForm, again=call),
    letter,
    Post("/letters", letters.send_letter, PEOPLE, form=LetterForm, again=letter),
    get("/wordings", wordings.list_wordings, AGENCY),
    wording,
    Post(
        "/wordings/{kind}/{language}",
        wordings.update_wording,
        AGENCY,
        form=WordingForm,
        again=wording,
    ),
]


def outbox(*, demo: bool) -> Page:
    """The outbox, to be read by administrators; in the demo, on this machine only, by everyone."""
    return get("/messages", messages.list_messages, PUBLIC if demo else AGENCY)
