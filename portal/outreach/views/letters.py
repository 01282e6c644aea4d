"""What requesters without email are told, and what calendars answered."""

from typing import Any

from sqlalchemy import select

from portal import clock
from portal.messages.compose import words_of
from portal.messages.envelopes import envelope_of, told_of, wording_of
from portal.messages.kinds import Recipient
from portal.messages.models import Message
from portal.outreach import desk, replies, talk_lists, triage
from portal.outreach.forms import (
    PasteForm,
)
from portal.outreach.models import TalkRequest
from portal.outreach.notices import NOTICES
from portal.outreach.scopes import MANAGE, visible_talks
from portal.outreach.talk_models import CalendarReply, Presentation
from portal.outreach.views.desk import talks_seen
from portal.programs.scopes import one
from portal.web.answers import Screen, See, screen
from portal.web.errors import NotFound
from portal.web.request import Request
from portal.words import text


def list_letters(request: Request) -> Screen:
    """Whom to call or write to: requesters without email."""
    titles = {name: notice.title for name, notice in NOTICES.items()}
    rows = desk.list_to_tell(request.db, request.viewer)
    return screen("outreach/letters.html", rows=rows, titles=titles)


def _letter(request: Request, message_id: int) -> Message:
    return one(request.db, desk.to_tell(request.viewer), Message.id == message_id)


def show_letter(request: Request, message_id: int, form: Any = None) -> Screen:
    """One letter, to print or to read out on the phone."""
    message = _letter(request, message_id)
    told = told_of(message)
    to = Recipient(None, told.get("name", ""), "", told.get("language", "en"))
    envelope = envelope_of(message, to.language)
    notice = NOTICES[message.kind]
    saying = notice.say(request.db, envelope, request.settings, request.at)
    words = None
    if saying:
        wording = wording_of(request.db, message.kind, to.language)
        words = words_of(notice, saying, to, envelope, wording, request.settings)
    return screen(
        "outreach/letter.html",
        message=message,
        row=request.db.get_one(TalkRequest, message.subject_id),
        words=words,
        title=notice.title,
        today=clock.local_day(request.at, request.settings.timezone),
    )


def note_told(request: Request, form: Any, message_id: int) -> See:
    """They were told."""
    triage.note_told(request.act, _letter(request, message_id))
    return See("/outreach/letters", text("Marked as told."))


def list_replies(request: Request, form: PasteForm | None = None) -> Screen:
    """What calendar programs answered; and pasting a message that came elsewhere."""
    found = replies.to_look_at(talks_seen(request)).order_by(CalendarReply.at, CalendarReply.id)
    rows = request.db.scalars(found.limit(100)).all()
    talks = request.db.execute(
        talk_lists.talk_lines(
            visible_talks(request.viewer).where(
                Presentation.id.in_([row.presentation_id for row in rows])
            )
        )
    ).all()
    return screen(
        "outreach/replies.html",
        rows=rows,
        talks={row.id: row for row in talks},
        form=form,
        pasting=form or PasteForm(),
    )


def read_pasted(request: Request, form: PasteForm) -> Any:
    """Read the message, before anything is written."""
    return replies.read_pasted(form.words.data)


def paste_reply(request: Request, form: PasteForm) -> See:
    """Note the answers in a pasted message."""
    new = replies.take(request.act, request.prepared, request.settings)
    said = (
        text("The reply was saved.")
        if new
        else text("We already have this reply, or it's out of date.")
    )
    return See("/outreach/replies", said)


def see_reply(request: Request, form: Any, reply_id: int) -> See:
    """Someone looked at it."""
    row = one(request.db, select(CalendarReply), CalendarReply.id == reply_id)
    talk = request.db.scalar(
        visible_talks(request.viewer).where(Presentation.id == row.presentation_id)
    )
    if talk is None and not request.viewer.everywhere(MANAGE):
        raise NotFound
    replies.see(request.act, row)
    return See("/outreach/replies", text("The reply was marked as handled."))
