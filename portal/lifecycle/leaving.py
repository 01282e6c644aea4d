"""What happens to those whom a leaver was to ask whether they come back."""

from datetime import datetime

from sqlalchemy.orm import Session

from portal.lifecycle import reengagements
from portal.people.departures import Leaver
from portal.people.models import Leaving


def release(db: Session, leaver: Leaver, at: datetime) -> list[int | None]:
    """Leave whom a leaver has not asked yet to the rest of the staff; gives no program: no spot is free."""
    if leaver.cause != Leaving.ROLE:
        reengagements.give_back(db, leaver.person_id, leaver.program_id)
    return []
