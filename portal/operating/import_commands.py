"""The commands that bring in what was kept in files."""

import os
import sys
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from operator import attrgetter
from pathlib import Path
from typing import Any

import click

from portal import clock, schema
from portal.db import Database
from portal.ical_blocks import WrongCalendar
from portal.imports.report import LINES_AT_ONCE, Outcome, Report, run
from portal.programs import importing as people_files
from portal.reading import reader
from portal.recruitment import importing as opportunity_files
from portal.settings import Settings
from portal.shifts import import_rows
from portal.shifts import importing as shift_files
from portal.shifts import importing_calendar as calendar_files
from portal.shifts.settings import horizon as ahead_of
from portal.tables import Line, WrongFile


def opened() -> tuple[Settings, Database]:
    """The settings of this machine, and their database. Raises Unfit for one of another version."""
    settings = Settings.read(os.environ)
    database = database_of(settings)
    schema.check(database)
    return settings, database


def database_of(settings: Settings) -> Database:
    """The database of some settings, until the command ends."""
    database = Database(settings.database_url)
    click.get_current_context().call_on_close(database.dispose)
    return database


@click.group("import")
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
    settings, database = opened()
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
@click.option(
    "--skip-lookalikes", is_flag=True, help="Leave out lines that look like someone who is here."
)
def import_people(program: str, skip_lookalikes: bool, **common: Any) -> None:
    """Bring in people: name, email, phone, program, position."""
    settings, database = opened()
    report = Report(dry=common["dry_run"])
    rows = people_files.understood(_lines(people_files.COLUMNS, "name", common), program, report)
    now = clock.now()
    today = clock.local_day(now, settings.timezone)
    how = people_files.Writing(
        today=today,
        at=now,
        new_roles=not common["no_create"],
        skip_lookalikes=skip_lookalikes,
    )
    write = partial(people_files.write_row, how)
    _run_import(database, rows, write, report, common)


@import_.command("opportunities")
@_import_options
@click.option(
    "--program", default=opportunity_files.PROGRAM, help="The program of lines that name none."
)
def import_opportunities(program: str, **common: Any) -> None:
    """Bring in opportunities: title, summary, organization, category, location, zip, kind, needed, start, end.

    Headings of cities' open-data files are known. What has ended stays out of the public list.
    """
    _, database = opened()
    report = Report(dry=common["dry_run"])
    common["renamed"] = (*_known_heads(common["file"]), *common["renamed"])
    lines = _lines(opportunity_files.COLUMNS, "title", common)
    rows = opportunity_files.understood(lines, program, report)
    write = partial(opportunity_files.write_row, not common["no_create"], clock.now())
    _run_import(database, rows, write, report, common)


def _known_heads(file: Path) -> list[str]:
    """Which of a file's headings are which of ours, for those of open-data files."""
    try:
        heads = reader.header(file.read_bytes())
    except WrongFile as error:
        raise click.ClickException(f"{error}{error.hint}") from None
    return [
        f"{theirs}={ours}" for theirs, ours in opportunity_files.HEADS.items() if theirs in heads
    ]


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
