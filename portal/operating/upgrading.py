"""Bringing a database to this version's shape, with a way back."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from sqlalchemy import text as sql

from portal import migrating, schema
from portal.db import Database, Unfit
from portal.operating import backups

ROOM = 3
"""So many times the database's size must be free: the backup, the changed copy, and the log."""


def upgrade(database: Database, to: Path, at: datetime, say: Callable[[str], None]) -> None:
    """Check, back up into the folder `to`, migrate, verify; or leave everything as it was.

    Raises Unfit with what stood in the way and what was done about it.
    """
    with database.reading() as db:
        found = schema.version_of(db.connection())
    if found == schema.newest():
        say(f"The database is at version {found} already. Nothing to do.")
        return
    if found is not None and found > schema.newest():
        raise Unfit(
            f"The database is at version {found}, newer than this program. Update the program."
        )
    if found is None:
        migrating.migrate(database)
        say(f"The database was empty. It is at version {schema.newest()} now.")
        return
    _check(database, to)
    say("Checked.")
    with database.reading() as db:
        before = backups.counts(db.connection())
    backup = backups.make(database, to, at)
    say(f"Backed up to {backup}.")
    try:
        migrating.migrate(database)
    except Exception as error:
        raise Unfit(
            f"The migration failed, and nothing was changed: {error}\nThe backup is {backup}."
        ) from error
    if wrong := _verify(database, before):
        backups.put_back(database, backup, at)
        raise Unfit(f"After the migration {wrong}. The backup was put back; nothing was changed.")
    backups.note(database, at)
    say(f"The database is at version {schema.newest()}.")


def _check(database: Database, to: Path) -> None:
    """What must be right before anything is touched."""
    if not to.is_dir():
        raise Unfit(f"There is no folder {to} for the backup. Make it, or name one with --to.")
    needed = ROOM * backups.size_of(database)
    if backups.free_beside(to) < needed:
        raise Unfit(f"There is too little room in {to}: {needed // 2**20 + 1} MiB are needed.")
    if database.dialect == "sqlite":
        with database.reading() as db:
            said = db.execute(sql("PRAGMA quick_check")).scalar_one()
        if said != "ok":
            raise Unfit(f"The database is damaged: {said}. Put a backup back with portal restore.")


def _verify(database: Database, before: dict[str, int]) -> str:
    """What is wrong after a migration, or ""."""
    with database.reading() as db:
        connection = db.connection()
        if schema.version_of(connection) != schema.newest():
            return "the version is not the newest"
        after = backups.counts(connection)
        lost = [name for name, rows in before.items() if name in after and after[name] < rows]
        if lost:
            return f"rows are missing in {', '.join(sorted(lost))}"
        if database.dialect == "sqlite" and db.execute(sql("PRAGMA foreign_key_check")).first():
            return "rows refer to nothing"
    return ""
