"""Meetings that fall into a closing."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from portal import clock
from portal.act import Act
from portal.closing import MOST_ITEMS, Closable, Decision, Do, Item, Span
from portal.meetings import meetings
from portal.meetings.models import Answer, Invitee, Meeting
from portal.meetings.scopes import managed_meetings
from portal.people.models import Person
from portal.permissions import Viewer
from portal.reads import by_key
from portal.words import text

LETTER = "m"


def _found(db: Session, viewer: Viewer, span: Span, at: datetime) -> Sequence[Item]:
    statement = (
        managed_meetings(viewer)
        .where(
            Meeting.starts_at < span.ends_at,
            Meeting.ends_at > span.starts_at,
            Meeting.starts_at > at,
            Meeting.canceled_at.is_(None),
            Meeting.site_id.is_not(None),
        )
        .order_by(Meeting.starts_at, Meeting.id)
        .options(joinedload(Meeting.program))
        .limit(MOST_ITEMS)
    )
    if span.site_id is not None:
        statement = statement.where(Meeting.site_id == span.site_id)
    if span.programs is not None:
        statement = statement.where(Meeting.program_id.in_(span.programs))
    rows = db.scalars(statement).all()
    names = _names(db, [row.id for row in rows])
    can = (Do.CANCEL, Do.MOVE, Do.ONLINE, Do.KEEP)
    return [
        Item(
            LETTER, row.id, row.title, row.program.name, row.starts_at, row.ends_at, row.zone,
            names.get(row.id, ()), f"/meetings/{row.id}", can,
        )
        for row in rows
    ]  # fmt: skip


def _names(db: Session, ids: Collection[int]) -> dict[int, tuple[str, ...]]:
    return by_key(
        db.execute(
            select(Invitee.meeting_id, Person.name)
            .join(Person, Person.id == Invitee.person_id)
            .where(Invitee.meeting_id.in_(ids), Invitee.answer == Answer.YES)
            .order_by(Invitee.id)
        )
    )


def _people(db: Session, ids: Collection[int]) -> Collection[int]:
    return set(db.scalars(select(Invitee.person_id).where(Invitee.meeting_id.in_(ids))))


def _settle(
    act: Act, meeting_id: int, decision: Decision, reason: str, gives: Mapping[type, Any]
) -> None:
    meeting = act.db.get_one(Meeting, meeting_id)
    if decision.do == Do.CANCEL:
        meetings.cancel(act, meeting, reason)
        return
    values = meetings.meeting_values(meeting)
    version = values.pop("version")
    if decision.do == Do.ONLINE:
        values |= {"site_id": None, "online_link": decision.link}
    else:
        starts = clock.to_local(meeting.starts_at, meeting.zone)
        day = starts.date() + timedelta(days=decision.days)
        starts_at = clock.as_calendars_do(day, starts.time(), meeting.zone)
        lasts = meeting.ends_at - meeting.starts_at
        values |= {"starts_at": starts_at, "ends_at": starts_at + lasts}
    meetings.edit(act, meeting, values, version)


MEETINGS_CLOSED = Closable(LETTER, text("Meetings"), _found, _people, _settle, undoable=True)
