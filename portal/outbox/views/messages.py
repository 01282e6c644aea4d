"""The outbox, to be read."""

import json
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import select
from starlette.datastructures import URL

from portal.messages.models import Channel, Message, State
from portal.outbox.notices import notices_of
from portal.people.models import Person
from portal.web.answers import Screen, screen
from portal.web.paging import Listing
from portal.web.request import Request


class MessageLine(NamedTuple):
    """A message as the outbox prints it."""

    id: int
    kind: str
    channel: Channel
    state: State
    why: str
    created_at: datetime
    sent_at: datetime | None
    shown: str
    address: str
    name: str | None


MESSAGES = Listing(MessageLine, (Message.id,), newest_first=True)


def list_messages(request: Request) -> Screen:
    """What was sent, the newest first; where there is no mail server also what it said."""
    statement = select(
        Message.id,
        Message.kind,
        Message.channel,
        Message.state,
        Message.why,
        Message.created_at,
        Message.sent_at,
        Message.shown,
        Message.address,
        Person.name,
    ).outerjoin(Person, Person.id == Message.person_id)
    notices = notices_of(request.portal.domains)
    private = sorted(name for name, one in notices.items() if one.kind.private)
    statement = statement.where(Message.kind.not_in(private))
    page = MESSAGES.page(request.db, statement, request.asked("after"))
    shown = {row.id: json.loads(row.shown) for row in page.rows if row.shown}
    return screen(
        "outbox/messages.html",
        page=page,
        shown=shown,
        titles={name: notice.title for name, notice in notices.items()},
        base=str(URL(request.settings.base_url).path).rstrip("/"),
        has_server=bool(request.settings.smtp_url),
    )
