"""Taking someone who leaves off coming meetings."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from portal import clock
from portal.act import Act
from portal.meetings import invitees
from portal.meetings.meetings import EXPECTED
from portal.meetings.models import Answer, Invitee, Meeting
from portal.meetings.scopes import belongs
from portal.people.departures import Engagement, Leaver
from portal.people.models import Leaving
from portal.people.people import lock_people
from portal.permissions import COMMAND_LINE
from portal.programs.placements import from_day
from portal.words import text

ALTOGETHER = (Leaving.ENDED, Leaving.ON_LEAVE)


def release(db: Session, leaver: Leaver, at: datetime) -> list[int | None]:
    """Take a leaver off every coming meeting they no longer belong to; it leaves no gap."""
    lock_people(db, [leaver.person_id])
    for row in _listed(db, leaver):
        invitees.remove(Act(db, COMMAND_LINE, at), row.meeting, leaver.person_id, leaves=True)
    return []


def engaged(db: Session, leaver: Leaver, at: datetime) -> list[Engagement]:
    """The coming meetings that a leaver would be taken off."""
    return [
        Engagement(
            text("Meeting"),
            row.meeting.title,
            row.meeting.program_id,
            row.meeting.starts_at,
            row.meeting.zone,
        )
        for row in _listed(db, leaver)
        if row.answer in EXPECTED and row.meeting.canceled_at is None
    ]


def _listed(db: Session, leaver: Leaver) -> Sequence[Invitee]:
    """The meetings ahead on whose lists they are: all, or those of a program in which they have no role, and
    are no staff, from then on."""
    rows = (
        select(Invitee)
        .join(Meeting, Meeting.id == Invitee.meeting_id)
        .where(
            Invitee.person_id == leaver.person_id,
            Invitee.answer != Answer.REMOVED,
            Meeting.starts_at >= leaver.starts,
        )
        .options(joinedload(Invitee.meeting))
        .order_by(Invitee.meeting_id)
    )
    if leaver.cause not in ALTOGETHER:
        stays = belongs(
            leaver.person_id, Meeting.program_id, from_day(clock.local_day(leaver.starts, "UTC"))
        )
        rows = rows.where(Meeting.program_id == leaver.program_id, ~stays)
    return db.scalars(rows).all()
