"""The kinds of messages that outreach sends."""

from portal.messages.kinds import (
    Kind,
    Topic,
    Urgency,
)

PROVE = Kind("outreach.prove", Urgency.NOW)


RECEIVED = Kind("outreach.received", Urgency.CAN_WAIT, calls=True)


DECLINED = Kind("outreach.declined", Urgency.SOON, calls=True)


ANSWERED = Kind("outreach.answered", Urgency.SOON, calls=True)


COUNTERED = Kind("outreach.countered", Urgency.SOON, calls=True)


CONFIRMED = Kind("outreach.confirmed", Urgency.SOON, calls=True)


OTHER_SPEAKER = Kind("outreach.other_speaker", Urgency.SOON, calls=True)


CHANGED = Kind("outreach.changed", Urgency.SOON, calls=True)


DATE_MOVED = Kind("outreach.date_moved", Urgency.SOON, calls=True)


KEPT = Kind("outreach.kept", Urgency.SOON, calls=True)


CANCELED = Kind("outreach.cancelled", Urgency.SOON, calls=True)


OFFERED = Kind("outreach.offered", Urgency.SOON, calls=True)


LAPSED = Kind("outreach.lapsed", Urgency.SOON)


SPEAKING = Kind("outreach.speaking", Urgency.SOON, to_actor=True, calls=True)


SPEAKING_CHANGED = Kind("outreach.speaking_changed", Urgency.SOON, calls=True)


SPEAKING_CANCELED = Kind("outreach.speaking_off", Urgency.SOON, calls=True)


SPEAKING_ENDED = Kind("outreach.speaking_ended", Urgency.SOON, to_actor=True, calls=True)


REMINDER = Kind("outreach.reminder", Urgency.SOON, Topic.REMINDERS)


HOW = Kind("outreach.how", Urgency.CAN_WAIT, Topic.REMINDERS)


NEWS = Kind("outreach.news", Urgency.CAN_WAIT)


CLERK_CONFIRMED = Kind(
    "outreach.clerk_confirmed", Urgency.CAN_WAIT, Topic.CONFIRMATIONS, to_actor=True
)


CLERK_CANCELED = Kind(
    "outreach.clerk_cancelled", Urgency.CAN_WAIT, Topic.CONFIRMATIONS, to_actor=True
)
