"""Placements: getting a position, and leaving it."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, or_, select, update
from sqlalchemy.orm import Session

from portal import clock
from portal.act import Act
from portal.audit.log import record
from portal.people.departures import Leaver, note_departure
from portal.people.models import Leaving, Person, Status
from portal.programs.application_models import OPEN_APPLICATIONS, Application
from portal.programs.applications import place_applicant, withdraw_all_of
from portal.programs.models import Placement, PlacementState, Position
from portal.web.errors import Refused
from portal.words import text


def from_day(day: Any) -> ColumnElement[bool]:
    """Inside a query: whether a placement gives the role on a local day or later."""
    return or_(Placement.ends_on.is_(None), Placement.ends_on >= day)


def on_day(day: Any) -> ColumnElement[bool]:
    """Inside a query: whether a placement gives the role on a local day, its first and last day included."""
    return and_(from_day(day), Placement.starts_on <= day)


def has_role(db: Session, person_id: int, position_id: int, day: date) -> bool:
    """Whether a person has a role on a local day."""
    of_theirs = exists().where(
        Placement.person_id == person_id, Placement.position_id == position_id, on_day(day)
    )
    return bool(db.scalar(select(of_theirs)))


def covers(placement: Any, day: date) -> bool:
    """Whether a made placement, or a row with its days, gives the role on a local day."""
    return bool(
        placement.starts_on <= day and (placement.ends_on is None or placement.ends_on >= day)
    )


def counts_on(day: date | None) -> ColumnElement[bool]:
    """Inside a query: whether a placement gives its program's staff a right over the person on a day (None:
    today). One that ended earlier gives none."""
    day = day or clock.now().date()
    ends = and_(Placement.state == PlacementState.ENDED, Placement.ends_on >= day)
    return or_(Placement.state == PlacementState.ACTIVE, ends)


def place(
    act: Act, person: Person, position: Position, starts_on: date, *, missing: Sequence[Any] = ()
) -> Placement:
    """Let a person serve in a position from a day on. Closes their application if there is one; one that is
    on hold or not reviewed is refused. What is `missing` before it is refused; rules that say so stand above
    programs.

    Someone who was interested or applying is active from now on.
    """
    check_can_serve(act.db, person, position)
    if missing:
        raise Refused(*missing)
    if _current(act.db, person.id, position.id) is not None:
        raise Refused(text("%(name)s already has this role.", name=person.name))
    placement = Placement(
        person_id=person.id,
        position_id=position.id,
        program_id=position.program_id,
        state=PlacementState.ACTIVE,
        starts_on=starts_on,
    )
    act.db.add(placement)
    note_program(act.db, person.id, act.at)
    if person.status in (Status.PROSPECT, Status.APPLICANT):
        person.status = Status.ACTIVE
    _decide(act, placement, PlacementState.ACTIVE, "made")
    place_applicant(act, placement)
    return placement


def end_placement(act: Act, placement: Placement, ends_on: date, reason: str) -> None:
    """End a placement with a last day. The worker takes the person off what is coming after it."""
    if placement.state != PlacementState.ACTIVE:
        raise Refused(text("This role already ended."))
    if placement.starts_on and ends_on < placement.starts_on:
        raise Refused(fields={"ends_on": text("The last day can't be before the first.")})
    placement.ends_on, placement.reason = ends_on, reason
    _decide(act, placement, PlacementState.ENDED, "ended")
    note_departure(
        act.db,
        placement.person_id,
        Leaving.ROLE,
        ends_on + clock.ONE_DAY,
        act.at,
        placement.program_id,
        placement.position_id,
    )


def end_all_of(act: Act, person_id: int, last_day: date, reason: str) -> None:
    """End every role of someone who has ended, and every application of theirs."""
    withdraw_all_of(act, person_id)
    for placement in act.db.scalars(
        select(Placement).where(
            Placement.person_id == person_id, Placement.state == PlacementState.ACTIVE
        )
    ).all():
        placement.reason = reason
        placement.ends_on = max(last_day, placement.starts_on or last_day)
        _decide(act, placement, PlacementState.ENDED, "ended")


def holds_role(db: Session, leaver: Leaver) -> bool:
    """Whether someone who left a role was given it again since."""
    if leaver.cause != Leaving.ROLE:
        return False
    again = select(Placement.id).where(
        Placement.person_id == leaver.person_id,
        Placement.position_id == leaver.position_id,
        Placement.state == PlacementState.ACTIVE,
    )
    return db.scalar(again) is not None


def a_program_of(db: Session, person_id: int) -> int | None:
    """One of the programs a person serves in or applied to, whose coordinators may call them."""
    serves = select(Placement.program_id).where(
        Placement.person_id == person_id, Placement.state == PlacementState.ACTIVE
    )
    applies = select(Application.program_id).where(
        Application.person_id == person_id, Application.state.in_(OPEN_APPLICATIONS)
    )
    return db.scalar(serves.order_by(Placement.id).limit(1)) or db.scalar(
        applies.order_by(Application.id).limit(1)
    )


def check_can_serve(db: Session, person: Person, position: Position) -> None:
    """Raise Refused for a position that is closed, or a person who has ended.

    Holds the person until the transaction ends, so that no one ends them meanwhile.
    """
    db.flush()  # a refresh drops what is not written yet
    db.refresh(person, ["status", "version"], with_for_update={"key_share": True})
    if position.closed_at or position.program.closed_at:
        raise Refused(text("This role isn't open to new volunteers."))
    if person.status == Status.ENDED:
        raise Refused(text("This person is inactive. Change their status first."))


def _current(db: Session, person_id: int, position_id: int) -> Placement | None:
    return db.scalar(
        select(Placement).where(
            Placement.person_id == person_id,
            Placement.position_id == position_id,
            Placement.state == PlacementState.ACTIVE,
        )
    )


def note_applicant(db: Session, person: Person, at: datetime) -> None:
    """Note that a person applies for a role: they leave the pool, and a prospect becomes an applicant."""
    note_program(db, person.id, at)
    if person.status == Status.PROSPECT:
        person.status = Status.APPLICANT


def note_program(db: Session, person_id: int, at: datetime) -> None:
    """Note when a program first has to do with a person: they leave the pool."""
    db.execute(
        update(Person)
        .where(Person.id == person_id, Person.placed_at.is_(None))
        .values(placed_at=at)
    )


def _decide(act: Act, placement: Placement, state: PlacementState, done: str) -> None:
    placement.state = state
    placement.decided_by_id, placement.decided_at = act.by.person_id, act.at
    act.db.flush()
    record(act, f"placement.{done}", placement)
