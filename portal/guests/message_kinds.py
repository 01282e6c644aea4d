"""The kinds of messages to guests."""

from portal.messages.kinds import Kind, Urgency

COMING = Kind("guest.coming", Urgency.SOON)
MOVED = Kind("guest.moved", Urgency.SOON, calls=True)
OFF = Kind("guest.off", Urgency.SOON, calls=True)
REMINDER = Kind("guest.reminder", Urgency.CAN_WAIT)
