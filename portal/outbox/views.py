"""Pages of messages: what one gets, the page a mail leads to, the call list, letters, wordings."""

import json
from datetime import timedelta
from typing import Any

from sqlalchemy import select
from starlette.datastructures import URL

from portal.audit.log import record
from portal.messages.compose import words_of
from portal.messages.kinds import TOPIC_WORDS, Envelope, Notice, Recipient, Saying
from portal.messages.models import Message, State, Wording
from portal.messages.sending import envelope_of, token_hash, wording_of
from portal.outbox import letters
from portal.outbox.forms import (
    AnswerForm,
    CallForm,
    ChoicesForm,
    LetterForm,
    WordingForm,
)
from portal.outbox.letters import Readers
from portal.outbox.notices import NOTICES
from portal.people.models import Person
from portal.people.telling import Recipients
from portal.permissions import Permission, Viewer
from portal.programs.models import Position
from portal.programs.scopes import call_list, managed_positions, one
from portal.shifts import cover, signups, waiting
from portal.shifts.models import Ask, Waiting
from portal.shifts.views.shifts import managed_shift
from portal.web.errors import NotFound, Preview, Refused
from portal.web.page import Screen, See, screen
from portal.web.paging import PAGE_SIZE, cut
from portal.web.request import Request
from portal.web.words import LANGUAGES, count_text, text

LINK_LASTS = timedelta(days=60)
READERS = Recipients()


# ---- what one gets


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
    _save_choices(request, form, request.viewer)
    return See("/me/details", text("Saved."))


def _save_choices(request: Request, form: ChoicesForm, by: Viewer) -> None:
    person = request.db.get_one(Person, by.person_id)
    person.mail_off, person.remind_hours = form.off, form.remind_hours
    subject = ("person", person.id)
    record(request.db, by, "person.edited", subject, at=request.at, person_id=person.id)


# ---- the page a mail leads to


def _by_token(request: Request, token: str) -> tuple[Message, Recipient, Notice]:
    """The message of a mail's link. Opening it changes nothing: mail scanners open links, too."""
    message = request.db.scalar(
        select(Message).where(
            Message.token_hash == token_hash(token), Message.created_at > request.at - LINK_LASTS
        )
    )
    notice = NOTICES.get(message.kind) if message else None
    if message is None or message.person_id is None or notice is None or notice.kind.secret:
        raise NotFound
    reader = READERS.of(request.db, message.person_id)
    if reader is None:
        raise NotFound
    return message, reader, notice


def show_mail(request: Request, token: str, form: Any = None) -> Screen:
    """What a mail said, as it is now, with buttons to answer; and what else one wants to get."""
    message, reader, notice = _by_token(request, token)
    envelope = envelope_of(message, reader.language)
    saying = notice.say(request.db, envelope, request.settings, request.at)
    person = request.db.get_one(Person, message.person_id)
    return screen(
        "outbox/mail.html",
        token=token,
        words=_words(request, notice, saying, reader, envelope) if saying else None,
        answers=saying.answers if saying else (),
        choices=form if isinstance(form, ChoicesForm) else _choices(person),
        form=form,
    )


def _words(
    request: Request, notice: Notice, saying: Saying, reader: Recipient, envelope: Envelope
) -> dict[str, Any]:
    wording = wording_of(request.db, envelope.kind, reader.language)
    return words_of(notice, saying, reader, envelope, wording, request.settings)


def answer_mail(request: Request, form: AnswerForm, token: str) -> See:
    """A press on that page: the person answers, under the ordinary rules."""
    message, _, notice = _by_token(request, token)
    envelope = envelope_of(message, "en")
    saying = notice.say(request.db, envelope, request.settings, request.at)
    answer = form.answer.data
    if saying is None or answer not in dict(saying.answers):
        raise Refused(text("This question is not open any more."))
    assert message.person_id
    by = Viewer(person_id=message.person_id)
    _act(request, by, message, answer)
    said = (
        text("Thank you! You're signed up.")
        if answer == "yes"
        else text("Thank you for telling us.")
    )
    return See(f"/mail/{token}", said)


def _act(request: Request, by: Viewer, message: Message, answer: str) -> None:
    db, at, person_id = request.db, request.at, by.person_id
    assert person_id
    row: Waiting | Ask = (
        db.get_one(Waiting, message.subject_id)
        if message.subject_kind == "waiting"
        else db.get_one(Ask, message.subject_id)
    )
    if answer == "yes":
        signups.sign_up(db, by, person_id, row.shift_id, at, slot_id=row.slot_id)
    elif answer == "no":
        cover.decline(db, by, person_id, row.id, at)
    elif answer == "pass":
        waiting.pass_on(db, by, person_id, row.slot_id, at)
    else:
        waiting.leave(db, by, person_id, row.slot_id, at)


def choose_by_mail(request: Request, form: ChoicesForm, token: str) -> See:
    """Change what one gets, from the link in a mail."""
    message, _, _ = _by_token(request, token)
    _save_choices(request, form, Viewer(person_id=message.person_id))
    return See(f"/mail/{token}", text("Saved."))


# ---- the outbox, to be read


def list_messages(request: Request) -> Screen:
    """What was sent, the newest first; where there is no mail server also what it said."""
    mark = request.asked("after")
    statement = (
        select(
            Message.id, Message.kind, Message.channel, Message.state, Message.why, Message.created_at,
            Message.sent_at, Message.shown, Message.address, Person.name,
        )
        .outerjoin(Person, Person.id == Message.person_id)
        .order_by(Message.id.desc())
        .limit(PAGE_SIZE + 1)
    )  # fmt: skip
    if mark.isascii() and mark.isdecimal() and len(mark) < 19:
        statement = statement.where(Message.id < int(mark))
    page = cut(request.db.execute(statement).all(), lambda row: str(row.id))
    shown = {row.id: json.loads(row.shown) for row in page.rows if row.shown}
    return screen(
        "outbox/messages.html",
        page=page,
        shown=shown,
        titles={name: notice.title for name, notice in NOTICES.items()},
        base=str(URL(request.settings.base_url).path).rstrip("/"),
        has_server=bool(request.settings.smtp_url),
    )


# ---- the call list


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
        words=_words(request, notice, saying, reader, envelope) if saying and reader else None,
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


# ---- letters


def _readers(request: Request) -> tuple[Readers, str]:
    """Which list the address names, and its words."""
    if shift_id := request.asked_id("shift"):
        shift = managed_shift(request, shift_id)
        return Readers(shift.id, shift.program_id), "shift"
    if position_id := request.asked_id("position"):
        position = one(request.db, managed_positions(request.viewer), Position.id == position_id)
        return Readers(program_id=position.program_id, position_id=position.id), "position"
    own = sorted(request.viewer.programs_with(Permission.PEOPLE_MANAGE))
    program_id = own[0] if own else None
    return Readers(None, program_id, None, request.asked("q"), request.asked("which")), "people"


def new_letter(request: Request, form: LetterForm | None = None) -> Screen:
    """Write to a list of people: who gets it, by mail or by a call, and who is left out."""
    which, _ = _readers(request)
    found = letters.readers_of(request.db, request.viewer, which)
    form = form or LetterForm()
    preview = form.refusal if isinstance(form.refusal, Preview) else None
    form.seen.data = preview.seen if preview else ""
    everyone = {reader.id for reader in found}
    return screen(
        "outbox/letter.html",
        form=form,
        to=preview.changes[2:] if preview else None,
        found=found[: letters.TICKED],
        number=len(found),
        left_out=sum(reader.how == "off" for reader in found),
        ticked=everyone & set(form.people.data) or everyone,
        action=f"/letters?{request.url.query}",
    )


def send_letter(request: Request, form: LetterForm) -> See:
    """Send it to those who are ticked."""
    which, _ = _readers(request)
    number = letters.send_letter(
        request.db, request.viewer, which, form.subject.data, form.body.data,
        None if form.everyone.data else form.people.data, form.seen.data or "", request.at,
    )  # fmt: skip
    back = f"/shifts/{which.shift_id}/roster" if which.shift_id else "/people"
    return See(
        back, count_text("%(n)s person is written to.", "%(n)s people are written to.", number)
    )


# ---- wordings


def list_wordings(request: Request) -> Screen:
    """Every kind of message in every language: our words, the agency's, or missing."""
    own = {(row.kind, row.language) for row in request.db.scalars(select(Wording))}
    kinds = [notice for notice in NOTICES.values() if notice.kind.name != "letter"]
    missing = [
        (notice, language)
        for notice in kinds
        for language in LANGUAGES
        if (notice.kind.name, language) not in own
        and any((notice.kind.name, other) in own for other in LANGUAGES)
    ]
    return screen(
        "outbox/wordings.html", kinds=kinds, own=own, missing=missing, languages=LANGUAGES
    )


def edit_wording(
    request: Request, kind: str, language: str, form: WordingForm | None = None
) -> Screen:
    """Word a kind of message, and see it with an example filled in."""
    notice, row = _wording(request, kind, language)
    form = form or WordingForm(obj=row)
    example = {name: f"[{name}]" for name in notice.names}
    reader = Recipient(None, request.viewer.name.split()[0], "", language)
    ours = words_of(
        notice, Saying(example), reader, Envelope(0, kind, None, 0), None, request.settings
    )
    typed = (form.subject.data, form.body.data) if form.subject.data and form.body.data else None
    return screen(
        "outbox/wording.html",
        form=form,
        notice=notice,
        kind=kind,
        language=language,
        language_name=LANGUAGES[language],
        ours=ours,
        preview=words_of(
            notice, Saying(example), reader, Envelope(0, kind, None, 0), typed, request.settings
        ),
        names=sorted({"name", "agency", "phone", *notice.names}),
    )


def _wording(request: Request, kind: str, language: str) -> tuple[Notice, Wording | None]:
    notice = NOTICES.get(kind)
    if notice is None or kind == "letter" or language not in LANGUAGES:
        raise NotFound
    row = request.db.scalar(
        select(Wording).where(Wording.kind == kind, Wording.language == language)
    )
    return notice, row


def update_wording(request: Request, form: WordingForm, kind: str, language: str) -> See:
    """Save a wording; two empty fields go back to our words."""
    notice, row = _wording(request, kind, language)
    if wrong := form.unknown(notice):
        raise Refused(fields=wrong)
    if bool(form.subject.data) != bool(form.body.data):
        raise Refused(text("Please write both the subject and the message, or neither."))
    if not form.subject.data:
        if row:
            request.db.delete(row)
    elif row:
        row.subject, row.body = form.subject.data, form.body.data
    else:
        request.db.add(
            Wording(kind=kind, language=language, subject=form.subject.data, body=form.body.data)
        )
    record(
        request.db, request.viewer, "wording.edited", ("wording", row.id if row else None),
        at=request.at, detail=f"{kind} {language}",
    )  # fmt: skip
    return See("/wordings", text("Saved."))
