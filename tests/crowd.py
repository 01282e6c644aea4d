"""Signed-in people who press buttons of a real server, for tests of races, load and crashes."""

import http.client
import random
import threading
import time
from collections import Counter
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import urlencode, urlparse

from portal import clock
from portal.db import Database
from portal.people.sessions import start_session
from portal.settings import Settings
from portal.web import csrf
from tests import build
from tests.server import Server


@dataclass
class Crowd:
    """People who drive, signed in, and shifts in a week from now."""

    people: list[int]
    cookies: list[str]
    shifts: list[int]
    slots: list[int]


def gather(
    database: Database, driver: int, *, people: int, shifts: int, places: int, apart: float = 3
) -> Crowd:
    """Make people and shifts, so many hours apart. They live in the real time, as servers do."""
    clock.use_source(None)
    at = clock.now()
    soon = (at + timedelta(days=7)).replace(minute=0, second=0, microsecond=0)
    with database.writing() as db:
        them = [build.person(db, f"Racer {index}", at).id for index in range(people)]
        for person in them:
            build.place(db, person, driver, at)
        cookies = [start_session(db, person, "Test", at)[0] for person in them]
        found = [
            build.shift(db, driver, starts=soon + timedelta(hours=index * apart), places=places)
            for index in range(shifts)
        ]
        slots = [shift.slots[0].id for shift in found]
        return Crowd(them, cookies, [shift.id for shift in found], slots)


def ask(
    server: Server,
    settings: Settings,
    cookie: str,
    path: str,
    fields: dict[str, object] | None = None,
) -> tuple[int, str]:
    """Ask for a page, or send a form, over a connection of its own; gives status and body."""
    where = urlparse(server.address)
    connection = http.client.HTTPConnection(where.hostname or "", where.port, timeout=60)
    headers = {"cookie": f"session={cookie}"}
    if fields is None:
        connection.request("GET", path, headers=headers)
    else:
        fields = fields | {"csrf": csrf.token(settings.secret_key, cookie)}
        headers["content-type"] = "application/x-www-form-urlencoded"
        connection.request("POST", path, urlencode(fields), headers)
    answer = connection.getresponse()
    body = answer.read().decode()
    connection.close()
    return answer.status, body


def mixed_load(server: Server, settings: Settings, crowd: Crowd, seconds: float) -> Counter[int]:
    """Let everyone look around, sign up and withdraw for so long; gives how often each status came."""
    statuses: Counter[int] = Counter()
    ends = time.monotonic() + seconds

    def work(number: int) -> None:
        chance = random.Random(number)
        cookie = crowd.cookies[number]
        while time.monotonic() < ends:
            index = chance.randrange(len(crowd.shifts))
            shift, slot = crowd.shifts[index], crowd.slots[index]
            path, fields = chance.choice(
                [
                    ("/me", None),
                    ("/shifts?show=all", None),
                    (f"/shifts/{shift}", None),
                    (f"/shifts/{shift}/signup", {"slot": slot}),
                    (f"/shifts/{shift}/withdrawal", {}),
                ]
            )
            statuses[ask(server, settings, cookie, path, fields)[0]] += 1

    threads = [threading.Thread(target=work, args=(number,)) for number in range(len(crowd.people))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return statuses


def kill_in_the_middle(server: Server, settings: Settings, crowd: Crowd) -> set[tuple[int, int]]:
    """SIGKILL the server while everyone signs up; gives the (person, shift) it acknowledged."""
    acknowledged: set[tuple[int, int]] = set()
    enough = threading.Event()

    def work(number: int) -> None:
        for shift, slot in zip(crowd.shifts, crowd.slots, strict=True):
            path = f"/shifts/{shift}/signup"
            try:
                status, _ = ask(server, settings, crowd.cookies[number], path, {"slot": slot})
            except (OSError, http.client.HTTPException):
                return
            if status == 303:
                acknowledged.add((crowd.people[number], shift))
            if len(acknowledged) >= 25:
                enough.set()

    threads = [threading.Thread(target=work, args=(number,)) for number in range(len(crowd.people))]
    for thread in threads:
        thread.start()
    assert enough.wait(60)
    server.kill()
    for thread in threads:
        thread.join(60)
    return acknowledged
