"""Two links, each good for one object: one goes on with a draft, the other shows an application to whoever
sent it. Each is made from the row's random id with the agency's secret; the database holds its hash (SECURITY
A6)."""

import hmac
import secrets
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from portal.messages.envelopes import token_hash, token_of
from portal.programs.application_models import OPEN_APPLICATIONS, Application
from portal.recruitment.models import ApplicationDraft
from portal.settings import Settings
from portal.web.errors import NotFound

AFTER_END = timedelta(days=60)
"""How long an application can be seen by its link after it was decided."""


def draft_token(settings: Settings, link_id: str) -> str:
    """The token of the page on which a draft is filled in."""
    return token_of(settings, f"application draft {link_id}")


def application_token(settings: Settings, link_id: str) -> str:
    """The token of the page that shows an application to whoever sent it."""
    return token_of(settings, f"application {link_id}")


def draft_path(settings: Settings, link_id: str) -> str:
    """The address of a draft, from the root."""
    return f"/applying/{draft_token(settings, link_id)}"


def application_path(settings: Settings, link_id: str) -> str:
    """The address of an application's own page, from the root."""
    return f"/applied/{application_token(settings, link_id)}"


def mailed_proof(settings: Settings, link_id: str) -> str:
    """What only a mail holds: whoever presses the button behind it reads that mail."""
    return token_of(settings, f"application mail {link_id}")


def mailed_path(settings: Settings, link_id: str) -> str:
    """The address of an application's own page as a mail says it."""
    return f"{application_path(settings, link_id)}/mail/{mailed_proof(settings, link_id)}"


def is_mailed(settings: Settings, link_id: str, proof: str) -> bool:
    """Whether a proof is the one that was mailed."""
    return hmac.compare_digest(mailed_proof(settings, link_id).encode(), proof.encode())


def new_link(settings: Settings, *, draft: bool = False) -> dict[str, str]:
    """The columns of a new link."""
    link_id = secrets.token_hex(16)
    make = draft_token if draft else application_token
    return {"link_id": link_id, "link_hash": token_hash(make(settings, link_id))}


def draft_of(db: Session, token: str, at: datetime) -> ApplicationDraft:
    """The draft of a link. Raises NotFound for one that is over."""
    found = db.scalar(
        select(ApplicationDraft).where(
            ApplicationDraft.link_hash == token_hash(token), ApplicationDraft.ends_at > at
        )
    )
    if found is None:
        raise NotFound
    return found


def application_of(db: Session, token: str, at: datetime) -> Application:
    """The application of a link, while it is open and for 60 days after. Raises NotFound otherwise."""
    found = db.scalar(select(Application).where(Application.link_hash == token_hash(token)))
    if found is None:
        raise NotFound
    if found.state not in OPEN_APPLICATIONS and found.state_since + AFTER_END < at:
        raise NotFound
    return found


UNMADE = "unmade"
"""How the hash begins of an application whose link no one could make yet: the upgrade has no secret."""


def unmade() -> ColumnElement[bool]:
    """Inside a query: whether an application's link has to be made yet."""
    return Application.link_hash.like(f"{UNMADE}%")


def make_anew(db: Session, settings: Settings, *, every: bool = False) -> int:
    """Make the links that the upgrade left open or, for a new secret, `every` one; gives how many."""
    applications = select(Application)
    if not every:
        applications = applications.where(unmade())
    found = db.scalars(applications.limit(None if every else 200)).all()
    for one in found:
        one.link_hash = token_hash(application_token(settings, one.link_id))
    if every:
        for draft in db.scalars(select(ApplicationDraft)):
            draft.link_hash = token_hash(draft_token(settings, draft.link_id))
    return len(found)
