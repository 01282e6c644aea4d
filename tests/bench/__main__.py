"""Measure, print, and save bench.json. Every goal that can be is a ratio of things in one run."""

import itertools
import json
import platform
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import time as day_time
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from portal import clock
from portal.act import Act
from portal.app import NAVIGATION, create_app
from portal.db import Database
from portal.people.models import Membership
from portal.permissions import Role
from portal.programs.models import Position
from portal.settings import Settings
from portal.shifts import pattern_days, patterns
from portal.shifts.pattern_models import Pattern
from portal.shifts.shift_slots import SlotWish
from portal.web.errors import Preview
from portal.web.render import Renderer
from tests import build
from tests.bench import (
    bare,
    history,
    outside,
    recruiting,
    speaking,
    sweeping,
    telling,
    working_list,
    world,
)
from tests.bench.filling import filling
from tests.bench.inside import call, cpu, token
from tests.postgres import running

SETTINGS = Settings(
    secret_key="bench-only-secret-key-0123456789-abcdefg",
    base_url="http://127.0.0.1",
    timezone="America/New_York",
)
VISIT = "visit=abcdefghijklmnop"
SAVED = Path("bench.json")
SIZES = (300, 10_000, 100_000)


def say(*words: Any) -> None:
    """Print a line at once."""
    print(*words, flush=True)


def ratios(folder: Path) -> dict[str, Any]:
    """CPU of three requests against a bare handler with the same template, and against finished bytes."""
    path = folder / "ratio.db"
    database, made = world.fresh(f"sqlite:///{path}", 2000)
    settings = replace(SETTINGS, database_url=f"sqlite:///{path}")
    renderer = Renderer(settings)
    ours = create_app(settings, database, renderer)
    plain = bare.application(
        str(path), renderer, [entry for entry in NAVIGATION if entry.permission == "public"]
    )
    cookie = made.cookies[0]
    signed_in = f"session={cookie}"
    pairs = itertools.product(range(1, len(made.cookies)), range(len(made.shifts)))
    shift, _ = made.shifts[0]

    def get(app: Any, to: str, who: str) -> Callable[[], Any]:
        async def work() -> None:
            status, body = await call(app, "GET", to, cookie=who)
            assert status == 200
            assert len(body) > 1000

        return work

    def sign_up(app: Any) -> Callable[[], Any]:
        async def work() -> None:
            person, index = next(pairs)
            number, slot = made.shifts[index]
            who = made.cookies[person]
            form = {"csrf": token(settings.secret_key, who), "slot": slot}
            status, _ = await call(
                app, "POST", f"/shifts/{number}/signup", cookie=f"session={who}", form=form
            )
            assert status == 303, status
            part = {
                "hx-request": "true",
                "hx-request-type": "partial",
                "hx-target": "section#signup_panel",
            }
            status, body = await call(
                app, "GET", f"/shifts/{number}", cookie=f"session={who}", headers=part
            )
            assert b"Take me off" in body or b"signed up" in body

        return work

    found: dict[str, Any] = {}
    for name, make in {
        "list of 50 shifts": lambda app: get(app, "/shifts", VISIT),
        "shift page": lambda app: get(app, f"/shifts/{shift}", signed_in),
        "sign-up and its answer": sign_up,
    }.items():
        spent = cpu(
            {
                "ours": make(ours),
                "bare": make(plain),
                "bytes": get(bare.finished(b"x" * 30_000), "/x", VISIT),
            },
            40,
        )
        spent["ours / bare"] = round(spent["ours"] / spent["bare"], 2)
        spent["ours / bytes"] = round(spent["ours"] / spent["bytes"], 1)
        found[name] = spent
        say(
            f"  {name:24} ours {spent['ours']:.2f} ms, bare {spent['bare']:.2f} ms: {spent['ours / bare']} x"
        )
    database.dispose()
    return found


def sizes(folder: Path) -> dict[str, Any]:
    """CPU of the same requests at growing numbers of people."""
    found: dict[str, Any] = {}
    for people in SIZES:
        path = folder / f"size{people}.db"
        database, made = world.fresh(f"sqlite:///{path}", people)
        settings = replace(SETTINGS, database_url=f"sqlite:///{path}")
        ours = create_app(settings, database)
        pairs = itertools.product(range(1, len(made.cookies)), range(len(made.shifts)))
        shift = made.shifts[0][0]

        def get(to: str, who: str, ours: Any = ours) -> Callable[[], Any]:
            async def work() -> None:
                status, _ = await call(ours, "GET", to, cookie=who)
                assert status == 200

            return work

        async def sign_up(made=made, pairs=pairs, ours=ours, settings=settings) -> None:
            person, index = next(pairs)
            number, slot = made.shifts[index]
            form = {"csrf": token(settings.secret_key, made.cookies[person]), "slot": slot}
            cookie = f"session={made.cookies[person]}"
            status, _ = await call(
                ours, "POST", f"/shifts/{number}/signup", cookie=cookie, form=form
            )
            assert status == 303

        session = f"session={made.cookies[0]}"
        found[str(people)] = cpu(
            {"list": get("/shifts", VISIT), "my list": get("/shifts", session), "home": get("/me", session),
             "shift": get(f"/shifts/{shift}", session), "sign-up": sign_up},
            20,
        )  # fmt: skip
        say(
            f"  {people:>7} people: "
            + ", ".join(f"{name} {ms:.2f} ms" for name, ms in found[str(people)].items())
        )
        database.dispose()
    smallest, largest = found[str(SIZES[0])], found[str(SIZES[-1])]
    found["largest / smallest"] = {
        name: round(largest[name] / smallest[name], 2) for name in smallest
    }
    say("  largest / smallest:", found["largest / smallest"])
    return found


def planning(folder: Path) -> dict[str, Any]:
    """CPU of a coordinator's board with 500 shifts against the list of 50, and of changing a pattern
    over 52 weeks: the preview, then writing 104 shifts."""
    path = folder / "planning.db"
    database, made = world.fresh(f"sqlite:///{path}", 2000)
    ours = create_app(replace(SETTINGS, database_url=f"sqlite:///{path}"), database)
    at = clock.now()
    monday = clock.local_day(at, SETTINGS.timezone)
    monday += timedelta(days=28 - monday.weekday())  # a week the world has no shifts in
    starts = clock.start_of_day(monday, SETTINGS.timezone) + timedelta(hours=8)
    with database.writing() as db:
        role = db.scalars(select(Position)).first()
        assert role
        position = role.id
        db.add(
            Membership(
                person_id=made.people[0],
                role=Role.COORDINATOR,
                program_id=role.program_id,
                since=at,
            )
        )
        for index in range(500):
            begins = starts + timedelta(days=index % 7, minutes=index)
            build.shift(db, role.id, starts=begins, places=3)
        pattern = build.pattern(
            db, role.id, at, until=monday + timedelta(weeks=52), first_day=monday
        ).id

    def get(to: str) -> Callable[[], Any]:
        async def work() -> None:
            status, _ = await call(ours, "GET", to, cookie=f"session={made.cookies[0]}")
            assert status == 200

        return work

    spent = cpu({"board": get(f"/schedule?week={monday}"), "list": get("/shifts?show=all")}, 10)
    spent["board / list"] = round(spent["board"] / spent["list"], 1)
    for name, hour in (("52 weeks: preview", None), ("52 weeks: change", 17)):
        started = time.process_time()
        _edit(database, pattern, position, hour or 16, press=bool(hour))
        spent[name] = round((time.process_time() - started) * 1000, 1)
    say("  " + ", ".join(f"{name} {value}" for name, value in spent.items()))
    database.dispose()
    return spent


def _edit(database: Database, number: int, position: int, hour: int, *, press: bool) -> None:
    def edit(seen: str) -> None:
        with database.writing() as db:
            pattern = db.get_one(Pattern, number)
            values = pattern_days.pattern_values(pattern)
            version = values.pop("version")
            values |= {"starts": day_time(hour), "ends": day_time(hour + 2)}
            wishes = [SlotWish(position, 1, 2)]
            patterns.edit_pattern(
                Act(db, build.OFFICE, clock.now()), pattern, values, wishes, version, seen
            )

    with pytest.raises(Preview) as preview:
        edit("")
    assert len(preview.value.changes) >= 100
    if press:
        edit(preview.value.seen)


def main() -> None:
    machine = {
        "python": sys.version.split()[0],
        "machine": platform.machine(),
        "system": platform.platform(),
    }
    result: dict[str, Any] = {"on": machine}
    with tempfile.TemporaryDirectory(prefix="portal-bench-") as name:
        folder = Path(name)
        say("CPU against a bare handler with the same template (goal 1.6 x):")
        result["ratios"] = ratios(folder)
        say("A proposal for 200 people and 400 spots (goal 30 s, and its gap):")
        result["filling"] = filling()
        say(result["filling"])
        say("CPU by the number of people (goal 1.3 x):")
        result["sizes"] = sizes(folder)
        say("A coordinator's planning, ms of CPU:")
        result["planning"] = planning(folder)
        say("A coordinator's pages by years of history, ms of CPU (goal 1.3 x):")
        result["history"] = history.measure(folder, SETTINGS, say)
        say("Recruitment by its size, ms of CPU (goal 1.3 x):")
        result["recruiting"] = recruiting.measure(folder, SETTINGS, say)
        say("People as a working list by how many there are, ms of CPU (goal 1.3 x):")
        result["people"] = working_list.measure(folder, SETTINGS, say)
        say("Looking back at 1,000 changes, seconds (goals: 10 s, and 1.5 x):")
        result["sweep"] = sweeping.measure(folder, say)
        say("Suggestions of speakers, seconds (goal: 0.5 s for 500 speakers and 200 talks):")
        result["speaking"] = speaking.measure(folder, say)
        say("Telling people, ms of CPU and seconds:")
        result["telling"] = telling.measure(folder, SETTINGS, say)
        say(
            "Over HTTP, 2 workers (goals: list 400/s, sign-ups 150/s, p99 under 300 ms, under 200 MiB):"
        )
        result["http sqlite"] = outside.measure(f"sqlite:///{folder}/http.db", SETTINGS, say)
        with running({}) as server:
            server.run("CREATE DATABASE bench")
            result["http postgresql"] = outside.measure(server.url("bench"), SETTINGS, say)
    SAVED.write_text(json.dumps(result, indent=1) + "\n")
    say(f"Saved to {SAVED}.")


if __name__ == "__main__":
    main()
