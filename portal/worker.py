"""The worker: what the portal does by itself. Patterns and their regular people are carried on, freed
spots are offered.

Each piece of work is one short transaction that looks again under its lock, so several workers,
a crash between two pieces, or the same piece twice do no harm. What another one is working on is
left for the next round.
"""

import logging
import signal
import threading
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from portal import clock, schema
from portal.db import Busy, Database, is_conflict
from portal.permissions import COMMAND_LINE
from portal.settings import Settings
from portal.shifts import patterns, regulars, waiting
from portal.shifts.models import Pattern
from portal.web.errors import Again

log = logging.getLogger(__name__)

PAUSE_SECONDS = 5.0
AT_ONCE = 200


def run(settings: Settings) -> None:
    """Work until SIGTERM or SIGINT; what was begun is finished."""
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    database = Database(settings.database_url)
    try:
        database.check()
        schema.check(database)
        log.info("ready")
        while not stop.is_set():
            if not round_of_work(database, settings, clock.now(), stop.is_set):
                stop.wait(PAUSE_SECONDS)
    finally:
        database.dispose()


def round_of_work(
    database: Database,
    settings: Settings,
    at: datetime,
    stopped: Callable[[], bool] = lambda: False,
) -> int:
    """Everything that is due now, once; gives how many pieces were done."""
    today = clock.local_day(at, settings.timezone)
    horizon = today + timedelta(weeks=settings.horizon_weeks)
    longest = timedelta(hours=settings.offer_hours)

    def offer(db: Session, slot_id: int) -> None:
        waiting.make_offers(db, slot_id, longest, at)

    def carry_on(db: Session, pattern_id: int) -> None:
        patterns.extend(db, COMMAND_LINE, db.get_one(Pattern, pattern_id), horizon, at)

    def carry_regulars_on(db: Session, regular_id: int) -> None:
        regulars.carry_on(db, regular_id, at)

    jobs: Sequence[tuple[str, Callable[[], object], Callable[[Session, int], None]]] = (
        ("offers", lambda: waiting.due(at), offer),
        ("patterns", lambda: patterns.due(horizon), carry_on),
        ("regulars", regulars.due, carry_regulars_on),
    )
    done = 0
    for name, due, work in jobs:
        with database.reading() as db:
            ids = list(db.scalars(due().limit(AT_ONCE)))  # type: ignore[attr-defined]
        for one in ids:
            if stopped():
                return done
            done += _one(database, name, one, work)
    return done


def _one(database: Database, name: str, one: int, work: Callable[[Session, int], None]) -> bool:
    try:
        with database.writing() as db:
            work(db, one)
    except (Again, Busy, StaleDataError, DBAPIError) as error:
        if isinstance(error, DBAPIError) and not (
            isinstance(error, IntegrityError) or is_conflict(error)
        ):
            raise
        log.info("crossed", extra={"job": name, "subject": one, "kind": type(error).__name__})
        return False
    return True
