"""What receivers do with a report: read it, log what was done, hide it from someone, pass it on, close it."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from portal.act import Act, Ref
from portal.audit.log import record
from portal.db import lock_row
from portal.incidents import message_kinds
from portal.incidents.models import Incident, IncidentEntry, IncidentParty, IncidentState
from portal.incidents.receivers import possible_parties, receivers_of
from portal.incidents.reporting import is_told_by_phone
from portal.people.departures import Leaver
from portal.people.models import Leaving, Person
from portal.people.notify import notify
from portal.permissions import COMMAND_LINE
from portal.reads import read
from portal.web.errors import NotFound, Refused
from portal.words import text


def _hold(act: Act, row: Incident) -> None:
    lock_row(act.db, row)
    if act.db.get(IncidentParty, (row.id, act.by.person_id)) is not None:
        raise NotFound  # hidden from them since the page was read


def _told_by_phone(act: Act, row: Incident) -> bool:
    """Whether nothing is written of a report, in its log and outcome neither."""
    return is_told_by_phone(act.db, row.reporter_id, row.program)


def _unless_closed(row: Incident) -> None:
    if row.state == IncidentState.CLOSED:
        raise Refused(text("This report is closed. Reopen it first."))


def _log(act: Act, row: Incident, action: str, words: str = "") -> None:
    act.db.add(
        IncidentEntry(
            incident_id=row.id, at=act.at, by_id=act.by.person_id, action=action, words=words
        )
    )
    record(act, f"incident.{action}", Ref("incident", row.id, None, row.program_id))


def acknowledge(act: Act, row: Incident) -> None:
    """Take a report on that no one has. Whoever is second finds out whose it is."""
    _hold(act, row)
    _unless_closed(row)
    if row.owner_id is not None:
        raise Refused(text("Someone already took this report."))
    row.state, row.acknowledged_at = IncidentState.OPEN, act.at
    row.owner_id = act.by.person_id
    _log(act, row, "taken")


def add_entry(act: Act, row: Incident, words: str) -> None:
    """Log what was done; where nothing is written down, only that they were called."""
    _hold(act, row)
    _unless_closed(row)
    if _told_by_phone(act, row):
        _log(act, row, "called")
    elif not words:
        raise Refused(fields={"words": text("Say what was done.")})
    else:
        _log(act, row, "noted", words)


def hide_from(act: Act, row: Incident, person_id: int) -> None:
    """Hide a report from someone whom it is about, from now on and whatever role they get. Raises Refused if no
    one else would read it. It is no one's if it was theirs."""
    _hold(act, row)
    if person_id not in {one.id for one in possible_parties(act.db, row.program_id)}:
        raise Refused(fields={"person": text("Select someone on staff.")})
    others = {one.id for one in receivers_of(act.db, row.program_id, row.id)} - {person_id}
    if not others:
        raise Refused(
            fields={"person": text("No one else would read this report. Name another receiver.")}
        )
    if act.db.get(IncidentParty, (row.id, person_id)) is not None:
        return
    act.db.add(IncidentParty(incident_id=row.id, person_id=person_id))
    if row.owner_id == person_id and row.state == IncidentState.OPEN:  # as if no one had read it
        row.owner_id, row.state, row.acknowledged_at = None, IncidentState.NEW, None
        row.overdue_at = None
    _log(act, row, "hidden")


def assign(act: Act, row: Incident, person_id: int) -> None:
    """Pass a report to another receiver, who is told that something waits."""
    _hold(act, row)
    _unless_closed(row)
    if person_id not in {one.id for one in receivers_of(act.db, row.program_id, row.id)}:
        raise Refused(fields={"owner": text("Select someone who reads these reports.")})
    if row.state == IncidentState.NEW:
        row.state, row.acknowledged_at = IncidentState.OPEN, act.at
    row.owner_id = person_id
    _log(act, row, "assigned")
    notify(act, message_kinds.ASSIGNED, Ref("incident", row.id), [person_id])


def close(act: Act, row: Incident, outcome: str) -> None:
    """Close a report with what came of it. One that no one read can't be closed."""
    _hold(act, row)
    _unless_closed(row)
    if row.state == IncidentState.NEW:
        raise Refused(text("Take the report first."))
    told = _told_by_phone(act, row)
    if not told and not outcome:
        raise Refused(fields={"outcome": text("Say what came of it.")})
    row.state, row.closed_at = IncidentState.CLOSED, act.at
    row.outcome = "" if told else outcome
    _log(act, row, "closed")


def reopen(act: Act, row: Incident) -> None:
    """Open a closed report again; it is the reader's. The log keeps how it was closed."""
    _hold(act, row)
    if row.state != IncidentState.CLOSED:
        raise Refused(text("This report is open."))
    _log(act, row, "reopened", row.outcome)
    row.state, row.closed_at, row.outcome = IncidentState.OPEN, None, ""
    row.owner_id = act.by.person_id


def overdue(at: datetime) -> Select[int]:
    """The reports that no one read in time, and whose receivers were not told so."""
    return select(Incident.id).where(
        Incident.state == IncidentState.NEW,
        Incident.answer_by <= at,
        Incident.overdue_at.is_(None),
    )


def warn(act: Act, incident_id: int) -> None:
    """Tell the receivers of a report that it still waits. Doing it twice is once."""
    row = act.db.get(Incident, incident_id, with_for_update={"key_share": True})
    if row is None or row.overdue_at or row.state != IncidentState.NEW:
        return
    readers = [one.id for one in receivers_of(act.db, row.program_id, row.id)]
    if not readers:
        return  # Home tells administrators; the clock stands until someone may read it
    row.overdue_at = act.at
    notify(act, message_kinds.OVERDUE, Ref("incident", row.id), readers)
    record(act, "incident.overdue", Ref("incident", row.id, None, row.program_id))


class EntryLine(NamedTuple):
    """A line of the log."""

    at: datetime
    action: str
    words: str
    by: str | None


def log_of(db: Session, incident_id: int) -> Sequence[EntryLine]:
    """The log of a report, the oldest line first."""
    return read(
        db,
        EntryLine,
        select(IncidentEntry.at, IncidentEntry.action, IncidentEntry.words, Person.name.label("by"))
        .outerjoin(Person, Person.id == IncidentEntry.by_id)
        .where(IncidentEntry.incident_id == incident_id)
        .order_by(IncidentEntry.id)
        .limit(500),
    )


def hidden_from(db: Session, incident_id: int) -> Sequence[str]:
    """The names of those a report is hidden from."""
    return db.scalars(
        select(Person.name)
        .join(IncidentParty, IncidentParty.person_id == Person.id)
        .where(IncidentParty.incident_id == incident_id)
        .order_by(Person.name)
    ).all()


def _owned(leaver: Leaver) -> Select[Incident]:
    return select(Incident).where(
        Incident.owner_id == leaver.person_id, Incident.state != IncidentState.CLOSED
    )


def release(db: Session, leaver: Leaver, at: datetime) -> list[int | None]:
    """Leave the open reports of a leaver to the other receivers; gives no program, since no spot is free."""
    if leaver.cause == Leaving.ROLE:
        return []
    for row in db.scalars(_owned(leaver).order_by(Incident.id)).all():
        still = {one.id for one in receivers_of(db, row.program_id, row.id)}
        if leaver.person_id not in still:
            row.owner_id = None
            _log(Act(db, COMMAND_LINE, at), row, "unassigned")
    return []
