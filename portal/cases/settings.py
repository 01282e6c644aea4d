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
MOST_CLIENTS = Setting(
    "case_most_clients",
    text("Most clients of a program that a volunteer helps at a time"),
    3,
    least=1,
    most=50,
    per_program=True,
)
MOST_SUPERVISED = Setting(
    "case_most_supervised",
    text("Most clients that the volunteers of one supervisor help at a time"),
    30,
    least=1,
    most=500,
    per_program=True,
)
CONTACT_DAYS = Setting(
    "case_contact_days",
    text("Days until a visit or call is overdue, if the request says nothing"),
    14,
    least=1,
    most=90,
    per_program=True,
)
OWN_NOTES = Setting(
    "case_own_notes",
    text("Volunteers read their own notes after their help ended (0 = no, 1 = yes)"),
    0,
    least=0,
    most=1,
    per_program=True,
)
LEAST_SHOWN = Setting(
    "case_least_shown",
    text("Smallest number that a report about clients shows"),
    10,
    least=5,
    most=100,
    may=Permission.AGENCY_MANAGE,
)
SETTINGS = (
    LEAST_SHOWN,
    DISTRICT,
    WORDS_DAYS,
    MOST_CLIENTS,
    MOST_SUPERVISED,
    CONTACT_DAYS,
    OWN_NOTES,
)
