"""Bringing a file in through pages: looked at first, mapped, written by the worker, reported."""

import json
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from portal import clock
from portal.act import Act
from portal.files import jobs
from portal.files import work as work_on
from portal.imports.models import ImportJob, JobState
from portal.people.models import Person
from portal.permissions import Role
from portal.settings import Settings
from portal.shifts.models import Shift
from portal.shifts.pattern_models import Pattern
from portal.weather import Busy
from tests import build
from tests.worker import round_of_work

both = pytest.mark.both_databases
TABLE = (
    "what,from,to\n"
    "Airport run,2026-12-20 10:00,2026-12-20 12:00\n"
    "Grocery run,2026-12-21 10:00,2026-12-21 12:00\n"
    "No time,2026-12-22,\n"
)
ICS = (
    "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nBEGIN:VEVENT\r\nUID:w@x\r\n"
    "DTSTART;TZID=America/New_York:20261208T180000\r\nDTEND;TZID=America/New_York:20261208T200000\r\n"
    "RRULE:FREQ=WEEKLY\r\nSUMMARY:Workshop\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
)


def send(browser, data, program, name="shifts.csv", **fields):
    """Choose a file on the page and press."""
    browser.get("/imports")
    form = browser.form("/imports") | {"program": str(program), **fields}
    form.pop("file", None)
    return browser.client.post(
        "/imports",
        data=form,
        files={"file": (name, data.encode() if isinstance(data, str) else data)},
        follow_redirects=False,
    )


def work(database, time) -> None:
    while round_of_work(database, Settings(), time.at):
        pass


def titles(database):
    with database.reading() as db:
        return sorted(set(db.scalars(select(Shift.title))))


@both
def test_a_table_is_looked_at_mapped_and_then_written(database, cast, time, as_):
    cy = as_(cast.cy)
    answer = send(cy, TABLE, cast.rides)
    assert answer.status_code == 303
    to = answer.headers["location"]
    page = cy.get(to).text
    assert "Reading the file" in page
    assert 'hx-trigger="every 2s"' in page
    work(database, time)
    page = cy.get(to).text
    assert "Select the column for “start”" in page
    cy.press(f"{to}/columns", **{"map-title": "what", "map-start": "from", "map-end": "to"})
    work(database, time)
    page = cy.get(to).text
    assert "Preview" in page
    assert "New: 2" in page
    assert "skipped: 1" in page
    assert page.index(">skipped</span>") < page.index(">new</span>")
    assert titles(database) == []
    cy.press(f"{to}/start")
    work(database, time)
    page = cy.get(to).text
    assert "Import complete" in page
    assert titles(database) == ["Airport run", "Grocery run"]
    with database.reading() as db:
        job = db.scalars(select(ImportJob)).one()
        assert (job.state, job.data, job.done) == (JobState.DONE, b"", job.total)
    assert as_(cast.mara).get(to).status_code == 404
    assert as_(cast.ada).get(to).status_code == 404


@both
def test_a_calendar_brings_its_pattern(database, cast, time, as_):
    cy = as_(cast.cy)
    to = send(cy, ICS, cast.rides, "workshop.ics").headers["location"]
    work(database, time)
    assert "(recurring shift)" in cy.get(to).text
    with database.reading() as db:
        assert db.scalars(select(Pattern.id)).all() == []
    cy.press(f"{to}/start")
    work(database, time)
    with database.reading() as db:
        assert db.scalars(select(Pattern.title)).all() == ["Workshop"]
    assert titles(database) == ["Workshop"]


def test_no_line_reaches_another_program_and_people_take_an_administrator(
    database, cast, time, as_
):
    cy = as_(cast.cy)
    table = "title,program,start,end\nSneaky,Safe Haven Shelter,2026-12-20 10:00,2026-12-20 12:00\n"
    to = send(cy, table, cast.rides).headers["location"]
    work(database, time)
    cy.get(to)
    cy.press(f"{to}/start")
    work(database, time)
    with database.reading() as db:
        assert db.scalars(select(Shift.program_id)).all() == [cast.rides]
    people = "name,email\nNia New,nia@example.org\n"
    answer = send(cy, people, cast.rides, kind="people")
    assert answer.status_code == 422
    assert "an administrator can import" in answer.text
    assert send(cy, TABLE, cast.shelter).status_code == 404
    ada = as_(cast.ada)
    to = send(ada, people, cast.rides, kind="people").headers["location"]
    work(database, time)
    ada.get(to)
    ada.press(f"{to}/start")
    work(database, time)
    with database.reading() as db:
        assert db.scalars(select(Person.id).where(Person.name == "Nia New")).all()


@pytest.mark.parametrize("skip", [True, False])
def test_people_who_look_like_someone_are_marked_before_anything_is_written(
    database, cast, time, as_, skip
):
    ada = as_(cast.ada)
    table = "name,email\nAnna Ro,new@example.org\nNia New,nia@example.org\n"
    with database.writing() as db:
        db.add(Person(name="Ann Ro", email="new@example.org", created_at=time.at))
    to = send(ada, table, cast.rides, kind="people").headers["location"]
    work(database, time)
    page = ada.get(to).text
    assert "1 line looks like someone who is here already." in page
    assert "looks like someone who is here: Ann Ro" in page
    ada.press(f"{to}/start", **({"skip_lookalikes": "yes"} if skip else {}))
    work(database, time)
    with database.reading() as db:
        assert db.scalars(select(Person.id).where(Person.name == "Nia New")).all()
        assert bool(db.scalars(select(Person.id).where(Person.name == "Anna Ro")).all()) != skip


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "This file is empty."),
        (b"x" * (jobs.LARGEST + 1), "under 5 MB"),
    ],
)
def test_I2_a_file_that_is_empty_or_too_large_is_refused_beside_its_field(cast, as_, data, said):
    answer = send(as_(cast.cy), data, cast.rides)
    assert answer.status_code == 422
    assert said in answer.text
    assert 'id="file-error"' in answer.text


def test_I2_a_body_far_too_large_is_cut_off(cast, as_):
    answer = send(as_(cast.cy), b"x" * (jobs.LARGEST * 4), cast.rides)
    assert answer.status_code == 413
    assert "That was too much at once" in answer.text


@both
def test_nonsense_says_why_it_cannot_be_read(database, cast, time, as_):
    cy = as_(cast.cy)
    for data in (b"\x00\xff\xfe%PDF", b"BEGIN:VCALENDAR\r\n" + b"BEGIN:VEVENT\r\n" * 50):
        to = send(cy, data, cast.rides).headers["location"]
        work(database, time)
        page = cy.get(to).text
        assert "We couldn&#39;t read this file" in page


@both
def test_a_job_whose_worker_is_gone_is_taken_up_again(database, cast, time):
    with database.writing() as db:
        program = db.get_one(jobs.Program, cast.rides)
        by = build.viewer(cast.cy)
        job = jobs.add_job(
            Act(db, by, time.at),
            program,
            "shifts",
            "x.csv",
            b"title,start,end\nRide,2026-12-20 10:00,2026-12-20 12:00\n",
            "",
        )
        job.claimed_until = time.at + timedelta(minutes=10)
        number = job.id
    assert round_of_work(database, Settings(), time.at) == 0
    assert round_of_work(database, Settings(), time.move(minutes=11)) == 1
    with database.reading() as db:
        job = db.get_one(ImportJob, number)
        assert job.state == JobState.READY
        assert json.loads(job.report)["sums"]["made"] == 1


def test_a_file_that_breaks_our_code_says_so_and_stops_no_worker(
    database, cast, time, as_, monkeypatch, caplog
):
    cy = as_(cast.cy)
    to = send(cy, TABLE, cast.rides).headers["location"]

    def broken(*given):
        raise LookupError

    monkeypatch.setattr("portal.reading.reader.lines", broken)
    work(database, time)
    assert [record.message for record in caplog.records if record.levelname == "ERROR"]
    caplog.clear()
    assert "Something went wrong on our side while reading" in cy.get(to).text


@both
def test_writing_a_file_counts_its_own_lines_and_keeps_it(database, cast, time, monkeypatch):
    """While a line is written, its job is claimed for ten minutes; another job is left alone."""
    data = b"title,start,end\n" + b"".join(
        b"Ride %d,2026-12-2%d 10:00,2026-12-2%d 12:00\n" % (n, n, n) for n in (1, 2, 3)
    )
    with database.writing() as db:
        act = Act(db, build.viewer(cast.cy, (Role.COORDINATOR, cast.rides)), time.at)
        program = db.get_one(jobs.Program, cast.rides)
        made, other = (jobs.add_job(act, program, "shifts", f"{n}.csv", data, "") for n in range(2))
        made.state = JobState.QUEUED
        number, left = made.id, other.id
    seen, write_row = [], work_on.shift_files.write_row

    def noted(reading, at, db, row, report):
        said = write_row(reading, at, db, row, report)
        jobs_now = select(ImportJob.id, ImportJob.total, ImportJob.done, ImportJob.claimed_until)
        seen.append(db.execute(jobs_now.order_by(ImportJob.id)).all())
        return said

    monkeypatch.setattr(work_on.shift_files, "write_row", noted)
    work_on.work_on(database, Settings(), number, time.at)
    until = time.at + timedelta(minutes=10)
    assert seen == [
        [(number, 3, done, until), (left, None if not seen else seen[0][1].total, 0, None)]
        for done in range(3)
    ]
    with database.reading() as db:
        found = dict(db.execute(select(ImportJob.id, ImportJob.done)).all())
        states = dict(db.execute(select(ImportJob.id, ImportJob.state)).all())
    assert found == {number: 3, left: 0}
    assert states == {number: JobState.DONE, left: JobState.TRIAL}


@both
def test_a_claimed_job_is_nobody_elses(database, cast, time):
    with database.writing() as db:
        act = Act(db, build.viewer(cast.cy, (Role.COORDINATOR, cast.rides)), time.at)
        program = db.get_one(jobs.Program, cast.rides)
        job = jobs.add_job(act, program, "shifts", "x.csv", b"title\n", "")
        job.claimed_until = time.at
        number = job.id
    due = lambda at: number in read(database, work_on.due(at))  # noqa: E731
    assert not due(time.at)
    assert due(time.at + timedelta(seconds=1))
    with database.writing() as db:
        db.get_one(ImportJob, number).claimed_until = None
    assert due(time.at)
    for state, waits in ((JobState.QUEUED, True), (JobState.DONE, False), (JobState.READY, False)):
        with database.writing() as db:
            db.get_one(ImportJob, number).state = state
        assert due(time.at) is waits


def read(database, query) -> list[int]:
    with database.reading() as db:
        return list(db.scalars(query))


@both
def test_a_busy_database_is_not_the_files_fault(database, cast, time, monkeypatch):
    """A file that could not be written for lack of a lock is tried again, as often as it takes."""
    with database.writing() as db:
        act = Act(db, build.viewer(cast.cy, (Role.COORDINATOR, cast.rides)), time.at)
        program = db.get_one(jobs.Program, cast.rides)
        number = jobs.add_job(act, program, "shifts", "x.csv", b"title,start,end\n", "").id

    def busy(*given, **named):
        raise Busy

    monkeypatch.setattr(work_on, "run", busy)
    for minutes in range(0, 55, 11):
        with pytest.raises(Busy):
            work_on.work_on(database, Settings(), number, time.at + timedelta(minutes=minutes))
    with database.reading() as db:
        assert db.get_one(ImportJob, number).state == JobState.TRIAL


@both
def test_a_calendar_is_read_up_to_the_last_day_of_the_horizon(database, cast, time, monkeypatch):
    with database.writing() as db:
        act = Act(db, build.viewer(cast.cy, (Role.COORDINATOR, cast.rides)), time.at)
        program = db.get_one(jobs.Program, cast.rides)
        number = jobs.add_job(act, program, "calendar", "x.ics", ICS.encode(), "").id
    asked = []

    def noted(data, zone, last):
        asked.append(last)
        return calendar(data, zone, last)

    calendar = work_on.reader.calendar
    monkeypatch.setattr(work_on.reader, "calendar", noted)
    settings = Settings()
    work_on.work_on(database, settings, number, time.at)
    after = date(2026, 12, 2) + timedelta(weeks=settings.horizon_weeks)
    assert asked == [clock.start_of_day(after, settings.timezone)]


@both
def test_a_report_is_said_in_its_readers_language(database, cast, time, as_):
    """What was found in another process and kept is still a sentence that can be said in Spanish."""
    cy = as_(cast.cy)
    to = send(
        cy, "title,start,end\nFood bank,next Friday,12/5/2026 12:00 PM\n", cast.rides
    ).headers["location"]
    work(database, time)
    assert "“next Friday” isn&#39;t a date and time like" in cy.get(to).text
    broken = send(cy, "title\nFood bank\n", cast.rides).headers["location"]
    work(database, time)
    assert "Select the column for “start”. The file has: title." in cy.get(broken).text
    with database.writing() as db:
        db.get_one(Person, cast.cy).language = "es"
    assert "“next Friday” no es una fecha y hora como" in cy.get(to).text
    assert "Seleccione la columna para “start”. El archivo tiene: title." in cy.get(broken).text
