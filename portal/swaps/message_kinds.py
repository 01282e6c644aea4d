"""The kinds of messages about swaps that are not done yet."""

from portal.messages.kinds import Kind, Urgency

PROPOSED = Kind("swap.proposed", Urgency.SOON, calls=True)

AGREED = Kind("swap.agreed", Urgency.SOON)

DECLINED = Kind("swap.declined", Urgency.SOON)

LAPSED = Kind("swap.lapsed", Urgency.SOON)

REFUSED = Kind("swap.refused", Urgency.SOON, calls=True)
