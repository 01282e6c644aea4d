"""Looking back at a thousand changes of clearance, among few people and among many; and who is cleared for
a shift."""

import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import insert, select

from portal import clock
from portal.db import Database
from portal.people.models import Person
from portal.permissions import COMMAND_LINE
from portal.programs.models import Position
from portal.requirements import clearance_recheck, expiry_warnings
from portal.requirements.change_models import Affected, Cause
from portal.requirements.credentials import note_change
from portal.requirements.evidence_models import Credential, Outcome
from portal.requirements.models import Kind, Requirement, Rule, RuleOption, RuleVersion, Stage
from portal.shifts.affected_signups import coming_work
from portal.shifts.candidates import candidates
from portal.shifts.models import Shift, Signup, SignupState, Slot
from tests.bench import world

SIZES = (10_000, 100_000)
KINDS, CHANGES, SHIFTS_EACH = 10, 1000, 3
ZONE = "America/New_York"


def measure(folder: Path, say: Callable[..., None]) -> dict[str, Any]:
    """Seconds for each size, and the ratio of the largest to the smallest."""
    found: dict[str, Any] = {}
    for people in SIZES:
        database, _ = world.fresh(f"sqlite:///{folder}/sweep{people}.db", people)
        changed = _papers(database)
        found[f"{people} people"] = {
            f"sweep of {CHANGES} changes": _sweep(database, changed),
            "a day's warnings": _each_day(database),
            "cleared and free for a shift": _candidates(database),
        }
        say(f"  {people:>7} people: {found[f'{people} people']}")
        database.dispose()
    few, many = (found[f"{people} people"] for people in SIZES)
    found["many / few"] = {name: round(many[name] / few[name], 2) for name in few}
    say("  many / few:", found["many / few"])
    return found


def _papers(database: Database) -> list[int]:
    """Ten kinds of proof that everyone has, rules for all, and coming shifts of those who will change."""
    at = clock.now()
    today = at.date()
    with database.writing() as db:
        people = list(db.scalars(select(Person.id).order_by(Person.id)))
        position = db.scalars(select(Position).order_by(Position.id)).first()
        assert position
        kinds = [
            Requirement(kind=Kind.CUSTOM, name=f"Proof {index}", translations={})
            for index in range(KINDS)
        ]
        db.add_all(kinds)
        db.flush()
        for kind in kinds:
            version = RuleVersion(
                effective_on=today - timedelta(days=400), binds_all_on=today - timedelta(days=400),
                stage=Stage.ALWAYS, made_at=at, options=[RuleOption(requirement_id=kind.id)],
            )  # fmt: skip
            db.add(Rule(versions=[version]))
        for start in range(0, len(people), 5000):
            db.execute(
                insert(Credential),
                [
                    {
                        "person_id": person, "requirement_id": kind.id, "outcome": Outcome.ACCEPTED,
                        "issued_on": today - timedelta(days=90), "recorded_at": at,
                        "effective_on": today - timedelta(days=90),
                        "expires_on": today + timedelta(days=61 + person % 900),
                    }
                    for person in people[start : start + 5000]
                    for kind in kinds
                ],
            )  # fmt: skip
        changed = people[:: len(people) // CHANGES][:CHANGES]
        shifts = [
            Shift(
                program_id=position.program_id, zone=ZONE, starts_at=at + timedelta(days=60 + index),
                ends_at=at + timedelta(days=60 + index, hours=2), closes_at=at + timedelta(days=60),
                withdraw_until=at, slots=[Slot(position_id=position.id, minimum=1, maximum=9999)],
            )
            for index in range(SHIFTS_EACH)
        ]  # fmt: skip
        db.add_all(shifts)
        db.flush()
        db.execute(
            insert(Signup),
            [
                {
                    "shift_id": shift.id, "slot_id": shift.slots[0].id, "person_id": person,
                    "state": SignupState.SIGNED_UP, "since": at, "reason": "",
                }
                for shift in shifts
                for person in changed
            ],
        )  # fmt: skip
    return changed


def _sweep(database: Database, changed: list[int]) -> float:
    """Revoke one proof of each, and look at what it touches, as the worker does."""
    at = clock.now()
    with database.writing() as db:
        held = db.execute(
            select(Credential.id, Credential.person_id, Credential.requirement_id)
            .where(Credential.person_id.in_(changed), Credential.requirement_id == 1)
        ).all()  # fmt: skip
        db.execute(
            insert(Credential),
            [
                {
                    "person_id": row.person_id, "requirement_id": row.requirement_id,
                    "outcome": Outcome.REVOKED, "issued_on": at.date(), "effective_on": at.date(),
                    "recorded_at": at, "supersedes_id": row.id,
                }
                for row in held
            ],
        )  # fmt: skip
        note_change(db, changed, Cause.CREDENTIAL, at, 1)
    start = time.perf_counter()
    done = True
    while done:
        with database.writing() as db:
            done = bool(clearance_recheck.look(db, (coming_work,), ZONE, at))
    spent = time.perf_counter() - start
    with database.reading() as db:
        listed = len(db.scalars(select(Affected.id)).all())
    assert listed == CHANGES * SHIFTS_EACH, listed
    return round(spent, 3)


def _each_day(database: Database) -> float:
    start = time.perf_counter()
    with database.writing() as db:
        expiry_warnings.each_day(db, ZONE, clock.now())
    return round(time.perf_counter() - start, 3)


def _candidates(database: Database) -> float:
    """Who is cleared and free for one coming shift, of everyone who holds its role."""
    with database.reading() as db:
        shift = db.scalars(select(Shift).where(Shift.starts_at > clock.now()).limit(1)).one()
        start = time.perf_counter()
        assert candidates(db, COMMAND_LINE, shift, "")
        return round(time.perf_counter() - start, 3)
