"""What an agency and its programs decide about cases."""

from portal.agency.settings import Setting
from portal.permissions import Permission
from portal.words import text

DISTRICT = Setting(
    "case_district",
    text("Fewest residents of a district that a case may name"),
    5000,
    least=1000,
    most=1_000_000,
    may=Permission.AGENCY_MANAGE,
    per_program=True,
)
WORDS_DAYS = Setting(
    "case_words_days",
    text("Days after a case closes until what was typed about it is erased"),
    30,
    least=1,
    most=365,
    may=Permission.AGENCY_MANAGE,
)
SETTINGS = (DISTRICT, WORDS_DAYS)
