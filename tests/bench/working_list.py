"""What the working list of people costs with each filter and column: for 1,000 people and 100,000, of whom each gave
hours on six days of two years and every fifth has a license that ends."""

import random
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import insert, select, update

from portal import clock
from portal.app import create_app
from portal.db import Database
from portal.hours.models import HoursEntry
from portal.people.models import Membership, Person
from portal.permissions import Role
from portal.programs.models import Position
from portal.requirements.evidence_models import Credential
from portal.requirements.models import Requirement
from portal.settings import Settings
from tests.bench import world
from tests.bench.inside import call, cpu

SIZES = (1000, 100_000)
ENTRIES, DAYS = 6, 730
PAGES = {
    "list": "/people",
    "role": "/people?role=1",
    "program": "/people?program=1",
    "no email": "/people?reach=none",
    "served": "/people?served=30",
    "not served": "/people?served=not180",
    "never": "/people?served=never",
    "hours": "/people?hours_least=40",
    "hours in a span": "/people?hours_least=10&hours_from={first}&hours_to={last}",
    "expires": "/people?expires=30",
    "on leave": "/people?which=on_leave",
    "all columns": "/people?col=roles&col=served&col=hours&col=expires&col=address&col=phone",
    "left": "/people/exits",
}


def measure(folder: Path, base: Settings, say: Callable[..., None]) -> dict[str, Any]:
    """Milliseconds of CPU for each page, by how many people there are."""
    found: dict[str, Any] = {}
    today = clock.now().date()
    span = {"first": today - timedelta(days=365), "last": today}
    for size in SIZES:
        path = folder / f"people{size}.db"
        database, made = world.fresh(f"sqlite:///{path}", size)
        _fill(database, made.people[0])
        ours = create_app(replace(base, database_url=f"sqlite:///{path}"), database)

        def get(to: str, ours: Any = ours, cookie: str = made.cookies[0]) -> Callable[[], Any]:
            async def work() -> None:
                status, _ = await call(ours, "GET", to, cookie=f"session={cookie}")
                assert status == 200

            return work

        found[str(size)] = cpu({name: get(to.format(**span)) for name, to in PAGES.items()}, 2)
        say(f"  {size}: {found[str(size)]}")
        database.dispose()
    small, large = (found[str(one)] for one in SIZES)
    found["large / small"] = {page: round(large[page] / small[page], 2) for page in small}
    say("  large / small:", found["large / small"])
    return found


def _fill(database: Database, coordinator: int) -> None:
    """A coordinator, and what people gave and submitted."""
    chance, at = random.Random(27), clock.now()
    today = at.date()
    with database.writing() as db:
        position = db.scalars(select(Position).order_by(Position.id)).first()
        assert position is not None
        program = position.program_id
        db.add(
            Membership(person_id=coordinator, role=Role.COORDINATOR, program_id=program, since=at)
        )
        what = Requirement(
            program_id=program, kind="license", name="License", validity="dated", translations={}
        )
        db.add(what)
        db.flush()
        people = list(db.scalars(select(Person.id)))
        db.execute(update(Person).where(Person.id % 50 == 0).values(email=""))
        db.execute(
            insert(HoursEntry),
            [
                {
                    "person_id": one, "program_id": program, "position_id": position.id, "source": "own",
                    "day": today - timedelta(days=chance.randrange(DAYS)), "minutes": chance.choice((60, 120, 240)),
                    "state": "approved", "recorded_at": at,
                }
                for one in people
                for _ in range(ENTRIES)
            ],
        )  # fmt: skip
        db.execute(
            insert(Credential),
            [
                {
                    "person_id": one, "requirement_id": what.id, "outcome": "accepted", "recorded_at": at,
                    "issued_on": today, "effective_on": today,
                    "expires_on": today + timedelta(days=chance.randrange(1, DAYS)),
                }
                for one in people[::5]
            ],
        )  # fmt: skip
