"""How the demo agency keeps its people: addresses and notes, saved views, who left, and what happened."""

import random
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal import clock
from portal.act import Act
from portal.agency.settings import change
from portal.incidents import handling, reporting
from portal.incidents.models import Called, IncidentKind
from portal.incidents.settings import ADULT_HOTLINE, CHILD_HOTLINE
from portal.people import memberships, saved_views
from portal.people.models import Membership, Person, Status
from portal.permissions import Role, Viewer
from portal.programs import exits, notes
from portal.programs.models import Placement, PlacementState, Program, Visibility
from portal.programs.person_models import Equipment, ExitReason, MayReturn
from portal.settings import Settings

STREETS = ("Maple Street", "Orchard Lane", "2nd Avenue", "Mill Road", "Cedar Court")
TOWNS = ("Cedarville, NY 12345", "Millbrook, NY 12346", "North Fork, NY 12347")
NOTES = (
    (12, "Asked to be paired with an experienced driver for the first month."),
    (40, "Offered to translate flyers into Spanish."),
    (75, "Prefers morning shifts until the spring."),
)
LEAVERS = (
    (3, ExitReason.MOVED, MayReturn.YES, Equipment.OUTSTANDING, "Badge 41 and the side door key"),
    (20, ExitReason.TIME, MayReturn.YES, Equipment.RETURNED, "Badge 17"),
    (90, ExitReason.DONE, MayReturn.YES, Equipment.NONE, ""),
    (200, ExitReason.ENDED_BY_US, MayReturn.ASK, Equipment.NONE, ""),
)
VIEWS = (
    ("Not seen for 3 months", "served=not90&col=roles&col=phone&col=served"),
    ("No email", "reach=none&col=roles&col=phone&col=address"),
)


def give_people(db: Session, zone: str, at: datetime) -> None:
    """Keep addresses and notes, save views, and let some people leave."""
    chance = random.Random(27)
    found = db.scalars(
        select(Membership).where(Membership.role == Role.COORDINATOR, Membership.until.is_(None))
    ).all()
    for one in found:
        assert one.program_id
        today = clock.local_day(at, zone)
        viewer = Viewer(
            one.person_id, memberships=frozenset({(Role.COORDINATOR, one.program_id)}), today=today
        )
        _addresses(db, chance, one.program_id)
        for days, words in NOTES:
            person = _someone(db, chance, one.program_id)
            then = at - timedelta(days=days)
            notes.add_note(
                Act(db, viewer, then), person.id, one.program_id, clock.local_day(then, zone), words
            )
    for person_id in sorted({one.person_id for one in found}):
        for name, query in VIEWS:
            saved_views.save_view(Act(db, Viewer(person_id), at), "people", name, query)
    _leave(db, chance, zone, at)


def _members(db: Session, program_id: int | None) -> list[Person]:
    """The active volunteers of a program, or of all, in order."""
    serves = select(Placement.person_id).where(Placement.state == PlacementState.ACTIVE)
    if program_id is not None:
        serves = serves.where(Placement.program_id == program_id)
    staff = select(Membership.person_id)
    return list(
        db.scalars(
            select(Person)
            .where(Person.id.in_(serves), Person.id.not_in(staff), Person.status == Status.ACTIVE)
            .order_by(Person.id)
        )
    )


def _someone(db: Session, chance: random.Random, program_id: int) -> Person:
    return chance.choice(_members(db, program_id))


def _addresses(db: Session, chance: random.Random, program_id: int) -> None:
    for person in _members(db, program_id)[::3]:
        number, street = chance.randint(1, 180), chance.choice(STREETS)
        person.mailing_address = f"{number} {street}\n{chance.choice(TOWNS)}"


def _leave(db: Session, chance: random.Random, zone: str, at: datetime) -> None:
    """Some people left in the last year; the administrator had the checklist."""
    administrator = db.scalar(
        select(Membership.person_id).where(Membership.role == Role.ADMINISTRATOR)
    )
    people = _members(db, None)
    people = people[len(people) // 5 :]
    for days, reason, may_return, equipment, what in LEAVERS[: len(people)]:
        then = at - timedelta(days=days)
        by = Viewer(
            administrator,
            memberships=frozenset({(Role.ADMINISTRATOR, None)}),
            today=clock.local_day(then, zone),
        )
        values = {
            "reason": reason, "may_return": may_return, "equipment": equipment, "what": what,
        }  # fmt: skip
        exits.record_exit(Act(db, by, then), people.pop(chance.randrange(len(people))), values)


def give_incidents(db: Session, zone: str, at: datetime) -> None:
    """Two people read reports; one report is being worked on, one just came in."""
    settings = Settings(timezone=zone)
    people = {
        role: db.scalars(
            select(Membership.person_id)
            .where(Membership.role == role, Membership.until.is_(None))
            .order_by(Membership.id)
        ).first()
        for role in (Role.ADMINISTRATOR, Role.COORDINATOR)
    }
    office = Viewer(people[Role.ADMINISTRATOR], memberships=frozenset({(Role.ADMINISTRATOR, None)}))
    for person_id in people.values():
        assert person_id
        memberships.grant(Act(db, office, at), person_id, Role.INCIDENT_RECEIVER, None)
    for setting, number in ((CHILD_HOTLINE, "(555) 555-0190"), (ADULT_HOTLINE, "(555) 555-0191")):
        change(Act(db, office, at), setting, number, settings)
    reader = Viewer(
        people[Role.ADMINISTRATOR], memberships=frozenset({(Role.INCIDENT_RECEIVER, None)})
    )
    for days, kind, place, what in (
        (6, IncidentKind.INJURY, "Front steps", "A volunteer slipped on ice and twisted a wrist."),
        (0, IncidentKind.LOSS, "Pantry", "The petty cash box was open, and $40 was missing."),
    ):
        then = at - timedelta(days=days, hours=2)
        program = db.scalars(
            select(Program).where(Program.visibility == Visibility.PUBLIC).order_by(Program.id)
        ).first()
        assert program
        someone = _members(db, program.id)[2]
        values = {
            "kind": kind, "called": Called.NOT_NEEDED, "called_time": None, "callback": "",
            "happened_on": clock.local_day(then, zone), "happened_at": "About 10 am", "place": place,
            "who": "Two volunteers", "what": what, "done": "We told the front desk.",
        }  # fmt: skip
        row = reporting.report(
            Act(db, Viewer(someone.id), then), someone.id, program, values, (), settings
        )
        if days:
            handling.acknowledge(Act(db, reader, then + timedelta(hours=1)), row)
            noted = "Called them: a sprain, no doctor needed. Asked the site to salt the steps."
            handling.add_entry(Act(db, reader, then + timedelta(hours=3)), row, noted)
