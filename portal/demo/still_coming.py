"""The demo agency asks people of one program whether they still come."""

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.act import Act
from portal.agency.settings import change
from portal.people.identity_models import Identity
from portal.people.reminding import AT_ONCE
from portal.permissions import COMMAND_LINE
from portal.settings import Settings
from portal.shifts import still_coming
from portal.shifts.models import Shift, Signup

ANSWER = 2
"""Of so many who were asked one has said that they come."""


def give_still_coming(db: Session, zone: str, at: datetime) -> None:
    """Turn it on in a program, and have the worker come by for two days until now. Every other one
    answered, but the demo's volunteer didn't."""
    volunteer = db.scalars(
        select(Identity.person_id).where(Identity.address == "volunteer@demo.example")
    ).one()
    own = select(Shift).join(Signup).where(Signup.person_id == volunteer, Shift.starts_at > at)
    soonest = db.scalars(own.order_by(Shift.starts_at)).first()
    assert soonest
    act = Act(db, COMMAND_LINE, at)
    change(act, still_coming.ASK_ALL, True, Settings(timezone=zone), program_id=soonest.program_id)
    moment = at - timedelta(days=2)
    while moment <= at:
        still_coming.ask(db, moment)
        moment += AT_ONCE
    asked = select(Signup).where(Signup.coming_asked_at.is_not(None), Signup.person_id != volunteer)
    for signup in db.scalars(asked.order_by(Signup.id)).all()[::ANSWER]:
        still_coming.confirm(act, signup.person_id, signup.shift_id)
