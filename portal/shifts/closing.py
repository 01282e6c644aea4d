"""Shifts that fall into a closing."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from portal import clock
from portal.act import Act
from portal.closing import MOST_ITEMS, Closable, Decision, Do, Item, Span
from portal.images import watch
from portal.permissions import Viewer
from portal.shifts import shifts
from portal.shifts.models import Shift, Signup, SignupState, Slot
from portal.shifts.roster import names_on
from portal.shifts.undoable import CLOSED_SHIFTS
from portal.shifts.viewer_scope import managed_shifts
from portal.shifts.weighing import weighed_together
from portal.words import text


def _found(db: Session, viewer: Viewer, span: Span, at: datetime) -> Sequence[Item]:
    statement = (
        managed_shifts(viewer)
        .where(
            Shift.starts_at < span.ends_at,
            Shift.ends_at > span.starts_at,
            Shift.starts_at > at,
            Shift.canceled_at.is_(None),
        )
        .order_by(Shift.starts_at, Shift.id)
        .options(joinedload(Shift.program), selectinload(Shift.slots).joinedload(Slot.position))
        .limit(MOST_ITEMS)
    )
    if span.site_id is not None:
        statement = statement.where(Shift.site_id == span.site_id)
    if span.programs is not None:
        statement = statement.where(Shift.program_id.in_(span.programs))
    rows = db.scalars(statement).all()
    names = names_on(db, [row.id for row in rows])
    return [
        Item(
            "s",
            row.id,
            row.heading,
            row.program.name,
            row.starts_at,
            row.ends_at,
            row.zone,
            names.get(row.id, ()),
            f"/shifts/{row.id}",
            (Do.CANCEL, Do.MOVE, Do.KEEP),
        )
        for row in rows
    ]


def _people(db: Session, ids: Collection[int]) -> Collection[int]:
    on_them = select(Signup.person_id).where(
        Signup.shift_id.in_(ids), Signup.state == SignupState.SIGNED_UP
    )
    return set(db.scalars(on_them))


def _settle(
    act: Act, shift_id: int, decision: Decision, reason: str, gives: Mapping[type, Any]
) -> None:
    shift = act.db.get_one(Shift, shift_id)
    watch(act, CLOSED_SHIFTS, [shift_id])
    if decision.do == Do.CANCEL:
        shifts.cancel(act, shift, reason)
    else:
        day = clock.local_day(shift.starts_at, shift.zone) + timedelta(days=decision.days)
        shifts.move_shift(act, shift, day, None)


SHIFTS_CLOSED = Closable(
    "s", text("Shifts"), _found, _people, _settle, weighed_together, undoable=True
)
