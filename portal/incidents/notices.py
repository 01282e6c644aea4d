"""What receivers are told: that something waits, and nothing of what it is."""

from collections.abc import Callable
from datetime import datetime
from functools import partial

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.incidents import message_kinds
from portal.incidents.models import Incident, IncidentParty, IncidentState
from portal.messages.kinds import Envelope, Kind, Notice, Notices, Saying
from portal.settings import Settings
from portal.words import Words, text


def _while(
    still: Callable[[Incident, Envelope], bool],
    db: Session,
    to: Envelope,
    settings: Settings,
    at: datetime,
) -> Saying | None:
    """The way in, while it is so and the report is not hidden from its reader. The link names no report."""
    row = db.get(Incident, to.subject_id)
    hidden = select(IncidentParty.person_id).where(
        IncidentParty.incident_id == to.subject_id, IncidentParty.person_id == to.person_id
    )
    if row is None or not still(row, to) or db.scalar(hidden) is not None:
        return None
    return Saying(link=(text("Open the portal"), "/me"))


def _notice(
    kind: Kind, title: Words, body: Words, still: Callable[[Incident, Envelope], bool]
) -> Notice:
    return Notice(
        kind, title, text("Something is waiting for you at {agency}"), body, partial(_while, still)
    )


def _is_new(row: Incident, to: Envelope) -> bool:
    return row.state == IncidentState.NEW


NOTICES: Notices = {
    message_kinds.NEW.name: _notice(
        message_kinds.NEW,
        text("A report came in (incident receivers)"),
        text("Hello {name},\n\nSomething is waiting for you in the portal. Sign in to read it."),
        _is_new,
    ),
    message_kinds.OVERDUE.name: _notice(
        message_kinds.OVERDUE,
        text("No one has read a report yet (incident receivers)"),
        text(
            "Hello {name},\n\nSomething in the portal is still waiting, and it's overdue. Sign in to read it."
        ),
        _is_new,
    ),
    message_kinds.ASSIGNED.name: _notice(
        message_kinds.ASSIGNED,
        text("A report was assigned (incident receivers)"),
        text("Hello {name},\n\nSomething was assigned to you in the portal. Sign in to read it."),
        lambda row, to: row.owner_id == to.person_id and row.state != IncidentState.CLOSED,
    ),
}
