"""The lists of reports that a receiver reads."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy.orm import Session, aliased

from portal.incidents.models import Incident, IncidentKind, IncidentState
from portal.incidents.receivers import visible_incidents, waiting
from portal.people.models import Person
from portal.permissions import Viewer
from portal.programs.models import Program
from portal.web.paging import Listing, PageOf

WHICH = ("open", "closed")


class IncidentLine(NamedTuple):
    """A report as the list prints it."""

    received_at: datetime
    id: int
    kind: IncidentKind
    state: IncidentState
    answer_by: datetime
    owner: str | None
    program: str | None
    translations: Mapping[str, Any] | None


_NEWEST = Listing(IncidentLine, (Incident.received_at, Incident.id), newest_first=True)
_owner = aliased(Person)


def list_incidents(db: Session, viewer: Viewer, which: str, after: str) -> PageOf[IncidentLine]:
    """A page of the reports a viewer receives, the newest first: those that wait for them, all that are "open",
    or the "closed" ones."""
    found = waiting(viewer) if which == "" else visible_incidents(viewer)
    if which:
        closed = Incident.state == IncidentState.CLOSED
        found = found.where(closed if which == "closed" else ~closed)
    return _NEWEST.page(
        db,
        found.outerjoin(_owner, _owner.id == Incident.owner_id)
        .outerjoin(Program, Program.id == Incident.program_id)
        .with_only_columns(
            Incident.received_at,
            Incident.id,
            Incident.kind,
            Incident.state,
            Incident.answer_by,
            _owner.name.label("owner"),
            Program.name.label("program"),
            Program.translations,
        ),
        after,
    )
