"""Which meetings a viewer may see or manage, and whom they may invite. Checks live in the query."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, or_, select
from sqlalchemy.orm import Session

from portal import clock
from portal.meetings.models import Answer, Invitee, Meeting
from portal.people.models import Membership, Person, Status
from portal.permissions import Permission, Viewer
from portal.programs.models import Placement, Program, Site, Visibility
from portal.programs.placements import from_day, on_day
from portal.programs.scopes import in_viewers_programs, visible_people

MANAGE = Permission.SHIFTS_MANAGE
EVERYONE = 0
"""Stands for everyone who serves in the meeting's program on its day, where a role's id would."""


def managed_meetings(viewer: Viewer) -> Select[Meeting]:
    """The meetings of the programs a viewer schedules."""
    return select(Meeting).where(in_viewers_programs(Meeting.program_id, viewer, MANAGE))


def belongs(person: Any, program: Any, on: ColumnElement[bool]) -> ColumnElement[bool]:
    """Inside a query: whether a person serves in a program, by a placement that is so, or is its staff."""
    serves = exists().where(Placement.person_id == person, Placement.program_id == program, on)
    staff = exists().where(
        Membership.person_id == person, Membership.program_id == program, Membership.until.is_(None)
    )
    return or_(serves, staff)


def visible_meetings(viewer: Viewer) -> Select[Meeting]:
    """Those, and the meetings a viewer is invited to; of a closed one only while they belong to its program."""
    invited = exists().where(
        Invitee.meeting_id == Meeting.id,
        Invitee.person_id == viewer.person_id,
        Invitee.answer != Answer.REMOVED,
    )
    today = viewer.today or clock.now().date()
    open_to_all = and_(
        exists().where(Program.id == Meeting.program_id, Program.visibility == Visibility.PUBLIC),
        ~exists().where(Site.id == Meeting.site_id, Site.confidential),
    )
    own = belongs(viewer.person_id, Meeting.program_id, from_day(today))
    managed = in_viewers_programs(Meeting.program_id, viewer, MANAGE)
    return select(Meeting).where(or_(managed, and_(invited, or_(open_to_all, own))))


def is_closed(meeting: Meeting) -> bool:
    """Whether only the people of its program may know of a meeting (SECURITY P2, Z5)."""
    confidential = meeting.site is not None and meeting.site.confidential
    return confidential or meeting.program.visibility != Visibility.PUBLIC


def _of_program(meeting: Meeting) -> ColumnElement[bool]:
    """The condition that a person serves in a meeting's program on its day, or is its staff."""
    day = clock.local_day(meeting.starts_at, meeting.zone)
    return belongs(Person.id, meeting.program_id, on_day(day))


def outsiders(db: Session, meeting: Meeting) -> Sequence[str]:
    """The names of those on the list of a closed meeting who may not know of it."""
    if not is_closed(meeting):
        return []
    listed = (
        select(Person.name)
        .join(Invitee, Invitee.person_id == Person.id)
        .where(Invitee.meeting_id == meeting.id, Invitee.answer != Answer.REMOVED)
    )
    return db.scalars(listed.where(~_of_program(meeting)).order_by(Person.name)).all()


def may_come(db: Session, meeting: Meeting, person_id: int) -> bool:
    """Whether someone can say yes: they are active and, to a closed meeting, of its program."""
    able = select(Person.id).where(Person.id == person_id, Person.status == Status.ACTIVE)
    if is_closed(meeting):
        able = able.where(_of_program(meeting))
    return db.scalar(able) is not None


def may_be_invited(viewer: Viewer, meeting: Meeting) -> Select[Person]:
    """The people a viewer may invite: those they see, to a closed meeting only people of its program."""
    people = visible_people(viewer).where(Person.status == Status.ACTIVE)
    return people.where(_of_program(meeting)) if is_closed(meeting) else people


def group_of(viewer: Viewer, meeting: Meeting, whom: int) -> Select[Person]:
    """Those of them who serve in the program on the day: everyone, or in the role with this id."""
    day = clock.local_day(meeting.starts_at, meeting.zone)
    serves = [
        Placement.person_id == Person.id,
        Placement.program_id == meeting.program_id,
        on_day(day),
    ]
    if whom != EVERYONE:
        serves.append(Placement.position_id == whom)
    return may_be_invited(viewer, meeting).where(exists().where(*serves))
