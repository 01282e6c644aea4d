"""How first shifts of the demo agency's new volunteers were."""

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.act import Act
from portal.agency.settings import change
from portal.lifecycle import first_shifts
from portal.lifecycle.first_shift_models import FirstShift
from portal.people.identity_models import Identity
from portal.people.models import Membership
from portal.permissions import COMMAND_LINE, Role, Viewer
from portal.settings import Settings

TURNED_ON = timedelta(days=45)
SAID = (
    ("yes", "Everyone was kind, and I knew where to go."),
    ("maybe", "It was a long drive, and no one told me about parking."),
    ("no", "I thought it would be something else."),
)


def give_first_shifts(db: Session, zone: str, at: datetime) -> None:
    """Programs with a coordinator ask since a while; three answered."""
    settings = Settings(timezone=zone)
    coordinated = select(Membership.program_id).where(
        Membership.role == Role.COORDINATOR, Membership.until.is_(None)
    )
    for program_id in sorted(filter(None, set(db.scalars(coordinated)))):
        act = Act(db, COMMAND_LINE, at - TURNED_ON)
        change(act, first_shifts.ASKING, True, settings, program_id)
    for then in (at - TURNED_ON, at - timedelta(days=1)):
        first_shifts.each_day(Act(db, COMMAND_LINE, then), zone)
    own = select(Identity.person_id).where(Identity.address == "volunteer@demo.example")
    rows = db.scalars(
        select(FirstShift).where(FirstShift.person_id.not_in(own)).order_by(FirstShift.id)
    ).all()
    for row, (again, words) in zip(rows, SAID, strict=False):
        act = Act(db, Viewer(person_id=row.person_id), at)
        first_shifts.answer_own(act, row.id, again, words)
