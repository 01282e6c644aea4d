"""The demo agency's limits, and someone who was added over one."""

from collections.abc import Sequence
from datetime import datetime, time, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal import clock
from portal.act import Act
from portal.agency.settings import change
from portal.commitments.models import Commitment
from portal.people.identity_models import Identity
from portal.permissions import COMMAND_LINE
from portal.programs.models import Placement
from portal.programs.placements import on_day
from portal.settings import Settings
from portal.shifts import limits, shifts, signups
from portal.shifts.models import Shift, Signup, SignupState
from portal.shifts.shift_slots import SlotWish
from portal.web.errors import Refused

HOURS = {limits.DAY: 8, limits.WEEK: 30, limits.ROW: 6, limits.MINOR_DAY: 4, limits.MINOR_WEEK: 12}
"""What the agency allows one person; its programs may set their own."""


def give_limits(db: Session, zone: str, at: datetime) -> None:
    """Set the limits. Then write a long shift on a day on which the demo's volunteer comes anyway, so that its
    page shows them a limit; it needs two adults, and a colleague is added to it with a reason."""
    act = Act(db, COMMAND_LINE, at)
    for setting, hours in HOURS.items():
        change(act, setting, hours, Settings(timezone=zone))
    volunteer = db.scalar(
        select(Identity.person_id).where(Identity.address == "volunteer@demo.example")
    )
    own = db.scalars(
        select(Signup)
        .join(Shift, Shift.id == Signup.shift_id)
        .where(
            Signup.person_id == volunteer,
            Signup.state == SignupState.SIGNED_UP,
            Shift.starts_at > at + timedelta(days=2),
        )
        .order_by(Shift.starts_at)
    )
    for signup in own.all():
        late = clock.to_local(signup.shift.starts_at, zone).hour >= 15
        if late and (others := _busy_then(db, signup, zone)):
            _add_long_shift(act, signup, others, zone)
            return


def _busy_then(db: Session, signup: Signup, zone: str) -> Sequence[int]:
    """Who has the role of a signup and something else late on its day."""
    day = clock.local_day(signup.shift.starts_at, zone)
    placed = select(Placement.person_id).where(
        Placement.position_id == signup.slot.position_id, on_day(day)
    )
    late = clock.from_local(day, time(15), zone)
    busy = select(Commitment.person_id).where(
        Commitment.person_id.in_(placed),
        Commitment.person_id != signup.person_id,
        Commitment.starts_at.between(late, late + timedelta(hours=6)),
    )
    return db.scalars(busy.order_by(Commitment.person_id)).all()


def _add_long_shift(act: Act, signup: Signup, others: Sequence[int], zone: str) -> None:
    """Eight hours that end before a signup's shift, for its role; the first of the others who can is added."""
    shift = signup.shift
    starts = clock.from_local(clock.local_day(shift.starts_at, zone), time(6, 30), zone)
    values = {
        "title": "Supply day", "site_id": shift.site_id, "note": "Bring gloves.", "starts_at": starts,
        "ends_at": starts + timedelta(hours=8), "zone": zone, "opens_at": None, "closes_at": starts,
        "withdraw_until": starts - timedelta(hours=24), "adults": 2,
    }  # fmt: skip
    wishes = [SlotWish(signup.slot.position_id, 2, 3)]
    made = shifts.add_shift(act, shift.program, values, wishes)
    for person_id in others:
        try:
            signups.sign_up(
                act.but(asked="phone"),
                person_id,
                made.id,
                staff=True,
                over_limit="Has done this before and asked for the whole day",
            )
        except Refused:
            continue
        return
