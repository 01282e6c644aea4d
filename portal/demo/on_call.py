"""Who is on call in the demo agency."""

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal import clock
from portal.act import Act
from portal.people import on_call, on_call_reading
from portal.people.models import Membership
from portal.people.traits import Supervision
from portal.permissions import Role, Viewer
from portal.programs import notes
from portal.programs.settings import WEEK_STARTS

HALF_A_YEAR = 26
TALKS = (
    (8, "Agreed to start with two rides a week."),
    (36, "Wants to learn the front desk. First day there next month."),
)


def give_on_call(db: Session, zone: str, at: datetime) -> None:
    """Let whoever supervises or coordinates be on call in turns for half a year; someone asks for a day to be
    covered, and notes of talks are kept."""
    programs = db.scalars(
        select(Membership.program_id)
        .where(Membership.role == Role.SUPERVISOR, Membership.program_id.is_not(None))
        .distinct()
        .order_by(Membership.program_id)
    )
    for program_id in programs.all():
        if program_id is not None:
            _program(db, program_id, zone, at)
    _talks(db, zone, at)


def _program(db: Session, program_id: int, zone: str, at: datetime) -> None:
    held = frozenset({(Role.COORDINATOR, program_id)})
    able = on_call_reading.possible(db, program_id)
    then = at - len(able) * on_call.WEEK
    first = clock.week_start(clock.local_day(then, zone), WEEK_STARTS.default) + on_call.WEEK
    for turn, one in enumerate(able):
        weeks = [first + number * on_call.WEEK for number in range(turn, HALF_A_YEAR, len(able))]
        on_call.plan(Act(db, Viewer(memberships=held), then), program_id, one.id, weeks, zone)
    if len(able) > 1:
        day = first + len(able) * on_call.WEEK
        own = Act(db, Viewer(able[0].id, memberships=held), at)
        on_call.ask_cover(own, program_id, day, day, able[1].id)


def _talks(db: Session, zone: str, at: datetime) -> None:
    rows = db.scalars(select(Supervision).order_by(Supervision.id).limit(len(TALKS))).all()
    for row, (days, words) in zip(rows, TALKS, strict=False):
        then = at - timedelta(days=days)
        day = clock.local_day(then, zone)
        held = frozenset({(Role.SUPERVISOR, row.program_id)})
        act = Act(db, Viewer(row.supervisor_id, memberships=held, today=day), then)
        notes.add_one_to_one(act, row.person_id, row.program_id, day, words)
