"""What happens to those whom a leaver was to ask whether they come back."""

from datetime import datetime

from sqlalchemy.orm import Session

from portal.act import Act
from portal.lifecycle import reengagements
from portal.people.departures import Leaver
from portal.people.models import Leaving
from portal.permissions import COMMAND_LINE


def release(db: Session, leaver: Leaver, at: datetime) -> list[int | None]:
    """Leave whom a leaver still has to ask to the rest of the staff; gives no program: no spot is free."""
    if leaver.cause != Leaving.ROLE:
        ended = leaver.cause != Leaving.STAFF_ROLE
        act = Act(db, COMMAND_LINE, at)
        reengagements.give_back(act, leaver.person_id, leaver.program_id, ended=ended)
    return []
