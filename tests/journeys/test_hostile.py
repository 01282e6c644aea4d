"""Server and worker under people while files made to harm them are fed (SECURITY I7)."""

from collections import Counter
from threading import Event, Thread
from time import monotonic

import httpx2
from sqlalchemy import select

from portal import clock
from portal.act import Act
from portal.files import jobs
from portal.imports.models import ImportJob, JobState
from portal.people.sessions import start_session
from portal.permissions import Role
from portal.programs.models import Program
from portal.web import csrf
from tests import build, hostile
from tests.crowd import gather, mixed_load, running_worker
from tests.shifts.test_races import consistent

# SQLite only: its one writer is what a slow file would hold. `make soak` takes both.
ONE_OF_EACH = {
    "calendars": ["each day since the year 1", "nested"], "tables": ["commas"],
    "pictures": ["a bomb", "26 megapixels"],
}  # fmt: skip


def test_I7_twenty_people_go_on_while_hostile_files_are_read(
    database,
    cast,
    serve,
    settings,
    time,
):
    """One of each kind; `make soak` feeds them all."""
    statuses = fed(database, cast, serve, settings, ONE_OF_EACH, rounds=1)
    assert statuses.total() == 20 * 7


def fed(database, cast, serve, settings, names, rounds) -> Counter[int]:
    """Feed files while people do everything; gives how often each status came to the people."""
    them = gather(database, cast.driver, people=20, shifts=8, places=5, apart=1)
    fed_jobs = [
        bring(database, cast, "a.ics", hostile.CALENDARS[name]) for name in names["calendars"]
    ]
    fed_jobs += [bring(database, cast, "a.csv", hostile.TABLES[name]) for name in names["tables"]]
    with serve() as server, running_worker(settings):
        answers: list[int] = []
        pictures = [hostile.PICTURES[name] for name in names["pictures"]]
        feeder = Thread(
            target=lambda: answers.extend(hand_in(server, database, settings, cast, pictures))
        )
        feeder.start()
        statuses = mixed_load(server, settings, them, rounds)
        feeder.join()
        wait_for_jobs(database, fed_jobs)
        assert httpx2.get(f"{server.address}/readyz").status_code == 200
    assert set(answers) <= {422, 503}
    assert set(statuses) <= {200, 303, 422, 503}
    assert consistent(database)
    return statuses


def bring(database, cast, name, data) -> int:
    """A file for the worker to look at, as the coordinator of the rides."""
    with database.writing() as db:
        by = build.viewer(cast.cy, (Role.COORDINATOR, cast.rides))
        program = db.get_one(Program, cast.rides)
        return jobs.add_job(Act(db, by, clock.now()), program, jobs.SHIFTS, name, data, "").id


def hand_in(server, database, settings, cast, pictures) -> list[int]:
    """Ana hands the pictures in as her driving license; gives what each was answered with."""
    at = clock.now()
    with database.writing() as db:
        license_ = build.requirement(db, at)
        build.rule(db, at, license_, position_id=cast.driver)
        cookie, path = start_session(db, cast.ana, "Test", at)[0], f"/me/paperwork/{license_.id}"
    form = {
        "csrf": csrf.token(settings.secret_key, cookie), "issued_on": "2026-11-01",
        "expires_on": "2028-01-01",
    }  # fmt: skip
    with httpx2.Client(base_url=server.address, cookies={"session": cookie}, timeout=60) as client:
        return [
            client.post(path, data=form, files={"file": ("a.png", data, "image/png")}).status_code
            for data in pictures
        ]


def wait_for_jobs(database, job_ids) -> None:
    """Come back when the worker has looked at all of them."""
    ends = monotonic() + 180
    waiting = select(ImportJob.id).where(
        ImportJob.id.in_(job_ids), ImportJob.state.in_((JobState.TRIAL, JobState.QUEUED))
    )
    with_none_left = False
    while not with_none_left:
        assert monotonic() < ends, "the worker did not get through"
        with database.reading() as db:
            with_none_left = db.scalar(waiting.limit(1)) is None
        if not with_none_left:
            Event().wait(0.2)
