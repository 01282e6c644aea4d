"""The database: types, naming, and the two ways in — a read-only session and a writing one.

SQLite and PostgreSQL are the same code. What differs is here: SQLite's writers queue at a
lock of ours before they begin (measured in docs/decisions/0003), and each side of
PostgreSQL gets its own connection settings. `writing()` is the one place that commits.
"""

import fcntl
import os
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import (
    Connection,
    Engine,
    Insert,
    create_engine,
    event,
    make_url,
)
from sqlalchemy import text as sql
from sqlalchemy.orm import Session

from portal.columns import LOWER
from portal.folders import remove_left_over
from portal.weather import Busy

try:
    from pysqlite3 import dbapi2 as sqlite
except ImportError:  # no wheel for this machine; the built-in one serves if it is sound
    import sqlite3 as sqlite  # type: ignore[no-redef]

SQLITE: Any = sqlite
"""The SQLite driver of this machine, for what goes past SQLAlchemy: backups."""

LOCK_DEADLINE = 10.0
"""Seconds a writer waits for its turn before it gives up with `Busy`."""

TIMEOUTS = {"lock_timeout": "5s", "statement_timeout": "15s"}
"""How long PostgreSQL lets a statement wait for a lock, and work."""

MIGRATORS_WAIT = 600.0
"""Seconds a migrator waits for another one, which may have large tables to rewrite."""

MIGRATOR = 5_072_026
"""The number of the advisory lock that keeps PostgreSQL's migrators apart (SECURITY M4)."""

SQLITE_FIXED = ((3, 51, 3), (3, 50, 7), (3, 44, 6))
"""The SQLite releases that carry the WAL fix of SECURITY D3; later patches of a branch have it too."""


class Unfit(Exception):
    """The database cannot be used as it is; the message says why and what to do."""


def sqlite_is_sound(version: tuple[int, ...]) -> bool:
    """Whether a SQLite version carries the WAL fix: 3.51.3, or its back-ports 3.50.7 and 3.44.6."""
    if version >= SQLITE_FIXED[0]:
        return True
    return any(version[:2] == fixed[:2] and version >= fixed for fixed in SQLITE_FIXED[1:])


class WriteGate:
    """Lets one writer at a time into a SQLite file, across threads and processes.

    Within a process a mutex, across processes a lock on a file beside the database; both
    with one deadline. SQLite's own busy handler sleeps in growing steps, which is what
    made its slowest writers five times slower.
    """

    def __init__(self, path: Path) -> None:
        self._mutex = threading.Lock()
        self._file = os.open(path, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600)

    @contextmanager
    def __call__(self, seconds: float | None = None) -> Iterator[None]:
        seconds = seconds or LOCK_DEADLINE
        deadline = time.monotonic() + seconds
        if not self._mutex.acquire(timeout=seconds):
            raise Busy
        try:
            self._lock_file(deadline)
            try:
                yield
            finally:
                fcntl.flock(self._file, fcntl.LOCK_UN)
        finally:
            self._mutex.release()

    def _lock_file(self, deadline: float) -> None:
        while True:
            try:
                return fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                if time.monotonic() > deadline:
                    raise Busy from None
                time.sleep(0.0005)


@contextmanager
def _no_gate(_seconds: float | None = None) -> Iterator[None]:
    """PostgreSQL's writers need no turn."""
    yield


class Database:
    """One database, reached through two engines: one that cannot write, and one that can."""

    breath = 0.0
    """Seconds to wait after each writing transaction. The worker does, so that its many pieces leave people
    their turn."""

    def __init__(self, url: str, threads: int = 3) -> None:
        self.url = make_url(url)
        self.dialect = self.url.get_backend_name()
        if self.dialect == "sqlite":
            path = Path(self.url.database or "portal.db")
            os.close(os.open(path, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600))
            self._gate: Any = WriteGate(path.with_name(path.name + ".lock"))
            self._reader = _sqlite_engine(url, threads, writes=False)
            self._writer = _sqlite_engine(url, threads, writes=True)
        else:
            self._gate = _no_gate
            self._reader = _postgresql_engine(url, threads, writes=False)
            self._writer = _postgresql_engine(url, threads, writes=True)

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A session that the database itself keeps from writing (SECURITY S6)."""
        with Session(self._reader, autoflush=False) as session:
            yield session

    @contextmanager
    def writing(self, within: float | None = None) -> Iterator[Session]:
        """A session in one transaction: returning commits, raising rolls back. Raises Busy when its turn does
        not come `within` so many seconds."""
        with self._gate(within), Session(self._writer) as session, session.begin():
            yield session
            _write_last(session)
        if self.breath:
            time.sleep(self.breath)

    @contextmanager
    def migrating(self) -> Iterator[Connection]:
        """The one connection of a migration, in a transaction no one else can start beside it."""
        with self._gate(MIGRATORS_WAIT), self._writer.connect() as connection:
            driver = connection.connection.driver_connection
            if self.dialect == "sqlite":
                assert driver
                driver.execute("PRAGMA foreign_keys=OFF").close()
            try:
                with connection.begin():
                    if self.dialect == "postgresql":
                        for statement in (
                            "SET LOCAL statement_timeout = 0",
                            f"SET LOCAL lock_timeout = '{MIGRATORS_WAIT:.0f}s'",
                            f"SELECT pg_advisory_xact_lock({MIGRATOR})",
                            "SET LOCAL lock_timeout = '60s'",
                        ):
                            connection.exec_driver_sql(statement)
                    yield connection
            finally:
                connection.invalidate()

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Keep every other writer out of a SQLite file, for the length of the block."""
        with self._gate():
            yield

    @contextmanager
    def scratch(self) -> Iterator["Database"]:
        """A database to try something out on, which is then rolled back: a copy of a SQLite file, so that no
        other writer waits; PostgreSQL itself, whose writers do not wait for each other's rows."""
        if self.dialect != "sqlite":
            yield self
            return
        path = Path(self.url.database or "")
        remove_left_over(path.parent, ".trial-*", datetime.fromtimestamp(path.stat().st_mtime, UTC))
        with tempfile.TemporaryDirectory(dir=path.parent, prefix=".trial-") as folder:
            copy = Path(folder) / "copy.db"
            with closing(SQLITE.connect(path)) as source, closing(SQLITE.connect(copy)) as target:
                source.backup(target)
            database = Database(f"sqlite:///{copy}")
            try:
                yield database
            finally:
                database.dispose()

    def check(self) -> None:
        """Refuse to go on with a database that would not keep what it acknowledges (D2)."""
        if self.dialect == "sqlite":
            _check_sqlite(self._writer, self.url.database or "")

    def dispose(self) -> None:
        """Close every connection, at the end of a process."""
        self._reader.dispose()
        self._writer.dispose()


def write_last(session: Session, insert: Insert, row: Callable[[], dict[str, Any]]) -> None:
    """Add a row that is made and written at the end, just before the commit (the audit's way in)."""
    session.info.setdefault("last", {}).setdefault(insert, []).append(row)


def lock_row(session: Session, row: object) -> None:
    """Hold a row until the transaction ends, and read it anew."""
    session.flush()  # a refresh drops what is not written yet
    session.refresh(row, with_for_update={"of": type(row), "key_share": True})


def _write_last(session: Session) -> None:
    if last := session.info.pop("last", None):
        session.flush()  # what was just added has its id from here on
        for insert, rows in last.items():
            if rows:
                session.execute(insert, [row() for row in rows])


def _sqlite_engine(url: str, threads: int, *, writes: bool) -> Engine:
    version = ".".join(map(str, sqlite.sqlite_version_info))
    if not sqlite_is_sound(sqlite.sqlite_version_info):
        raise Unfit(
            f"SQLite {version} can lose committed changes when two connections meet. "
            "Install the package pysqlite3, use a Python with SQLite 3.51.3 or later, "
            "or set PORTAL_DATABASE_URL to a PostgreSQL database."
        )
    engine = create_engine(
        url,
        module=sqlite,
        pool_size=threads + 1,
        max_overflow=threads,
        hide_parameters=True,
        connect_args={"check_same_thread": False, "isolation_level": None},
    )
    begin = "BEGIN IMMEDIATE" if writes else "BEGIN"

    def on_connect(connection: Any, _record: Any) -> None:
        for pragma in (
            "busy_timeout=5000",
            "journal_mode=WAL",
            "synchronous=FULL",
            "foreign_keys=ON",
            "trusted_schema=OFF",
            "secure_delete=ON",
            "recursive_triggers=ON",
            f"query_only={'OFF' if writes else 'ON'}",
        ):
            connection.execute(f"PRAGMA {pragma}").close()
        connection.create_function(LOWER, 1, str.lower, deterministic=True)

    event.listen(engine, "connect", on_connect)
    event.listen(engine, "begin", lambda connection: connection.exec_driver_sql(begin))
    return engine


def _postgresql_engine(url: str, threads: int, *, writes: bool) -> Engine:
    settings = {"timezone": "UTC", **TIMEOUTS}
    settings["default_transaction_read_only"] = "off" if writes else "on"
    settings["idle_in_transaction_session_timeout"] = "60s"
    return create_engine(
        make_url(url).set(drivername="postgresql+psycopg"),
        pool_size=threads + 1,
        max_overflow=threads,
        pool_pre_ping=True,  # a server that restarted is noticed before it is relied on
        hide_parameters=True,
        isolation_level="READ COMMITTED" if writes else "REPEATABLE READ",
        connect_args={"options": " ".join(f"-c {key}={value}" for key, value in settings.items())},
    )


def _check_sqlite(engine: Engine, path: str) -> None:
    wanted = {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "busy_timeout": 5000}
    with engine.connect() as connection:
        for pragma, value in wanted.items():
            found = connection.execute(sql(f"PRAGMA {pragma}")).scalar()
            if found != value:
                raise Unfit(
                    f"{path}: SQLite answers {pragma}={found}, and the portal needs {value}. "
                    "A network or read-only folder can be the cause; keep the file on a local disk."
                )
