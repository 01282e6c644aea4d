"""The kinds of messages about shifts."""

from portal.messages.kinds import Kind, Topic, Urgency

MADE = Kind("signup.made", Urgency.CAN_WAIT, Topic.CONFIRMATIONS, to_actor=True, joins=True)


WITHDRAWN = Kind(
    "signup.withdrawn", Urgency.CAN_WAIT, Topic.CONFIRMATIONS, to_actor=True, joins=True
)


REMOVED = Kind("signup.removed", Urgency.SOON, calls=True, joins=True)


CANT = Kind("signup.cant", Urgency.SOON)


RELEASED = Kind("signup.released", Urgency.SOON)


ADULTS = Kind("shift.adults", Urgency.NOW)


CANCELED = Kind("shift.called_off", Urgency.SOON, calls=True, joins=True)


REOPENED = Kind("shift.reopened", Urgency.SOON, calls=True, joins=True)


CHANGED = Kind("shift.changed", Urgency.SOON, calls=True, joins=True)


REMINDER = Kind("shift.reminder", Urgency.SOON, Topic.REMINDERS)


COMING = Kind("shift.coming", Urgency.SOON, calls=True)


ASKED = Kind("shift.asked", Urgency.SOON, Topic.ASKS, calls=True)


ASKED_SEVERAL = Kind("shift.asked_several", Urgency.SOON, Topic.ASKS, calls=True)


TAKEN = Kind("shift.taken", Urgency.SOON, Topic.ASKS)


HELPED = Kind("shift.helped", Urgency.SOON)


OFFERED = Kind("waiting.offered", Urgency.SOON, calls=True)


LAPSED = Kind("waiting.lapsed", Urgency.SOON)


REGULAR_CHANGED = Kind("regular.changed", Urgency.SOON, calls=True, joins=True)


REGULAR = Kind("regular.started", Urgency.CAN_WAIT, Topic.CONFIRMATIONS, to_actor=True, joins=True)


GROUP_KEPT = Kind("group.spots_kept", Urgency.SOON)


GROUP_ENDED = Kind("group.spots_ended", Urgency.SOON, calls=True)


GROUP_CHANGED = Kind("group.shift_changed", Urgency.SOON, calls=True)


GROUP_NAMES = Kind("group.names_missing", Urgency.SOON, calls=True)


FELLOW_LEFT = Kind("group.fellow_left", Urgency.SOON, calls=True)


SWAPPED = Kind("signup.swapped", Urgency.SOON, calls=True, to_actor=True)


DIGEST = Kind("digest", Urgency.CAN_WAIT, Topic.DIGEST)
