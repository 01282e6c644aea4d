"""What an agency decides about its schedule."""

from datetime import timedelta

from sqlalchemy.orm import Session

from portal.agency.settings import Setting, value_of
from portal.settings import Settings
from portal.words import text

HORIZON_WEEKS = Setting(
    "horizon_weeks",
    text("Weeks in advance that recurring shifts are published"),
    26,
    least=1,
    most=104,
)


def horizon(db: Session, environment: Settings) -> timedelta:
    """How far ahead patterns write their shifts."""
    return timedelta(weeks=value_of(db, HORIZON_WEEKS, environment))
