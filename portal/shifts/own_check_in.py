"""Checking oneself in, where a program has that."""

from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.shifts.check_in_settings import by_oneself
from portal.shifts.companions import fellow_names
from portal.shifts.facts import Facts
from portal.shifts.leads import is_led_now
from portal.shifts.models import Signup, SignupState
from portal.web.errors import NotFound


class OwnCheckIn(NamedTuple):
    """Someone's own check-in to a shift of today: whether they lead it, were checked in and out, and may check
    themselves in."""

    lead: bool
    in_at: datetime | None
    out_at: datetime | None
    by_oneself: bool


def own_check_in(db: Session, facts: Facts, at: datetime) -> OwnCheckIn | None:
    """The check-in of the person of some facts to a shift that they are on, on its day."""
    row = facts.row
    if facts.person is None or facts.person.own_slot_id is None or not is_led_now(row, at):
        return None
    own = own_signup(db, facts.person.id, row.shift_id)
    alone = by_oneself(db, row.program_id)
    return OwnCheckIn(own.lead, own.in_at, own.out_at, alone)


def own_part(db: Session, facts: Facts, at: datetime) -> dict[str, Any]:
    """What someone on a shift sees of themselves: their slot, their check-in, and who comes only with them."""
    person, row = facts.person, facts.row
    mine = person.own_slot_id if person else None
    together = person and mine and row.has_companions
    beside = fellow_names(db, row.shift_id, person.id) if person and together else ()
    return {"mine": mine, "own": own_check_in(db, facts, at), "beside": beside}


def own_signup(db: Session, person_id: int | None, shift_id: int) -> Signup:
    """Someone's signup for a shift, or NotFound."""
    found = select(Signup).where(
        Signup.shift_id == shift_id,
        Signup.person_id == person_id,
        Signup.state == SignupState.SIGNED_UP,
    )
    signup = db.scalar(found)
    if signup is None:
        raise NotFound
    return signup
