"""The commands of whoever runs the portal: backup, restore, upgrade, doctor, export, audit."""

import code
import os
from pathlib import Path

import click
from sqlalchemy import select

from portal import clock, schema
from portal.act import Act, Ref
from portal.audit import seals
from portal.audit.log import record
from portal.columns import Base
from portal.db import Database
from portal.operating import backups, doctor, exporting, upgrading
from portal.permissions import COMMAND_LINE
from portal.settings import Settings


def _database() -> Database:
    database = Database(Settings.read(os.environ).database_url)
    click.get_current_context().call_on_close(database.dispose)
    return database


def _path(**rules: bool) -> click.Path:
    return click.Path(path_type=Path, **rules)


@click.command()
@click.argument("to", type=_path())
@click.option(
    "--keep", default=backups.KEEP, show_default=True, help="How many to keep in a folder."
)
def backup(to: Path, keep: int) -> None:
    """Write a backup TO a file, or into a folder, while the portal serves.

    In a folder it is named by the moment, and the oldest ones go.
    """
    database = _database()
    schema.check(database)
    click.echo(f"Backed up to {backups.make(database, to, clock.now(), max(1, keep))}.")


@click.command()
@click.argument("file", type=_path())
@click.option("--yes", is_flag=True, help="Do not ask.")
def restore(file: Path, yes: bool) -> None:
    """Put a backup back. It is read from end to end first; what is there now is kept beside it.

    Everyone has to sign in anew. Mail that waited when the backup was made goes out, again if it had.

    Stop the server and the worker before.
    """
    database = _database()
    version = backups.check(database, file)
    click.echo(f"{file} is whole, of version {version}.")
    if not yes:
        click.confirm("Replace everything in the database by it?", abort=True)
    before = backups.put_back(database, file, clock.now())
    backups.forget_visits(database)
    if version == schema.newest():
        with database.writing() as db:
            record(Act(db, COMMAND_LINE, clock.now()), "data.restored", Ref("database", None))
    click.echo("Put back." + (f" What was there before is in {before}." if before else ""))
    if version < schema.newest():
        click.echo("It is older than this program. Run: portal upgrade")


@click.command()
@click.option(
    "--to", default=Path("backups"), show_default=True, type=_path(), help="Where the backup goes."
)
def upgrade(to: Path) -> None:
    """Bring the database to this version's shape: check, back up, migrate, verify, or leave it as it was.

    Stop the server and the worker before.
    """
    upgrading.upgrade(_database(), to, clock.now(), click.echo)


@click.command("doctor")
def examine() -> None:
    """Look the installation over: settings, database, clock, disk, backup, worker, mail, audit."""
    if not doctor.report(click.echo, clock.now()):
        raise click.ClickException("Something is wrong; see above.")


@click.command()
@click.option(
    "--all", "folder", required=True, type=_path(), help="A folder that is not there yet."
)
def export(folder: Path) -> None:
    """Write every table as CSV, with a dictionary of what its columns mean."""
    database = _database()
    schema.check(database)
    with database.writing() as db:
        record(Act(db, COMMAND_LINE, clock.now()), "data.exported", Ref("database", None))
    written = exporting.export_all(database, folder)
    click.echo(f"{sum(written.values())} rows of {len(written)} tables are in {folder}.")


@click.group()
def audit() -> None:
    """The audit: who did what, and whether anyone changed that."""


@audit.command()
@click.option(
    "--seal", default="", help="A last seal that was noted before; it must be in the chain."
)
def verify(seal: str) -> None:
    """Compute the chain of seals anew; exits with 1 if an entry was changed or removed."""
    database = _database()
    schema.check(database)
    with database.reading() as db:
        found = seals.verify(db, seal)
    click.echo(f"{found.sealed} entries are sealed, {found.unsealed} not yet.")
    if found.wrong:
        raise click.ClickException(f"The audit was tampered with: {found.wrong}.")
    click.echo(f"The chain is whole. Its last seal, to be noted elsewhere: {found.head}")


@click.command()
def shell() -> None:
    """Look around in the database from Python; nothing can be written.

    `db` is a reading session, `select` is SQLAlchemy's; each table goes by its name, like Shift or Person.
    """
    database = _database()
    schema.check(database)
    with database.reading() as db:
        tables = {one.class_.__name__: one.class_ for one in Base.registry.mappers}
        words = "db, select, and every table by its name."
        code.interact(words, local={**tables, "db": db, "select": select})


COMMANDS = (backup, restore, upgrade, examine, export, audit, shell)
