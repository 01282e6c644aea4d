"""What happened with a person's record: who changed it, gave or ended a role, and when."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import and_, case, or_, select, true
from sqlalchemy.orm import Session, aliased

from portal.audit.models import AuditEntry
from portal.people.models import Person
from portal.permissions import Permission, Viewer
from portal.programs.models import Program
from portal.programs.scopes import in_viewers_programs
from portal.reads import read
from portal.words import Words, text

MOST = 40
ACTION_WORDS: Mapping[str, Words] = {
    "person.added": text("Added to the portal"),
    "person.edited": text("Profile changed"),
    "person.status": text("Status changed"),
    "person.left": text("Left"),
    "equipment.returned": text("Returned keys, badge, or equipment"),
    "placement.made": text("Role assigned"),
    "placement.ended": text("Role ended"),
    "application.submitted": text("Applied for a role"),
    "application.withdrawn": text("Withdrew an application"),
    "supervision.given": text("Supervisor assigned"),
    "supervision.ended": text("Supervision ended"),
    "note.added": text("Note added"),
    "note.struck": text("Note marked as wrong"),
    "people.merged": text("Another record was merged into this one"),
    "people.unmerged": text("The merge was undone"),
    "letter.made": text("Letter written"),
}
"""The acts that the history tells of. What a screener did is not among them."""


class HistoryLine(NamedTuple):
    """An act as the history prints it; `actor` is empty for the portal itself."""

    at: datetime
    action: str
    actor: str | None
    program: str | None
    translations: Mapping[str, str] | None


_actor = aliased(Person)


def history_of(db: Session, viewer: Viewer, person_id: int) -> Sequence[HistoryLine]:
    """The newest acts on a person's record, of no program or of those whose people the viewer manages.

    Who acted in no program is named to the agency alone: they may be staff of a program that the viewer does
    not know of.
    """
    mine = in_viewers_programs(AuditEntry.program_id, viewer, Permission.PEOPLE_MANAGE)
    everywhere = viewer.everywhere(Permission.PEOPLE_MANAGE)
    own = AuditEntry.actor_id == viewer.person_id
    named = true() if everywhere else or_(and_(AuditEntry.program_id.is_not(None), mine), own)
    return read(
        db,
        HistoryLine,
        select(
            AuditEntry.at,
            AuditEntry.action,
            case((named, _actor.name), else_=None).label("actor"),
            Program.name.label("program"),
            Program.translations,
        )
        .outerjoin(_actor, _actor.id == AuditEntry.actor_id)
        .outerjoin(Program, Program.id == AuditEntry.program_id)
        .where(
            AuditEntry.person_id == person_id,
            AuditEntry.action.in_(sorted(ACTION_WORDS)),
            or_(AuditEntry.program_id.is_(None), mine),
        )
        .order_by(AuditEntry.id.desc())
        .limit(MOST),
    )
