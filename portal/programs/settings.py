"""What an agency decides about its year."""

from portal.agency.settings import Setting
from portal.web.words import text

FISCAL_YEAR_STARTS = Setting(
    "fiscal_year_starts", text("Month in which the fiscal year begins"), 1, least=1, most=12
)
