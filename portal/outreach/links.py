"""The two links of a request: one proves an address, the other shows how it stands. Each is made from the
request's random id with the agency's secret, so that every mail and letter can carry it again, and the
database alone does not give it away."""

import secrets
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.messages.envelopes import token_hash, token_of
from portal.outreach.models import LIVE_STATES, WAITING_STATES, RequestState, TalkRequest
from portal.outreach.talk_models import Presentation
from portal.settings import Settings
from portal.web.errors import NotFound

AFTER_EVENT = timedelta(days=30)
AFTER_END = timedelta(days=30)
PROOF_LASTS = timedelta(days=7)


def status_token(settings: Settings, link_id: str) -> str:
    """The token of the page that shows how a request stands."""
    return token_of(settings, f"talk status {link_id}")


def proof_token(settings: Settings, link_id: str) -> str:
    """The token that proves the address a request came with."""
    return token_of(settings, f"talk proof {link_id}")


def new_links(settings: Settings) -> dict[str, str]:
    """A request's columns for new links."""
    link_id = secrets.token_hex(16)
    return {
        "link_id": link_id,
        "status_hash": token_hash(status_token(settings, link_id)),
        "proof_hash": token_hash(proof_token(settings, link_id)),
    }


def make_anew(db: Session, settings: Settings) -> None:
    """Make every link of the requests with this secret: those that were mailed with another one end."""
    for row in db.scalars(select(TalkRequest)):
        row.status_hash = token_hash(status_token(settings, row.link_id))
        row.proof_hash = token_hash(proof_token(settings, row.link_id))


def status_path(settings: Settings, link_id: str) -> str:
    """The address of that page, from the root."""
    return f"/requests/{status_token(settings, link_id)}"


def by_status_token(db: Session, token: str, at: datetime) -> TalkRequest:
    """The request of a status link. It works until some weeks after the last talk or, where there is none,
    after the end. Raises NotFound otherwise."""
    found = db.scalar(select(TalkRequest).where(TalkRequest.status_hash == token_hash(token)))
    if found is None or _is_over(db, found, at):
        raise NotFound
    return found


def _is_over(db: Session, request: TalkRequest, at: datetime) -> bool:
    if request.state in (RequestState.UNPROVED, *WAITING_STATES):
        return False
    last = db.scalar(
        select(func.max(Presentation.ends_at)).where(Presentation.request_id == request.id)
    )
    if last is not None:
        return last + AFTER_EVENT < at
    ended = request.state not in LIVE_STATES
    return ended and (request.decided_at or request.received_at) + AFTER_END < at


def by_proof_token(db: Session, token: str, at: datetime) -> TalkRequest:
    """The request whose address a link proves. Raises NotFound for an old one."""
    found = db.scalar(
        select(TalkRequest).where(
            TalkRequest.proof_hash == token_hash(token),
            TalkRequest.received_at > at - PROOF_LASTS,
        )
    )
    if found is None:
        raise NotFound
    return found
