"""Groups of the demo agency: colleagues whose contact is the demo's volunteer, and a couple kept together."""

from datetime import datetime, time, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal import clock
from portal.act import Act
from portal.people.identity_models import Identity
from portal.people.models import Membership
from portal.permissions import COMMAND_LINE
from portal.programs.models import Program, Visibility
from portal.shifts import group_names, group_signups, group_spots, groups, shifts
from portal.shifts.candidates import candidates
from portal.shifts.group_models import Keep
from portal.shifts.models import Shift, Slot
from portal.shifts.shift_slots import SlotWish

DAYS = 12
SPOTS = 4


def give_groups(db: Session, zone: str, at: datetime) -> None:
    """Write a shift in a program of the demo's coordinator: the couple is on it, and the colleagues have spots,
    one of them with a name."""
    volunteer = db.scalars(
        select(Identity.person_id).where(Identity.address == "volunteer@demo.example")
    ).one()
    act = Act(db, COMMAND_LINE, at)
    shift = _shift(act, zone)
    [slot] = shift.slots
    colleagues = groups.add_group(act, shift.program, "Cedar Valley Credit Union", volunteer)
    row = group_spots.set_spots(act, colleagues, slot, SPOTS, staff=True, without_records=True)
    assert row
    group_names.add_name(act, row, "Denise Okafor")
    one, other = candidates(db, COMMAND_LINE, shift, "", size=2)
    couple = groups.add_group(act, shift.program, "The Marlows", one.id, Keep.TOGETHER)
    groups.add_member(act, couple, other.id)
    group_signups.sign_up_together(act, couple, slot, staff=True)


def _shift(act: Act, zone: str) -> Shift:
    """A shift of the role that most volunteers have taken, on a Saturday or so."""
    own = (
        select(Membership.program_id)
        .join(Identity, Identity.person_id == Membership.person_id)
        .where(Identity.address == "coordinator@demo.example")
    )
    role = act.db.scalars(
        select(Slot)
        .join(Shift, Shift.id == Slot.shift_id)
        .join(Program, Program.id == Shift.program_id)
        .where(Program.visibility == Visibility.PUBLIC, Shift.program_id.in_(own))
        .order_by(Slot.filled.desc(), Slot.id)
    ).first()
    assert role
    day = clock.local_day(act.at, zone) + timedelta(days=DAYS)
    starts, ends = (clock.from_local(day, time(hour), zone) for hour in (9, 12))
    values = {
        "title": "Winter coat sorting", "site_id": role.shift.site_id, "note": "", "starts_at": starts,
        "ends_at": ends, "zone": zone, "opens_at": None, "closes_at": starts,
        "withdraw_until": starts - timedelta(hours=24), "adults": 0,
    }  # fmt: skip
    return shifts.add_shift(
        act, role.shift.program, values, [SlotWish(role.position_id, 5, SPOTS + 4)]
    )
