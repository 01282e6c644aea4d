"""The kinds of messages of incidents. No one is called for them, and no list shows them: a call list or the
outbox would tell whoever administers that there is a report, who may be whom it is about."""

from portal.messages.kinds import Kind, Urgency

NEW = Kind("incident.new", Urgency.NOW, private=True)
OVERDUE = Kind("incident.overdue", Urgency.NOW, private=True)
ASSIGNED = Kind("incident.assigned", Urgency.NOW, private=True)
