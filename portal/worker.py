"""The worker: what the portal does by itself. It is handed the domains, and does the chores they declare.

Each piece of work is one short transaction that looks again under its lock, so several workers,
a crash between two pieces, or the same piece twice do no harm. What another one is working on is
left for the next round.
"""

import logging
import os
import signal
import threading
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta

from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.orm.exc import StaleDataError

from portal import clock, schema
from portal.act import Act
from portal.db import Database
from portal.domain import Chore, Domain, LongChore, Reader, Round
from portal.messages.posting import Post
from portal.messages.sending import send_due
from portal.messages.smtp import Mailer, Smtp, Unreachable
from portal.messages.standing_calls import drop_untrue_calls
from portal.outbox.notices import notices_of
from portal.people.notify import Recipients
from portal.permissions import COMMAND_LINE
from portal.reading import reader
from portal.settings import Settings
from portal.weather import Busy, is_conflict, is_weather
from portal.web.errors import Again, NotFound, Refused
from portal.web.render import Renderer

log = logging.getLogger(__name__)

PAUSE_SECONDS = 5.0
RETRY = tuple(timedelta(seconds=seconds) for seconds in (5, 15, 60, 120, 300))
"""How long to leave a mail server alone that is not there."""


def run(settings: Settings, domains: Sequence[Domain]) -> None:
    """Work until SIGTERM or SIGINT; what was begun is finished."""
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: _stop_soon(stop))
    database = Database(settings.database_url)
    database.breath = BREATH
    try:
        database.check()
        schema.check(database)
        log.info("ready")
        mail = Mail(database, settings, domains)
        readers = [one(database, settings) for domain in domains for one in domain.readers]
        while not stop.is_set():
            if not one_round(database, settings, domains, mail, readers, stop.is_set):
                stop.wait(PAUSE_SECONDS)
    finally:
        database.dispose()


BREATH = 0.01
"""Seconds between two pieces of work, in which people get their turn to write."""


def one_round(
    database: Database,
    settings: Settings,
    domains: Sequence[Domain],
    mail: "Mail",
    readers: Sequence[Reader],
    stopped: Callable[[], bool],
) -> int:
    """Everything that is due, once; gives how much that was. A database that is busy, full or restarting is
    waited for: what was not done is done in a later round (SECURITY V5)."""
    try:
        done = round_of_work(database, settings, clock.now(), domains, stopped)
        for one in readers:
            one.round(clock.now())
        return done + mail.round(clock.now(), stopped)
    except Exception as error:
        if not is_weather(error):
            raise
        log.warning("the database is away", extra={"kind": type(error).__name__})
        return 0


STOP_SECONDS = 4.0
"""How long what was begun may take to finish after SIGTERM. Whatever is cut off after that is claimed, and
done again by the next worker."""


def _stop_soon(stop: threading.Event) -> None:
    if not stop.is_set():
        stop.set()
        last = threading.Timer(STOP_SECONDS, _end_now)
        last.daemon = True
        last.start()


def _end_now() -> None:
    log.warning("stopped in the middle")
    reader.end_reader()
    os._exit(0)


class Mail:
    """Sending mail, round by round; a mail server that is not there is tried again after growing pauses."""

    def __init__(
        self,
        database: Database,
        settings: Settings,
        domains: Sequence[Domain],
        mailer: Mailer | None = None,
    ) -> None:
        self.database = database
        if mailer is None and settings.smtp_url:
            mailer = Smtp(settings.smtp_url)
        self.post = Post(settings, notices_of(domains), Recipients(), Renderer(settings), mailer)
        self.failures = 0
        self.not_before = datetime.min.replace(tzinfo=UTC)

    def round(self, at: datetime, stopped: Callable[[], bool] = lambda: False) -> int:
        """Send what is due, unless it is too soon to try again; gives how many were dealt with."""
        if at < self.not_before:
            return 0
        done = 0
        try:
            drop_untrue_calls(self.database, self.post, at)
            done = send_due(self.database, self.post, at, stopped)
            self.failures = 0
        except Unreachable as error:
            self.failures += 1
            self.not_before = at + RETRY[min(self.failures, len(RETRY)) - 1]
            log.warning("no mail server", extra={"why": str(error), "tries": self.failures})
        except Busy:
            log.info("crossed", extra={"job": "mail"})
        finally:
            if self.post.mailer:
                self.post.mailer.close()
        return done


def round_of_work(
    database: Database,
    settings: Settings,
    at: datetime,
    domains: Sequence[Domain],
    stopped: Callable[[], bool] = lambda: False,
) -> int:
    """Every chore that is due now, once; gives how many pieces were done of those that count."""
    now = Round(settings, at, domains)
    chores = sorted((one for domain in domains for one in domain.chores), key=lambda one: one.rank)
    done = 0
    for chore in chores:
        again = True
        while again:
            with database.reading() as db:
                pieces = list(chore.due(db, now))
            again = bool(pieces) and chore.until_nothing
            for piece in pieces:
                if stopped():
                    return done
                did = _do(database, chore, piece, now)
                again = again and did  # what crosses is left for the next round
                done += did and chore.counts
    return done


def _do(database: Database, chore: Chore | LongChore, piece: int, now: Round) -> bool:
    """Do one piece; False if someone else was faster, or it has to wait for the next round."""
    try:
        if isinstance(chore, LongChore):
            chore.work(database, piece, now)
        else:
            with database.writing() as db:
                chore.work(Act(db, COMMAND_LINE, now.at), piece, now)
    except (Again, Busy, NotFound, Refused, StaleDataError, DBAPIError) as error:
        if isinstance(error, DBAPIError) and not (
            isinstance(error, IntegrityError) or is_conflict(error)
        ):
            raise
        kind = type(error).__name__
        log.info("crossed", extra={"job": chore.name, "subject": piece, "kind": kind})
        return False
    return True
