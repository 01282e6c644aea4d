"""Blocks of time at a fair, which are shifts like all others (web.request.Blocks)."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal import clock
from portal.act import Act
from portal.occasions.blocks import Block
from portal.permissions import Viewer
from portal.programs.models import Position
from portal.reads import read
from portal.shifts import shifts
from portal.shifts.models import Shift, Signup, SignupState, Slot
from portal.shifts.roster import names_on
from portal.shifts.shift_slots import SlotWish
from portal.shifts.slots import lock_slots
from portal.web.errors import NotFound, Refused
from portal.words import text


def add(
    db: Session,
    by: Viewer,
    position_id: int,
    words: tuple[str, str],
    spans: Sequence[tuple[datetime, datetime]],
    people: int,
    zone: str,
    at: datetime,
) -> list[int]:
    """Publish one shift for each span, with spots for so many people in a role. `words` are its title and
    what they should know."""
    position = db.get(Position, position_id)
    if position is None:
        raise NotFound
    title, note = words
    made = []
    for starts_at, ends_at in spans:
        values = {
            "title": title,
            "site_id": None,
            "note": note,
            "starts_at": starts_at,
            "ends_at": ends_at,
            "zone": zone,
            "opens_at": None,
            "closes_at": starts_at,
            "withdraw_until": starts_at - timedelta(hours=position.program.withdrawal_hours),
        }
        wishes = [SlotWish(position_id, 1, people)]
        made.append(shifts.add_shift(Act(db, by, at), position.program, values, wishes).id)
    return made


def cancel(db: Session, by: Viewer, ids: Collection[int], reason: str, at: datetime) -> None:
    """Call the blocks off that have not been yet."""
    for shift in db.scalars(
        select(Shift).where(Shift.id.in_(ids), Shift.canceled_at.is_(None)).order_by(Shift.id)
    ).all():
        shifts.cancel(Act(db, by, at), shift, reason)


def hold(db: Session, ids: Collection[int]) -> None:
    """Hold the blocks still until the transaction ends; the caller holds their people already."""
    lock_slots(db, Slot.shift_id.in_(ids))


def people(db: Session, ids: Collection[int]) -> set[int]:
    """Who is on the blocks."""
    found = select(Signup.person_id).where(
        Signup.shift_id.in_(ids), Signup.state == SignupState.SIGNED_UP
    )
    return set(db.scalars(found))


def move(
    db: Session,
    by: Viewer,
    ids: Collection[int],
    later: timedelta,
    places: tuple[str, str],
    at: datetime,
) -> None:
    """Move the blocks that are on, with their people, by so much of the clock, and from the first of two places
    to the second. Refuses, by name, a time at which someone on them is busy."""
    found = db.scalars(select(Shift).where(Shift.id.in_(ids), Shift.canceled_at.is_(None))).all()
    elsewhere = places[0] != places[1]
    # the last first when they go on, so that no one is moved into their own next block
    for shift in sorted(found, key=lambda one: one.starts_at, reverse=later > timedelta()):
        begun = shift.starts_at <= at
        if later and begun:
            raise Refused(
                text("A block of this table already began. Move the others on the schedule.")
            )
        if begun or not (later or elsewhere):
            continue
        starts = clock.to_local(shift.starts_at, shift.zone).replace(tzinfo=None) + later
        shifts.move_shift(
            Act(db, by, at),
            shift,
            starts.date(),
            starts.time(),
            note=_said_of(shift.note, *places) if elsewhere else None,
            elsewhere=places[1] if elsewhere else None,
        )


def _said_of(note: str, before: str, now: str) -> str:
    """A note with the new place in front, instead of the old one if that stood there."""
    if note == before:
        return now
    if before:
        note = note.removeprefix(before + ". ")
    return ". ".join(filter(None, (now, note)))


def names(db: Session, ids: Collection[int]) -> dict[int, tuple[str, ...]]:
    """Who is on each of the blocks, by name."""
    return names_on(db, list(ids))


def rows(db: Session, ids: Collection[int]) -> Sequence[Block]:
    """How full the blocks are."""
    return read(
        db,
        Block,
        select(
            Shift.id,
            Shift.starts_at,
            Shift.ends_at,
            Shift.zone,
            Shift.canceled_at,
            Shift.program_id,
            func.sum(Slot.filled).label("filled"),
            func.sum(Slot.maximum).label("maximum"),
        )
        .join(Slot, Slot.shift_id == Shift.id)
        .where(Shift.id.in_(ids))
        .group_by(Shift.id)
        .order_by(Shift.starts_at),
    )
