"""Backups that are whole while the portal serves, and putting one back.

SQLite's own backup interface copies a consistent state page by page; copying the file instead gave a
broken database ten times of ten (SECURITY B1). PostgreSQL has pg_dump. Nothing is replaced before
the backup was read from end to end.
"""

import os
import re
import shutil
import subprocess
from collections.abc import Mapping
from contextlib import closing
from datetime import datetime
from itertools import count
from pathlib import Path

from sqlalchemy import func, select
from sqlalchemy import text as sql
from sqlalchemy.engine import URL, Connection
from sqlalchemy.exc import DatabaseError

from portal import schema
from portal.act import Act, Ref
from portal.audit.log import record
from portal.columns import Base
from portal.db import SQLITE, Database, Unfit
from portal.folders import remove_left_over
from portal.messages.models import Mark
from portal.permissions import COMMAND_LINE

KEEP = 14
NAME = re.compile(r"portal-\d{8}T\d{6}Z\.backup")
MARK = "backup"
"""The mark that says when the last backup was made."""


def make(database: Database, to: Path, at: datetime, keep: int = KEEP) -> Path:
    """Write a backup: into a folder under the name of the moment, keeping the newest `keep` of them, or
    to a file that must not exist. Gives its path; it appears there only once it is whole."""
    if to.is_dir():
        target = to / f"portal-{at:%Y%m%dT%H%M%SZ}.backup"
    else:
        target = to
    if target.exists():
        raise Unfit(f"{target} exists already. Name another file, or a folder.")
    if not target.parent.is_dir():
        raise Unfit(f"There is no folder {target.parent}.")
    unfinished = target.with_name(f".{target.name}.unfinished")
    remove_left_over(target.parent, ".portal-*.unfinished", at)
    try:
        _dump(database, unfinished)
        version = check(database, unfinished)
        os.replace(unfinished, target)
    finally:
        unfinished.unlink(missing_ok=True)
    _sync(target)
    if version == schema.newest():
        note(database, at)
    if to.is_dir():
        _rotate(to, keep)
    return target


def note(database: Database, at: datetime) -> None:
    """Note that a backup was made, in a database of this version."""
    with database.writing() as db:
        db.merge(Mark(name=MARK, at=at))
        record(Act(db, COMMAND_LINE, at), "data.backed_up", Ref("database", None))


def _dump(database: Database, to: Path) -> None:
    to.unlink(missing_ok=True)
    os.close(os.open(to, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    if database.dialect == "sqlite":
        with (
            closing(SQLITE.connect(database.url.database)) as source,
            closing(SQLITE.connect(to)) as copy,
        ):
            source.execute("PRAGMA busy_timeout=10000").close()
            source.backup(copy)
            copy.execute("PRAGMA journal_mode=DELETE").close()
    else:
        _run(database.url, "pg_dump", "--format=custom", "--no-owner", f"--file={to}")


def _sync(path: Path) -> None:
    """Make sure that it is on disk, and that its name is."""
    for one in (path, path.parent):
        handle = os.open(one, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _rotate(folder: Path, keep: int) -> None:
    ours = sorted(path for path in folder.iterdir() if NAME.fullmatch(path.name))
    for path in ours[: max(0, len(ours) - keep)]:
        path.unlink()


def check(database: Database, path: Path) -> str:
    """Read a backup from end to end; gives the version of its database. Raises Unfit when it is damaged,
    of the other kind of database, or newer than this program."""
    if not path.is_file():
        raise Unfit(f"There is no file {path}.")
    with path.open("rb") as file:
        start = file.read(16)
    if database.dialect == "sqlite":
        if not start.startswith(b"SQLite format 3"):
            raise Unfit(f"{path} is no backup of a SQLite database.")
        version = _check_sqlite(path)
    else:
        if not start.startswith(b"PGDMP"):
            raise Unfit(f"{path} is no backup of a PostgreSQL database.")
        version = _check_postgresql(database.url, path)
    if version > schema.newest():
        raise Unfit(f"{path} is of version {version}, newer than this program. Update the program.")
    return version


def _check_sqlite(path: Path) -> str:
    try:
        with closing(
            SQLITE.connect(f"{path.absolute().as_uri()}?mode=ro&immutable=1", uri=True)
        ) as copy:
            said = copy.execute("PRAGMA integrity_check").fetchone()[0]
            broken = copy.execute("PRAGMA foreign_key_check").fetchone()
            version = copy.execute("SELECT version_num FROM alembic_version").fetchone()
    except SQLITE.DatabaseError as error:
        raise Unfit(f"{path} is damaged: {error}") from None
    if said != "ok" or broken or not version:
        raise Unfit(f"{path} is damaged: {said if said != 'ok' else 'rows refer to nothing'}")
    return str(version[0])


def _check_postgresql(url: URL, path: Path) -> str:
    script = _script(url, path)
    try:
        found = re.search(rb"COPY public\.alembic_version [^\n]*\n([^\n]+)\n", script.read_bytes())
    finally:
        script.unlink()
    if not found:
        raise Unfit(f"{path} holds no database of the portal.")
    return found[1].decode()


def _script(url: URL, path: Path) -> Path:
    """A backup as statements, beside it. Writing them reads all of it, which finds damage."""
    script = path.with_name(f".{path.name}.sql")
    os.close(os.open(script, os.O_CREAT | os.O_TRUNC | os.O_WRONLY, 0o600))
    try:
        _run(None, "pg_restore", "--no-owner", "--no-privileges", f"--file={script}", str(path))
    except Unfit:
        script.unlink(missing_ok=True)
        raise
    return script


def put_back(database: Database, path: Path, at: datetime) -> Path | None:
    """Replace what is in the database by a backup; gives where what was there before is kept (None for an
    empty database). All or nothing: killed half-way, everything is as it was."""
    check(database, path)
    before = _keep_what_is_there(database, path.absolute().parent, at)
    if database.dialect == "sqlite":
        with (
            database.alone(),
            closing(
                SQLITE.connect(f"{path.absolute().as_uri()}?mode=ro&immutable=1", uri=True)
            ) as source,
            closing(SQLITE.connect(database.url.database)) as target,
        ):
            target.execute("PRAGMA journal_mode=WAL").close()
            target.execute("PRAGMA synchronous=FULL").close()
            source.backup(target)
    else:
        script = _script(database.url, path)
        anew = "DROP SCHEMA public CASCADE; CREATE SCHEMA public"
        try:
            _run(
                database.url,
                "psql",
                "--no-psqlrc",
                "--quiet",
                "--single-transaction",
                "--set=ON_ERROR_STOP=1",
                f"--command={anew}",
                f"--file={script}",
            )
        finally:
            script.unlink(missing_ok=True)
    database.dispose()
    return before


def _keep_what_is_there(database: Database, folder: Path, at: datetime) -> Path | None:
    """A copy of the database before it is replaced; None of an empty one. One that is damaged is the very
    reason to put a backup back: its files are moved aside as they are."""
    before = _new_name(folder, f"before-restore-{at:%Y%m%dT%H%M%SZ}")
    try:
        with database.reading() as db:
            if schema.version_of(db.connection()) is None:
                return None
        _dump(database, before)
    except (DatabaseError, SQLITE.DatabaseError):
        before.unlink(missing_ok=True)
        if database.dialect != "sqlite":
            raise
        _move_aside(database, before)
    return before


def _move_aside(database: Database, to: Path) -> None:
    """Move a damaged SQLite file, with its log, to another name, and leave an empty one."""
    with database.alone():
        database.dispose()
        path = Path(database.url.database or "")
        for ending in ("", "-wal", "-shm"):
            one = path.with_name(path.name + ending)
            if one.exists():
                shutil.move(one, to.with_name(to.name + ending))
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))


def forget_visits(database: Database) -> None:
    """End what a backup brings back to life: sessions, and codes and links to sign in with."""
    with database.writing() as db:
        for name in ("session", "proof", "invitation"):
            if name in schema.tables(db.connection()):
                db.execute(sql(f"DELETE FROM {name}"))  # noqa: S608 - names of ours


def _new_name(folder: Path, stem: str) -> Path:
    """A name in a folder that nothing has yet: what is kept never replaces what was kept."""
    names = (folder / f"{stem}{f'-{number}' if number else ''}.backup" for number in count())
    return next(path for path in names if not path.exists())


def counts(connection: Connection) -> dict[str, int]:
    """How many rows each table holds."""
    there = schema.tables(connection)
    known = [table for table in Base.metadata.sorted_tables if table.name in there]
    return {
        table.name: connection.execute(select(func.count()).select_from(table)).scalar_one()
        for table in known
    }


def size_of(database: Database) -> int:
    """Bytes of a database."""
    with database.reading() as db:
        if database.dialect == "postgresql":
            return int(db.execute(sql("SELECT pg_database_size(current_database())")).scalar_one())
    return Path(database.url.database or "").stat().st_size


def free_beside(path: Path) -> int:
    """Bytes that are free on the disk of a file or folder."""
    return shutil.disk_usage(path if path.is_dir() else path.absolute().parent).free


def _run(url: URL | None, program: str, *arguments: str) -> None:
    """Run one of PostgreSQL's programs. The password goes through the environment: anyone on the machine
    can read a command line."""
    environment: Mapping[str, str] = dict(os.environ)
    command = [program, *arguments]
    if url is not None:
        secret = str(url.password) if url.password else ""
        plain = url.set(drivername="postgresql", password=None).render_as_string()
        environment = {**environment, **({"PGPASSWORD": secret} if secret else {})}
        command.append(f"--dbname={plain}")
    try:
        done = subprocess.run(  # noqa: S603 - a program of PostgreSQL, without a shell
            command, env=environment, capture_output=True, text=True, check=False
        )
    except FileNotFoundError:
        raise Unfit(
            f"{program} is not installed. It comes with PostgreSQL's client programs."
        ) from None
    if done.returncode:
        raise Unfit(f"{program} failed: {done.stderr.strip()[-500:]}")
