"""Messages as their readers and their notices see them: what was told, the agency's words, their tokens."""

import hashlib
import hmac
import json
from collections.abc import Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.messages.kinds import Envelope
from portal.messages.models import Wording
from portal.settings import Settings


def token_of(settings: Settings, mail_id: str) -> str:
    """The token of a mail's link: made from its random id with the agency's secret, so that a repeat after
    a crash carries the same one, and the database alone does not give it away."""
    return _made_of(settings, "token", mail_id)


def code_of(settings: Settings, mail_id: str, digits: int = 6) -> str:
    """So many digits that can be typed instead."""
    return f"{int(_made_of(settings, 'code', mail_id), 16) % 10**digits:0{digits}}"


def _made_of(settings: Settings, what: str, mail_id: str) -> str:
    made = f"mail {what}:{mail_id}".encode()
    return hmac.new(settings.secret_key.encode(), made, hashlib.sha256).hexdigest()


def token_hash(token: str) -> str:
    """The hash under which a mail's token is stored."""
    return hashlib.sha256(token.encode(errors="replace")).hexdigest()


def code_hash(settings: Settings, message_id: int, code: str) -> str:
    """The hash of a code that can be typed; keyed, since six digits alone are quickly guessed."""
    return hmac.new(
        settings.secret_key.encode(), f"{message_id}:{code}".encode(), hashlib.sha256
    ).hexdigest()


def envelope_of(row: Any, language: str, token: str = "", code: str = "") -> Envelope:
    """A message row as its notice sees it."""
    return Envelope(
        row.id,
        row.kind,
        row.person_id,
        row.subject_id,
        told_of(row),
        token,
        code,
        language,
        row.mail_id,
    )


def wording_of(db: Session, kind: str, language: str) -> tuple[str, str] | None:
    """The agency's own words for a kind of message, if it wrote some in this language."""
    found = db.execute(
        select(Wording.subject, Wording.body).where(
            Wording.kind == kind, Wording.language == language
        )
    ).one_or_none()
    return (found.subject, found.body) if found else None


def told_of(row: Any) -> Mapping[str, Any]:
    """What was kept with a message because it would be gone by now."""
    return json.loads(row.told) if row.told else {}
