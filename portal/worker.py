"""The worker: what the portal does by itself. Patterns and their regular people are carried on, freed
spots are offered, and whom a change un-cleared is listed.

Each piece of work is one short transaction that looks again under its lock, so several workers,
a crash between two pieces, or the same piece twice do no harm. What another one is working on is
left for the next round.
"""

import hashlib
import imaplib
import logging
import os
import signal
import threading
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta

from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from portal import clock, schema
from portal.act import Act
from portal.audit import seals
from portal.db import Busy, Database, is_conflict, is_weather
from portal.files import work as files
from portal.imports import tries
from portal.messages.sending import Post, drop_untrue_calls, send_due
from portal.messages.smtp import Mailer, Smtp, Unreachable
from portal.outbox.notices import NOTICES
from portal.outreach import busy, chores, replies, speaking
from portal.outreach import leaving as outreach_leaving
from portal.people import departures, supervision
from portal.people.telling import Recipients
from portal.permissions import COMMAND_LINE
from portal.reading import reader
from portal.requirements import sweep
from portal.settings import Settings
from portal.shifts import leaving as shifts_leaving
from portal.shifts import patterns, regulars, reminders, waiting
from portal.shifts.models import Pattern
from portal.shifts.reach import coming_work
from portal.training import leaving as training_leaving
from portal.training import offers
from portal.training import reminders as training_reminders
from portal.web.errors import Again, NotFound, Refused
from portal.web.render import Renderer

log = logging.getLogger(__name__)

PAUSE_SECONDS = 5.0
AT_ONCE = 200
CALENDARS_AT_ONCE = 5
READ_EVERY = timedelta(minutes=2)
RETRY = tuple(timedelta(seconds=seconds) for seconds in (5, 15, 60, 120, 300))
"""How long to leave a mail server alone that is not there."""


def run(settings: Settings) -> None:
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
        mail = Mail(database, settings)
        answers = Answers(database, settings)
        while not stop.is_set():
            if not one_round(database, settings, mail, answers, stop.is_set):
                stop.wait(PAUSE_SECONDS)
    finally:
        database.dispose()


BREATH = 0.01
"""Seconds between two pieces of work, in which people get their turn to write."""


def one_round(
    database: Database,
    settings: Settings,
    mail: "Mail",
    answers: "Answers",
    stopped: Callable[[], bool],
) -> int:
    """Everything that is due, once; gives how much that was. A database that is busy, full or restarting is
    waited for: what was not done is done in a later round (SECURITY V5)."""
    try:
        done = round_of_work(database, settings, clock.now(), stopped)
        answers.round(clock.now())
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
        self, database: Database, settings: Settings, mailer: Mailer | None = None
    ) -> None:
        self.database = database
        if mailer is None and settings.smtp_url:
            mailer = Smtp(settings.smtp_url)
        self.post = Post(settings, NOTICES, Recipients(), Renderer(settings), mailer)
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


class Answers:
    """Reading what calendar programs answered, from the agency's mailbox; one that is not there is tried again
    later."""

    def __init__(self, database: Database, settings: Settings) -> None:
        self.database, self.settings = database, settings
        self.mailbox = replies.Mailbox(settings.imap_url) if settings.imap_url else None
        self.not_before = datetime.min.replace(tzinfo=UTC)

    def round(self, at: datetime) -> int:
        """Note every new answer; gives how many mails were read."""
        if self.mailbox is None or at < self.not_before:
            return 0
        self.not_before, number = at + READ_EVERY, 0
        try:
            for raw in self.mailbox.unread():
                self._take(raw, at)
                number += 1
        except (OSError, imaplib.IMAP4.error, Busy) as error:
            log.warning("no mailbox", extra={"why": type(error).__name__})
        return number

    def _take(self, raw: bytes, at: datetime) -> None:
        """One mail that breaks its reader, or our own code, must not keep the others from being read."""
        key = f"mail {hashlib.sha256(raw).hexdigest()}"
        if not tries.begin(self.database, key, at):
            return
        try:
            found = reader.mail(raw)
            with self.database.writing() as db:
                replies.take(Act(db, COMMAND_LINE, at), found, self.settings)
                tries.succeed(db, key)
        except reader.Unreadable as error:
            tries.fail(self.database, key, str(error), at)
        except Exception as error:
            if is_weather(error):
                tries.give_back(self.database, key)  # a busy database is not the mail's fault
                raise
            log.exception("a mail could not be read")


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

    def offer_places(db: Session, session_id: int) -> None:
        offers.make_offers(db, session_id, longest, at)

    def lapse(db: Session, offer_id: int) -> None:
        speaking.lapse(db, offer_id, at)

    def carry_on(db: Session, pattern_id: int) -> None:
        patterns.extend(Act(db, COMMAND_LINE, at), db.get_one(Pattern, pattern_id), horizon)

    def carry_regulars_on(db: Session, regular_id: int) -> None:
        regulars.carry_on(db, regular_id, at)

    _round_of_time(database, settings, at)
    _look_back(database, settings, at, stopped)
    _remind_of_training(database, at)
    _look_after_talks(database, settings, at)
    _seal(database)
    done = _bring_files_in(database, settings, at)

    def depart(db: Session, departure_id: int) -> None:
        departures.depart(db, departure_id, RELEASES, settings.timezone, at)

    jobs: Sequence[tuple[str, Callable[[], object], Callable[[Session, int], None]]] = (
        ("departures", departures.due, depart),
        ("offers", lambda: waiting.due(at), offer),
        ("patterns", lambda: patterns.due(horizon), carry_on),
        ("regulars", regulars.due, carry_regulars_on),
        ("places", lambda: offers.due(at), offer_places),
        ("talks", lambda: speaking.due(at), lapse),
    )
    for name, due, work in jobs:
        with database.reading() as db:
            ids = list(db.scalars(due().limit(AT_ONCE)))  # type: ignore[attr-defined]
        for one in ids:
            if stopped():
                return done
            done += _one(database, name, one, work)
    return done


def _round_of_time(database: Database, settings: Settings, at: datetime) -> None:
    """What is due because of the hour."""
    zone = settings.timezone
    with database.reading() as db:
        if not reminders.due(db, zone, at):
            return
    _one(database, "reminders", 0, lambda db, _: reminders.remind(db, at))
    _one(database, "digest", 0, lambda db, _: reminders.digest(db, zone, at))


RELEASES: Sequence[departures.Release] = (
    supervision.release,
    shifts_leaving.release,
    training_leaving.release,
    outreach_leaving.release,
)
"""What takes somebody who leaves off what is coming, domain by domain."""

TOUCHED_BY = (coming_work,)
"""What people are engaged for, domain by domain, for looking back at it when their clearance changes."""


def _look_back(
    database: Database, settings: Settings, at: datetime, stopped: Callable[[], bool]
) -> None:
    """Warn about paperwork that ends and, where clearance changed, look at coming work again."""
    zone = settings.timezone
    with database.reading() as db:
        new_day = sweep.is_new_day(db, zone, at)
    if new_day:
        _one(database, "paperwork", 0, lambda db, _: sweep.each_day(db, zone, at))
    while not stopped():
        with database.reading() as db:
            if not sweep.due(db):
                return
        if not _one(database, "sweep", 0, lambda db, _: sweep.look(db, TOUCHED_BY, zone, at)):
            return


def _remind_of_training(database: Database, at: datetime) -> None:
    """Reminders before sessions."""
    with database.reading() as db:
        if not training_reminders.due(db, at):
            return
    _one(database, "training", 0, lambda db, _: training_reminders.remind(db, at))


def _look_after_talks(database: Database, settings: Settings, at: datetime) -> None:
    """Reminders before talks and the question after them; and speakers' own calendars, some at a time."""
    with database.reading() as db:
        chores_due = chores.due(db, at)
        calendars = list(db.scalars(busy.due(at).limit(CALENDARS_AT_ONCE)))
    if chores_due:
        _one(database, "talks", 0, lambda db, _: chores.work(db, at))
    for person_id in calendars:
        try:
            busy.refresh(database, person_id, settings.timezone, at)
        except Busy:
            log.info("crossed", extra={"job": "calendars", "subject": person_id})


def _seal(database: Database) -> None:
    """Seal the audit entries that were written since."""
    with database.reading() as db:
        if not seals.unsealed(db, 1):
            return
    _one(database, "seals", 0, lambda db, _: seals.seal(db))


def _bring_files_in(database: Database, settings: Settings, at: datetime) -> int:
    """Look at, or write, the files that people brought."""
    with database.reading() as db:
        ids = list(db.scalars(files.due(at).limit(AT_ONCE)))
    for job_id in ids:
        try:
            files.work_on(database, settings, job_id, at)
        except Busy:
            log.info("crossed", extra={"job": "files", "subject": job_id})
    return len(ids)


def _one(database: Database, name: str, one: int, work: Callable[[Session, int], object]) -> bool:
    try:
        with database.writing() as db:
            work(db, one)
    except (Again, Busy, NotFound, Refused, StaleDataError, DBAPIError) as error:
        if isinstance(error, DBAPIError) and not (
            isinstance(error, IntegrityError) or is_conflict(error)
        ):
            raise
        log.info("crossed", extra={"job": name, "subject": one, "kind": type(error).__name__})
        return False
    return True
