"""Addresses of messages, calls, letters and wordings."""

from portal.outbox import views
from portal.outbox.forms import AnswerForm, CallForm, ChoicesForm, LetterForm, WordingForm
from portal.permissions import Permission
from portal.web.page import Page, Post, get

PUBLIC, SIGNED_IN = Permission.PUBLIC, Permission.SIGNED_IN
MANAGE, PEOPLE, AGENCY = (
    Permission.SHIFTS_MANAGE,
    Permission.PEOPLE_MANAGE,
    Permission.AGENCY_MANAGE,
)

choices = get("/me/messages", views.edit_choices, SIGNED_IN)
mail = get("/mail/{token}", views.show_mail, PUBLIC)
call = get("/calls/{call_id:id}", views.show_call, MANAGE)
letter = get("/letters/new", views.new_letter, PEOPLE)
wording = get("/wordings/{kind}/{language}", views.edit_wording, AGENCY)

pages: list[Page] = [
    choices,
    Post("/me/messages", views.update_choices, SIGNED_IN, form=ChoicesForm, again=choices),
    mail,
    Post("/mail/{token}/answer", views.answer_mail, PUBLIC, form=AnswerForm, again=mail),
    Post("/mail/{token}/choices", views.choose_by_mail, PUBLIC, form=ChoicesForm, again=mail),
    get("/calls", views.list_calls, MANAGE),
    call,
    Post("/calls/{call_id:id}/outcome", views.note_call, MANAGE, form=CallForm, again=call),
    letter,
    Post("/letters", views.send_letter, PEOPLE, form=LetterForm, again=letter),
    get("/wordings", views.list_wordings, AGENCY),
    wording,
    Post(
        "/wordings/{kind}/{language}", views.update_wording, AGENCY, form=WordingForm, again=wording
    ),
]


def messages(*, demo: bool) -> Page:
    """The outbox, to be read by administrators; in the demo, on this machine only, by everybody."""
    return get("/messages", views.list_messages, PUBLIC if demo else AGENCY)
