"""Checking oneself in, where a program has that."""

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.shifts.check_in_settings import by_oneself
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
