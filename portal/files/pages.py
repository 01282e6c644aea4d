"""Pages of files that are brought in: choosing one, looking at what it would do, and its progress."""

import json
from typing import Any

import wtforms
from sqlalchemy import select

from portal.files import jobs
from portal.imports.models import ImportJob, JobState
from portal.permissions import Permission
from portal.programs.models import Program
from portal.programs.scopes import managed_programs, one
from portal.web.answers import Screen, See, screen
from portal.web.choices import choice_field, chosen_field
from portal.web.errors import Refused
from portal.web.fields import text_field
from portal.web.forms import Form
from portal.web.page import Page, Post, get
from portal.web.request import Request
from portal.web.turns import READING
from portal.web.uploads import uploads
from portal.words import said_again, text

MANAGE = Permission.PROGRAMS_MANAGE
SHOWN = 200
BUSY = (JobState.TRIAL, JobState.QUEUED)


COLUMN_WORDS = {
    "title": text("Title"),
    "site": text("Location"),
    "position": text("Role"),
    "start": text("Start date and time"),
    "end": text("End"),
    "minimum": text("Needed"),
    "maximum": text("Spots"),
    "note": text("Note for volunteers"),
    "key": text("ID (optional)"),
    "name": text("Full name"),
    "email": text("Email"),
    "phone": text("Phone"),
}
"""The columns in words."""


class FileForm(Form):
    """A file, what it holds, and where that goes."""

    kind = choice_field(
        text("File contents"),
        {
            jobs.SHIFTS: text("Shifts: a table (CSV) or a calendar (.ics)"),
            jobs.PEOPLE: text("People: a table (CSV)"),
        },
        default=jobs.SHIFTS,
    )
    program = chosen_field(text("Program"))
    hours = text_field(
        text("Hours for lines that have only a date"),
        most=20,
        help=text("For example: 9:00 am-12:00 pm"),
    )
    file = wtforms.FileField(text("File"))


def list_jobs(request: Request, form: FileForm | None = None) -> Screen:
    """One's own files, and bringing another."""
    rows = request.db.execute(
        select(
            ImportJob.id,
            ImportJob.name,
            ImportJob.state,
            ImportJob.created_at,
            ImportJob.done,
            ImportJob.total,
        )
        .where(ImportJob.id.in_(jobs.own_jobs(request.viewer).with_only_columns(ImportJob.id)))
        .order_by(ImportJob.id.desc())
        .limit(50)
    ).all()
    programs = request.db.execute(
        managed_programs(request.viewer)
        .with_only_columns(Program.id, Program.name)
        .where(Program.closed_at.is_(None))
        .order_by(Program.name)
    ).all()
    return screen(
        "files/list.html",
        rows=rows,
        form=form or FileForm(),
        programs=[(row.id, row.name) for row in programs],
    )


def read_file(request: Request, form: FileForm) -> tuple[str, bytes]:
    """The file that was sent: its name, for showing alone, and its bytes."""
    sent = uploads(request, "file", jobs.LARGEST)
    if not sent:
        raise Refused(fields={"file": text("Select a file.")})
    if len(sent[0].data) > jobs.LARGEST:
        raise Refused(fields={"file": text("Select files under 5 MB.")})
    return sent[0].name, sent[0].data


def add_job(request: Request, form: FileForm) -> See:
    """Take a file; what it would do is shown before anything is written."""
    name, data = request.prepared
    program = one(request.db, managed_programs(request.viewer), Program.id == form.program.data)
    job = jobs.add_job(request.act, program, form.kind.data, name, data, form.hours.data or "")
    return See(f"/imports/{job.id}")


def _own(request: Request, job_id: int) -> ImportJob:
    return one(request.db, jobs.own_jobs(request.viewer), ImportJob.id == job_id)


def show_job(request: Request, job_id: int, form: Any = None) -> Screen:
    """How far a file has come, what it would do or did, and its columns."""
    job = _own(request, job_id)
    said = json.loads(job.report)
    wrong = said_again(said.get("wrong", ""))
    asked = json.loads(job.asked)
    theirs = {ours: heading for heading, ours in asked["map"].items()}
    headings = jobs.headings(job)
    lowered = {heading.lower(): heading for heading in headings}
    columns = [
        (name, theirs.get(name) or lowered.get(name, "")) for name in jobs.COLUMNS.get(job.kind, ())
    ]
    return screen(
        "files/show.html",
        job=job,
        busy=job.state in BUSY,
        said=said,
        wrong=wrong,
        lines=[
            (number, outcome, said_again(words))
            for number, outcome, words in said.get("lines", [])[:SHOWN]
        ],
        headings=headings,
        columns=columns,
        words=COLUMN_WORDS,
        form=form,
    )


def map_columns(request: Request, form: Any, job_id: int) -> See:
    """Say which heading is which column, and look again."""
    job = _own(request, job_id)
    headings = jobs.headings(job)
    renamed = {}
    for name in jobs.COLUMNS.get(job.kind, ()):
        heading = str(request.form_data.get(f"map-{name}", ""))
        if heading in headings:
            renamed[heading] = name
    jobs.look_again(job, renamed)
    return See(f"/imports/{job_id}")


def start(request: Request, form: Any, job_id: int) -> See:
    """Bring it in."""
    skip = request.form_data.get("skip_lookalikes") == "yes"
    jobs.start(request.act, _own(request, job_id), skip_lookalikes=skip)
    return See(f"/imports/{job_id}")


index = get("/imports", list_jobs, MANAGE)
show = get("/imports/{job_id:id}", show_job, MANAGE, fragments=("job",))
pages: list[Page] = [
    index,
    Post(
        "/imports",
        add_job,
        MANAGE,
        form=FileForm,
        again=index,
        prepare=read_file,
        turn=READING,
        largest=3 * jobs.LARGEST,
    ),
    show,
    Post("/imports/{job_id:id}/columns", map_columns, MANAGE, again=show),
    Post("/imports/{job_id:id}/start", start, MANAGE, again=show),
]
