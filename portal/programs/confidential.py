"""When a confidential place is told to those who go there, and the note that it was (SECURITY P10).

A program's staff always know it. Someone who goes there reads it from the day before, so that a spot
cannot be taken weeks ahead and given back only to learn an address.
"""

from datetime import date, datetime, timedelta

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from portal import clock
from portal.act import Ref
from portal.audit.log import record
from portal.audit.models import AuditEntry
from portal.web.request import Request

AHEAD = timedelta(days=1)
READ = "place.read"


def told_from(starts_at: datetime, zone: str) -> date:
    """The local day from which people who go there may read the place."""
    return clock.local_day(starts_at, zone) - AHEAD


def is_told(starts_at: datetime, zone: str, at: datetime) -> bool:
    """Whether people who go there may read the place now."""
    return clock.local_day(at, zone) >= told_from(starts_at, zone)


def note_reading(request: Request, about: Ref) -> None:
    """Note, once, that the viewer read the confidential place of something; no answer without the note."""
    about = about._replace(person_id=request.viewer.person_id)
    if not has_read(request.db, about):
        request.trail(lambda db: record(request.act.but(db=db), READ, about), must=True)


def has_read(db: Session, about: Ref) -> bool:
    """Whether it is noted that its person read the confidential place of something."""
    noted = exists().where(
        AuditEntry.subject_kind == about.noun,
        AuditEntry.subject_id == about.id,
        AuditEntry.action == READ,
        AuditEntry.person_id == about.person_id,
    )
    return bool(db.scalar(select(noted)))
