"""The link by which a parent or guardian signs for a minor, made as an application's is (SECURITY A6)."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from portal.messages.envelopes import token_hash, token_of
from portal.people.models import Status
from portal.screening.guardian_models import GuardianRequest, GuardianState
from portal.settings import Settings
from portal.web.errors import NotFound


def guardian_token(settings: Settings, link_id: str) -> str:
    """The token of the page on which they sign."""
    return token_of(settings, f"guardian {link_id}")


def guardian_path(settings: Settings, link_id: str) -> str:
    """The address of that page, from the root."""
    return f"/guardian/{guardian_token(settings, link_id)}"


def by_token(db: Session, token: str, at: datetime) -> GuardianRequest:
    """What a link asks for, while it is good and the minor is with us. Raises NotFound otherwise."""
    found = db.scalar(
        select(GuardianRequest)
        .options(joinedload(GuardianRequest.person), joinedload(GuardianRequest.program))
        .where(
            GuardianRequest.link_hash == token_hash(token),
            GuardianRequest.ends_at > at,
            GuardianRequest.state != GuardianState.ENDED,
        )
    )
    if found is None or found.person.status == Status.ENDED:
        raise NotFound
    return found


def make_anew(db: Session, settings: Settings) -> None:
    """Make every link for a new secret."""
    for row in db.scalars(select(GuardianRequest)):
        row.link_hash = token_hash(guardian_token(settings, row.link_id))
