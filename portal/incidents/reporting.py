"""Reporting an incident or a concern: in which program, and what becomes of it at once."""

from collections.abc import Collection, Mapping
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from portal import clock
from portal.act import Act, Ref
from portal.agency.settings import value_of
from portal.audit.log import record
from portal.incidents import message_kinds
from portal.incidents.models import (
    Called,
    Incident,
    IncidentKind,
    IncidentParty,
    IncidentState,
)
from portal.incidents.receivers import LEAST, possible_parties, receivers_of
from portal.incidents.settings import WITHIN, hotlines
from portal.people.models import Membership, Person
from portal.people.notify import notify
from portal.permissions import Permission, Viewer
from portal.programs.application_models import OPEN_APPLICATIONS, Application
from portal.programs.authority import in_sensitive_program
from portal.programs.models import Placement, PlacementState, Program
from portal.programs.scopes import in_viewers_programs
from portal.reads import read
from portal.settings import Settings
from portal.web.errors import Refused, refuse_for
from portal.words import Words, text

MOST = 200
STORY = ("happened_on", "happened_at", "place", "who", "what", "done")
"""What tells of it. Nothing of that is written in a sensitive program."""


def programs_of(db: Session, person_id: int, by: Viewer) -> list[Program]:
    """The open programs that a person can report about: where they serve, apply or are staff. Whoever reports
    for someone else chooses among those of their own."""
    serves = select(Placement.program_id).where(
        Placement.person_id == person_id, Placement.state == PlacementState.ACTIVE
    )
    applies = select(Application.program_id).where(
        Application.person_id == person_id, Application.state.in_(OPEN_APPLICATIONS)
    )
    staff = select(Membership.program_id).where(
        Membership.person_id == person_id,
        Membership.until.is_(None),
        Membership.program_id.is_not(None),
    )
    theirs = or_(Program.id.in_(serves), Program.id.in_(applies), Program.id.in_(staff))
    found = select(Program).where(Program.closed_at.is_(None))
    if by.person_id != person_id:
        mine = in_viewers_programs(Program.id, by, Permission.PEOPLE_MANAGE)
        found = found.where(theirs, mine)
    elif not by.everywhere(Permission.PEOPLE_MANAGE):
        found = found.where(theirs)
    return list(db.scalars(found.order_by(Program.name).limit(MOST)))


def is_told_by_phone(db: Session, reporter_id: int, program: Program | None) -> bool:
    """Whether nothing is written of it: in a sensitive program; about no program, if its reporter serves in
    one."""
    if program is not None:
        return program.sensitive
    found = select(Person.id).where(Person.id == reporter_id, in_sensitive_program())
    return db.scalar(found) is not None


def why_off(db: Session, settings: Settings, program_id: int | None) -> Words | None:
    """Why reports of a program can't be sent here; None if they can."""
    if not all(hotlines(db, settings)):
        return text("The agency hasn't finished setting this up.")
    if len(receivers_of(db, program_id)) < LEAST:
        return text("No one is named yet to read reports of this program.")
    return None


def report(
    act: Act,
    reporter_id: int,
    program: Program | None,
    values: Mapping[str, Any],
    about: Collection[int],
    settings: Settings,
) -> Incident:
    """Take a report in and tell its receivers at once, by a message that says nothing of it.

    Those it is `about` are left out, and never see it. Raises Refused where no one else would read it.
    """
    program_id = program.id if program else None
    refuse_for(*filter(None, [why_off(act.db, settings, program_id)]))
    told = is_told_by_phone(act.db, reporter_id, program)
    _check(values, clock.local_day(act.at, settings.timezone), sensitive=told)
    parties = {one.id for one in possible_parties(act.db, program_id)} & set(about)
    readers = {one.id for one in receivers_of(act.db, program_id)} - parties - {reporter_id}
    if not readers:
        raise Refused(
            fields={
                "about": text(
                    "Everyone who would read this is selected. Call the office instead, or a hotline."
                )
            }
        )
    row = _row(act, reporter_id, program, {} if told else values, values, settings)
    act.db.add(row)
    act.db.flush()
    act.db.add_all(IncidentParty(incident_id=row.id, person_id=one) for one in sorted(parties))
    record(act, "incident.reported", row)
    notify(act, message_kinds.NEW, Ref("incident", row.id), sorted(readers))
    return row


def _row(
    act: Act,
    reporter_id: int,
    program: Program | None,
    story: Mapping[str, Any],
    values: Mapping[str, Any],
    settings: Settings,
) -> Incident:
    """A new report: its story as far as it may be written, and by when someone reads it."""
    kind = IncidentKind(values["kind"])
    hours = value_of(act.db, WITHIN[kind], settings)
    return Incident(
        kind=kind,
        program_id=program.id if program else None,
        reporter_id=reporter_id,
        recorded_by_id=act.by.person_id if act.by.person_id != reporter_id else None,
        asked=act.asked,
        called=Called(values["called"]),
        called_time=values["called_time"] if values["called"] == Called.YES else None,
        callback=values["callback"],
        state=IncidentState.NEW,
        received_at=act.at,
        answer_by=act.at + timedelta(hours=hours),
        **{name: story[name] for name in STORY if name in story},
    )


def _check(values: Mapping[str, Any], today: date, *, sensitive: bool) -> None:
    """Raise Refused beside every field that lacks something."""
    wrong: dict[str, Words] = {}
    if values.get("happened_on") and values["happened_on"] > today:
        wrong["happened_on"] = text("This day hasn't come yet.")
    if sensitive and not values["callback"]:
        wrong["callback"] = text("Enter a phone number. Someone will call you.")
    if not sensitive and not values["what"]:
        wrong["what"] = text("Say what happened.")
    refuse_for(fields=wrong)


class OwnReport(NamedTuple):
    """A report as whoever sent it sees it: when it came in and where it stands."""

    id: int
    received_at: datetime
    state: IncidentState


def own_reports(db: Session, viewer: Viewer) -> list[OwnReport]:
    """What a viewer reported, the newest first. Nothing else of it is shown: others may use the same phone."""
    return read(
        db,
        OwnReport,
        select(Incident.id, Incident.received_at, Incident.state)
        .where(Incident.reporter_id == viewer.person_id)
        .order_by(Incident.received_at.desc(), Incident.id.desc())
        .limit(50),
    )
