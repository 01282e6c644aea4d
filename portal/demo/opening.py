"""When sign-up opens in the demo agency: the last week of shifts at one moment, earlier for a few people."""

from datetime import datetime, time, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal import clock
from portal.act import Act
from portal.people.identity_models import Identity
from portal.people.models import Membership
from portal.permissions import COMMAND_LINE
from portal.programs.models import Placement, PlacementState, Program, Visibility
from portal.shifts import early, opening, week_templates
from portal.shifts.models import Shift
from portal.web.errors import Preview

DAYS = 7
EARLY = 3
"""So many of those who serve longest sign up early."""


def give_opening(db: Session, zone: str, at: datetime) -> None:
    """Have sign-up for the last shifts of the coordinator's program open on a day, and write a list."""
    act = Act(db, COMMAND_LINE, at)
    program, last_at = db.execute(
        select(Program, func.max(Shift.starts_at))
        .join(Shift, Shift.program_id == Program.id)
        .join(Membership, Membership.program_id == Program.id)
        .join(Identity, Identity.person_id == Membership.person_id)
        .where(
            Identity.address == "coordinator@demo.example", Program.visibility == Visibility.PUBLIC
        )
        .group_by(Program.id)
        .order_by(func.max(Shift.starts_at).desc())
    ).all()[0]
    last = clock.local_day(last_at, zone)
    days = (last - timedelta(days=DAYS), last)
    opens_at = clock.from_local(clock.local_day(at, zone) + timedelta(days=5), time(9), zone)
    try:
        opening.set_opening(act, program, days, opens_at, zone, "")
    except Preview as preview:
        opening.set_opening(act, program, days, opens_at, zone, preview.seen)
    week = clock.week_start(clock.local_day(at, zone), 7)
    week_templates.add_template(act, program, "A typical week", week, zone)
    row = early.add_list(act, program, "With us the longest", 48)
    longest = select(Placement.person_id).where(
        Placement.program_id == program.id, Placement.state == PlacementState.ACTIVE
    )
    for person_id in db.scalars(longest.order_by(Placement.starts_on, Placement.id).limit(EARLY)):
        early.add_person(act, row, person_id)
