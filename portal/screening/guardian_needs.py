"""In which programs a minor needs a parent's or guardian's consent, and what there is of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import Select, exists, or_, select
from sqlalchemy.orm import Session

from portal import clock
from portal.people.models import Person
from portal.programs.application_models import Application, ApplicationState
from portal.programs.applications import is_open
from portal.programs.models import Placement, PlacementState, Position, Program
from portal.programs.placements import from_day
from portal.requirements import credentials
from portal.requirements.built_in import ADULT
from portal.requirements.models import Kind, Requirement
from portal.screening.guardian_models import GuardianRequest, GuardianState

RENEWED_BEFORE = timedelta(days=45)
"""How long before a consent ends the next may be asked for."""


def is_minor(person: Person, today: date) -> bool:
    """Whether someone is younger than 18 on a day."""
    return person.adult_on is not None and today < person.adult_on


@dataclass(frozen=True)
class Wanted:
    """A program in which a minor serves or wants to, and the last day of the consent there, if there is one."""

    program: Program
    until: date | None
    asks: bool
    rows: Sequence[GuardianRequest]


def wanted_of(db: Session, person: Person, today: date) -> list[Wanted]:
    """The programs that need a consent for someone; none for an adult."""
    if not is_minor(person, today):
        return []
    placed = exists().where(
        Placement.person_id == person.id,
        Placement.position_id == Position.id,
        Placement.state == PlacementState.ACTIVE,
        from_day(today),
    )
    applied = is_open(
        Application.person_id == person.id,
        Application.position_id == Position.id,
        Application.state != ApplicationState.SUBMITTED,
    )
    takes = exists().where(
        Position.program_id == Program.id, Position.youngest < ADULT, or_(placed, applied)
    )
    programs = db.scalars(select(Program).where(takes).order_by(Program.name)).all()
    return [_wanted(db, person, program, today) for program in programs]


def _wanted(db: Session, person: Person, program: Program, today: date) -> Wanted:
    until = _until(db, person.id, program.id, today)
    rows = db.scalars(
        select(GuardianRequest)
        .where(
            GuardianRequest.person_id == person.id,
            GuardianRequest.program_id == program.id,
            GuardianRequest.state != GuardianState.ENDED,
            GuardianRequest.name != "",
        )
        .order_by(GuardianRequest.id)
    ).all()
    asks = until is None or (
        until < today + RENEWED_BEFORE and until + clock.ONE_DAY != person.adult_on
    )
    return Wanted(program, until, asks, rows)


def _until(db: Session, person_id: int, program_id: int, today: date) -> date | None:
    requirement = db.scalar(consent_of(program_id))
    if requirement is None:
        return None
    there = credentials.standing(db, person_id, requirement.id, today)
    return max((one.expires_on for one in there if one.expires_on), default=None)


def wanted_in(db: Session, person: Person, program_id: int, today: date) -> Wanted | None:
    """What of that is true of one program."""
    return next((one for one in wanted_of(db, person, today) if one.program.id == program_id), None)


def consent_of(program_id: int) -> Select[Requirement]:
    """The requirement that a consent for a program meets."""
    return select(Requirement).where(
        Requirement.program_id == program_id, Requirement.kind == Kind.GUARDIAN
    )
