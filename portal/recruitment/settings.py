"""What an agency decides about recruitment."""

from portal.agency.settings import Setting
from portal.permissions import Permission
from portal.words import text

FIRST_ANSWER_DAYS = Setting(
    "first_answer_days",
    text("Business days until an application gets a first answer"),
    3,
    least=1,
    most=30,
    may=Permission.PLACEMENTS_DECIDE,
    per_program=True,
)
