"""What the demo agency's people can do, when they could come, and who looks after whom."""

import random
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from portal import clock
from portal.act import Act
from portal.people import passwords, search, supervision
from portal.people.identity_models import Identity
from portal.people.models import Membership, Person, Phone, Status
from portal.people.traits import Availability, Level, PersonSkill, Skill, SkillKind
from portal.permissions import COMMAND_LINE, Role
from portal.programs.models import Placement, PlacementState, Program

LANGUAGES = {
    "Spanish": "Español", "French": "Francés", "Haitian Creole": "Criollo haitiano",
    "Mandarin": "Mandarín", "Vietnamese": "Vietnamita", "Arabic": "Árabe",
    "American Sign Language": "Lengua de señas americana",
}  # fmt: skip
SKILLS = {
    "First aid": "Primeros auxilios", "Cooking for groups": "Cocinar para grupos",
    "Computers and phones": "Computadoras y teléfonos", "Reading aloud": "Leer en voz alta",
    "Repairs": "Reparaciones", "Public speaking": "Hablar en público", "Math tutoring": "Clases de matemáticas",
}  # fmt: skip
DISTRICTS = {
    "Cedar Falls": "Cedar Falls", "Millbrook": "Millbrook", "Northfield": "Northfield",
    "Southport": "Southport",
}  # fmt: skip
SPANS = ((540, 720), (540, 1020), (780, 1020), (1020, 1260), (1080, 1320))
CARS = ("", "", "Room for a walker in the trunk", "A child seat is in it", "Not on highways")
SUPERVISORS = {
    "Ines Halvorsen": "Victim-Witness Services",
    "Theo Brandt": "Housing Support",
    "Lucia Ferro": "Aging and Disability Services",
}
EACH = 12
"""How many people each supervisor looks after."""


def give_skills(db: Session, chance: random.Random, zone: str, password: str, at: datetime) -> None:
    """Fill the list of words, and let two people of three say what they can do."""
    words = _words(db)
    staff = db.scalars(
        select(Membership.person_id)
        .where(Membership.role == Role.COORDINATOR)
        .order_by(Membership.person_id)
    ).all()
    people = db.scalars(
        select(Person)
        .where(Person.id.not_in(staff), Person.status != Status.ENDED)
        .order_by(Person.id)
    ).all()
    today = clock.local_day(at, zone)
    said: list[dict[str, object]] = []
    for index, person in enumerate(people):
        if index and chance.random() < 0.33:
            continue
        said += _say(chance, person, words, staff, at)
        _times(db, chance, person.id)
        if index % 10 == 0:
            off = today + timedelta(days=chance.randint(3, 25))
            db.add(Availability(person_id=person.id, day=off, available=False))
    db.execute(insert(PersonSkill), said)
    db.flush()
    _supervise(db, zone, password, at)


def _words(db: Session) -> Mapping[SkillKind, Sequence[Skill]]:
    rows = {
        kind: [
            Skill(kind=kind, name=name, translations={"es": {"name": es}})
            for name, es in names.items()
        ]
        for kind, names in (
            (SkillKind.LANGUAGE, LANGUAGES),
            (SkillKind.SKILL, SKILLS),
            (SkillKind.DISTRICT, DISTRICTS),
        )
    }
    for words in rows.values():
        db.add_all(words)
    db.flush()
    return rows


def _say(
    chance: random.Random,
    person: Person,
    words: Mapping[SkillKind, Sequence[Skill]],
    staff: Sequence[int],
    at: datetime,
) -> list[dict[str, object]]:
    """One person's skills; staff have seen every third."""
    spanish, *others = words[SkillKind.LANGUAGE]
    languages = [spanish] if person.language == "es" or chance.random() < 0.2 else []
    if chance.random() < 0.2:
        languages.append(chance.choice(others))
    rest = chance.sample(words[SkillKind.SKILL], k=chance.choice((0, 1, 1, 2)))
    rest += chance.sample(words[SkillKind.DISTRICT], k=chance.choice((1, 1, 2)))
    person.drives = chance.random() < 0.45
    if person.drives and chance.random() < 0.8:
        person.vehicle_seats, person.vehicle_note = (
            chance.choice((1, 3, 4, 4, 6)),
            chance.choice(CARS),
        )
    levels: dict[int, str | None] = {
        one.id: Level.NATIVE
        if person.language == "es" and one is spanish
        else chance.choice(tuple(Level)[:3])
        for one in languages
    }
    levels |= {one.id: None for one in rest}
    since = at - timedelta(days=chance.randint(10, 300))
    return [
        {
            "person_id": person.id,
            "skill_id": number,
            "level": level,
            "since": since,
            "declared_by_id": person.id,
            "verified_at": since + clock.ONE_DAY if seen else None,
            "verified_by_id": chance.choice(staff) if seen else None,
        }
        for number, level in levels.items()
        for seen in (chance.random() < 0.33,)
    ]


def _times(db: Session, chance: random.Random, person_id: int) -> None:
    for weekday in sorted(chance.sample(range(7), k=chance.choice((1, 2, 3, 5)))):
        starts, ends = chance.choice(SPANS)
        db.add(Availability(person_id=person_id, weekday=weekday, starts=starts, ends=ends))


def _supervise(db: Session, zone: str, password: str, at: datetime) -> None:
    """Three supervisors, each with people of a program; the second stands in for the first next week."""
    today = clock.local_day(at, zone)
    made: list[Person] = []
    for index, (name, program) in enumerate(SUPERVISORS.items()):
        program_id = db.scalars(select(Program.id).where(Program.name == program)).one()
        person = _supervisor(db, name, index, password, at)
        made.append(person)
        db.add(
            Membership(person_id=person.id, role=Role.SUPERVISOR, program_id=program_id, since=at)
        )
        db.flush()
        placed = (
            select(Placement.person_id)
            .where(Placement.program_id == program_id, Placement.state == PlacementState.ACTIVE)
            .distinct()
            .order_by(Placement.person_id)
            .limit(EACH)
        )
        for one in db.scalars(placed).all():
            first = today - timedelta(days=50)
            supervision.give(Act(db, COMMAND_LINE, at), one, person.id, program_id, first)
    away = db.scalars(
        select(Program.id).where(Program.name == next(iter(SUPERVISORS.values())))
    ).one()
    db.add(Membership(person_id=made[1].id, role=Role.SUPERVISOR, program_id=away, since=at))
    db.flush()
    first = today + timedelta(days=7)
    last = first + timedelta(days=6)
    supervision.set_cover(Act(db, COMMAND_LINE, at), made[0].id, made[1].id, first, last)


def _supervisor(db: Session, name: str, index: int, password: str, at: datetime) -> Person:
    address = "supervisor@demo.example" if index == 0 else f"supervisor{index + 1}@demo.example"
    return staff_person(db, name, address, password, at)


def staff_person(db: Session, name: str, address: str, password: str, at: datetime) -> Person:
    """Someone of the staff who can sign in."""
    person = Person(
        name=name,
        email=address,
        created_at=at,
        placed_at=at,
        phones=[Phone(number="(555) 555-1950", label="Office")],
    )
    db.add(person)
    db.flush()
    search.index(db, [person])
    db.add(
        Identity(
            person_id=person.id,
            address=address,
            created_at=at,
            password_hash=passwords.hash_password(password),
        )
    )
    return person
