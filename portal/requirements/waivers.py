"""Exceptions: someone may go without a proof for a while, for a reason, as someone else approved."""

from dataclasses import dataclass
from datetime import date, timedelta

from portal.act import Act
from portal.audit.log import record
from portal.people.people import lock_people
from portal.permissions import Permission
from portal.programs.models import Position
from portal.requirements.change_models import Cause
from portal.requirements.credentials import note_change
from portal.requirements.evidence_models import Waiver
from portal.requirements.models import BUILT_IN, Kind, Requirement
from portal.web.errors import Refused
from portal.words import text

LONGEST = timedelta(days=366)
NO_EXCEPTION = text("We can't make exceptions from this.")


@dataclass(frozen=True)
class Terms:
    """What an exception says: in one position or (None) in all, from a day to another, and why."""

    first_day: date
    last_day: date
    reason: str
    position_id: int | None = None


def give(act: Act, person_id: int, requirement: Requirement, terms: Terms) -> Waiver:
    """Approve an exception, for someone else (SECURITY Z8): in a position of one's programs; in all of them
    it takes the agency. None lasts longer than a year, and there is none from a background check."""
    position = act.db.get_one(Position, terms.position_id) if terms.position_id else None
    if not act.by.may_in(Permission.WAIVERS_GRANT, position.program_id if position else None):
        raise Refused(fields={"position": text("Select one of your roles.")})
    if act.by.person_id == person_id:
        raise Refused(text("You can't make an exception for yourself. Ask someone else."))
    if requirement.kind == Kind.BACKGROUND_CHECK:
        raise Refused(text("We can't make exceptions for background checks."))
    if requirement.kind in BUILT_IN:
        raise Refused(NO_EXCEPTION)
    if terms.last_day < terms.first_day:
        raise Refused(fields={"last_day": text("The last day can't be before the first.")})
    if terms.last_day - terms.first_day > LONGEST:
        raise Refused(fields={"last_day": text("Enter a date within one year.")})
    lock_people(act.db, [person_id])
    made = Waiver(
        person_id=person_id,
        requirement_id=requirement.id,
        position_id=terms.position_id,
        reason=terms.reason,
        first_day=terms.first_day,
        last_day=terms.last_day,
        approved_by_id=act.by.person_id,
        approved_at=act.at,
    )
    act.db.add(made)
    act.db.flush()
    _record(act, made, "given")
    return made


def end(act: Act, waiver: Waiver, on: date) -> None:
    """End an exception: from the day `on` it does not count any more."""
    act.db.refresh(waiver, with_for_update=True)
    if waiver.ended_on is not None or waiver.last_day < on:
        raise Refused(text("This exception already ended."))
    waiver.ended_on, waiver.ended_by_id = on, act.by.person_id
    _record(act, waiver, "ended")


def _record(act: Act, waiver: Waiver, done: str) -> None:
    note_change(act.db, [waiver.person_id], Cause.WAIVER, act.at, waiver.requirement_id)
    record(act, f"waiver.{done}", waiver)
