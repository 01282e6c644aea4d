"""The waiting list: joining it, leaving it, and offering freed spots to those in line.

A freed spot is held for the line at once, in the transaction that freed it (see slots). The worker
finds held spots no one was asked about, and offers each to the first in line without obstacles.
Accepting is signing up; the spot is held until the offer's time is over.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple, cast

from sqlalchemy import Select, Table, bindparam, func, select, update
from sqlalchemy.orm import Session

from portal.act import Act
from portal.audit.log import record
from portal.images import watch
from portal.messages.kinds import Kind as MessageKind
from portal.people.models import Person
from portal.people.notify import notify
from portal.people.people import lock_people
from portal.permissions import COMMAND_LINE
from portal.programs.models import Position
from portal.reads import read, read_past
from portal.shifts import message_kinds
from portal.shifts.facts import facts_of
from portal.shifts.models import Shift, Slot
from portal.shifts.obstacle_words import Kind
from portal.shifts.obstacles import clash_of, signup_obstacles
from portal.shifts.slots import lock_slots
from portal.shifts.undoable import SHIFTS
from portal.shifts.waiting_models import IN_LINE, Waiting, WaitingState
from portal.web.errors import NotFound, Refused
from portal.words import text

WAITING = "waiting"
_waiting, _slot = cast(Table, Waiting.__table__), cast(Table, Slot.__table__)


def join(act: Act, person_id: int, slot_id: int) -> int:
    """Get in line for a full slot; gives the shift. Twice is once. A free spot refuses: take it.
    With `asked`, staff do it for someone who asked in the way named."""
    shift_id = _shift_of(act.db, slot_id)
    lock_people(act.db, [person_id])
    lock_slots(act.db, Slot.id == slot_id)
    watch(act, SHIFTS, [shift_id])
    facts = facts_of(act.db, act.by, shift_id, person_id, act.at)
    spot = facts.spot(slot_id) if facts else None
    if facts is None or spot is None or facts.person is None:
        raise NotFound
    if spot.waiting_id:
        return shift_id
    obstacles = signup_obstacles(
        facts, spot, act.at, clash_of(act.db, facts), staff=act.asked is not None
    )
    others = [obstacle for obstacle in obstacles if obstacle.kind is not Kind.FULL]
    if others:
        raise Refused(*others)
    if not obstacles:
        raise Refused(text("A spot is open. You can sign up."))
    row = Waiting(
        shift_id=shift_id,
        slot_id=slot_id,
        person_id=person_id,
        state=WaitingState.WAITING,
        since=act.at,
    )
    act.db.add(row)
    act.db.flush()
    record(act, "waiting.joined", row)
    return shift_id


def leave(act: Act, person_id: int, slot_id: int) -> int:
    """Get out of line; gives the shift. A spot that was offered goes to the next."""
    row = _own(act.db, person_id, slot_id)
    if row:
        watch(act, SHIFTS, [row.shift_id])
        was_offered = row.state == WaitingState.OFFERED
        row.state = WaitingState.DECLINED if was_offered else WaitingState.LEFT
        row.ended_at, row.answer_by = act.at, None
        action = "waiting.declined" if was_offered else "waiting.left"
        record(act, action, row)
    return _shift_of(act.db, slot_id)


def pass_on(act: Act, person_id: int, slot_id: int) -> int:
    """Say no to the spot on offer and stay in line; gives the shift."""
    row = _own(act.db, person_id, slot_id)
    if row and row.state == WaitingState.OFFERED:
        row.state, row.passed_at, row.answer_by = WaitingState.WAITING, act.at, None
        record(act, "waiting.passed", row)
    return _shift_of(act.db, slot_id)


def end_wait(db: Session, waiting_id: int, state: WaitingState, at: datetime) -> None:
    """The end of one wait, by signing up."""
    db.execute(
        update(_waiting)
        .where(_waiting.c.id == waiting_id)
        .values(state=state, ended_at=at, answer_by=None)
    )


def close_line(db: Session, shift_id: int, at: datetime) -> None:
    """No one waits any more: the shift is canceled."""
    db.execute(
        update(_waiting)
        .where(_waiting.c.shift_id == shift_id, _waiting.c.state.in_([*IN_LINE]))
        .values(state=WaitingState.CANCELED, ended_at=at, answer_by=None)
    )


def take_offers_back(db: Session, slot_id: int, held: int) -> None:
    """Keep as many offers as spots are held; the newest go back into the line, at their place."""
    offers = db.scalars(
        select(Waiting)
        .where(Waiting.slot_id == slot_id, Waiting.state == WaitingState.OFFERED)
        .order_by(Waiting.offered_at, Waiting.id)
    ).all()
    for row in offers[held:]:
        row.state, row.answer_by, row.offered_at = WaitingState.WAITING, None, None


def due(at: datetime) -> Select[int]:
    """The slots with held spots that no one is asked about, or whose offers ran out."""
    open_offers = (
        select(func.count())
        .where(
            _waiting.c.slot_id == _slot.c.id,
            _waiting.c.state == WaitingState.OFFERED.value,
            _waiting.c.answer_by > at,
        )
        .scalar_subquery()
    )
    return select(_slot.c.id).where(_slot.c.held > 0, _slot.c.held > open_offers)


def make_offers(db: Session, slot_id: int, longest: timedelta, at: datetime) -> int:
    """Offer a slot's held spots to the line, first come first served among those without obstacles.

    Offers that ran out lapse first. A spot no one in line can take is free for everyone again. For
    someone who is called, the time to answer starts when they are reached (see `reached`).
    Gives how many offers were made.
    """
    lock_slots(db, Slot.id == slot_id)
    slot = db.get_one(Slot, slot_id, populate_existing=True)
    shift = slot.shift
    line = db.scalars(
        select(Waiting)
        .where(Waiting.slot_id == slot_id, Waiting.state.in_(IN_LINE))
        .order_by(Waiting.id)
        .execution_options(populate_existing=True)
    ).all()
    open_offers = 0
    for row in line:
        if row.state == WaitingState.OFFERED and row.answer_by and row.answer_by <= at:
            row.state, row.ended_at, row.answer_by = WaitingState.LAPSED, at, None
            record(Act(db, COMMAND_LINE, at), "waiting.lapsed", row)
            _tell(db, message_kinds.LAPSED, row, at)
        open_offers += row.state == WaitingState.OFFERED
    made = 0
    for row in line:
        if open_offers + made >= slot.held:
            break
        if row.state == WaitingState.WAITING and not row.passed_at and _can_take(db, row, at):
            row.state, row.offered_at = WaitingState.OFFERED, at
            row.answer_by = shift.answer_by(longest, at)
            if not row.person.mailable:
                row.answer_by = shift.closes_at
            record(Act(db, COMMAND_LINE, at), "waiting.offered", row)
            _tell(db, message_kinds.OFFERED, row, at)
            made += 1
    slot.held = open_offers + made
    db.flush()
    return made


def reached(db: Session, waiting_id: int, longest: timedelta, at: datetime) -> None:
    """Someone who was offered a spot and is told by phone has been reached: their time starts now."""
    row = db.get_one(Waiting, waiting_id)
    if row.state == WaitingState.OFFERED:
        row.answer_by = row.shift.answer_by(longest, at)


def _tell(db: Session, kind: MessageKind, row: Waiting, at: datetime) -> None:
    notify(Act(db, COMMAND_LINE, at), kind, row, [row.person_id])


class InLine(NamedTuple):
    """Someone in line for a shift."""

    id: int
    person_id: int
    slot_id: int
    state: WaitingState
    since: datetime
    answer_by: datetime | None
    name: str


def in_line(db: Session, shift_id: int) -> Sequence[InLine]:
    """Who waits for a shift, in their order, for its coordinator."""
    return read(
        db,
        InLine,
        select(
            Waiting.id,
            Waiting.person_id,
            Waiting.slot_id,
            Waiting.state,
            Waiting.since,
            Waiting.answer_by,
            Person.name,
        )
        .join(Person, Person.id == Waiting.person_id)
        .where(Waiting.shift_id == shift_id, Waiting.state.in_(IN_LINE))
        .order_by(Waiting.slot_id, Waiting.id)
        .limit(500),
    )


_OWN_LINES = (
    select(
        Waiting.shift_id,
        Waiting.state,
        Waiting.answer_by,
        Shift.starts_at,
        Shift.ends_at,
        Shift.zone,
        Shift.title,
        Position.name.label("position"),
        Position.translations,
    )
    .join(Shift, Shift.id == Waiting.shift_id)
    .join(Slot, Slot.id == Waiting.slot_id)
    .join(Position, Position.id == Slot.position_id)
    .where(
        Waiting.person_id == bindparam("person_id"),
        Waiting.state.in_(IN_LINE),
        Shift.starts_at > bindparam("at"),
    )
    .order_by(Shift.starts_at, Waiting.id)
    .limit(50)
)


class OwnLine(NamedTuple):
    """A line that a person is in."""

    shift_id: int
    state: WaitingState
    answer_by: datetime | None
    starts_at: datetime
    ends_at: datetime
    zone: str
    title: str
    position: str
    translations: Mapping[str, Any]


def own_lines(db: Session, person_id: int, at: datetime) -> Sequence[OwnLine]:
    """The lines a person is in, soonest shift first; with `answer_by` where a spot is offered."""
    return read_past(db, OwnLine, _OWN_LINES, {"person_id": person_id, "at": at})


def _can_take(db: Session, row: Waiting, at: datetime) -> bool:
    facts = facts_of(db, COMMAND_LINE, row.shift_id, row.person_id, at)
    spot = facts.spot(row.slot_id) if facts else None
    if facts is None or spot is None or facts.person is None:
        return False
    found = signup_obstacles(facts, spot, at, clash_of(db, facts))
    obstacles = [one for one in found if one.kind is not Kind.NOT_OPEN]  # they have waited
    return all(obstacle.kind is Kind.FULL for obstacle in obstacles)


def _own(db: Session, person_id: int, slot_id: int) -> Waiting | None:
    lock_slots(db, Slot.id == slot_id)
    return db.scalar(
        select(Waiting)
        .where(
            Waiting.slot_id == slot_id, Waiting.person_id == person_id, Waiting.state.in_(IN_LINE)
        )
        .execution_options(populate_existing=True)
    )


def _shift_of(db: Session, slot_id: int) -> int:
    shift_id = db.scalar(select(Slot.shift_id).where(Slot.id == slot_id))
    if shift_id is None:
        raise NotFound
    return shift_id
