"""People of the demo agency who served last year and not since, and who asks them whether they come back."""

from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal import clock
from portal.act import Act
from portal.hours import decisions, entries, reporting
from portal.hours.models import HoursEntry
from portal.lifecycle import past_years, reengagements
from portal.lifecycle.reengagement_models import Back
from portal.people.models import Membership, Person, Status
from portal.permissions import COMMAND_LINE, Role, Viewer
from portal.programs.models import Placement, PlacementState
from portal.shifts.models import Signup

PEOPLE = 9
SAID = (Back.YES, Back.LATER, Back.UNREACHED)


def give_last_year(db: Session, zone: str, at: datetime) -> None:
    """Some people helped one program at the end of last year; its coordinator asks six of them, and heard from
    three."""
    coordinator = db.scalars(
        select(Membership)
        .where(Membership.role == Role.COORDINATOR, Membership.until.is_(None))
        .order_by(Membership.id)
    ).first()
    assert coordinator
    assert coordinator.program_id
    today = clock.local_day(at, zone)
    end = date(today.year - 1, 12, 31)
    day = min(end, max(end - timedelta(days=10), today - timedelta(days=360)))
    people = _served(db, coordinator.program_id, day, zone, at)
    viewer = Viewer(
        coordinator.person_id, memberships=frozenset({(Role.COORDINATOR, coordinator.program_id)})
    )
    found = past_years.Year(viewer, coordinator.program_id, end.year, zone)
    act = Act(db, viewer, at)
    reengagements.take_on(act, found, dict.fromkeys(people[:6]), coordinator.person_id)
    rows = db.scalars(past_years.own_to_ask(viewer, today, zone)).all()
    for row, said in zip(rows, SAID, strict=False):
        later = today + timedelta(days=45) if said is Back.LATER else None
        reengagements.note(act, row, said, later, today)


def _served(db: Session, program_id: int, day: date, zone: str, at: datetime) -> list[int]:
    """People of a program who do nothing this year, with hours of a day typed in from paper, by id."""
    busy = select(Signup.person_id).union(select(HoursEntry.person_id))
    rows = db.scalars(
        select(Placement)
        .join(Person, Person.id == Placement.person_id)
        .where(
            Placement.program_id == program_id,
            Placement.state == PlacementState.ACTIVE,
            Placement.person_id.not_in(busy),
            Person.status == Status.ACTIVE,
        )
        .order_by(Placement.id)
        .limit(PEOPLE)
    ).all()
    act = Act(db, COMMAND_LINE, at, "paper")
    for number, row in enumerate(rows):
        row.starts_on = min(row.starts_on or day, day - timedelta(days=30))
        db.flush()
        work = entries.Work(row.person_id, program_id, row.position_id, day, 60 * (1 + number % 4))
        entry = reporting.report(act, work, zone=zone)
        decisions.approve(act, [entry.id])
    return [row.person_id for row in rows]
