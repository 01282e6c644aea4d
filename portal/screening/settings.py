"""What an agency decides about screening."""

from portal.agency.settings import Setting
from portal.permissions import Permission
from portal.words import text

GUIDE = Setting(
    "interview_guide",
    text("What interviewers ask and look for"),
    "",
    most=500,
    may=Permission.PLACEMENTS_DECIDE,
    per_program=True,
)
ASK_JOBS = Setting(
    "ask_jobs",
    text("Ask volunteers once a year if they work for the agency"),
    False,
)
REFERENCES = Setting(
    "references_wanted",
    text("How many references an applicant needs"),
    2,
    least=1,
    most=4,
    may=Permission.PLACEMENTS_DECIDE,
    per_program=True,
)
