"""What an agency decides about signing in."""

from portal.agency.settings import Setting
from portal.words import text

OWN_PHONE_DAYS = Setting(
    "own_phone_days",
    text('Days that "This is my own phone or computer" keeps a volunteer signed in'),
    90,
    least=1,
    most=366,
)
SECOND_STEP_DAYS = Setting(
    "second_step_days",
    text(
        "Days until those who read checks, incident reports or cases enter a code again (0 = never)"
    ),
    30,
    most=366,
)
