"""A kiosk of the demo agency, where the shift of today is."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal import clock
from portal.act import Act
from portal.kiosks import kiosks
from portal.permissions import COMMAND_LINE
from portal.programs.models import Visibility
from portal.shifts.models import Shift
from portal.web.errors import Refused


def give_kiosk(db: Session, zone: str, at: datetime) -> None:
    """Set up a kiosk for today's shift, at its location; a coordinator sees and ends it, or makes another."""
    today = clock.local_day(at, zone)
    soonest = select(Shift).where(Shift.ends_at > at, Shift.site_id.is_not(None))
    for shift in db.scalars(soonest.order_by(Shift.starts_at).limit(20)):
        if shift.program.visibility == Visibility.PUBLIC:
            try:
                kiosks.add_kiosk(
                    Act(db, COMMAND_LINE, at), shift.site_id, shift.program_id, today, today
                )
            except Refused:
                continue
            return
