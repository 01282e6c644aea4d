"""Exceptions: somebody may go without a proof for a while, for a reason, as somebody else approved."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from portal.audit.log import record
from portal.people.people import lock_people
from portal.permissions import Permission, Viewer
from portal.programs.models import Position
from portal.requirements.credentials import note_change
from portal.requirements.models import Cause, Kind, Requirement, Waiver
from portal.web.errors import Refused
from portal.web.words import text

LONGEST = timedelta(days=366)


@dataclass(frozen=True)
class Terms:
    """What an exception says: in one position or (None) in all, from a day to another, and why."""

    first_day: date
    last_day: date
    reason: str
    position_id: int | None = None


def give(
    db: Session,
    by: Viewer,
    person_id: int,
    requirement: Requirement,
    terms: Terms,
    at: datetime,
) -> Waiver:
    """Approve an exception, for somebody else (SECURITY Z8): in a position of one's programs; in all of them
    it takes the agency. None lasts longer than a year, and there is none from a background check."""
    position = db.get_one(Position, terms.position_id) if terms.position_id else None
    if not by.may_in(Permission.WAIVERS_GRANT, position.program_id if position else None):
        raise Refused(fields={"position": text("Please choose one of your roles.")})
    if by.person_id == person_id:
        raise Refused(text("You cannot make an exception for yourself. Please ask somebody else."))
    if requirement.kind == Kind.BACKGROUND_CHECK:
        raise Refused(text("There is no exception from a background check."))
    if terms.last_day < terms.first_day:
        raise Refused(fields={"last_day": text("The last day cannot be before the first.")})
    if terms.last_day - terms.first_day > LONGEST:
        raise Refused(fields={"last_day": text("An exception lasts a year at the longest.")})
    lock_people(db, [person_id])
    made = Waiver(
        person_id=person_id, requirement_id=requirement.id, position_id=terms.position_id,
        reason=terms.reason, first_day=terms.first_day, last_day=terms.last_day,
        approved_by_id=by.person_id, approved_at=at,
    )  # fmt: skip
    db.add(made)
    db.flush()
    _record(db, by, made, "given", at)
    return made


def end(db: Session, by: Viewer, waiver: Waiver, on: date, at: datetime) -> None:
    """End an exception: from the day `on` it does not count any more."""
    db.refresh(waiver, with_for_update=True)
    if waiver.ended_on is not None or waiver.last_day < on:
        raise Refused(text("This exception has ended already."))
    waiver.ended_on, waiver.ended_by_id = on, by.person_id
    _record(db, by, waiver, "ended", at)


def _record(db: Session, by: Viewer, waiver: Waiver, done: str, at: datetime) -> None:
    note_change(db, [waiver.person_id], Cause.WAIVER, at, waiver.requirement_id)
    record(
        db, by, f"waiver.{done}", ("waiver", waiver.id), at=at, person_id=waiver.person_id,
        program_id=waiver.requirement.program_id,
    )  # fmt: skip
