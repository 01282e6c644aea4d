"""What a program decides about checking in."""

from sqlalchemy.orm import Session

from portal.agency.settings import Setting, stored
from portal.permissions import Permission
from portal.words import text

WINDOW = Setting(
    "check_in_minutes",
    text("Check-in opens so many minutes before a shift"),
    30,
    most=12 * 60,
    may=Permission.SHIFTS_MANAGE,
    per_program=True,
)
BY_ONESELF = Setting(
    "self_check_in",
    text("Volunteers check themselves in"),
    False,
    may=Permission.SHIFTS_MANAGE,
    per_program=True,
)
ROUND = Setting(
    "round_minutes",
    text("Round times in and out to so many minutes (0: exact)"),
    15,
    most=60,
    may=Permission.SHIFTS_MANAGE,
    per_program=True,
)

SETTINGS = (WINDOW, BY_ONESELF, ROUND)


def by_oneself(db: Session, program_id: int) -> bool:
    """Whether volunteers of a program check themselves in."""
    return bool(stored(db, [BY_ONESELF], [program_id])[program_id][BY_ONESELF.name])
