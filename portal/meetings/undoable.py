"""What of meetings staff can undo: a meeting with who is invited, and their time."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from portal.act import Act
from portal.commitments.commitments import clashes
from portal.commitments.kinds import MEETING
from portal.commitments.models import Commitment
from portal.images import RowChange, Undoable, hold_rows
from portal.meetings.models import Answer, Invitee, Meeting
from portal.people.models import Person, Status
from portal.permissions import Permission
from portal.programs.scopes import in_viewers_programs
from portal.web.errors import Refused
from portal.words import text


def _recheck(act: Act, changes: Sequence[RowChange], since: datetime) -> None:
    """Refuse when someone who would come again, or at another time, has something else then or is gone."""
    cannot = {
        row.name
        for row in _back(act.db, changes)
        if row.status == Status.ENDED
        or any(
            (one.kind, one.source_id) != (MEETING, row.id)
            for one in clashes(act.db, row.person_id, row.starts_at, row.ends_at)
        )
    }
    if cannot:
        names = ", ".join(sorted(cannot))
        raise Refused(
            text("This can't be undone. These people can't come now: %(names)s.", names=names)
        )


def _back(db: Session, changes: Sequence[RowChange]) -> Sequence[Any]:
    """Who comes again, or at another time."""
    ids = {one.id for one in changes if one.table == Invitee.__tablename__ and one.before}
    times = [one for one in changes if one.table == Commitment.__tablename__]
    ids |= {one.before["source_id"] for one in times if one.before and "source_id" in one.before}
    moved = [one.id for one in times if one.before and one.after]
    source = select(Commitment.source_id).where(
        Commitment.id.in_(moved), Commitment.kind == MEETING
    )
    columns = (
        Invitee.id,
        Invitee.person_id,
        Person.name,
        Person.status,
        Meeting.starts_at,
        Meeting.ends_at,
    )
    return db.execute(
        select(*columns)
        .join(Person, Person.id == Invitee.person_id)
        .join(Meeting, Meeting.id == Invitee.meeting_id)
        .where(
            or_(Invitee.id.in_(ids), Invitee.id.in_(source)),
            Invitee.answer == Answer.YES,
            Meeting.canceled_at.is_(None),
        )
        .order_by(Invitee.id)
    ).all()


MEETINGS = Undoable(
    "meeting",
    Meeting.noun,
    {
        Meeting: Meeting.id.in_,
        Invitee: Invitee.meeting_id.in_,
        Commitment: lambda ids: and_(
            Commitment.kind == MEETING,
            Commitment.source_id.in_(select(Invitee.id).where(Invitee.meeting_id.in_(ids))),
        ),
    },
    lambda viewer: select(Meeting.id, Meeting.program_id).where(
        in_viewers_programs(Meeting.program_id, viewer, Permission.SHIFTS_MANAGE)
    ),
    hold_rows(Meeting),
    recheck=_recheck,
    guards={Meeting: ("starts_at", "ends_at", "canceled_at")},
)
