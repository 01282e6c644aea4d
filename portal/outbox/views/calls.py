"""The call list: whom no mail reaches."""

from datetime import timedelta

from sqlalchemy import select

from portal.audit.log import record
from portal.messages.envelopes import envelope_of
from portal.messages.models import Message, State
from portal.outbox.forms import (
    CallForm,
)
from portal.outbox.notices import NOTICES
from portal.outbox.views.words import READERS, words
from portal.people.models import Person
from portal.programs.scopes import call_list, one
from portal.shifts import waiting
from portal.shifts.models import Ask, Waiting
from portal.web.page import Screen, See, screen
from portal.web.request import Request
from portal.web.words import text


def list_calls(request: Request) -> Screen:
    """Whom to call, in one's programs, the oldest first: no mail reaches them."""
    rows = request.db.execute(
        call_list(request.viewer)
        .join(Person, Person.id == Message.person_id)
        .with_only_columns(
            Message.id, Message.kind, Message.created_at, Message.why, Message.tries, Person.name
        )
        .order_by(Message.next_at, Message.id)
        .limit(200)
    ).all()
    titles = {name: notice.title for name, notice in NOTICES.items()}
    return screen("outbox/calls.html", rows=rows, titles=titles)


def _call(request: Request, call_id: int) -> Message:
    return one(request.db, call_list(request.viewer), Message.id == call_id)


def show_call(request: Request, call_id: int, form: CallForm | None = None) -> Screen:
    """One call: the number, what to say, and how it went."""
    message = _call(request, call_id)
    person = request.db.get_one(Person, message.person_id)
    reader = READERS.of(request.db, person.id)
    notice = NOTICES[message.kind]
    envelope = envelope_of(message, request.language)
    saying = notice.say(request.db, envelope, request.settings, request.at)
    return screen(
        "outbox/call.html",
        message=message,
        person=person,
        title=notice.title,
        words=words(request, notice, saying, reader, envelope) if saying and reader else None,
        shift_id=_shift_of(request, message),
        form=form or CallForm(),
    )


def _shift_of(request: Request, message: Message) -> int | None:
    """The shift whose roster takes the person's answer."""
    if message.subject_kind == "waiting":
        return request.db.scalar(select(Waiting.shift_id).where(Waiting.id == message.subject_id))
    if message.subject_kind == "ask":
        return request.db.scalar(select(Ask.shift_id).where(Ask.id == message.subject_id))
    return None


def note_call(request: Request, form: CallForm, call_id: int) -> See:
    """Write down how a call went. Reached, it is done, and an offer's time to answer begins."""
    message, outcome = _call(request, call_id), form.outcome.data
    message.tries += 1
    message.why = {"reached": "reached", "word": "left word", "none": "no answer"}[outcome]
    message.next_at = request.at
    if outcome == "reached":
        message.state, message.sent_at = State.SENT, request.at
        if message.subject_kind == "waiting":
            longest = timedelta(hours=request.settings.offer_hours)
            waiting.reached(request.db, message.subject_id, longest, request.at)
    subject = ("message", message.id)
    record(
        request.db, request.viewer, f"call.{outcome}", subject, at=request.at,
        person_id=message.person_id, program_id=message.program_id,
    )  # fmt: skip
    shift_id = _shift_of(request, message)
    if outcome == "reached" and shift_id:
        return See(f"/shifts/{shift_id}/roster", text("Written down. What did they say?"))
    return See("/calls", text("Written down."))
