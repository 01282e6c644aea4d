"""A request's history, and whom it tells."""

from typing import Any

from sqlalchemy.orm import Session

from portal.act import Act
from portal.messages.outside import Outsider, tell_outsider
from portal.outreach import message_kinds
from portal.outreach.models import (
    RequestEvent,
    TalkRequest,
)
from portal.people.notify import notify
from portal.web.errors import NotFound

REQUEST = "talk_request"


def lock_request(db: Session, request: TalkRequest) -> None:
    """Hold a request still until the transaction ends, and read it anew."""
    found = db.get(
        TalkRequest,
        request.id,
        populate_existing=True,
        with_for_update={"of": TalkRequest, "key_share": True},
    )
    if found is None:
        raise NotFound


def note_event(act: Act, request: TalkRequest, done: str, words: str = "") -> None:
    """Write into a request's history."""
    act.db.add(
        RequestEvent(
            request_id=request.id, at=act.at, by_id=act.by.person_id, done=done, words=words
        )
    )


def tell_requester(act: Act, kind: Any, request: TalkRequest, **told: Any) -> None:
    """Tell whoever asked, about the request."""
    whom = Outsider(
        request.contact_name, request.language, request.contact_email, request.contact_phone
    )
    tell_outsider(act, kind, (REQUEST, request.id), whom, program_id=request.program_id, told=told)


def tell_owner(act: Act, request: TalkRequest, what: str) -> None:
    """Tell whoever looks after a request that the other side did something."""
    tell_news(act, request, request.owner_id, what)


def tell_news(act: Act, request: TalkRequest, person_id: int | None, what: str) -> None:
    """Tell someone of the staff, unless they did it themselves, what happened to a request."""
    if person_id and person_id != act.by.person_id:
        notify(act, message_kinds.NEWS, request, [person_id], told={"what": what})
