"""The kinds of messages about staying and leaving."""

from portal.messages.kinds import Kind, Urgency

STAY = Kind("retention.stay", Urgency.CAN_WAIT, calls=True)
LETTER_WRITTEN = Kind("letter.written", Urgency.CAN_WAIT)
"""No one is called about a letter: whoever has no email gets it by post."""
FIRST_SHIFT = Kind("first_shift.asked", Urgency.CAN_WAIT)
