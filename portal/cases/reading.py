"""Reading cases: every read is noted before the answer is sent, and shown to the caseworker (SECURITY U1)."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from portal.act import Ref
from portal.audit.log import record
from portal.audit.models import AuditEntry
from portal.cases.models import Case
from portal.people.models import Person
from portal.reads import read
from portal.web.request import Request

OPENED, SEEN, LISTED = "case.opened", "case.seen", "case.listed"
MOST = 200


def note_opened(request: Request, case: Case) -> None:
    """Note that someone opens a case; without the note there is no page."""
    about = Ref(Case.noun, case.id, None, case.program_id)
    request.trail(lambda db: record(request.act.but(db=db), OPENED, about), must=True)


def note_seen(request: Request, case_id: int, program_id: int) -> None:
    """Note that someone sees the reference of a case, and what is asked for."""
    about = Ref(Case.noun, case_id, None, program_id)
    request.trail(lambda db: record(request.act.but(db=db), SEEN, about), must=True)


def note_listed(request: Request) -> None:
    """Note that someone sees a list of references: one line, however many there are."""
    about = Ref(Case.noun, None)
    request.trail(lambda db: record(request.act.but(db=db), LISTED, about), must=True)


class Looked(NamedTuple):
    """Someone did something with a case, or looked at it."""

    at: datetime
    action: str
    name: str | None


def who_looked(db: Session, case_id: int) -> Sequence[Looked]:
    """Who opened and changed a case, the latest first."""
    actor = aliased(Person)
    return read(
        db,
        Looked,
        select(AuditEntry.at, AuditEntry.action, actor.name)
        .outerjoin(actor, actor.id == AuditEntry.actor_id)
        .where(AuditEntry.subject_kind == Case.noun, AuditEntry.subject_id == case_id)
        .order_by(AuditEntry.id.desc())
        .limit(MOST),
    )
