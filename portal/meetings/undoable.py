"""What of meetings staff can undo: a meeting with who is invited, and their time."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from sqlalchemy import and_, select
from sqlalchemy.orm import Session, joinedload

from portal.act import Act
from portal.commitments.commitments import clashes, commit_time, free_time
from portal.commitments.kinds import MEETING
from portal.commitments.models import Commitment
from portal.images import RowChange, Undoable, hold_rows
from portal.meetings.models import Answer, Invitee, Meeting
from portal.meetings.scopes import outsiders
from portal.people.models import Status
from portal.permissions import Permission
from portal.programs.scopes import in_viewers_programs
from portal.web.errors import Refused
from portal.words import text


def _recheck(act: Act, changes: Sequence[RowChange], since: datetime) -> None:
    """Bring everyone's time to where the meetings are now. Refuse when someone who comes has something else
    then or is gone, and when outsiders would be on a closed list."""
    db = act.db
    ids = {one.id for one in changes if one.table == Meeting.__tablename__ and one.before}
    of_people = [one.id for one in changes if one.table == Invitee.__tablename__ and one.before]
    ids |= set(db.scalars(select(Invitee.meeting_id).where(Invitee.id.in_(of_people))))
    cannot: set[str] = set()
    for meeting in db.scalars(select(Meeting).where(Meeting.id.in_(ids)).order_by(Meeting.id)):
        cannot |= set(outsiders(db, meeting))
        if meeting.canceled_at is None:
            cannot |= set(_settle_time(db, meeting))
    if cannot:
        names = ", ".join(sorted(cannot))
        raise Refused(
            text("This can't be undone. These people can't come now: %(names)s.", names=names)
        )


def _settle_time(db: Session, meeting: Meeting) -> Iterator[str]:
    """Engage whoever said yes when the meeting is now, and no one else; gives the names of who can't."""
    listed = db.scalars(
        select(Invitee)
        .where(Invitee.meeting_id == meeting.id)
        .options(joinedload(Invitee.person))
        .order_by(Invitee.id)
        .execution_options(populate_existing=True)
    ).all()
    free_time(db, MEETING, [row.id for row in listed])
    for row in listed:
        if row.answer != Answer.YES:
            continue
        busy = clashes(db, row.person_id, meeting.starts_at, meeting.ends_at)
        if busy or row.person.status != Status.ACTIVE:
            yield row.person.name
        else:
            commit_time(db, row.person_id, MEETING, row.id, meeting.starts_at, meeting.ends_at)


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
    guards={Meeting: ("starts_at", "ends_at", "canceled_at", "site_id")},
)
