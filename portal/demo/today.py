"""A shift of today in the demo agency, which its volunteer leads."""

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal import clock
from portal.act import Act
from portal.commitments.commitments import clashes
from portal.people.identity_models import Identity
from portal.permissions import COMMAND_LINE
from portal.shifts import check_in, endings, leads, own_check_in, shifts, signups
from portal.shifts.check_in import How
from portal.shifts.models import Shift, Signup, SignupState
from portal.shifts.shift_slots import SlotWish
from portal.web.errors import Refused

OTHERS = 3


def give_today(db: Session, zone: str, at: datetime) -> None:
    """Write a shift that began an hour ago, led by the demo's volunteer where their time allows, with three
    others of whom two are checked in."""
    starts = at.replace(minute=0, second=0, microsecond=0) - timedelta(hours=1)
    ends = starts + timedelta(hours=3)
    day = clock.local_day(at, zone)
    volunteer = db.scalars(
        select(Identity.person_id).where(Identity.address == "volunteer@demo.example")
    ).one()
    if clashes(db, volunteer, starts, ends) or clock.local_day(starts, zone) != day:
        return
    own = db.scalars(
        select(Signup)
        .join(Shift, Shift.id == Signup.shift_id)
        .where(Signup.person_id == volunteer, Signup.state == SignupState.SIGNED_UP)
        .order_by(Shift.starts_at.desc())
    ).first()
    if own is None:
        return
    values = {
        "title": "Open house", "site_id": own.shift.site_id, "note": "", "starts_at": starts, "ends_at": ends,
        "zone": zone, "opens_at": None, "closes_at": starts, "withdraw_until": starts - timedelta(hours=24),
        "adults": 2,
    }  # fmt: skip
    act = Act(db, COMMAND_LINE, at - timedelta(days=2))
    made = shifts.add_shift(
        act, own.shift.program, values, [SlotWish(own.slot.position_id, 2, OTHERS + 1)]
    )
    _fill(act, made, volunteer)
    lead = own_check_in.own_signup(db, volunteer, made.id)
    leads.set_lead(act, lead, lead=True)
    for signup in endings.current_signups(db, made.id)[1:3]:
        check_in.check_in(act.but(at=starts), made, signup.id, How.LEAD)


def _fill(act: Act, shift: Shift, volunteer: int) -> None:
    """Add the volunteer, and whoever can of those who were on shifts in the same role."""
    [slot] = shift.slots
    people = select(Signup.person_id).join(Shift, Shift.id == Signup.shift_id)
    people = people.where(Shift.program_id == shift.program_id, Signup.person_id != volunteer)
    others = dict.fromkeys(act.db.scalars(people.order_by(Signup.id)))
    for person_id in (volunteer, *others):
        if len(endings.current_signups(act.db, shift.id)) > OTHERS:
            return
        try:
            signups.sign_up(act, person_id, shift.id, slot_id=slot.id, staff=True, quiet=True)
        except Refused:
            continue
