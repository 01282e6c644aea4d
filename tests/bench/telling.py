"""The cost of telling people: a calendar feed, and ten thousand reminders queued and sent."""

import hashlib
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import func, insert, select

from portal import clock
from portal.act import Act
from portal.app import create_app
from portal.calendars import feeds
from portal.messages.models import Mark, Message, State
from portal.messages.smtp import Smtp
from portal.people.models import Person
from portal.permissions import Viewer
from portal.programs.models import Position
from portal.settings import Settings
from portal.shifts import reminders
from portal.shifts.models import Signup, SignupState, Slot
from tests import build
from tests.bench import world
from tests.bench.inside import call, cpu
from tests.mailbox import serving
from tests.worker import Mail

READERS = 10_000
EVENTS = 20


def measure(folder: Path, base: Settings, say: Callable[..., None]) -> dict[str, Any]:
    """CPU of a feed of 20 events, whole and unchanged; seconds for 10,000 reminders to a local sink."""
    path = folder / "telling.db"
    database, made = world.fresh(f"sqlite:///{path}", READERS)
    settings = replace(base, database_url=f"sqlite:///{path}")
    at = clock.now()
    with database.writing() as db:
        role = db.scalars(select(Position)).first()
        assert role
        token = feeds.add_feed(Act(db, Viewer(person_id=made.people[0]), at))
        for index in range(EVENTS):
            shift = build.shift(db, role.id, starts=at + timedelta(days=100 + index))
            _put_on(db, shift.id, build.slot_of(db, shift.id), [made.people[0]], at)
        tomorrow = build.shift(
            db, role.id, starts=at + timedelta(hours=48, seconds=-30), places=READERS
        ).id
        everyone = db.scalars(select(Person.id).where(Person.email != "")).all()
        _put_on(db, tomorrow, build.slot_of(db, tomorrow), everyone, at)
        db.add(Mark(name="reminders", at=at - timedelta(minutes=1)))
    spent = _feed(create_app(settings, database), f"/calendar/{token}.ics")
    started = time.perf_counter()
    with database.writing() as db:
        queued = reminders.remind(db, at)
    spent[f"{queued} reminders queued, s"] = round(time.perf_counter() - started, 2)
    with serving() as (box, url):
        settings = replace(
            settings, smtp_url=url, mail_from="bench@agency.example", mail_per_hour=100_000
        )
        mail = Mail(database, settings, Smtp(url))
        started = time.perf_counter()
        mail.round(at)
        seconds = time.perf_counter() - started
        with database.reading() as db:
            sent = db.scalar(select(func.count()).where(Message.state == State.SENT))
        assert len(box.mails) == sent
    spent["sent, s"], spent["mails a second"] = round(seconds, 1), round(len(box.mails) / seconds)
    say("  " + ", ".join(f"{name} {value}" for name, value in spent.items()))
    database.dispose()
    return spent


def _put_on(db: Any, shift: int, slot: int, people: Any, at: Any) -> None:
    db.execute(
        insert(Signup),
        [
            {
                "slot_id": slot, "shift_id": shift, "person_id": person, "since": at,
                "state": SignupState.SIGNED_UP,
            }
            for person in people
        ],
    )  # fmt: skip
    db.get_one(Slot, slot).filled = min(len(people), db.get_one(Slot, slot).maximum)


def _feed(app: Any, path: str) -> dict[str, Any]:
    tags: list[str] = []

    async def whole() -> None:
        status, body = await call(app, "GET", path)
        assert status == 200
        assert body.count(b"BEGIN:VEVENT") >= EVENTS
        tags[:] = [_tag(body)]

    async def unchanged() -> None:
        status, _ = await call(app, "GET", path, headers={"if-none-match": tags[0]})
        assert status == 304

    return cpu({"feed of 20": whole, "feed unchanged": unchanged}, 20)


def _tag(body: bytes) -> str:
    return f'"{hashlib.sha256(body).hexdigest()[:32]}"'
