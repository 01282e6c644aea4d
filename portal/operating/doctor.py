"""Looking the installation over: what is well, what is not, and what to do about it."""

import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from pathlib import Path

from sqlalchemy import func, select
from sqlalchemy import text as sql
from sqlalchemy.orm import Session

from portal import schema, serving
from portal.audit import seals
from portal.audit.models import AuditEntry
from portal.db import SQLITE, Database, Unfit
from portal.imports import tries
from portal.messages.models import Channel, Mark, Message, State
from portal.messages.smtp import Smtp, Unreachable
from portal.operating.backups import MARK, free_beside, size_of
from portal.settings import Settings, SettingsError

BACKUP_EVERY = timedelta(hours=26)
WORKER_EVERY = timedelta(minutes=15)
MAIL_WITHIN = timedelta(hours=1)
CLOCKS_APART = timedelta(seconds=30)
UNSEALED = 10_000
ROOM = 2**30


class Health(StrEnum):
    """How a thing is. Only WRONG makes the command fail."""

    WELL = "well"
    LOOK = "look"
    WRONG = "wrong"


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at."""

    what: str
    state: Health
    words: str


def examine(environ: Mapping[str, str], at: datetime) -> Iterator[Finding]:
    """Look everything over; one finding after the other."""
    try:
        settings = Settings.read(environ)
    except SettingsError as error:
        for problem in error.problems:
            yield Finding("settings", Health.WRONG, problem)
        return
    yield from _settings(settings)
    try:
        database = Database(settings.database_url)
    except (Unfit, OSError) as error:
        yield Finding("database", Health.WRONG, str(error))
        return
    try:
        yield from _database(database)
        try:
            with database.reading() as db:
                for look in (_clock, _backup, _worker, _mail_waiting, _audit):
                    yield look(db, at)
                yield _put_aside(db)
        except Exception as error:
            yield Finding("database", Health.WRONG, f"cannot be read: {type(error).__name__}")
        yield _disk(database)
    finally:
        database.dispose()
    yield _mail_server(settings)


def _settings(settings: Settings) -> Iterator[Finding]:
    wrong = serving.problems(settings)
    for problem in wrong:
        yield Finding("settings", Health.WRONG, problem)
    if not wrong:
        yield Finding("settings", Health.WELL, f"for {settings.base_url}, {settings.timezone}")
    if not settings.secure:
        yield Finding("settings", Health.LOOK, "people reach the portal without https")


def _database(database: Database) -> Iterator[Finding]:
    try:
        database.check()
        schema.check(database)
    except Unfit as error:
        yield Finding("database", Health.WRONG, str(error))
        return
    except Exception as error:
        yield Finding("database", Health.WRONG, f"does not answer: {type(error).__name__}")
        return
    if database.dialect == "sqlite":
        kind = f"SQLite {SQLITE.sqlite_version}: WAL, synchronous FULL, foreign keys on"
    else:
        with database.reading() as db:
            kind = f"PostgreSQL {db.execute(sql('SHOW server_version')).scalar_one()}"
    yield Finding("database", Health.WELL, f"{kind}; version {schema.newest()}")


def _clock(db: Session, at: datetime) -> Finding:
    """This machine's clock against PostgreSQL's, and against the newest thing that was noted."""
    newest = db.scalar(select(AuditEntry.at).order_by(AuditEntry.id.desc()).limit(1))
    if abs(at - database_clock(db, at)) > CLOCKS_APART:
        return Finding(
            "clock", Health.WRONG, "this machine and the database differ: set up NTP on both"
        )
    if newest and newest > at + CLOCKS_APART:
        return Finding(
            "clock", Health.WRONG, "the newest entry is in the future: the clock went back"
        )
    return Finding("clock", Health.WELL, f"{at:%Y-%m-%d %H:%M:%S} UTC")


def database_clock(db: Session, at: datetime) -> datetime:
    """What PostgreSQL's machine takes the time for; SQLite has our own clock."""
    if db.get_bind().dialect.name == "sqlite":
        return at
    found: datetime = db.execute(sql("SELECT clock_timestamp()")).scalar_one()
    return found


def _mark(db: Session, name: str) -> datetime | None:
    return db.scalar(select(Mark.at).where(Mark.name == name))


def _backup(db: Session, at: datetime) -> Finding:
    last = _mark(db, MARK)
    if last is None:
        return Finding("backup", Health.WRONG, "there is none yet. Run: portal backup FOLDER")
    words = f"the last one is of {last:%Y-%m-%d %H:%M} UTC"
    late = at - last > BACKUP_EVERY
    return Finding("backup", Health.WRONG if late else Health.WELL, words)


def _worker(db: Session, at: datetime) -> Finding:
    last = _mark(db, "reminders")
    if last is None or at - last > WORKER_EVERY:
        return Finding("worker", Health.WRONG, "it does not run. Start: portal worker")
    return Finding("worker", Health.WELL, f"at work {last:%H:%M:%S} UTC")


def _mail_waiting(db: Session, at: datetime) -> Finding:
    waiting = select(func.count()).where(
        Message.state == State.QUEUED,
        Message.channel == Channel.MAIL,
        Message.created_at < at - MAIL_WITHIN,
        Message.next_at <= at,
    )
    number = db.scalar(waiting) or 0
    state = Health.LOOK if number else Health.WELL
    return Finding("mail", state, f"{number} waiting for more than an hour")


def _put_aside(db: Session) -> Finding:
    found = tries.put_aside(db, 5)
    if not found:
        return Finding("files", Health.WELL, "nothing from outside was put aside")
    words = "; ".join(f"{row.key[:40]} ({row.reason})" for row in found)
    return Finding("files", Health.LOOK, f"put aside after three tries: {words}")


def _audit(db: Session, at: datetime) -> Finding:
    waiting = len(seals.unsealed(db, UNSEALED))
    state = Health.LOOK if waiting >= UNSEALED else Health.WELL
    return Finding("audit", state, f"{waiting} entries not sealed yet")


def _disk(database: Database) -> Finding:
    folder = Path(database.url.database or ".") if database.dialect == "sqlite" else Path.cwd()
    free, needed = free_beside(folder), ROOM
    if database.dialect == "sqlite":
        needed = max(ROOM, 3 * size_of(database))
    state = Health.WELL if free > needed else Health.WRONG
    return Finding("disk", state, f"{free // 2**20} MiB free beside {folder}")


def _mail_server(settings: Settings) -> Finding:
    if not settings.smtp_url:
        words = "no mail server is set (PORTAL_SMTP_URL): nothing is sent"
        return Finding("mail server", Health.LOOK, words)
    try:
        Smtp(settings.smtp_url, seconds=10).greet()
    except Unreachable as error:
        return Finding("mail server", Health.WRONG, f"does not answer: {error}")
    return Finding("mail server", Health.WELL, "answers")


def report(say: Callable[[str], None], at: datetime) -> bool:
    """Say every finding, a line each; whether nothing is wrong."""
    sound = True
    for finding in examine(os.environ, at):
        sound = sound and finding.state is not Health.WRONG
        say(f"{finding.state.value:<6} {finding.what}: {finding.words}")
    return sound
