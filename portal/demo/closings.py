"""An afternoon on which one location of the demo agency is closed."""

from datetime import datetime, time, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal import clock
from portal.act import Act
from portal.closing import Decision, Do
from portal.closings import closing
from portal.outreach.closing import TALKS_CLOSED
from portal.permissions import COMMAND_LINE
from portal.programs.models import Site
from portal.shifts.closing import SHIFTS_CLOSED
from portal.training.closing import SESSIONS_CLOSED
from portal.web.errors import Preview

CLOSABLES = (SHIFTS_CLOSED, SESSIONS_CLOSED, TALKS_CLOSED)


def give_closing(db: Session, zone: str, at: datetime) -> None:
    """Three weeks ahead the library closes at noon; its first shift is canceled, the others stay."""
    site = db.scalars(select(Site).where(Site.name == "Library East")).one()
    day = clock.local_day(at, zone) + timedelta(days=21)
    act = Act(db, COMMAND_LINE, at)
    wanted = closing.Closing(day, day, "New boiler", site.id, starts=time(12))
    found = closing.found(db, COMMAND_LINE, wanted.span(zone), CLOSABLES, at)
    decisions = {item.key: Decision(Do.CANCEL) for item in found[:1]}
    keep = Decision(Do.KEEP)
    try:
        closing.close(act, wanted, decisions, keep, CLOSABLES, zone, {}, "")
    except Preview as preview:
        closing.close(act, wanted, decisions, keep, CLOSABLES, zone, {}, preview.seen)
