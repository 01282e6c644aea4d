"""How the demo agency keeps its people: addresses and notes, saved views, who left, and what happened."""

import random
from datetime import datetime, timedelta

from sqlalchemy import exists, select, update
from sqlalchemy.orm import Session

from portal import clock
from portal.act import Act
from portal.agency.settings import change
from portal.demo.data import VOLUNTEER
from portal.hours.models import HoursEntry, HoursState
from portal.incidents import handling, reporting
from portal.incidents.models import Called, IncidentKind
from portal.incidents.settings import ADULT_HOTLINE, CHILD_HOTLINE
from portal.lifecycle import board, letter_words, letters, retention
from portal.lifecycle.board_models import BoardKind
from portal.lifecycle.message_kinds import STAY
from portal.lifecycle.models import LetterKind
from portal.lifecycle.retention_models import Retention
from portal.merging import merging
from portal.messages.models import Channel, Message, State
from portal.people import memberships, people, saved_views
from portal.people.models import Membership, Person, Status
from portal.permissions import COMMAND_LINE, Role, Viewer
from portal.programs import exits, notes
from portal.programs.models import Placement, PlacementState, Program, Visibility
from portal.programs.person_models import Equipment, ExitReason, MayReturn
from portal.settings import Settings
from portal.shifts.models import Signup
from portal.web.errors import Preview

STREETS = ("Maple Street", "Orchard Lane", "2nd Avenue", "Mill Road", "Cedar Court")
TOWNS = ("Cedar Falls, NY 12205", "Millbrook, NY 12303", "Northfield, NY 12309")
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
    _twins(db, at)


def _twins(db: Session, at: datetime) -> None:
    """Two people have a second record: one pair was merged, one waits for someone to see it."""
    found = db.scalars(
        select(Person).where(Person.status == Status.ACTIVE).order_by(Person.id.desc()).limit(2)
    ).all()
    office = db.scalars(select(Membership).where(Membership.role == Role.ADMINISTRATOR)).first()
    assert office
    held = frozenset({(Role.ADMINISTRATOR, None)})
    act = Act(db, Viewer(office.person_id, memberships=held), at - timedelta(days=2))
    for number, one in enumerate(found):
        first, _, last = one.name.partition(" ")
        values = {"name": f"{last} {first}", "email": "", "status": Status.ACTIVE}
        phones = [{"number": one.phones[0].number, "label": ""}] if one.phones else []
        other = people.add_person(act, {**values, "phones": phones})
        db.flush()
        if number == 0:
            plan = merging.plan(db, one, other, act.at)
            merging.merge(act, one.id, other.id, Preview([plan]).seen)


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


def _coordinates_volunteer(db: Session) -> Membership:
    """A coordinator of a program in which the volunteer of the demo has approved hours."""
    coordinates = select(Membership).where(
        Membership.role == Role.COORDINATOR, Membership.until.is_(None)
    )
    served = exists().where(
        HoursEntry.program_id == Membership.program_id,
        HoursEntry.person_id == Person.id,
        HoursEntry.state == HoursState.APPROVED,
        HoursEntry.minutes > 0,
        Person.email == VOLUNTEER[1],
    )
    return db.scalars(coordinates.order_by(served.desc(), Membership.id).limit(1)).one()


def give_letters(db: Session, zone: str, at: datetime) -> None:
    """The agency words one letter itself; a volunteer has proof of service, and three were thanked at once."""
    settings = Settings(
        timezone=zone, secret_key="x" * 40, agency_name="Cedar County Human Services"
    )
    found = _coordinates_volunteer(db)
    assert found.program_id
    viewer = Viewer(found.person_id, memberships=frozenset({(Role.COORDINATOR, found.program_id)}))
    act, program = Act(db, viewer, at - timedelta(days=9)), db.get_one(Program, found.program_id)
    letter_words.save_wording(
        act, LetterKind.THANKS, program.id, "en",
        "Dear {name},\n\nThank you for the {hours} you gave to {program} this year. People ask for you.",
        0,
    )  # fmt: skip
    people = _members(db, program.id)
    values = letter_words.facts(
        db, [one.id for one in people], program, letter_words.Span(), settings, "en"
    )
    served = [one for one in people if one.id in values and one.id != found.person_id]
    served.sort(key=lambda one: one.email != VOLUNTEER[1])
    for kind, some in ((LetterKind.SERVICE, served[:1]), (LetterKind.THANKS, served[1:4])):
        body = letter_words.wording(db, kind, program.id, "en")
        written = [
            letters.Written(one, letter_words.written(body, one.name, values[one.id]), "en")
            for one in some
        ]
        if written:
            letters.write(
                act, kind, program.id, written, "Cy Ortega\nVolunteer coordinator", settings
            )


def give_staying(db: Session, zone: str, at: datetime) -> None:
    """One program asks people without activity for 11 months if they stay; one of them said yes."""
    settings, then = Settings(timezone=zone), at - timedelta(days=12)
    program = db.scalars(
        select(Membership.program_id).where(
            Membership.role == Role.COORDINATOR, Membership.until.is_(None)
        )
    ).first()
    assert program
    busy = select(Signup.person_id).union(select(HoursEntry.person_id))
    skip = set(db.scalars(busy)) | set(
        db.scalars(select(Placement.person_id).where(Placement.program_id != program))
    )
    quiet = [one for one in _members(db, program) if one.id not in skip][:4]
    for one in quiet:
        one.created_at = at - timedelta(days=600)
        for role in db.scalars(select(Placement).where(Placement.person_id == one.id)):
            role.starts_on = clock.local_day(one.created_at, zone)
    act = Act(db, COMMAND_LINE, then)
    change(act, retention.RETENTION, True, settings, program)
    retention.each_day(act, zone)
    asked = db.scalars(select(Retention).order_by(Retention.id)).all()
    if asked:
        row = asked[0]
        retention.answer(Act(db, Viewer(row.person_id), at - timedelta(days=10)), row.id, "yes")
    sent = update(Message).where(Message.kind == STAY.name, Message.channel == Channel.MAIL)
    db.execute(sent.values(state=State.SENT, why="shown", sent_at=Message.created_at))


def give_board(db: Session, zone: str, at: datetime) -> None:
    """News and handbook pages of the agency and of one program, current, over and to come."""
    today = clock.local_day(at, zone)
    coordinator = db.scalars(
        select(Membership).where(Membership.role == Role.COORDINATOR, Membership.until.is_(None))
    ).first()
    assert coordinator
    for kind, program_id, days, until, title, titulo, body in (
        (BoardKind.NEWS, None, 3, None, "Holiday hours in December", "Horario de fiestas en diciembre",
         "The office closes at noon on December 24 and 31."),
        (BoardKind.NEWS, None, 60, -30, "Flu shots at the office", "Vacunas contra la gripe en la oficina",
         "Come by on Tuesday. No appointment needed."),
        (BoardKind.NEWS, coordinator.program_id, 8, None, "New sign-in sheets", "Nuevas hojas de asistencia",
         "Use the blue sheets from now on."),
        (BoardKind.HANDBOOK, None, 200, None, "Welcome to volunteering", "Bienvenida al voluntariado",
         "What to bring, whom to call, and what to do when you're late."),
    ):  # fmt: skip
        values = {
            "kind": kind, "program_id": program_id, "position_id": None, "title": title, "body": body,
            "first_day": today - timedelta(days=days),
            "last_day": today + timedelta(days=until) if until else None,
            "translations": {"es": {"title": titulo}},
        }  # fmt: skip
        board.write_page(Act(db, COMMAND_LINE, at - timedelta(days=days)), values)
