"""What one gets by mail, and the page that a mail leads to."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from sqlalchemy import select

from portal.messages.envelopes import envelope_of, token_hash
from portal.messages.kinds import TOPIC_WORDS, Notice, Recipient
from portal.messages.models import Message
from portal.outbox.forms import AnswerForm, ChoicesForm
from portal.outbox.notices import answerable_of, notices_of
from portal.outbox.views.words import READERS, words
from portal.people.models import Person
from portal.people.people import choose_mail
from portal.permissions import Viewer
from portal.web.answers import Screen, See, screen
from portal.web.errors import NotFound, Refused
from portal.web.request import Request
from portal.words import text

LINK_LASTS = timedelta(days=60)


def edit_choices(request: Request, form: ChoicesForm | None = None) -> Screen:
    """What is sent to oneself, and when one is reminded."""
    person = request.db.get_one(Person, request.viewer.person_id)
    return screen("outbox/choices.html", form=form or _choices(person), action="/me/messages")


def _choices(person: Person) -> ChoicesForm:
    off = person.mail_off.split(",")
    topics = [topic.value for topic in TOPIC_WORDS if topic not in off]
    return ChoicesForm(data={"topics": topics, "hours": person.remind_hours.split(",")})


def update_choices(request: Request, form: ChoicesForm) -> See:
    """Save what is sent to oneself."""
    choose_mail(request.act, form.off, form.remind_hours)
    return See("/me/details", text("Your choices were saved."))


def _by_token(request: Request, token: str) -> tuple[Message, Recipient, Notice]:
    """The message of a mail's link. Opening it changes nothing: mail scanners open links, too."""
    message = request.db.scalar(
        select(Message).where(
            Message.token_hash == token_hash(token), Message.created_at > request.at - LINK_LASTS
        )
    )
    notice = notices_of(request.portal.domains).get(message.kind) if message else None
    if message is None or message.person_id is None or notice is None or notice.kind.secret:
        raise NotFound
    reader = READERS.of(request.db, message.person_id)
    if reader is None:
        raise NotFound
    request.read_by(reader.language)
    return message, replace(reader, language=request.language), notice


def show_mail(request: Request, token: str, form: Any = None) -> Screen:
    """What a mail said, as it is now, with buttons to answer; and what else one wants to get."""
    message, reader, notice = _by_token(request, token)
    envelope = envelope_of(message, reader.language)
    saying = notice.say(request.db, envelope, request.settings, request.at)
    person = request.db.get_one(Person, message.person_id)
    return screen(
        "outbox/mail.html",
        token=token,
        words=words(request, notice, saying, reader, envelope) if saying else None,
        answers=saying.answers if saying else (),
        choices=form if isinstance(form, ChoicesForm) else _choices(person),
        form=form,
    )


def answer_mail(request: Request, form: AnswerForm, token: str) -> See:
    """A press on that page: the person answers, under the ordinary rules."""
    message, _, notice = _by_token(request, token)
    envelope = envelope_of(message, "en")
    saying = notice.say(request.db, envelope, request.settings, request.at)
    answer = form.answer.data
    if saying is None or answer not in dict(saying.answers):
        raise Refused(text("This question is no longer open."))
    about = answerable_of(request.portal.domains, message.subject_kind)
    if about is None:
        raise NotFound
    by = Viewer(person_id=message.person_id)
    about.answer(request.act.but(by=by), message.subject_id, answer)
    said = about.thanks if answer == "yes" else text("Thank you for telling us.")
    return See(f"/mail/{token}", said)


def choose_by_mail(request: Request, form: ChoicesForm, token: str) -> See:
    """Change what one gets, from the link in a mail."""
    message, _, _ = _by_token(request, token)
    by = Viewer(person_id=message.person_id)
    choose_mail(request.act.but(by=by), form.off, form.remind_hours)
    return See(f"/mail/{token}", text("Your choices were saved."))
