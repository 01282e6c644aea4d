"""The outbox, to be read."""

import json

from sqlalchemy import select
from starlette.datastructures import URL

from portal.messages.models import Message
from portal.outbox.notices import notices_of
from portal.people.models import Person
from portal.web.ids import as_id
from portal.web.page import Screen, screen
from portal.web.paging import PAGE_SIZE, cut
from portal.web.request import Request


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
    if (last_id := as_id(mark)) is not None:
        statement = statement.where(Message.id < last_id)
    page = cut(request.db.execute(statement).all(), lambda row: str(row.id))
    shown = {row.id: json.loads(row.shown) for row in page.rows if row.shown}
    return screen(
        "outbox/messages.html",
        page=page,
        shown=shown,
        titles={name: notice.title for name, notice in notices_of(request.portal.domains).items()},
        base=str(URL(request.settings.base_url).path).rstrip("/"),
        has_server=bool(request.settings.smtp_url),
    )
