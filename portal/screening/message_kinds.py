"""The kinds of messages of screening."""

from portal.messages.kinds import Kind, Urgency

REFERENCE = Kind("reference.asked", Urgency.SOON)
MORE = Kind("reference.more", Urgency.SOON, calls=True)
REMINDER = Kind("reference.reminder", Urgency.CAN_WAIT)
