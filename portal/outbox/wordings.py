"""Wordings: how an agency words each kind of message, in each language."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.act import Act, Ref
from portal.audit.log import record
from portal.messages.models import Wording
from portal.web.errors import Refused, unless_stale
from portal.words import text


def wording_of(db: Session, kind: str, language: str) -> Wording | None:
    """The agency's own words; None where ours are used."""
    return db.scalar(select(Wording).where(Wording.kind == kind, Wording.language == language))


def wording_values(row: Wording | None) -> dict[str, Any]:
    """A wording as the form holds it; version 0 where there is none yet."""
    if row is None:
        return {"subject": "", "body": "", "version": 0}
    return {"subject": row.subject, "body": row.body, "version": row.version}


def save_wording(
    act: Act, kind: str, language: str, subject: str, body: str, version: int | None
) -> None:
    """Word a kind of message; two empty fields go back to our words. Raises Stale if someone else saved
    it since `version`."""
    row = wording_of(act.db, kind, language)
    unless_stale(wording_values(row), version or 0)
    if bool(subject) != bool(body):
        raise Refused(text("Enter both the subject and the message, or leave both blank."))
    if not subject:
        if row:
            act.db.delete(row)
    elif row:
        row.subject, row.body = subject, body
    else:
        row = Wording(kind=kind, language=language, subject=subject, body=body)
        act.db.add(row)
    record(act, "wording.edited", row or Ref("wording", None), f"{kind} {language}")
