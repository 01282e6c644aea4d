"""The command line: `portal` or `python -m portal`."""

import os
import secrets
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from operator import attrgetter
from pathlib import Path
from typing import Any

import click

from portal import __version__, clock, migrating, schema, serving, worker
from portal.app import DOMAINS
from portal.db import Database, Unfit
from portal.demo import agency
from portal.directory import accounts
from portal.ical_blocks import WrongCalendar
from portal.imports.report import LINES_AT_ONCE, Outcome, Report, run
from portal.operating.commands import COMMANDS
from portal.programs import importing as people_files
from portal.reading import reader
from portal.settings import Settings, SettingsError
from portal.shifts import import_rows
from portal.shifts import importing as shift_files
from portal.shifts import importing_calendar as calendar_files
from portal.shifts.settings import horizon as ahead_of
from portal.tables import Line, WrongFile
from portal.weather import Busy
from portal.web.middleware import log_to_stderr

DEMO_DATABASE = "demo.db"


class _Main(click.Group):
    """Turns what stops a command into one clear line instead of a traceback."""

    def invoke(self, context: click.Context) -> Any:
        try:
            return super().invoke(context)
        except SettingsError as error:
            raise click.ClickException("\n".join(error.problems)) from None
        except (Unfit, PermissionError) as error:
            raise click.ClickException(str(error)) from None
        except Busy:
            raise click.ClickException("The database is busy. Try again in a moment.") from None


@click.group(cls=_Main, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__)
def main() -> None:
    """Volunteer and outreach coordination for county social-services agencies.

    Settings are PORTAL_... environment variables; the README lists them.
    """


@main.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=8000, show_default=True, help="Port to listen on.")
@click.option("--workers", default=2, show_default=True, help="Worker processes.")
def serve(host: str, port: int, workers: int) -> None:
    """Serve the portal to people."""
    serving.serve(Settings.read(os.environ, demo=False), host, port, workers)


@main.command("worker")
def work() -> None:
    """Do what the portal does by itself: carry patterns on, offer freed spots."""
    log_to_stderr()
    worker.run(Settings.read(os.environ), DOMAINS)


@main.command()
def migrate() -> None:
    """Bring the database to this version's shape."""
    database = _database(Settings.read(os.environ))
    migrating.migrate(database)
    click.echo(f"The database is at version {schema.newest()}.")


@main.command()
@click.option("--port", default=8000, show_default=True, help="Port to listen on.")
@click.option("--fresh", is_flag=True, help="Throw demo.db away and make a new one.")
def demo(port: int, fresh: bool) -> None:
    """Run a made-up agency on this machine, to look around in."""
    from_here = Settings.read(
        {name: value for name, value in os.environ.items() if not name.startswith("PORTAL_")},
        demo=True,
        database_url=f"sqlite:///{DEMO_DATABASE}",
        base_url=f"http://127.0.0.1:{port}",
        secret_key=secrets.token_urlsafe(48),
        agency_name=agency.NAME,
        agency_phone=agency.PHONE,
    )
    if not serving.port_is_free("127.0.0.1", port):
        raise SettingsError([f"Port {port} is in use. Choose another: make demo PORT={port + 1}"])
    if not os.access(".", os.W_OK):
        raise SettingsError([f"{Path.cwd()} is not writable; the demo keeps its database there."])
    agency.prepare(DEMO_DATABASE, fresh=fresh)
    agency.renew_links(from_here)
    click.echo(agency.welcome(port))
    with _worker_beside(from_here):
        serving.serve(from_here, "127.0.0.1", port, workers=1)


@contextmanager
def _worker_beside(settings: Settings) -> Iterator[None]:
    """A worker process for as long as the block lasts."""
    command = [sys.executable, "-m", "portal", "worker"]
    with subprocess.Popen(command, env={**os.environ, **settings.environ()}) as process:  # noqa: S603
        try:
            yield
        finally:
            process.terminate()


@main.group()
def user() -> None:
    """People who sign in."""


@user.command("add")
@click.argument("name")
@click.option("--email", required=True, help="The address they sign in with.")
@click.option("--role", type=click.Choice(["administrator", "coordinator"]), help="A staff role.")
@click.option("--program", help="The program a coordinator coordinates, by name.")
def user_add(name: str, email: str, role: str | None, program: str | None) -> None:
    """Add a person, and print a one-time link with which they set their password."""
    settings, database = _opened()
    click.echo(accounts.add(database, settings.base_url, name, email, role, program, clock.now()))


@user.command("invite")
@click.argument("email")
def user_invite(email: str) -> None:
    """Print a new one-time link for someone who forgot the password or lost the first one."""
    settings, database = _opened()
    click.echo(accounts.invite_again(database, settings.base_url, email, clock.now()))


@main.group("import")
def import_() -> None:
    """Bring in what was kept in files. The same file twice changes nothing."""


def _import_options(command: Callable[..., None]) -> Callable[..., None]:
    """The options that every import has."""
    options = (
        click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path)),
        click.option(
            "--map",
            "renamed",
            multiple=True,
            metavar="THEIRS=OURS",
            help="A heading of the file, and which of our columns it is.",
        ),
        click.option(
            "--only",
            multiple=True,
            metavar="COLUMN=VALUE",
            help="Take only the lines that say this there.",
        ),
        click.option("--no-create", is_flag=True, help="Refuse places and roles we do not know."),
        click.option("--dry-run", is_flag=True, help="Only report what would happen."),
        click.option("--strict", is_flag=True, help="Write nothing if one line is bad."),
    )
    for option in reversed(options):
        command = option(command)
    return command


@import_.command("shifts")
@_import_options
@click.option("--program", default="", help="The program of lines that name none.")
@click.option("--hours", metavar="09:00-12:00", help="Hours for lines that have only a day.")
@click.option("--move-dates-by", default=0, metavar="DAYS", help="Move every day by so many.")
def import_shifts(program: str, hours: str | None, move_dates_by: int, **common: Any) -> None:
    """Bring in shifts: title, program, site, position, start, end, minimum, maximum.

    A calendar file (.ics) brings every time of its events; what repeats for ever becomes a pattern.
    """
    settings, database = _opened()
    try:
        span = import_rows.read_hours(hours) if hours else None
    except ValueError:
        raise click.BadParameter("write hours as 09:00-12:00", param_hint="--hours") from None
    reading = import_rows.Reading(
        settings.timezone, program, span, move_dates_by, create=not common["no_create"]
    )
    report = Report(dry=common["dry_run"])
    if common["file"].suffix.lower() == ".ics":
        _import_calendar(settings, database, reading, report, common)
        return
    rows = import_rows.understood(_lines(import_rows.COLUMNS, "start", common), reading, report)
    _run_import(
        database, rows, partial(shift_files.write_row, reading, clock.now()), report, common
    )


def _import_calendar(
    settings: Settings,
    database: Database,
    reading: import_rows.Reading,
    report: Report,
    common: Mapping[str, Any],
) -> None:
    at = clock.now()
    with database.reading() as db:
        horizon = clock.local_day(at, settings.timezone) + ahead_of(db, settings)
    last = clock.start_of_day(horizon + clock.ONE_DAY, settings.timezone)
    try:
        found = reader.calendar(common["file"].read_bytes(), settings.timezone, last)
    except WrongCalendar as error:
        raise click.ClickException(str(error)) from None
    write = partial(calendar_files.write_piece, reading, horizon, at)
    cut = calendar_files.pieces(found, reading)
    _run_import(database, cut, write, report, common, at_once=1)  # a piece is many shifts


@import_.command("people")
@_import_options
@click.option("--program", default="", help="The program of lines that name none.")
def import_people(program: str, **common: Any) -> None:
    """Bring in people: name, email, phone, program, position."""
    settings, database = _opened()
    report = Report(dry=common["dry_run"])
    rows = people_files.understood(_lines(people_files.COLUMNS, "name", common), program, report)
    now = clock.now()
    today = clock.local_day(now, settings.timezone)
    write = partial(people_files.write_row, not common["no_create"], today, now)
    _run_import(database, rows, write, report, common)


def _lines(columns: Sequence[str], needed: str, common: Mapping[str, Any]) -> list[Line]:
    renamed, only = _pairs(common["renamed"], "--map"), _pairs(common["only"], "--only")
    try:
        return reader.lines(common["file"].read_bytes(), columns, needed, renamed, only)
    except WrongFile as error:
        raise click.ClickException(f"{error}{error.hint}") from None


def _pairs(values: Sequence[str], option: str) -> dict[str, str]:
    split = [value.partition("=") for value in values]
    if not all(name and equals for name, equals, _ in split):
        raise click.BadParameter("write it as NAME=VALUE", param_hint=option)
    return {name: value for name, _, value in split}


def _run_import(
    database: Database,
    rows: Sequence[Any],
    write: Any,
    report: Report,
    common: Mapping[str, Any],
    at_once: int = LINES_AT_ONCE,
) -> None:
    """Write the rows with a progress bar, and print the report. A refused strict import exits with 1."""
    strict = common["strict"]
    bad = report.count(Outcome.LEFT_OUT)
    if not (strict and bad):
        with click.progressbar(length=len(rows), label="Writing", file=sys.stderr) as bar:
            run(
                database,
                rows,
                attrgetter("line"),
                write,
                report,
                strict=strict,
                at_once=at_once,
                progress=lambda: bar.update(1),
            )
    for line in report.lines():
        click.echo(line)
    if strict and report.count(Outcome.LEFT_OUT):
        raise click.ClickException("Nothing was written, because some lines are bad (--strict).")


for _command in COMMANDS:
    main.add_command(_command)


def _opened() -> tuple[Settings, Database]:
    settings = Settings.read(os.environ)
    database = _database(settings)
    schema.check(database)
    return settings, database


def _database(settings: Settings) -> Database:
    database = Database(settings.database_url)
    click.get_current_context().call_on_close(database.dispose)
    return database


if __name__ == "__main__":
    main()
