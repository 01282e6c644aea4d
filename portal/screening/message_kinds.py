"""The kinds of messages of screening."""

from portal.messages.kinds import Kind, Urgency

REFERENCE = Kind("reference.asked", Urgency.SOON)
MORE = Kind("reference.more", Urgency.SOON, calls=True)
REMINDER = Kind("reference.reminder", Urgency.CAN_WAIT)
GUARDIAN = Kind("guardian.asked", Urgency.SOON)
GUARDIAN_REMINDER = Kind("guardian.reminder", Urgency.CAN_WAIT)
SIGNED = Kind("guardian.signed", Urgency.SOON)
NOT_SIGNED = Kind("guardian.refused", Urgency.SOON, calls=True)
