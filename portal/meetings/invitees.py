"""Who is invited to a meeting: inviting, answering, removing."""

from collections.abc import Sequence
from functools import partial
from typing import NamedTuple

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal import clock
from portal.act import Act, Ref
from portal.audit.log import record
from portal.commitments.commitments import Clash, clashes, commit_time, free_time
from portal.commitments.kinds import MEETING
from portal.images import watch
from portal.meetings import notices
from portal.meetings.meetings import EXPECTED, lock_meeting, refuse_over, unheard
from portal.meetings.models import Answer, Invitee, Meeting
from portal.meetings.scopes import group_of, may_be_invited, may_come
from portal.meetings.undoable import MEETINGS
from portal.people.models import Person
from portal.people.notify import notify, tell_each
from portal.people.people import BEST_PHONE, MAILABLE, lock_people
from portal.permissions import Viewer
from portal.reads import read
from portal.web.errors import NotFound, Refused, unless_seen
from portal.words import Words, text

MOST_PEOPLE = 500


class Invited(NamedTuple):
    """Someone who would be invited: by email, or without one by a call to this number."""

    id: int
    name: str
    phone: str | None
    mailable: bool


def people_found(
    db: Session, viewer: Viewer, meeting: Meeting, whom: int | None, person_id: int | None
) -> Sequence[Invited]:
    """Those of a group, and one person, whom a viewer may invite and who aren't invited yet, by name."""
    people = may_be_invited(viewer, meeting).where(Person.id == person_id)
    if whom is not None:
        own = may_be_invited(viewer, meeting).where(Person.id == person_id)
        of_group = group_of(viewer, meeting, whom).with_only_columns(Person.id)
        both = of_group.union(own.with_only_columns(Person.id)).subquery()
        people = select(Person).where(Person.id.in_(select(both)))
    there = select(Invitee.person_id).where(
        Invitee.meeting_id == meeting.id, Invitee.answer != Answer.REMOVED
    )
    rows = people.where(Person.id.not_in(there)).order_by(Person.name, Person.id)
    columns = (Person.id, Person.name, BEST_PHONE.label("phone"), MAILABLE.label("mailable"))
    return read(db, Invited, rows.with_only_columns(*columns).limit(MOST_PEOPLE + 1))


def invite(
    act: Act, meeting: Meeting, whom: int | None, person_id: int | None, seen: str
) -> Sequence[Invited]:
    """Invite a group, one person, or both, and ask them whether they can come. Raises Preview unless the list
    of them was `seen`."""
    meeting = lock_meeting(act.db, meeting.id)
    refuse_over(meeting, act.at)
    if meeting.program.closed_at:
        raise Refused(text("This program is closed."))
    people = people_found(act.db, act.by, meeting, whom, person_id)
    _refuse_outsider(act, meeting, person_id)
    if not people:
        raise Refused(fields={"whom": text("Everyone you selected is invited already.")})
    there = select(func.count()).where(
        Invitee.meeting_id == meeting.id, Invitee.answer != Answer.REMOVED
    )
    if len(people) + (act.db.scalar(there) or 0) > MOST_PEOPLE:
        words = text("At most %(n)s people can be invited to one meeting.", n=MOST_PEOPLE)
        raise Refused(fields={"whom": words})
    unless_seen(people, seen)
    watch(act, MEETINGS, [meeting.id])
    again = {
        row.person_id: row
        for row in act.db.scalars(
            select(Invitee).where(
                Invitee.meeting_id == meeting.id, Invitee.person_id.in_([one.id for one in people])
            )
        )
    }
    for one in people:
        row = again.get(one.id) or Invitee(meeting=meeting, person_id=one.id)
        row.answer, row.asked, row.since = Answer.ASKED, None, act.at
        act.db.add(row)
        again[one.id] = row
    act.db.flush()
    whom_told = {row.id: row.person_id for row in again.values()}
    tell_each(act, notices.INVITED, Invitee.noun, whom_told, program_id=meeting.program_id)
    for one in people:
        record(act, "meeting.invited", Ref(meeting.noun, meeting.id, one.id, meeting.program_id))
    return people


def _refuse_outsider(act: Act, meeting: Meeting, person_id: int | None) -> None:
    """Refuse someone who may not know of the meeting."""
    own = may_be_invited(act.by, meeting).where(Person.id == person_id)
    if person_id and act.db.scalar(own.with_only_columns(Person.id)) is None:
        words = text("Only people who serve in this program can be invited to this meeting.")
        raise Refused(fields={"who": words})


def answer(act: Act, meeting: Meeting, person_id: int, *, yes: bool) -> None:
    """Say whether someone comes. A yes takes their time, unless something else does; a no gives it back."""
    lock_people(act.db, [person_id])
    meeting = lock_meeting(act.db, meeting.id)
    row = invitee_of(act.db, meeting.id, person_id)
    if row.answer == (Answer.YES if yes else Answer.NO):
        return
    refuse_over(meeting, act.at)
    watch(act, MEETINGS, [meeting.id])
    if yes:
        if not may_come(act.db, meeting, person_id):
            raise Refused(text("This meeting is for people who serve in its program now."))
        if found := clashes(act.db, person_id, meeting.starts_at, meeting.ends_at):
            raise Refused(_busy(act, person_id, found, meeting.zone))
        commit_time(act.db, person_id, MEETING, row.id, meeting.starts_at, meeting.ends_at)
        row.answer = Answer.YES
        if not unheard(act.db, notices.ACCEPTED, [row.id]):
            notify(act, notices.ACCEPTED, row, [person_id])
    else:
        came = row.answer == Answer.YES
        _give_back(act, row, Answer.NO)
        if came and not unheard(act.db, notices.ACCEPTED, [row.id]):
            notify(act, notices.TAKEN_BACK, row, [person_id])
    row.asked, row.since = act.asked, act.at
    act.db.flush()
    said = "meeting.accepted" if yes else "meeting.declined"
    record(act, said, Ref(meeting.noun, meeting.id, person_id, meeting.program_id))


def _busy(act: Act, person_id: int, found: Sequence[Clash], zone: str) -> Words:
    """Says with what time a yes clashes, never with what: it may be of a program one doesn't hold (Z5)."""
    first = found[0]
    when = partial(clock.span_text, first.starts_at, first.ends_at, zone, this_year=act.at.year)
    if act.by.person_id == person_id:
        return text("You have something else at that time: %(when)s.", when=when)
    name = act.db.get_one(Person, person_id).name
    return text("%(name)s has something else at that time: %(when)s.", name=name, when=when)


def remove(act: Act, meeting: Meeting, person_id: int, *, leaves: bool = False) -> None:
    """Take someone off the list, and tell them if they were expected. Twice is once. Whoever `leaves` is also
    taken off what was canceled."""
    lock_people(act.db, [person_id])
    meeting = lock_meeting(act.db, meeting.id)
    row = invitee_of(act.db, meeting.id, person_id, removed=True)
    if row.answer == Answer.REMOVED:
        return
    if not leaves:
        refuse_over(meeting, act.at)
    watch(act, MEETINGS, [meeting.id])
    was = row.answer
    _give_back(act, row, Answer.REMOVED)
    row.since = act.at
    act.db.flush()
    if was in EXPECTED and meeting.canceled_at is None:
        notify(act, notices.REMOVED, row, [person_id], told={"came": was == Answer.YES})
    record(act, "meeting.removed", Ref(meeting.noun, meeting.id, person_id, meeting.program_id))


def _give_back(act: Act, row: Invitee, becomes: Answer) -> None:
    if row.answer == Answer.YES:
        free_time(act.db, MEETING, [row.id])
        row.ended_before += 1
    row.answer = becomes


def invitee_of(db: Session, meeting_id: int, person_id: int, *, removed: bool = False) -> Invitee:
    """Someone's invitation, or NotFound; one that was taken back only if `removed`."""
    rows = select(Invitee).where(Invitee.meeting_id == meeting_id, Invitee.person_id == person_id)
    row = db.scalars(rows.execution_options(populate_existing=True)).one_or_none()
    if row is None or (row.answer == Answer.REMOVED and not removed):
        raise NotFound
    return row


class Line(NamedTuple):
    """Someone who is invited, as staff see them."""

    id: int
    person_id: int
    name: str
    phone: str | None
    answer: Answer


def lines_of(db: Session, meeting_id: int) -> Sequence[Line]:
    """Who is invited, by name."""
    return read(
        db,
        Line,
        select(
            Invitee.id, Invitee.person_id, Person.name, BEST_PHONE.label("phone"), Invitee.answer
        )
        .join(Person, Person.id == Invitee.person_id)
        .where(Invitee.meeting_id == meeting_id, Invitee.answer != Answer.REMOVED)
        .order_by(Person.name, Person.id)
        .limit(MOST_PEOPLE),
    )
