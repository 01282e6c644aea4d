"""An agency of any size to measure with: people, two weeks of shifts, sessions to act with."""

import random
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import insert
from sqlalchemy.orm import Session

from portal import clock, migrating
from portal.commitments.kinds import SHIFT
from portal.commitments.models import Commitment
from portal.db import Database
from portal.people import search
from portal.people.identity_models import SignIn
from portal.people.models import Person, Phone, SearchKey, Status
from portal.people.tokens import new_token
from portal.programs.models import Placement, PlacementState, Position, Program, Site
from portal.shifts.models import Shift, Signup, SignupState, Slot

FIRST = [
    "Ana",
    "Ben",
    "Carla",
    "Dev",
    "Elena",
    "Frank",
    "Grace",
    "Hank",
    "Iris",
    "Jo",
    "Kofi",
    "Lena",
    "Miguel",
    "Nora",
    "Omar",
    "Priya",
]
LAST = [
    "Adams",
    "Baker",
    "Castillo",
    "Diaz",
    "Evans",
    "Fischer",
    "Garcia",
    "Hughes",
    "Ito",
    "Jensen",
    "Khan",
    "Lopez",
    "Meyer",
]
ACTORS = 300
"""How many of the people have a session and the role, and so can sign up."""

SHIFTS = 120


@dataclass
class World:
    """What was made: shifts ahead with their slots, and the cookies of those who may take them."""

    shifts: list[tuple[int, int]]
    cookies: list[str]
    people: list[int]


def build(database: Database, people: int, at: datetime | None = None) -> World:
    """Fill an empty, migrated database with an agency of so many people."""
    at = at or clock.now()
    with database.writing() as db:
        program = Program(
            name="Rides", translations={}, contact_name="Cy", contact_phone="555-0100"
        )
        db.add(program)
        db.flush()
        positions = [
            Position(
                program_id=program.id,
                name=f"Role {index}",
                translations={},
                description="Help out.",
            )
            for index in range(5)
        ]
        sites = [
            Site(name=f"Place {index}", address=f"{index} Main St", translations={})
            for index in range(12)
        ]
        db.add_all([*positions, *sites])
        db.flush()
        ids = _people(db, people, at)
        actors = ids[:ACTORS]
        _placements(db, ids, positions, program.id, at)
        shifts = _shifts(db, program.id, positions, sites, ids, at)
        cookies = _sessions(db, actors, at)
    return World(shifts, cookies, actors)


def _people(db: Session, number: int, at: datetime) -> list[int]:
    rows = [
        {
            "name": f"{FIRST[index % 16]} {LAST[index % 13]}{index}", "email": f"p{index}@example.org",
            "created_at": at, "status": Status.ACTIVE, "placed_at": at, "version": 1,
            "language": "en", "goes_by": "", "emergency_name": "", "emergency_relation": "", "emergency_phone": "",
        }
        for index in range(number)
    ]  # fmt: skip
    ids = list(db.scalars(insert(Person).returning(Person.id), rows))
    db.execute(
        insert(Phone),
        [{"person_id": one, "number": f"(555) {one:07}", "label": ""} for one in ids],
    )
    keys = []
    for one, row in zip(ids, rows, strict=True):
        person = Person(
            name=row["name"], email=row["email"], goes_by="", phones=[Phone(number=f"555{one:07}")]
        )
        keys += [{"key": key, "person_id": one} for key in search.keys_of(person)]
        if len(keys) > 20_000:
            db.execute(insert(SearchKey), keys)
            keys = []
    if keys:
        db.execute(insert(SearchKey), keys)
    return ids


def _placements(
    db: Session, people: list[int], positions: list[Position], program: int, at: datetime
) -> None:
    day = at.date() - timedelta(days=30)
    rows = [
        {
            "person_id": person, "position_id": positions[0 if index < ACTORS else index % 5].id,
            "program_id": program, "state": PlacementState.ACTIVE, "starts_on": day, "reason": "",
        }
        for index, person in enumerate(people)
    ]  # fmt: skip
    db.execute(insert(Placement), rows)


def _shifts(
    db: Session,
    program: int,
    positions: list[Position],
    sites: list[Site],
    people: list[int],
    at: datetime,
) -> list[tuple[int, int]]:
    """Coming shifts that do not overlap, and, for everyone beyond the actors, one in the past."""
    chance = random.Random(5)
    start = at.replace(minute=0, second=0, microsecond=0) + timedelta(days=2)
    ahead = [
        Shift(
            program_id=program, site_id=sites[index % 12].id, zone="America/New_York", note="Bring a coat.",
            starts_at=start + timedelta(hours=3 * index), ends_at=start + timedelta(hours=3 * index + 2),
            closes_at=start + timedelta(hours=3 * index), withdraw_until=start,
            slots=[Slot(position_id=positions[0].id, minimum=chance.choice((1, 5)), maximum=1000, filled=0)],
        )
        for index in range(SHIFTS)
    ]  # fmt: skip
    past = [
        Shift(
            program_id=program, zone="America/New_York", starts_at=at - timedelta(days=1 + index),
            ends_at=at - timedelta(days=1 + index) + timedelta(hours=2), closes_at=at, withdraw_until=at,
            slots=[Slot(position_id=positions[1].id, minimum=1, maximum=10_000, filled=0)],
        )
        for index in range(max(1, len(people) // 100))
    ]  # fmt: skip
    db.add_all([*ahead, *past])
    db.flush()
    rows = [
        {
            "slot_id": past[index % len(past)].slots[0].id, "shift_id": past[index % len(past)].id,
            "person_id": person, "state": SignupState.SIGNED_UP, "since": at, "reason": "",
        }
        for index, person in enumerate(people[ACTORS:])
    ]  # fmt: skip
    if rows:
        made = db.execute(
            insert(Signup).returning(Signup.id, Signup.person_id, Signup.shift_id), rows
        ).all()
        times = {shift.id: (shift.starts_at, shift.ends_at) for shift in past}
        db.execute(
            insert(Commitment),
            [
                {"person_id": row.person_id, "kind": SHIFT, "source_id": row.id,
                 "starts_at": times[row.shift_id][0], "ends_at": times[row.shift_id][1]}
                for row in made
            ],
        )  # fmt: skip
    return [(shift.id, shift.slots[0].id) for shift in ahead]


def _sessions(db: Session, people: list[int], at: datetime) -> list[str]:
    tokens = [new_token() for _ in people]
    db.execute(
        insert(SignIn),
        [
            {
                "token_hash": hashed, "person_id": person, "browser": "Bench", "created_at": at, "used_at": at,
                "idle_seconds": 10**6, "ends_at": at + timedelta(days=20),
            }
            for person, (_, hashed) in zip(people, tokens, strict=True)
        ],
    )  # fmt: skip
    return [token for token, _ in tokens]


def fresh(url: str, people: int) -> tuple[Database, World]:
    """A migrated database of so many people."""
    database = Database(url, threads=8)
    migrating.migrate(database)
    world = build(database, people)
    if database.dialect == "postgresql":
        with database.migrating() as connection:
            connection.exec_driver_sql("ANALYZE")
    return database, world
