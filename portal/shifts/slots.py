"""The counters of a slot: taking a spot, freeing one, and keeping free ones for those in line.

Callers hold the slot's lock. Each is one statement that checks what it changes, so a counter cannot
leave its bounds even without the lock.
"""

from typing import cast

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Table,
    and_,
    bindparam,
    case,
    func,
    select,
    update,
)
from sqlalchemy.orm import Session

from portal.shifts.models import Slot
from portal.shifts.waiting_models import IN_LINE, Waiting
from portal.web.errors import Again

_slot, _waiting = cast(Table, Slot.__table__), cast(Table, Waiting.__table__)
_THIS = _slot.c.id == bindparam("slot_id")
_TAKE = (
    update(_slot)
    .where(_THIS, _slot.c.filled + _slot.c.held < _slot.c.maximum)
    .values(filled=_slot.c.filled + 1)
)
_TAKE_HELD = (
    update(_slot)
    .where(_THIS, _slot.c.held > 0)
    .values(filled=_slot.c.filled + 1, held=_slot.c.held - 1)
)
_number: BindParameter[int] = bindparam("number")
_TAKE_SOME = (
    update(_slot)
    .where(_THIS, _slot.c.filled + _slot.c.held + _number <= _slot.c.maximum)
    .values(filled=_slot.c.filled + _number)
)
_FREE_SOME = update(_slot).where(_THIS).values(filled=_slot.c.filled - _number)
_FREE = update(_slot).where(_THIS).values(filled=_slot.c.filled - 1)
_ADD = update(_slot).where(_THIS).values(maximum=_slot.c.maximum + 1)
_LEARN = (
    update(_slot)
    .where(_THIS, _slot.c.learning < _slot.c.trainees)
    .values(learning=_slot.c.learning + 1)
)
_ADD_LEARNER = update(_slot).where(_THIS).values(trainees=_slot.c.trainees + 1)
_STOP_LEARNING = update(_slot).where(_THIS).values(learning=_slot.c.learning - 1)
_free_spots = _slot.c.maximum - _slot.c.filled
_line = select(func.count()).where(
    _waiting.c.slot_id == _slot.c.id, _waiting.c.state.in_([state.value for state in IN_LINE])
)
_SETTLE = (
    update(_slot)
    .where(_THIS)
    .values(
        held=case(
            (_free_spots < _line.scalar_subquery(), _free_spots), else_=_line.scalar_subquery()
        )
    )
)
_KEEP = _SETTLE.where(_line.scalar_subquery() > 0)
_ASK_AGAIN = (
    update(_waiting)
    .where(and_(_waiting.c.slot_id == bindparam("of_slot"), _waiting.c.passed_at.is_not(None)))
    .values(passed_at=None)
)


def lock_slots(db: Session, which: ColumnElement[bool]) -> None:
    """Hold slots still until the transaction ends, in order of id (a no-op on SQLite's one writer)."""
    if db.get_bind().dialect.name == "postgresql":
        db.execute(
            select(Slot.id).where(which).order_by(Slot.id).with_for_update(key_share=True)
        ).all()


def take_spots(db: Session, slot_id: int, number: int) -> None:
    """Fill so many free spots. Raises Again if there are fewer."""
    if db.connection().execute(_TAKE_SOME, {"slot_id": slot_id, "number": number}).rowcount != 1:
        raise Again


def free_spots(db: Session, slot_id: int, number: int) -> None:
    """Free so many spots; if people are in line, they are kept for them."""
    db.connection().execute(_FREE_SOME, {"slot_id": slot_id, "number": number})
    keep_for_line(db, slot_id)


def take_spot(db: Session, slot_id: int, *, held: bool = False) -> None:
    """Fill a free spot, or one that was held for this person. Raises Again if there is none."""
    taken = db.connection().execute(_TAKE_HELD if held else _TAKE, {"slot_id": slot_id})
    if taken.rowcount != 1:
        raise Again


def take_learning(db: Session, slot_id: int) -> None:
    """Let someone come along to learn. Raises Again if there is no place for it."""
    if db.connection().execute(_LEARN, {"slot_id": slot_id}).rowcount != 1:
        raise Again


def free_learning(db: Session, slot_id: int) -> None:
    """Someone does not come along any more."""
    db.connection().execute(_STOP_LEARNING, {"slot_id": slot_id})


def add_learning(db: Session, slot_id: int) -> None:
    """One place to learn more than was wanted."""
    db.connection().execute(_ADD_LEARNER, {"slot_id": slot_id})


def add_spot(db: Session, slot_id: int) -> None:
    """One spot more than was wanted."""
    db.connection().execute(_ADD, {"slot_id": slot_id})


def hand_on(db: Session, slot_id: int) -> None:
    """Free a spot that someone takes at once, past those in line."""
    db.connection().execute(_FREE, {"slot_id": slot_id})


def free_spot(db: Session, slot_id: int) -> None:
    """Free a spot; if people are in line, it is kept for them, and those who passed are asked again."""
    db.connection().execute(_FREE, {"slot_id": slot_id})
    keep_for_line(db, slot_id)


def settle_held(db: Session, slot_id: int) -> None:
    """Hold no more free spots than there are people in line, after one of them took another way."""
    db.connection().execute(_SETTLE, {"slot_id": slot_id})


def keep_for_line(db: Session, slot_id: int) -> None:
    """Hold as many free spots as there are people in line; the worker offers them ("offer due")."""
    kept = db.connection().execute(_KEEP, {"slot_id": slot_id})
    if kept.rowcount:
        db.connection().execute(_ASK_AGAIN, {"of_slot": slot_id})
