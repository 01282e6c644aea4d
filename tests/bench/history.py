"""What years of history cost: a coordinator's home, the hours, and the reports, after one year and after
ten; and approving ten thousand entries at once."""

import random
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import insert, select

from portal import clock
from portal.act import Act
from portal.app import create_app
from portal.db import Database
from portal.hours import decisions, ledger
from portal.hours.models import HoursEntry
from portal.people.models import Membership
from portal.permissions import COMMAND_LINE, Role
from portal.programs.models import Position
from portal.settings import Settings
from portal.shifts.models import Shift, Signup, Slot
from tests.bench import world
from tests.bench.inside import call, cpu

PEOPLE, A_YEAR, WAITING, AT_ONCE = 2000, 20_000, 300, 10_000
YEARS = (1, 10)


def measure(folder: Path, base: Settings, say: Callable[..., None]) -> dict[str, Any]:
    """Milliseconds of CPU for each page, by years of history."""
    found: dict[str, Any] = {}
    for years in YEARS:
        path = folder / f"history{years}.db"
        database, made = world.fresh(f"sqlite:///{path}", PEOPLE)
        _history(database, made.people[0], years)
        ours = create_app(replace(base, database_url=f"sqlite:///{path}"), database)
        month = (clock.now().date().replace(day=1) - timedelta(days=1)).replace(day=1)
        last = (month + timedelta(days=32)).replace(day=1) - timedelta(days=1)
        span = f"from={month}&to={last}"

        def get(to: str, ours: Any = ours, cookie: str = made.cookies[0]) -> Callable[[], Any]:
            async def work() -> None:
                status, _ = await call(ours, "GET", to, cookie=f"session={cookie}")
                assert status == 200

            return work

        found[f"{years} years"] = cpu(
            {"coordinator's home": get("/me"), "hours": get("/hours"), "my hours": get("/me/hours"),
             "report": get(f"/reports/hours?{span}"), "who pays": get(f"/reports/hours?{span}&by=funding"),
             "how full": get(f"/reports/attendance?{span}")},
            10,
        )  # fmt: skip
        say(f"  {years:>2} years: {found[f'{years} years']}")
        database.dispose()
    first, after = (found[f"{years} years"] for years in YEARS)
    found["ten / one"] = {name: round(after[name] / first[name], 2) for name in first}
    say("  ten / one:", found["ten / one"])
    found[f"{AT_ONCE} approved, s"] = _approve(folder / "history10.db")
    say(f"  {AT_ONCE} entries approved in {found[f'{AT_ONCE} approved, s']} s")
    return found


def _history(database: Database, coordinator: int, years: int) -> None:
    chance = random.Random(3)
    at = clock.now()
    today = at.date()
    with database.writing() as db:
        positions = db.scalars(select(Position)).all()
        program = positions[0].program_id
        db.add(
            Membership(person_id=coordinator, role=Role.COORDINATOR, program_id=program, since=at)
        )
        rows = [
            _entry(
                chance,
                positions,
                program,
                today - timedelta(days=chance.randrange(35, 365 * years)),
                at,
            )
            for _ in range(A_YEAR * years)
        ]
        rows += [
            _entry(chance, positions, program, today - timedelta(days=40), at)
            | {"state": "submitted"}
            for _ in range(WAITING)
        ]
        rows.sort(key=lambda row: row["day"])  # as they would have come in
        db.execute(insert(HoursEntry), rows)
        _shifts(db, chance, positions, program, years, at)


def _entry(chance: Any, positions: Any, program: int, day: date, at: Any) -> dict[str, Any]:
    return {
        "person_id": chance.randrange(1, PEOPLE), "program_id": program,
        "position_id": chance.choice(positions).id, "source": "own", "day": day, "minutes": 90,
        "travel_minutes": 0, "note": "", "reason": "", "state": "approved", "recorded_at": at,
    }  # fmt: skip


def _shifts(db: Any, chance: Any, positions: Any, program: int, years: int, at: Any) -> None:
    """Ten shifts a day, with two people each, who came."""
    shifts = [
        Shift(
            program_id=program, zone="America/New_York", starts_at=at - timedelta(days=35 + index // 10),
            ends_at=at - timedelta(days=35 + index // 10) + timedelta(hours=2), closes_at=at,
            withdraw_until=at,
            slots=[Slot(position_id=chance.choice(positions).id, minimum=1, maximum=3, filled=2)],
        )
        for index in range(3650 * years)
    ]  # fmt: skip
    db.add_all(shifts)
    db.flush()
    db.execute(
        insert(Signup),
        [
            {
                "slot_id": shift.slots[0].id, "shift_id": shift.id, "reason": "", "since": at,
                "person_id": 1 + (index * 2 + one) % PEOPLE, "state": "signed_up", "attendance": "attended",
            }
            for index, shift in enumerate(shifts)
            for one in (0, 1)
        ],
    )  # fmt: skip


def _approve(path: Path) -> float:
    database = Database(f"sqlite:///{path}")
    chance, at = random.Random(4), clock.now()
    with database.writing() as db:
        positions = db.scalars(select(Position)).all()
        program = positions[0].program_id
        day = at.date() - timedelta(days=3)
        rows = [
            _entry(chance, positions, program, day, at) | {"state": "submitted"}
            for _ in range(AT_ONCE)
        ]
        db.execute(insert(HoursEntry), rows)
    started = time.perf_counter()
    with database.writing() as db:
        ids = ledger.waiting_ids(db, COMMAND_LINE, ledger.Which(), 10**9)
        decisions.approve(Act(db, COMMAND_LINE, at), ids)
    spent = round(time.perf_counter() - started, 2)
    database.dispose()
    return spent
