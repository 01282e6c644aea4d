"""Meetings: planning, changing and canceling them."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from portal.act import Act
from portal.audit.log import record
from portal.commitments.commitments import clashes, free_time, move_time
from portal.commitments.kinds import MEETING
from portal.images import watch
from portal.meetings import notices
from portal.meetings.models import Answer, Invitee, Meeting
from portal.meetings.scopes import outsiders
from portal.meetings.undoable import MEETINGS
from portal.messages.kinds import Kind
from portal.messages.models import Message, State
from portal.people.notify import tell_each
from portal.people.people import lock_people
from portal.programs.models import Program, Site
from portal.web.errors import Again, NotFound, Refused, unless_stale
from portal.words import text

LONGEST = timedelta(hours=12)
"""What ends earlier than it starts ends the next day; a slip of the clock makes more than this."""
COLUMNS = ("kind", "title", "note", "online_link", "site_id", "starts_at", "ends_at", "zone")
PLACE = ("site_id", "online_link", "starts_at", "ends_at")
"""What people are told about when it changes."""
EXPECTED = (Answer.ASKED, Answer.YES)


def plan(act: Act, program: Program, values: Mapping[str, Any]) -> Meeting:
    """Write a meeting. No one is told before they are invited."""
    if program.closed_at:
        raise Refused(text("This program is closed."))
    _check(act, program.id, values)
    meeting = Meeting(program=program, since=act.at, revised_at=act.at)
    for name in COLUMNS:
        setattr(meeting, name, values[name])
    act.db.add(meeting)
    act.db.flush()
    watch(act, MEETINGS, [meeting.id], new=True)
    record(act, "meeting.planned", meeting)
    return meeting


def edit(act: Act, meeting: Meeting, values: Mapping[str, Any], version: int | None) -> None:
    """Change a meeting. Whoever is expected is told of another time or place; who is busy then is named."""
    locked = people_of(act.db, meeting.id)
    lock_people(act.db, locked)
    lock_meeting(act.db, meeting.id)
    unless_stale(meeting_values(meeting), version)
    refuse_over(meeting, act.at)
    _check(act, meeting.program_id, values)
    watch(act, MEETINGS, [meeting.id])
    rows = expected(act.db, meeting.id)
    if not {row.person_id for row in rows} <= set(locked):
        raise Again
    if (values["starts_at"], values["ends_at"]) != (meeting.starts_at, meeting.ends_at):
        _move(act.db, rows, values["starts_at"], values["ends_at"])
    if any(values[name] != getattr(meeting, name) for name in PLACE):
        before = {name: getattr(meeting, name).isoformat() for name in ("starts_at", "ends_at")}
        meeting.sequence += 1
        _tell(act, notices.CHANGED, meeting, rows, before)
    for name in COLUMNS:
        setattr(meeting, name, values[name])
    meeting.revised_at = act.at
    act.db.flush()
    act.db.expire(meeting, ["site"])
    _refuse_outsiders(act, meeting)
    record(act, "meeting.edited", meeting)


def cancel(act: Act, meeting: Meeting, reason: str) -> None:
    """Cancel a meeting: everyone expected is free and told. Twice is once."""
    lock_people(act.db, people_of(act.db, meeting.id))
    lock_meeting(act.db, meeting.id)
    if meeting.canceled_at:
        return
    refuse_over(meeting, act.at)
    watch(act, MEETINGS, [meeting.id])
    rows = expected(act.db, meeting.id)
    free_time(act.db, MEETING, [row.id for row in rows])
    meeting.canceled_at, meeting.canceled_reason = act.at, reason
    meeting.sequence, meeting.revised_at = meeting.sequence + 1, act.at
    act.db.flush()
    _tell(act, notices.CANCELED, meeting, rows)
    record(act, "meeting.canceled", meeting)


def meeting_values(meeting: Meeting) -> dict[str, Any]:
    """A meeting as its form holds it."""
    return {name: getattr(meeting, name) for name in (*COLUMNS, "version")}


def lock_meeting(db: Session, meeting_id: int) -> Meeting:
    """Hold a meeting still until the transaction ends, and read it anew."""
    db.execute(select(Meeting.id).where(Meeting.id == meeting_id).with_for_update()).all()
    meeting = db.get(Meeting, meeting_id, populate_existing=True)
    if meeting is None:
        raise NotFound
    return meeting


def refuse_over(meeting: Meeting, at: datetime) -> None:
    """Raise Refused when a meeting was canceled or has begun."""
    if meeting.canceled_at:
        raise Refused(text("This meeting was canceled."))
    if meeting.starts_at <= at:
        raise Refused(text("This meeting has begun."))


def expected(db: Session, meeting_id: int) -> Sequence[Invitee]:
    """Everyone who said yes, or didn't answer yet."""
    return db.scalars(
        select(Invitee)
        .where(Invitee.meeting_id == meeting_id, Invitee.answer.in_(EXPECTED))
        .options(joinedload(Invitee.person))
        .order_by(Invitee.id)
        .execution_options(populate_existing=True)
    ).all()


def people_of(db: Session, meeting_id: int) -> list[int]:
    """The ids of everyone a meeting may engage, in the order in which they are locked."""
    rows = select(Invitee.person_id).where(Invitee.meeting_id == meeting_id)
    return sorted(db.scalars(rows))


def _move(db: Session, rows: Sequence[Invitee], starts_at: datetime, ends_at: datetime) -> None:
    comes = [row for row in rows if row.answer == Answer.YES]
    busy = [
        row.person.name
        for row in comes
        if any(
            (one.kind, one.source_id) != (MEETING, row.id)
            for one in clashes(db, row.person_id, starts_at, ends_at)
        )
    ]
    if busy:
        raise Refused(
            text(
                "These people are busy at that time: %(names)s. Choose another time, or first enter that "
                "they can't come.",
                names=", ".join(sorted(busy)),
            )
        )
    move_time(db, MEETING, [row.id for row in comes], starts_at, ends_at)


def _refuse_outsiders(act: Act, meeting: Meeting) -> None:
    """Refuse a confidential place while people from outside the program are on the list: they would read it."""
    if names := outsiders(act.db, meeting):
        words = text(
            "Only people of the program may know this location. Remove: %(names)s.",
            names=", ".join(names),
        )
        raise Refused(fields={"site_id": words})


def unheard(db: Session, kind: Kind, ids: Sequence[int]) -> set[int]:
    """Those invitees whose message of a kind is still to be sent: it says by itself what is so then."""
    waiting = select(Message.subject_id).where(
        Message.subject_kind == Invitee.noun,
        Message.subject_id.in_(ids),
        Message.kind == kind.name,
        Message.state == State.QUEUED,
        Message.tries == 0,
    )
    return set(db.scalars(waiting))


def _tell(
    act: Act,
    kind: Kind,
    meeting: Meeting,
    rows: Sequence[Invitee],
    told: Mapping[str, Any] | None = None,
) -> None:
    asked = [row.id for row in rows if row.answer == Answer.ASKED]
    new = unheard(act.db, notices.INVITED, asked)
    new |= unheard(act.db, kind, [row.id for row in rows])
    whom = {row.id: row.person_id for row in rows if row.id not in new}
    tell_each(act, kind, Invitee.noun, whom, program_id=meeting.program_id, told=told)


def _check(act: Act, program_id: int, values: Mapping[str, Any]) -> None:
    if values["starts_at"] <= act.at:
        raise Refused(fields={"day": text("Enter a date and time that are still ahead.")})
    if not timedelta() < values["ends_at"] - values["starts_at"] <= LONGEST:
        words = text("Enter an end time after the start, at most 12 hours later.")
        raise Refused(fields={"ends": words})
    if values["site_id"] is None:
        if not values["online_link"]:
            nowhere = text("Select a location, or enter a link if it's online.")
            raise Refused(fields={"site_id": nowhere})
        return
    site = act.db.get(Site, values["site_id"])
    if site is None or site.program_id not in (None, program_id):
        raise Refused(fields={"site_id": text("Select a location of this program.")})
    if site.closed_at:
        raise Refused(fields={"site_id": text("This location is closed. Select another.")})
