"""The database: types, naming, and the two ways in — a read-only session and a writing one.

SQLite and PostgreSQL are the same code. What differs is here: SQLite's writers queue at a
lock of ours before they begin (measured in docs/decisions/0003), and each side of
PostgreSQL gets its own connection settings. `writing()` is the one place that commits.
"""

import fcntl
import json
import os
import shutil
import stat
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Any, ClassVar

from sqlalchemy import (
    Boolean,
    Connection,
    DateTime,
    Dialect,
    Engine,
    Index,
    Insert,
    MetaData,
    Row,
    Select,
    String,
    Text,
    TypeDecorator,
    bindparam,
    create_engine,
    event,
    literal_column,
    make_url,
)
from sqlalchemy import (
    text as sql,
)
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import DeclarativeBase, Session
from sqlalchemy.sql.functions import FunctionElement

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


AnyRow = Row[*tuple[Any, ...]]
"""A row of some columns."""

AnySelect = Select[*tuple[Any, ...]]
"""A query for some columns."""


class Busy(Exception):
    """The database did not give a writer its turn in time."""


class Unfit(Exception):
    """The database cannot be used as it is; the message says why and what to do."""


class UtcDateTime(TypeDecorator[datetime]):
    """A moment in UTC. Refuses naive values, and gives aware ones back."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment without a zone cannot be stored")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def result_processor(self, dialect: Dialect, coltype: Any) -> Any:
        """Lists read hundreds of moments, so SQLite's text is read in one step."""
        return _from_text if dialect.name == "sqlite" else None


def _from_text(value: str | None) -> datetime | None:
    return None if value is None else datetime.fromisoformat(value + "+00:00")


class Word(TypeDecorator[str]):
    """A short word of ours: an action, a reason.

    Compared with a member of a StrEnum, the word stands in the statement itself. As a parameter it could
    decide whether a partial index applies, so SQLite would plan the statement anew each time it
    is bound (the shift page's took ten times as long). Stored, it is handed over as a plain
    string, since binding a subclass of one is slow.
    """

    impl = String
    cache_ok = True

    class Comparator(TypeDecorator.Comparator[str]):
        """Compares with members by their word."""

        def operate(self, op: Any, *other: Any, **kwargs: Any) -> Any:
            return super().operate(op, *map(_spelled_out, other), **kwargs)

    comparator_factory = Comparator

    def bind_processor(self, dialect: Dialect) -> Any:
        return lambda value: None if value is None else str(value)


class Code(Word):
    """A state, a role, a kind: stored as its word, read as the member of its StrEnum.

    Raises LookupError for a word that the enum does not know, when it is read and when it is given to a row.
    """

    cache_ok = True

    def __init__(self, words: type[StrEnum], length: int) -> None:
        super().__init__(length)
        self.words = words
        self._members: dict[str | None, StrEnum | None] = {None: None} | {
            one.value: one for one in words
        }

    def member(self, word: str | None) -> StrEnum | None:
        """The member that a word stands for."""
        try:
            return self._members[word]
        except KeyError:
            raise LookupError(f"{word!r} is no {self.words.__name__}") from None

    def result_processor(self, dialect: Dialect, coltype: Any) -> Any:
        return self.member


def _spelled_out(value: Any) -> Any:
    if isinstance(value, StrEnum):
        return literal_column(f"'{value}'")
    return [*map(_spelled_out, value)] if isinstance(value, tuple) else value


class Translations(TypeDecorator[Mapping[str, Any]]):
    """What an agency wrote in other languages: {"es": {"name": "Conductor"}}. Not to be changed in place.

    Kept as text and read through a cache, since every row of a list carries some.
    """

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Mapping[str, Any] | None, dialect: Dialect) -> str:
        return json.dumps(value or {}, ensure_ascii=False, sort_keys=True)

    def result_processor(self, dialect: Dialect, coltype: Any) -> Any:
        return _read_translations


@lru_cache(maxsize=4096)
def _read_translations(value: str | None) -> Mapping[str, Any]:
    return MappingProxyType(json.loads(value) if value else {})


class Ids(TypeDecorator[Sequence[int]]):
    """Some ids as one parameter: an array on PostgreSQL, JSON on SQLite."""

    impl = Text
    cache_ok = True

    def bind_processor(self, dialect: Dialect) -> Any:
        return json.dumps if dialect.name == "sqlite" else list


class among(FunctionElement[bool]):  # noqa: N801 - it reads like the functions of SQLAlchemy
    """Whether a column is one of the ids in a parameter: among(Shift.program_id, "inside").

    `column.in_(...)` writes the statement anew for every number of ids; this one stays the same,
    so it is compiled once (it was a quarter of what a list cost).
    """

    inherit_cache = True
    type = Boolean()
    name = "among"
    _is_implicitly_boolean = True

    def __init__(self, column: Any, parameter: str) -> None:
        super().__init__(column, bindparam(parameter, type_=Ids()))


@compiles(among, "sqlite")
def _among_on_sqlite(element: among, compiler: Any, **kwargs: Any) -> str:
    column, ids = (compiler.process(part, **kwargs) for part in element.clauses)
    return f"{column} IN (SELECT value FROM json_each({ids}))"  # noqa: S608 - compiled parts


@compiles(among, "postgresql")
def _among_on_postgresql(element: among, compiler: Any, **kwargs: Any) -> str:
    column, ids = (compiler.process(part, **kwargs) for part in element.clauses)
    return f"{column} = ANY(CAST({ids} AS bigint[]))"


class Base(DeclarativeBase):
    """What every table derives from."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {datetime: UtcDateTime()}
    noun: ClassVar[str] = ""
    """What the audit and messages call a row of this table; its name, where nothing else is said."""

    def __init_subclass__(cls, **options: Any) -> None:
        cls.noun = cls.__dict__.get("noun", cls.__tablename__)
        super().__init_subclass__(**options)


def partial_index(name: str, *columns: Any, where: str, unique: bool = False) -> Index:
    """An index over the rows for which a condition holds, on both databases."""
    condition = sql(where)
    return Index(name, *columns, unique=unique, sqlite_where=condition, postgresql_where=condition)


@event.listens_for(Base, "attribute_instrument", propagate=True)
def _give_members(table: type[Base], key: str, attribute: Any) -> None:
    """A row holds members of its enums from when they are given to it, and not only once it is read again."""
    column = getattr(attribute.property, "columns", [None])[0]
    if column is not None and isinstance(column.type, Code):
        member = column.type.member
        event.listen(attribute, "set", lambda row, value, *_: member(value), retval=True)


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
        """The one connection of a migration, in a transaction nobody else can start beside it."""
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


def rows(session: Session, statement: AnySelect, parameters: Mapping[str, Any]) -> Sequence[AnyRow]:
    """Rows of columns, past the ORM's loading, which lists of columns do not need."""
    return session.connection().execute(statement, parameters).all()


def write_last(session: Session, insert: Insert, row: Callable[[], dict[str, Any]]) -> None:
    """Add a row that is made and written at the end, just before the commit (the audit's way in)."""
    session.info.setdefault("last", {}).setdefault(insert, []).append(row)


def _write_last(session: Session) -> None:
    if last := session.info.pop("last", None):
        session.flush()  # what was just added has its id from here on
        for insert, rows in last.items():
            if rows:
                session.execute(insert, [row() for row in rows])


def is_conflict(error: DBAPIError) -> bool:
    """Whether another transaction got in the way, so that a second try makes sense.

    Broken constraints are not meant here; these are PostgreSQL's serialization failure
    (40001), deadlock (40P01) and lock timeout (55P03), and SQLite's "database is locked".
    """
    state = getattr(error.orig, "sqlstate", None)
    return state in ("40001", "40P01", "55P03") or "database is locked" in str(error.orig)


def not_had_in_time(error: BaseException) -> bool:
    """Whether a lock was waited for in vain: the database is busy, and nobody else changed the same."""
    orig = getattr(error, "orig", None)
    return getattr(orig, "sqlstate", None) == "55P03" or "database is locked" in str(orig)


WEATHER_STATES = ("08", "53", "57P")
"""PostgreSQL's classes of errors for a connection that broke, a lack of space or memory, and a server that
goes down or comes up."""

WEATHER_WORDS = ("database is locked", "disk is full", "disk I/O error", "unable to open database")
"""How SQLite says the same."""


def is_weather(error: BaseException) -> bool:
    """Whether the database is busy, full or away for a while, which is nobody's mistake and passes."""
    if isinstance(error, Busy | PoolTimeout):
        return True
    if not isinstance(error, DBAPIError):
        return False
    state = getattr(error.orig, "sqlstate", None) or ""
    return (
        error.connection_invalidated
        or is_conflict(error)
        or state.startswith(WEATHER_STATES)
        or any(words in str(error.orig) for words in WEATHER_WORDS)
        or (isinstance(error, OperationalError) and not state and "connection" in str(error.orig))
    )


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


LEFT_OVER = timedelta(days=1)


def remove_left_over(folder: Path, pattern: str, at: datetime) -> None:
    """Remove what a process that was killed left behind more than a day before a moment: it holds everything
    that the database does."""
    for path in folder.glob(pattern):
        made = datetime.fromtimestamp(path.lstat().st_mtime, UTC)
        if made < at - LEFT_OVER and path.is_dir():
            shutil.rmtree(path, ignore_errors=True)
        elif made < at - LEFT_OVER:
            path.unlink(missing_ok=True)


def world_readable(path: Path) -> bool:
    """Whether other users of this machine can read a database file."""
    return path.exists() and bool(path.stat().st_mode & stat.S_IROTH)
