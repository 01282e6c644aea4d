"""What an agency decides about offers of places that came free."""

from datetime import timedelta

from sqlalchemy.orm import Session

from portal.agency.settings import Setting, value_of
from portal.settings import Settings
from portal.words import text

OFFER_HOURS = Setting(
    "offer_hours", text("Hours to reply when a spot is offered"), 12, least=1, most=168
)


def time_to_answer(db: Session, environment: Settings) -> timedelta:
    """How long someone in line has to answer when a place is offered to them."""
    return timedelta(hours=value_of(db, OFFER_HOURS, environment))
