"""Files that people bring in through pages: looked at first, then written by the worker.

Closing the browser loses nothing: the file, how far it has come and its report are a row. A worker
that is killed leaves the job to the next, and bringing the same line in twice changes nothing.
"""

import json
from collections.abc import Mapping

from sqlalchemy import Select, select

from portal.act import Act
from portal.audit.log import record
from portal.imports.models import ImportJob, JobState
from portal.permissions import Permission, Viewer
from portal.programs import importing as people_files
from portal.programs.models import Program
from portal.programs.scopes import in_viewers_programs
from portal.shifts import import_rows
from portal.web.errors import Refused
from portal.words import text

LARGEST = 5 * 1024 * 1024
CALENDAR, SHIFTS, PEOPLE = "calendar", "shifts", "people"
COLUMNS = {
    SHIFTS: tuple(name for name in import_rows.COLUMNS if name != "program"),
    PEOPLE: tuple(name for name in people_files.COLUMNS if name != "program"),
}
"""What a file's columns may be; its program is chosen on the page, and no line names another."""

NEEDED = {SHIFTS: "start", PEOPLE: "name"}


def add_job(act: Act, program: Program, kind: str, name: str, data: bytes, hours: str) -> ImportJob:
    """Take a file; the worker looks at it without writing. People take an administrator, since a line
    may find someone of any program."""
    if kind == PEOPLE and not act.by.everywhere(Permission.PEOPLE_MANAGE):
        raise Refused(fields={"kind": text("Only an administrator can import people.")})
    if not data:
        raise Refused(fields={"file": text("This file is empty.")})
    if kind == SHIFTS and b"BEGIN:VCALENDAR" in data[:2000].upper():
        kind = CALENDAR
    job = ImportJob(
        kind=kind,
        by_id=act.by.person_id,
        program_id=program.id,
        name=name[-200:],
        data=data,
        asked=json.dumps({"hours": hours, "map": {}}),
        created_at=act.at,
    )
    act.db.add(job)
    act.db.flush()
    record(act, "import.added", job)
    return job


def look_again(job: ImportJob, renamed: Mapping[str, str]) -> None:
    """Look at the file once more, with other columns."""
    if job.state in (JobState.READY, JobState.FAILED):
        asked = json.loads(job.asked)
        job.asked = json.dumps(asked | {"map": dict(renamed)})
        job.state = JobState.TRIAL


def start(act: Act, job: ImportJob, *, skip_lookalikes: bool = False) -> None:
    """Bring it in: the worker writes it, without the lines that look like someone who is here if so asked."""
    if job.state == JobState.READY:
        job.asked = json.dumps(json.loads(job.asked) | {"skip_lookalikes": skip_lookalikes})
        job.state, job.done = JobState.QUEUED, 0
        record(act, "import.started", job)


def headings(job: ImportJob) -> list[str]:
    """The headings that the worker found in a file whose columns can be matched now; none for a calendar."""
    if job.state not in (JobState.READY, JobState.FAILED):
        return []
    return [str(one) for one in json.loads(job.report).get("headings", ())]


def own_jobs(viewer: Viewer) -> Select[ImportJob]:
    """The files that the viewer brought, for programs that they manage now: whoever lost a program lost its
    files, too (SECURITY Z9)."""
    mine = select(ImportJob).where(
        ImportJob.by_id == viewer.person_id,
        in_viewers_programs(ImportJob.program_id, viewer, Permission.PROGRAMS_MANAGE),
    )
    agency = viewer.everywhere(Permission.PEOPLE_MANAGE)
    return mine if agency else mine.where(ImportJob.kind != PEOPLE)


def still_may(viewer: Viewer, job: ImportJob) -> bool:
    """The same for one file, asked again by the worker before it writes."""
    if job.kind == PEOPLE:
        return viewer.everywhere(Permission.PEOPLE_MANAGE)
    return viewer.may_in(Permission.PROGRAMS_MANAGE, job.program_id)
