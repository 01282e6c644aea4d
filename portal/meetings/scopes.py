"""Which meetings a viewer may see or manage, and whom they may invite. Checks live in the query."""

from sqlalchemy import ColumnElement, Select, exists, or_, select

from portal import clock
from portal.meetings.models import Answer, Invitee, Meeting
from portal.people.models import Membership, Person, Status
from portal.permissions import Permission, Viewer
from portal.programs.models import Placement, Visibility
from portal.programs.placements import on_day
from portal.programs.scopes import in_viewers_programs, visible_people

MANAGE = Permission.SHIFTS_MANAGE
EVERYONE = 0
"""Stands for everyone who serves in the meeting's program on its day, where a role's id would."""


def managed_meetings(viewer: Viewer) -> Select[Meeting]:
    """The meetings of the programs a viewer schedules."""
    return select(Meeting).where(in_viewers_programs(Meeting.program_id, viewer, MANAGE))


def visible_meetings(viewer: Viewer) -> Select[Meeting]:
    """Those, and the meetings a viewer is invited to."""
    invited = exists().where(
        Invitee.meeting_id == Meeting.id,
        Invitee.person_id == viewer.person_id,
        Invitee.answer != Answer.REMOVED,
    )
    managed = in_viewers_programs(Meeting.program_id, viewer, MANAGE)
    return select(Meeting).where(or_(managed, invited))


def is_closed(meeting: Meeting) -> bool:
    """Whether only the people of its program may know of a meeting (SECURITY P2, Z5)."""
    confidential = meeting.site is not None and meeting.site.confidential
    return confidential or meeting.program.visibility != Visibility.PUBLIC


def _of_program(meeting: Meeting) -> ColumnElement[bool]:
    """The condition that a person serves in a meeting's program on its day, or is its staff."""
    day = clock.local_day(meeting.starts_at, meeting.zone)
    serves = exists().where(
        Placement.person_id == Person.id, Placement.program_id == meeting.program_id, on_day(day)
    )
    staff = exists().where(
        Membership.person_id == Person.id,
        Membership.program_id == meeting.program_id,
        Membership.until.is_(None),
    )
    return or_(serves, staff)


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
