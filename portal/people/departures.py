"""Whoever leaves is on nothing that is coming any more: noted with the end, done by the worker.

Ending someone, a leave, and the end of a role or a staff role each note a departure in their own
transaction. The worker has each domain take the person off what is coming, and tells the coordinators of the
programs it touched.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Select, delete, select
from sqlalchemy.orm import Session

from portal import clock
from portal.act import Act
from portal.domain import Release
from portal.people import notices
from portal.people.models import Departure, Leaving, Membership, Person, Status
from portal.people.notify import To, tell_all
from portal.permissions import COMMAND_LINE, Role
from portal.words import Words

NO_LONGER_HERE = "No longer available"
"""Why someone who left is off what was coming, as it stands with it."""


@dataclass(frozen=True)
class Leaver:
    """Who leaves what, and from which moment on. Without a program they leave everything, without a position
    everything in it."""

    person_id: int
    cause: str
    program_id: int | None
    position_id: int | None
    starts: datetime


@dataclass(frozen=True)
class Engagement:
    """Something that a leaver is taken off: its kind, what it is called, when it begins there, and its program
    (None: the agency's)."""

    kind: Words
    title: str
    program_id: int | None
    starts_at: datetime | None = None
    zone: str = ""


def leaver_now(person_id: int, at: datetime) -> Leaver:
    """Someone who would leave everything at a moment."""
    return Leaver(person_id, Leaving.ENDED, None, None, at)


def note_departure(
    db: Session,
    person_id: int,
    cause: Leaving,
    from_day: date,
    at: datetime,
    program_id: int | None = None,
    position_id: int | None = None,
) -> None:
    """Have the worker take someone off what is coming from a day on."""
    db.add(
        Departure(
            person_id=person_id,
            cause=cause,
            program_id=program_id,
            position_id=position_id,
            from_day=from_day,
            noted_at=at,
        )
    )


def due() -> Select[int]:
    """The departures that wait for the worker."""
    return select(Departure.id).order_by(Departure.id)


def depart(
    db: Session, departure_id: int, releases: Sequence[Release], zone: str, at: datetime
) -> None:
    """Take one leaver off everything that is coming, and tell its coordinators. Doing it twice is once."""
    row = db.get(Departure, departure_id, with_for_update=True)
    if row is None:
        return
    gone = {Leaving.ENDED: Status.ENDED, Leaving.ON_LEAVE: Status.ON_LEAVE}.get(Leaving(row.cause))
    if gone and db.scalar(select(Person.status).where(Person.id == row.person_id)) != gone:
        db.delete(row)  # they are back, or ended altogether, which has a row of its own
        return
    starts = max(at, clock.start_of_day(row.from_day, zone))
    leaver = Leaver(row.person_id, row.cause, row.program_id, row.position_id, starts)
    freed = [program for release in releases for program in release(db, leaver, at)]
    db.execute(delete(Departure).where(Departure.id == departure_id))
    to = [
        To(who, row.person_id, program, {"freed": freed.count(program)})
        for program in sorted(set(freed), key=lambda program: program or 0)
        for who in _coordinators(db, program)
    ]
    tell_all(Act(db, COMMAND_LINE, at), notices.LEFT, "person", to)


def _coordinators(db: Session, program_id: int | None) -> Sequence[int]:
    """Who coordinates a program; the administrators for what is of none, or where no one does."""
    now = select(Membership.person_id).where(Membership.until.is_(None))
    coordinators = now.where(
        Membership.role == Role.COORDINATOR, Membership.program_id == program_id
    )
    found = db.scalars(coordinators.order_by(Membership.person_id)).all()
    administrators = now.where(Membership.role == Role.ADMINISTRATOR)
    return found or db.scalars(administrators.order_by(Membership.person_id)).all()
