"""What an agency decides about its year and its weeks."""

from portal.agency.settings import Setting
from portal.words import text

FISCAL_YEAR_STARTS = Setting(
    "fiscal_year_starts", text("Month when the fiscal year begins"), 1, least=1, most=12
)

WEEK_STARTS = Setting(
    "week_starts",
    text("First day of the week, from 1 for Monday to 7 for Sunday"),
    7,
    least=1,
    most=7,
)
