"""What the worker does with files that people brought: looking at them, and writing them."""

import json
import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from portal import clock
from portal.db import Database
from portal.files.jobs import CALENDAR, COLUMNS, NEEDED, PEOPLE, still_may
from portal.ical_blocks import WrongCalendar
from portal.imports import tries
from portal.imports.models import ImportJob, JobState
from portal.imports.report import BadLine, Outcome, Report, run
from portal.people.sessions import viewer_of
from portal.permissions import Viewer
from portal.programs import importing as people_files
from portal.programs.models import Program
from portal.reading import reader
from portal.settings import Settings
from portal.shifts import import_rows
from portal.shifts import importing as shift_files
from portal.shifts import importing_calendar as calendar_files
from portal.shifts.settings import horizon
from portal.tables import WrongFile
from portal.weather import is_weather
from portal.words import Words, kept, text

log = logging.getLogger(__name__)

PUT_ASIDE = text(
    "We couldn't read this file after three tries. The people who run the portal know."
)
NO_LONGER = text("You no longer manage the program that this file was for.")
OUR_FAULT = text("Something went wrong on our side while reading this file. Call us.")
CLAIM_LASTS = timedelta(minutes=10)
KEPT_LINES = 1000


def due(at: datetime) -> Any:
    """The jobs that wait for the worker, or whose worker is gone."""
    return (
        select(ImportJob.id)
        .where(
            ImportJob.state.in_((JobState.TRIAL, JobState.QUEUED)),
            or_(ImportJob.claimed_until.is_(None), ImportJob.claimed_until < at),
        )
        .order_by(ImportJob.id)
    )


def work_on(database: Database, settings: Settings, job_id: int, at: datetime) -> None:
    """Look at a job's file, or write it; a file that cannot be read says why. One that ended its reader, or
    the worker, three times is put aside."""
    if not tries.begin(database, key_of_job(job_id), at):
        _end(database, job_id, JobState.FAILED, {"wrong": kept(PUT_ASIDE)}, at)
        return
    job = _claim(database, job_id, at)
    if job is None:
        return
    report, found = Report(dry=job.state == JobState.TRIAL), _Found()
    try:
        _look(database, settings, job, report, found, at)
    except (WrongFile, WrongCalendar, BadLine) as error:
        said = {"wrong": kept(error.words), "headings": found.headings}
        _end(database, job_id, JobState.FAILED, said, at)
        return
    except Exception as error:
        if is_weather(error):
            tries.give_back(database, key_of_job(job_id))  # a busy database is not the file's fault
            raise
        log.exception("a file could not be worked on", extra={"job_id": job_id})
        _end(database, job_id, JobState.FAILED, {"wrong": kept(OUR_FAULT)}, at)
        return
    state = JobState.READY if report.dry else JobState.DONE
    _end(database, job_id, state, _said(report) | {"headings": found.headings}, at)


def key_of_job(job_id: int) -> str:
    """The key under which tries to read a job's file are counted."""
    return f"import {job_id}"


@dataclass
class _Found:
    """The headings of a file, known also where the rest of it cannot be read."""

    headings: list[str] = field(default_factory=list)


def _look(
    database: Database,
    settings: Settings,
    job: ImportJob,
    report: Report,
    found: _Found,
    at: datetime,
) -> None:
    with database.reading() as db:
        by = viewer_of(db, job.by_id, at)
        program = db.get_one(Program, job.program_id).name
        ahead = horizon(db, settings)
    if not still_may(by, job):
        raise WrongFile(NO_LONGER)
    if job.kind != CALENDAR:
        found.headings = reader.header(job.data)[:100]
    rows, write = _rows_of(settings, ahead, job, program, by, report, at)
    with database.writing() as db:
        tries.succeed(db, key_of_job(job.id))
        db.execute(_this(job.id).values(total=len(rows), done=0))
    run(
        database,
        rows,
        lambda row: row.line,
        _counting(job.id, write, trial=report.dry),
        report,
        strict=False,
        at_once=1 if job.kind == CALENDAR else 20,
    )


def _claim(database: Database, job_id: int, at: datetime) -> ImportJob | None:
    with database.writing() as db:
        job = db.scalar(
            due(at).with_only_columns(ImportJob).where(ImportJob.id == job_id).with_for_update()
        )
        if job is None:
            return None
        job.claimed_until = at + CLAIM_LASTS
        db.flush()
        db.refresh(job, ["data", *job.__table__.c.keys()])
        db.expunge(job)
        return job  # type: ignore[no-any-return]


def _rows_of(
    settings: Settings,
    ahead: timedelta,
    job: ImportJob,
    program: str,
    by: Viewer,
    report: Report,
    at: datetime,
) -> tuple[Sequence[Any], Any]:
    asked = json.loads(job.asked)
    try:
        hours = import_rows.read_hours(asked["hours"]) if asked["hours"] else None
    except ValueError:
        raise WrongFile(text("Enter hours like 9:00 am-12:00 pm.")) from None
    reading = import_rows.Reading(settings.timezone, program, hours, by=by)
    today = clock.local_day(at, settings.timezone)
    if job.kind == CALENDAR:
        until = today + ahead
        last = clock.start_of_day(until + clock.ONE_DAY, settings.timezone)
        found = reader.calendar(job.data, settings.timezone, last)
        write = partial(calendar_files.write_piece, reading, until, at)
        return calendar_files.pieces(found, reading), write
    lines = reader.lines(job.data, COLUMNS[job.kind], NEEDED[job.kind], asked["map"], {})
    if job.kind == PEOPLE:
        people = people_files.understood(lines, program, report)
        how = people_files.Writing(
            today=today, at=at, skip_lookalikes=bool(asked.get("skip_lookalikes"))
        )
        return people, partial(people_files.write_row, how)
    return import_rows.understood(lines, reading, report), partial(
        shift_files.write_row, reading, at
    )


def _counting(job_id: int, write: Any, *, trial: bool) -> Any:
    """Count each line that was written, in the transaction that writes it, and keep the job ours."""

    def counted(db: Session, row: Any, report: Report) -> tuple[Outcome, Words | str]:
        found: tuple[Outcome, Words | str] = write(db, row, report)
        if not trial:
            until = clock.now() + CLAIM_LASTS
            db.execute(_this(job_id).values(done=ImportJob.done + 1, claimed_until=until))
        return found

    return counted


def _this(job_id: int) -> Any:
    return update(ImportJob).where(ImportJob.id == job_id)


def _said(report: Report) -> dict[str, Any]:
    lines = sorted(
        report.results,
        key=lambda one: (
            one.outcome is not Outcome.LEFT_OUT,
            one.line not in report.alike,
            one.line,
        ),
    )
    return {
        "alike": len(report.alike),
        "sums": {outcome.value: report.count(outcome) for outcome in Outcome},
        "made": [kept(one) for one in report.made[:KEPT_LINES]],
        "lines": [(one.line, one.outcome.value, kept(one.words)) for one in lines[:KEPT_LINES]],
    }


def _end(
    database: Database, job_id: int, state: JobState, said: Mapping[str, Any], at: datetime
) -> None:
    values: dict[str, Any] = {"state": state, "report": json.dumps(said), "claimed_until": None}
    if state is JobState.DONE:
        values |= {"ended_at": at, "data": b"", "done": ImportJob.total}
    with database.writing() as db:
        db.execute(_this(job_id).values(**values))
        tries.succeed(db, key_of_job(job_id))
