"""The kinds of messages of incidents."""

from portal.messages.kinds import Kind, Urgency

NEW = Kind("incident.new", Urgency.NOW, calls=True)
OVERDUE = Kind("incident.overdue", Urgency.NOW, calls=True)
ASSIGNED = Kind("incident.assigned", Urgency.NOW, calls=True)
