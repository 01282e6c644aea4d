"""Blocks of time at a fair, which are shifts like all others (web.request.Blocks)."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal import clock
from portal.db import AnyRow
from portal.permissions import Viewer
from portal.programs.models import Position
from portal.shifts import shifts
from portal.shifts.models import Shift, Signup, SignupState, Slot
from portal.shifts.shifts import SlotWish
from portal.web.errors import NotFound


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
            "title": title, "site_id": None, "note": note, "starts_at": starts_at,
            "ends_at": ends_at, "zone": zone, "opens_at": None, "closes_at": starts_at,
            "withdraw_until": starts_at - timedelta(hours=position.program.withdrawal_hours),
        }  # fmt: skip
        wishes = [SlotWish(position_id, 1, people)]
        made.append(shifts.add_shift(db, by, position.program, values, wishes, at).id)
    return made


def call_off(db: Session, by: Viewer, ids: Collection[int], reason: str, at: datetime) -> None:
    """Call the blocks off that have not been yet."""
    for shift in db.scalars(
        select(Shift).where(Shift.id.in_(ids), Shift.called_off_at.is_(None)).order_by(Shift.id)
    ).all():
        shifts.call_off(db, by, shift, reason, at)


def move(
    db: Session,
    by: Viewer,
    ids: Collection[int],
    later: timedelta,
    note: tuple[str, str],
    at: datetime,
) -> None:
    """Move the blocks that are on, with their people, by so much of the clock, and to another place: `note` is
    what was said of it, and what is said now. A note that somebody wrote instead stays. Refuses, by name, a
    time at which somebody on them is busy."""
    found = db.scalars(select(Shift).where(Shift.id.in_(ids), Shift.called_off_at.is_(None))).all()
    # the last first when they go on, so that nobody is moved into their own next block
    for shift in sorted(found, key=lambda one: one.starts_at, reverse=later > timedelta()):
        elsewhere = note[0] != note[1] and shift.note == note[0]
        if not later and (not elsewhere or shift.starts_at <= at):
            continue
        starts = clock.to_local(shift.starts_at, shift.zone).replace(tzinfo=None) + later
        shifts.move_shift(
            db, by, shift, starts.date(), starts.time(), at, note=note[1] if elsewhere else None
        )


def people(db: Session, ids: Collection[int]) -> list[int]:
    """Who is on the blocks."""
    found = select(Signup.person_id).where(
        Signup.shift_id.in_(ids), Signup.state == SignupState.SIGNED_UP
    )
    return sorted(set(db.scalars(found)))


def rows(db: Session, ids: Collection[int]) -> Sequence[AnyRow]:
    """How full the blocks are."""
    return db.execute(
        select(
            Shift.id, Shift.starts_at, Shift.ends_at, Shift.zone, Shift.called_off_at,
            func.sum(Slot.filled).label("filled"), func.sum(Slot.maximum).label("maximum"),
        )
        .join(Slot, Slot.shift_id == Shift.id)
        .where(Shift.id.in_(ids))
        .group_by(Shift.id)
        .order_by(Shift.starts_at)
    ).all()  # fmt: skip
