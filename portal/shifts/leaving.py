"""Taking someone who leaves off coming shifts: spots, recurring shifts, waitlists, and open asks."""

from datetime import datetime
from typing import Any

from sqlalchemy import and_, select, update
from sqlalchemy.orm import Session, joinedload

from portal import clock
from portal.act import Act
from portal.audit.log import record
from portal.people.departures import NO_LONGER_HERE, Engagement, Leaver
from portal.people.models import Leaving
from portal.people.people import lock_people
from portal.permissions import COMMAND_LINE
from portal.programs.models import Position
from portal.programs.placements import holds_role
from portal.shifts import signups, waiting
from portal.shifts.models import Shift, Signup, SignupState, Slot
from portal.shifts.pattern_models import Pattern, Regular
from portal.shifts.waiting_models import IN_LINE, Ask, Waiting
from portal.words import text


def release(db: Session, leaver: Leaver, at: datetime) -> list[int | None]:
    """Take a leaver off every coming shift; gives the program of each spot that is open now. A staff role
    has no shifts, and whoever was given the role again keeps them."""
    lock_people(db, [leaver.person_id])
    if leaver.cause == Leaving.STAFF_ROLE or holds_role(db, leaver):
        return []
    _stop_regulars(db, leaver, at)
    for row in db.scalars(_in_line(leaver)):
        waiting.leave(Act(db, COMMAND_LINE, at), leaver.person_id, row.slot_id)
    asked = db.scalars(_asks(leaver).with_only_columns(Ask.id)).all()
    db.execute(update(Ask).where(Ask.id.in_(asked)).values(answer="no", answered_at=at))
    signed_up = db.scalars(_signups(leaver).order_by(Signup.slot_id)).all()
    for signup in signed_up:
        signups.remove(Act(db, COMMAND_LINE, at), signup, NO_LONGER_HERE)
    return [signup.shift.program_id for signup in signed_up]


def engaged(db: Session, leaver: Leaver, at: datetime) -> list[Engagement]:
    """The coming shifts, recurring shifts, waitlists and open asks of a leaver."""
    found = [
        Engagement(
            text("Recurring shift"),
            one.pattern.title or one.position.name,
            one.pattern.program_id,
        )
        for one in db.scalars(
            _regulars(leaver).options(joinedload(Regular.pattern), joinedload(Regular.position))
        )
    ]
    for kind, rows in (
        (text("Shift"), _signups(leaver)),
        (text("Waitlist"), _in_line(leaver)),
        (text("Asked to fill a shift"), _asks(leaver)),
    ):
        lines = db.execute(
            rows.join(Position, Position.id == Slot.position_id).with_only_columns(
                Shift.title, Position.name, Shift.program_id, Shift.starts_at, Shift.zone
            )
        )
        found += [
            Engagement(kind, row.title or row.name, row.program_id, row.starts_at, row.zone)
            for row in lines
        ]
    return found


def _signups(leaver: Leaver) -> Any:
    return _of(leaver, Signup, Signup.state == SignupState.SIGNED_UP)


def _in_line(leaver: Leaver) -> Any:
    return _of(leaver, Waiting, Waiting.state.in_(IN_LINE))


def _asks(leaver: Leaver) -> Any:
    return _of(leaver, Ask, Ask.answer == "")


def _of(leaver: Leaver, table: Any, condition: Any) -> Any:
    """What a leaver has of a table on coming shifts of the program and the position they leave."""
    found = (
        select(table)
        .join(Shift, Shift.id == table.shift_id)
        .join(Slot, Slot.id == table.slot_id)
        .where(
            table.person_id == leaver.person_id,
            condition,
            Shift.starts_at >= leaver.starts,
            Shift.canceled_at.is_(None),
        )
    )
    if leaver.program_id is not None:
        found = found.where(Shift.program_id == leaver.program_id)
    if leaver.position_id is not None:
        found = found.where(Slot.position_id == leaver.position_id)
    return found


def _regulars(leaver: Leaver) -> Any:
    theirs = and_(Regular.person_id == leaver.person_id, Regular.ended_at.is_(None))
    found = select(Regular).join(Pattern, Pattern.id == Regular.pattern_id).where(theirs)
    if leaver.program_id is not None:
        found = found.where(Pattern.program_id == leaver.program_id)
    if leaver.position_id is not None:
        found = found.where(Regular.position_id == leaver.position_id)
    return found


def _stop_regulars(db: Session, leaver: Leaver, at: datetime) -> None:
    for regular in db.scalars(_regulars(leaver)):
        last = clock.local_day(leaver.starts, regular.pattern.zone) - clock.ONE_DAY
        regular.last_day = min(last, regular.last_day or last)
        if leaver.starts > at:
            continue  # until then they come as before
        regular.ended_at = at
        record(Act(db, COMMAND_LINE, at), "regular.stopped", regular)
