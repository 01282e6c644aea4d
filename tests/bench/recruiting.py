"""What recruitment costs: the pipeline with 400 and 2,000 applications, and the public list with 40 and 10,000
opportunities, searched near a ZIP code too."""

import random
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import insert, select

from portal import clock
from portal.app import create_app
from portal.db import Database
from portal.people.models import Membership
from portal.permissions import Role
from portal.postal import place_of
from portal.programs.application_models import (
    Application,
    ApplicationEvent,
    ApplicationState,
    DeclineReason,
)
from portal.programs.models import Position
from portal.recruitment.models import Cause, Opportunity
from portal.settings import Settings
from tests.bench import world
from tests.bench.inside import call, cpu

SIZES = ((400, 40), (2000, 10_000))
"""How many applications and opportunities there are."""
CODES = ("10009", "10016", "10451", "10550", "11201", "12601")
PAGES = {
    "pipeline": "/applications",
    "new ones": "/applications?stage=submitted",
    "report": "/applications/report?by=role",
    "list": "/opportunities",
    "near": "/opportunities?zip=10009&miles=10",
    "cause": "/opportunities?cause=food",
    "opportunity": "/opportunities/1",
}


def measure(folder: Path, base: Settings, say: Callable[..., None]) -> dict[str, Any]:
    """Milliseconds of CPU for each page, by size."""
    found: dict[str, Any] = {}
    for applications, opportunities in SIZES:
        path = folder / f"recruiting{applications}.db"
        database, made = world.fresh(f"sqlite:///{path}", 2000)
        _fill(database, made.people[0], applications, opportunities)
        ours = create_app(replace(base, database_url=f"sqlite:///{path}"), database)

        def get(to: str, ours: Any = ours, cookie: str = made.cookies[0]) -> Callable[[], Any]:
            async def work() -> None:
                status, _ = await call(ours, "GET", to, cookie=f"session={cookie}")
                assert status == 200

            return work

        name = f"{applications} and {opportunities}"
        found[name] = cpu({page: get(to) for page, to in PAGES.items()}, 10)
        say(f"  {name}: {found[name]}")
        database.dispose()
    small, large = (found[f"{one} and {other}"] for one, other in SIZES)
    found["large / small"] = {page: round(large[page] / small[page], 2) for page in small}
    say("  large / small:", found["large / small"])
    return found


def _fill(database: Database, coordinator: int, applications: int, opportunities: int) -> None:
    """As many opportunities, and applications over a year in every state, to one program of a coordinator."""
    chance, at = random.Random(18), clock.now()
    with database.writing() as db:
        position = db.scalars(select(Position).order_by(Position.id)).first()
        assert position is not None
        program = position.program_id
        db.add(
            Membership(person_id=coordinator, role=Role.COORDINATOR, program_id=program, since=at)
        )
        rows = []
        for index in range(opportunities):
            code = chance.choice(CODES)
            latitude, longitude = place_of(code) or (0.0, 0.0)
            rows.append(
                {
                    "position_id": position.id, "program_id": program, "title": f"Help {index:05}",
                    "summary": "A few hours a week.", "cause": chance.choice(list(Cause)), "area": f"Town {index % 30}",
                    "postal_code": code, "latitude": latitude, "longitude": longitude, "published_at": at, "version": 1,
                    "translations": {},
                }
            )  # fmt: skip
        db.execute(insert(Opportunity), rows)
        states = [one for one in ApplicationState if one != ApplicationState.PLACED]
        db.execute(
            insert(Application),
            [_application(chance, position, index, chance.choice(states), at) for index in range(applications)],
        )  # fmt: skip
        numbers = db.scalars(select(Application.id)).all()
        db.execute(
            insert(ApplicationEvent),
            [
                {"application_id": one, "at": at, "done": "submitted", "state": "submitted", "note": ""}
                for one in numbers
            ],
        )  # fmt: skip


def _application(
    chance: random.Random, position: Position, index: int, state: ApplicationState, at: Any
) -> dict[str, Any]:
    received = at - timedelta(days=chance.uniform(0, 365))
    known = state not in (ApplicationState.SUBMITTED, ApplicationState.WITHDRAWN)
    return {
        "person_id": index + 1 if known else None, "position_id": position.id,
        "program_id": position.program_id, "state": state, "received_at": received,
        "state_since": received + timedelta(days=3), "name": f"Applicant {index}",
        "answered_at": received + timedelta(days=2) if known else None,
        "hold": "references" if state == ApplicationState.ON_HOLD else None,
        "decline_reason": DeclineReason.TIMES if state == ApplicationState.DECLINED else None,
        "link_id": f"{index:032}", "link_hash": f"{index:064}", "version": 1,
    }  # fmt: skip
