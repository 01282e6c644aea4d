"""The kinds of messages of recruitment."""

from portal.messages.kinds import Kind, Urgency

DRAFT = Kind("application.draft", Urgency.SOON)
INVITED = Kind("application.invited", Urgency.SOON)
RECEIVED = Kind("application.received", Urgency.SOON, to_actor=True)
REVIEW = Kind("application.review", Urgency.SOON, calls=True)
HELD = Kind("application.held", Urgency.SOON, calls=True)
ACCEPTED = Kind("application.accepted", Urgency.SOON, calls=True)
DECLINED = Kind("application.declined", Urgency.SOON, calls=True)
CLOSED = Kind("application.closed", Urgency.SOON)
"""The same for someone who has no record: no one calls them, so no call waits where no list shows it."""
WELCOME = Kind("application.welcome", Urgency.SOON, calls=True, to_actor=True)
BUDDY = Kind("placement.has_buddy", Urgency.SOON)
BUDDY_OF = Kind("placement.buddy_of", Urgency.SOON, calls=True)
NEWS = Kind("application.news", Urgency.SOON)
ANSWERED = Kind("inquiry.answered", Urgency.SOON)
DUE = Kind("application.due", Urgency.SOON)
