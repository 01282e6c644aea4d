"""The link by which someone answers for an applicant, made as an application's is (SECURITY A6)."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from portal.messages.envelopes import token_hash, token_of
from portal.programs.application_models import OPEN_APPLICATIONS, Application
from portal.screening.models import Reference, ReferenceState
from portal.settings import Settings
from portal.web.errors import NotFound


def reference_token(settings: Settings, link_id: str) -> str:
    """The token of the form that someone answers."""
    return token_of(settings, f"reference {link_id}")


def reference_path(settings: Settings, link_id: str) -> str:
    """The address of that form, from the root."""
    return f"/reference/{reference_token(settings, link_id)}"


def by_token(db: Session, token: str, at: datetime) -> Reference:
    """The reference of a link, while its application is open. Raises NotFound otherwise."""
    found = db.scalar(
        select(Reference)
        .join(Application, Application.id == Reference.application_id)
        .options(joinedload(Reference.application).joinedload(Application.person))
        .where(
            Reference.link_hash == token_hash(token),
            Reference.ends_at > at,
            Reference.state != ReferenceState.ENDED,
            Application.state.in_(OPEN_APPLICATIONS),
        )
    )
    if found is None:
        raise NotFound
    return found


def make_anew(db: Session, settings: Settings) -> None:
    """Make every link for a new secret."""
    for row in db.scalars(select(Reference)):
        row.link_hash = token_hash(reference_token(settings, row.link_id))
