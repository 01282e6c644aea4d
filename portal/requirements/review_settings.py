"""Whether everyone who applies is looked up by screeners before they get a role."""

from portal.agency.settings import Setting
from portal.words import text

LIST_REVIEW = Setting(
    "list_review",
    text("Look up every applicant in the do-not-place list"),
    False,
    per_program=True,
)
SAFETY_CHECK = Setting(
    "safety_check",
    text("Screeners look up applicants and volunteers in the program's own system"),
    False,
    per_program=True,
)
SAFETY_MONTHS = Setting(
    "safety_check_months", text("Months until they are looked up again"), 12, least=1, most=60
)
