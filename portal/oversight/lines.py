"""The audit as auditors and privacy officers read it: who did what to which record, and never what it said.

Whom a record is about and the details stay out, as they would tell of checks and reports; so does every line
of a program that isn't public, which only those with a role in it know of (SECURITY P2).
"""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, aliased

from portal import clock
from portal.audit.models import AuditEntry
from portal.people.models import Person
from portal.programs.models import Program, Visibility
from portal.web.paging import Listing, PageOf

_actor = aliased(Person)


class Line(NamedTuple):
    """A line of the audit."""

    id: int
    at: datetime
    name: str | None
    action: str
    subject_kind: str
    subject_id: int | None
    program: str | None
    translations: Mapping[str, Any] | None


_LINES: Listing[Line] = Listing(Line, (AuditEntry.id,), newest_first=True)


def page(db: Session, after: str, *, upto: date | None, zone: str) -> PageOf[Line]:
    """A page of the audit, the newest first, up to the end of a day."""
    found = (
        select(
            AuditEntry.id,
            AuditEntry.at,
            _actor.name,
            AuditEntry.action,
            AuditEntry.subject_kind,
            AuditEntry.subject_id,
            Program.name.label("program"),
            Program.translations,
        )
        .outerjoin(_actor, _actor.id == AuditEntry.actor_id)
        .outerjoin(Program, Program.id == AuditEntry.program_id)
        .where(or_(AuditEntry.program_id.is_(None), Program.visibility == Visibility.PUBLIC))
    )
    if upto is not None:
        found = found.where(AuditEntry.at < clock.start_of_day(upto + clock.ONE_DAY, zone))
    return _LINES.page(db, found, after)
