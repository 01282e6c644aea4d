"""The call list: whom no mail reaches."""

from portal.messages.envelopes import envelope_of
from portal.messages.models import Message
from portal.occasions.settings import time_to_answer
from portal.outbox import calls
from portal.outbox.forms import CallForm
from portal.outbox.notices import answerable_of, notices_of
from portal.outbox.views.words import READERS, words
from portal.people.models import Person
from portal.programs.scopes import call_list, one
from portal.web.answers import Screen, See, screen
from portal.web.request import Request
from portal.words import text


def list_calls(request: Request) -> Screen:
    """Whom to call, what is near first and then the oldest: no email reaches them."""
    rows = request.db.execute(
        call_list(request.viewer)
        .join(Person, Person.id == Message.person_id)
        .with_only_columns(
            Message.id, Message.kind, Message.created_at, Message.why, Message.tries, Person.name
        )
        .order_by(Message.urgency, Message.next_at, Message.id)
        .limit(200)
    ).all()
    titles = {name: notice.title for name, notice in notices_of(request.portal.domains).items()}
    return screen("outbox/calls.html", rows=rows, titles=titles)


def _call(request: Request, call_id: int) -> Message:
    return one(request.db, call_list(request.viewer), Message.id == call_id)


def show_call(request: Request, call_id: int, form: CallForm | None = None) -> Screen:
    """One call: the number, what to say, and how it went."""
    message = _call(request, call_id)
    person = request.db.get_one(Person, message.person_id)
    reader = READERS.of(request.db, person.id)
    notice = notices_of(request.portal.domains)[message.kind]
    envelope = envelope_of(message, reader.language if reader else request.language)
    saying = notice.say(request.db, envelope, request.settings, request.at)
    return screen(
        "outbox/call.html",
        message=message,
        person=person,
        title=notice.title,
        words=words(request, notice, saying, reader, envelope) if saying and reader else None,
        follow_up=_follow_up(request, message),
        form=form or CallForm(),
    )


def _follow_up(request: Request, message: Message) -> str | None:
    """The page that takes the person's answer."""
    about = answerable_of(request.portal.domains, message.subject_kind)
    return about.follow_up(request.db, message.subject_id) if about and about.follow_up else None


def note_call(request: Request, form: CallForm, call_id: int) -> See:
    """Write down how a call went."""
    message = _call(request, call_id)
    longest = time_to_answer(request.db, request.settings)
    about = answerable_of(request.portal.domains, message.subject_kind)
    calls.note_call(request.act, message, form.outcome.data, about, longest)
    follow_up = _follow_up(request, message)
    if form.outcome.data == "reached" and follow_up:
        return See(follow_up, text("Call recorded. What did they say?"))
    return See("/calls", text("Call recorded."))
