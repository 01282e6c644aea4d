"""The demo agency's meetings: one the volunteer is asked about, and one that some answered."""

from datetime import datetime, time, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal import clock
from portal.act import Act
from portal.meetings import invitees, meetings
from portal.meetings.models import Invitee, Meeting, MeetingKind
from portal.meetings.scopes import EVERYONE
from portal.people.identity_models import Identity
from portal.people.models import Membership
from portal.permissions import COMMAND_LINE
from portal.programs.models import Placement, Program, Site, Visibility
from portal.programs.placements import on_day
from portal.web.errors import Preview, Refused

INVITED = 8


def give_meetings(db: Session, zone: str, at: datetime) -> None:
    """Plan a meeting and a social in the volunteer's program, and have people answer to one."""
    volunteer = db.scalars(
        select(Identity.person_id).where(Identity.address == "volunteer@demo.example")
    ).one()
    program = _program(db, volunteer, clock.local_day(at, zone))
    site = db.scalars(
        select(Site.id).where(
            Site.program_id.is_(None) | (Site.program_id == program.id),
            Site.closed_at.is_(None),
            Site.confidential.is_(False),
        )
    ).first()
    act = Act(db, COMMAND_LINE, at)
    plans = (
        (MeetingKind.MEETING, "Quarterly volunteer meeting", 12, time(19), site),
        (MeetingKind.SOCIAL, "Thank-you supper", 19, time(20), site),
    )
    for kind, title, days, begins, where in plans:
        day = clock.local_day(at, zone) + timedelta(days=days)
        starts = clock.from_local(day, begins, zone)
        values = {
            "kind": kind, "title": title, "note": "", "online_link": "", "site_id": where,
            "starts_at": starts, "ends_at": starts + timedelta(hours=1, minutes=30), "zone": zone,
        }  # fmt: skip
        meeting = meetings.plan(act, program, values)
        if kind == MeetingKind.MEETING:
            _invite(act, meeting, EVERYONE, None)
            _answers(act, meeting, volunteer)
        else:
            _invite(act, meeting, None, volunteer)


def _program(db: Session, volunteer: int, day: object) -> Program:
    """A public program of the demo's coordinator in which the volunteer serves."""
    own = (
        select(Membership.program_id)
        .join(Identity, Identity.person_id == Membership.person_id)
        .where(Identity.address == "coordinator@demo.example")
    )
    serves = select(Placement.program_id).where(Placement.person_id == volunteer, on_day(day))
    return db.scalars(
        select(Program).where(
            Program.id.in_(own), Program.id.in_(serves), Program.visibility == Visibility.PUBLIC
        )
    ).all()[0]


def _invite(act: Act, meeting: Meeting, whom: int | None, person_id: int | None) -> None:
    try:
        invitees.invite(act, meeting, whom, person_id, "")
    except Preview as preview:
        invitees.invite(act, meeting, whom, person_id, preview.seen)


def _answers(act: Act, meeting: Meeting, volunteer: int) -> None:
    """Every second person says yes, every eighth no; the volunteer hasn't answered yet."""
    invited = select(Invitee.person_id).where(Invitee.meeting_id == meeting.id)
    for number, person_id in enumerate(act.db.scalars(invited.order_by(Invitee.id)).all()):
        if person_id == volunteer or number % 2:
            continue
        try:
            invitees.answer(act, meeting, person_id, yes=bool(number % INVITED))
        except Refused:
            continue  # something else then
