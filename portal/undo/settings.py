"""What an agency decides about undoing."""

from portal.agency.settings import Setting
from portal.words import text

HOLD_MINUTES = Setting(
    "undo_minutes",
    text("Minutes before emails about a change go out, so that it can be undone"),
    2,
    most=10,
)
