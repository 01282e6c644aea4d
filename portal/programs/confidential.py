"""When a confidential place is told to those who go there, and the note that it was (SECURITY P10).

A program's staff always know it. Somebody who goes there reads it from the day before, so that a spot
cannot be taken weeks ahead and given back only to learn an address.
"""

from datetime import date, datetime, timedelta

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from portal import clock
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


def note_reading(request: Request, subject: tuple[str, int], program_id: int | None) -> None:
    """Note, once, that the viewer read the confidential place of something; no answer without the note."""
    by = request.viewer
    assert by.person_id
    if not has_read(request.db, by.person_id, subject):
        request.trail(
            lambda db: record(
                request.act.but(db=db), READ, subject, person_id=by.person_id, program_id=program_id
            ),
            must=True,
        )


def has_read(db: Session, person_id: int, subject: tuple[str, int]) -> bool:
    """Whether it is noted that a person read the confidential place of something."""
    kind, number = subject
    noted = exists().where(
        AuditEntry.subject_kind == kind,
        AuditEntry.subject_id == number,
        AuditEntry.action == READ,
        AuditEntry.person_id == person_id,
    )
    return bool(db.scalar(select(noted)))
