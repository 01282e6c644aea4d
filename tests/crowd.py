"""Signed-in people who press buttons of a real server, for tests of races, load and crashes."""

import contextlib
import http.client
import os
import random
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from urllib.parse import urlencode, urlparse

from sqlalchemy import select

from portal import clock
from portal.audit import seals
from portal.audit.models import AuditEntry
from portal.commitments.models import Commitment
from portal.db import Database
from portal.hours.models import HoursEntry
from portal.messages.models import Message
from portal.people.sessions import start_session
from portal.settings import Settings
from portal.shifts.models import Signup, SignupState
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
    position: int = 0

    def hours(self, note: str, minutes: int = 1) -> dict[str, object]:
        """The form with which they hand hours in, told apart by a note."""
        day = clock.local_day(clock.now() - timedelta(days=1), "America/New_York")
        return {"position": self.position, "day": day, "minutes": f"{minutes} min", "note": note}


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
        return Crowd(them, cookies, [shift.id for shift in found], slots, driver)


def ask(
    server: Server,
    settings: Settings,
    cookie: str,
    path: str,
    fields: dict[str, object] | None = None,
) -> tuple[int, str]:
    """Ask for a page, or send a form, over a connection of its own; gives status and body."""
    where = urlparse(server.address)
    headers = {"cookie": f"session={cookie}"}
    with contextlib.closing(
        http.client.HTTPConnection(where.hostname or "", where.port, timeout=60)
    ) as connection:
        if fields is None:
            connection.request("GET", path, headers=headers)
        else:
            fields = fields | {"csrf": csrf.token(settings.secret_key, cookie)}
            headers["content-type"] = "application/x-www-form-urlencoded"
            connection.request("POST", path, urlencode(fields), headers)
        answer = connection.getresponse()
        return answer.status, answer.read().decode()


def mixed_load(server: Server, settings: Settings, crowd: Crowd, rounds: int) -> Counter[int]:
    """Let everyone at once look around, sign up, withdraw and hand hours in, each as often as there are
    rounds and each in an order of their own; gives how often each status came."""
    statuses: Counter[int] = Counter()

    def work(number: int) -> None:
        chance = random.Random(number)
        cookie = crowd.cookies[number]
        for _ in range(rounds):
            shift, slot = chance.choice(list(zip(crowd.shifts, crowd.slots, strict=True)))
            steps: list[tuple[str, dict[str, object] | None]] = [
                ("/me", None),
                ("/shifts?show=all", None),
                ("/me/hours", None),
                ("/me/hours", crowd.hours("mixed")),
                (f"/shifts/{shift}", None),
                (f"/shifts/{shift}/signup", {"slot": slot}),
                (f"/shifts/{shift}/withdrawal", {}),
            ]
            for path, fields in chance.sample(steps, len(steps)):
                statuses[ask(server, settings, cookie, path, fields)[0]] += 1

    threads = [threading.Thread(target=work, args=(number,)) for number in range(len(crowd.people))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return statuses


@dataclass
class Acknowledged:
    """What a server said yes to: who is on which shift, and hours by their notes."""

    signups: set[tuple[int, int]] = field(default_factory=set)
    hours: set[str] = field(default_factory=set)


def kill_in_the_middle(
    server: Server,
    settings: Settings,
    crowd: Crowd,
    worker: "subprocess.Popen[bytes] | None" = None,
) -> Acknowledged:
    """SIGKILL the server, and the worker if there is one, while everyone signs up and hands hours in;
    gives what it acknowledged."""
    acknowledged = Acknowledged()
    enough = threading.Event()

    def work(number: int) -> None:
        cookie, person = crowd.cookies[number], crowd.people[number]
        for shift, slot in zip(crowd.shifts, crowd.slots, strict=True):
            note = f"{person} after {shift}"
            try:
                status, _ = ask(server, settings, cookie, f"/shifts/{shift}/signup", {"slot": slot})
                if status == 303:
                    acknowledged.signups.add((person, shift))
                status, _ = ask(server, settings, cookie, "/me/hours", crowd.hours(note))
                if status == 303:
                    acknowledged.hours.add(note)
            except (OSError, http.client.HTTPException):
                return
            if len(acknowledged.signups) >= 25:
                enough.set()

    threads = [threading.Thread(target=work, args=(number,)) for number in range(len(crowd.people))]
    for thread in threads:
        thread.start()
    assert enough.wait(60)
    if worker:
        worker.kill()
        worker.wait(10)
    server.kill()
    for thread in threads:
        thread.join(60)
    return acknowledged


@contextlib.contextmanager
def running_worker(settings: Settings) -> Iterator["subprocess.Popen[bytes]"]:
    """`portal worker` for the length of the block."""
    environ = {name: value for name, value in os.environ.items() if not name.startswith("PORTAL_")}
    with subprocess.Popen(
        [sys.executable, "-m", "portal", "worker"], env=environ | settings.environ(),
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    ) as process:  # fmt: skip
        try:
            yield process
        finally:
            process.terminate()


def half_made(database: Database) -> list[str]:
    """What stands there without all that belongs to it: a signup without its commitment, its message or
    its audit entry, hours without theirs, and an audit whose chain is broken."""
    with database.reading() as db:
        signups = set(db.scalars(select(Signup.id)))
        current = set(db.scalars(select(Signup.id).where(Signup.state == SignupState.SIGNED_UP)))
        entries = db.execute(select(AuditEntry.action, AuditEntry.subject_id)).all()
        made = [row.subject_id for row in entries if row.action == "signup.made"]
        told = db.scalars(select(Message.subject_id).where(Message.kind == "signup.made")).all()
        noted = [row.subject_id for row in entries if row.action == "hours.recorded"]
        engaged = db.scalars(select(Commitment.source_id).where(Commitment.kind == "shift")).all()
        wanted = {
            "audit of signups": (sorted(made), sorted(signups)),
            "messages": (sorted(told), sorted(signups)),
            "commitments": (sorted(engaged), sorted(current)),
            "audit of hours": (sorted(noted), sorted(db.scalars(select(HoursEntry.id)))),
            "seals": ([seals.verify(db).wrong], [""]),
        }
    return [name for name, (found, should) in wanted.items() if found != should]
