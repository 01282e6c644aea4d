"""SECURITY I7 and Z9: what a stranger's file may cost, and whose work goes on."""

import io
import json
import logging
import resource
import signal
import subprocess
import sys
import time as wall
from datetime import UTC, date, datetime

import pytest
from PIL import Image
from sqlalchemy import event, select

from portal.act import Act
from portal.files import jobs, work
from portal.ical_blocks import WrongCalendar
from portal.imports import tries
from portal.imports.models import ImportJob, JobState
from portal.outreach import external_calendars
from portal.outreach.answers import Answers
from portal.people import memberships
from portal.people.models import Membership
from portal.people.sessions import viewer_of
from portal.permissions import Permission, Role
from portal.programs.models import Program
from portal.reading import frames, reader
from portal.reading.rules import can_come_true
from portal.shifts.models import Shift
from portal.tables import WrongFile
from portal.words import kept
from tests import build
from tests.hostile import CALENDARS, MAILS, PICTURES, TABLES, calendar_of, event_of

log = logging.getLogger(__name__)
both = pytest.mark.both_databases
LAST = datetime(2027, 12, 31, tzinfo=UTC)
ZONE = "America/New_York"


def memory() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


class TestI7NothingHostileCostsMoreThanItMay:
    @pytest.mark.parametrize("name", CALENDARS)
    def test_I7_a_hostile_calendar_is_read_within_its_limits(self, name):
        before = memory()
        began = wall.monotonic()
        try:
            found = reader.calendar(CALENDARS[name], ZONE, LAST)
        except WrongCalendar as error:
            log.info("refused: %s", error)
        else:
            assert all(one.wrong or one.occurrences for one in found)
        assert wall.monotonic() - began < reader.SECONDS["calendar"] + 5
        assert memory() - before < 150

    @pytest.mark.parametrize("name", MAILS)
    def test_I7_a_hostile_mail_is_read_within_its_limits(self, name):
        before = memory()
        try:
            assert reader.mail(MAILS[name]) == []
        except reader.Unreadable as error:
            log.info("refused: %s", error)
        assert memory() - before < 150

    @pytest.mark.parametrize("name", TABLES)
    def test_I7_a_hostile_table_is_read_within_its_limits(self, name):
        before = memory()
        try:
            reader.lines(TABLES[name], ("name",), "name", {}, {})
        except WrongFile as error:
            log.info("refused: %s", error)
        assert memory() - before < 150

    @pytest.mark.parametrize("name", PICTURES)
    def test_I7_a_hostile_picture_is_refused(self, name):
        before = memory()
        with pytest.raises(ValueError, match=r"picture|pixels|large"):
            reader.picture(PICTURES[name])
        assert memory() - before < 150

    def test_I7_a_large_photo_is_read_reduced(self):
        out = io.BytesIO()
        Image.new("RGB", (8000, 6000), "navy").save(
            out, "JPEG"
        )  # 48 megapixels, as new phones take
        kind, made = reader.picture(out.getvalue())
        with Image.open(io.BytesIO(made)) as picture:
            assert kind == "image/jpeg"
            assert picture.size == (4000, 3000)

    @pytest.mark.parametrize(
        ("rule", "true"),
        [
            ({"FREQ": ["YEARLY"], "BYMONTH": [2], "BYMONTHDAY": [29]}, True),
            ({"FREQ": ["YEARLY"], "BYMONTH": [2], "BYMONTHDAY": [30]}, False),
            ({"FREQ": ["WEEKLY"]}, True),
            ({"FREQ": ["WEEKLY"], "INTERVAL": [2], "BYDAY": ["MO", "SU"]}, True),
            ({"FREQ": ["MONTHLY"], "BYDAY": ["-1FR"]}, True),
            ({"FREQ": ["MONTHLY"], "BYDAY": ["5MO"]}, True),
            ({"FREQ": ["MONTHLY"], "BYDAY": ["6MO"]}, False),
            ({"FREQ": ["MONTHLY"], "BYMONTHDAY": [31], "BYMONTH": [4, 6, 9, 11]}, False),
            ({"FREQ": ["MONTHLY"], "BYDAY": ["MO", "TU", "WE", "TH", "FR"], "BYSETPOS": [-1]}, True),
            ({"FREQ": ["YEARLY"], "BYDAY": ["20MO"]}, True),
            ({"FREQ": ["YEARLY"], "BYWEEKNO": [20], "BYDAY": ["MO"]}, True),
            ({"FREQ": ["YEARLY"], "BYMONTH": [11], "BYDAY": ["4TH"]}, True),
            ({"FREQ": ["DAILY"], "INTERVAL": [7], "BYDAY": ["MO"]}, False),
            ({"FREQ": ["DAILY"], "BYDAY": ["MO"]}, True),
            ({"FREQ": ["DAILY"], "INTERVAL": [0]}, False),
        ],
    )  # fmt: skip
    def test_I7_rules_that_cannot_come_true_are_known_before_they_are_expanded(self, rule, true):
        assert can_come_true(rule, date(2026, 12, 8)) is true

    def test_I7_the_clock_ends_a_reader_and_the_next_one_reads_on(self, monkeypatch):
        monkeypatch.setitem(reader.SECONDS, "calendar", 0)  # type: ignore[arg-type]
        slow = calendar_of(
            *[
                event_of("RRULE:FREQ=DAILY", start="20000101T000000").replace("one@x", f"{one}@x")
                for one in range(4000)
            ]
        )
        with pytest.raises(WrongCalendar, match="couldn't read this file"):
            reader.calendar(slow, ZONE, LAST)
        monkeypatch.setitem(reader.SECONDS, "calendar", 30)  # type: ignore[arg-type]
        assert len(reader.calendar(calendar_of(event_of()), ZONE, LAST)) == 1

    def test_I7_a_reader_that_was_killed_is_replaced(self):
        reader.end_reader()
        reader.header(b"a,b")
        reader._reader._child.kill()
        reader._reader._child.wait()
        assert reader.header(b"a,b") == ["a", "b"]

    def test_I7_an_answer_that_is_cut_off_is_no_answer(self):
        cut = io.BytesIO(frames.packed({"found": "image/jpeg"}, b"x" * 100)[:-1])
        with pytest.raises(frames.BadFrame, match="cut off"):
            frames.read_frame(cut.read)

    def test_I7_the_reader_has_no_secrets_and_a_session_of_its_own(self, monkeypatch):
        monkeypatch.setenv("PORTAL_SECRET_KEY", "not for the reader")
        reader.end_reader()
        reader.header(b"a,b")
        pid = reader._reader._child.pid
        with open(f"/proc/{pid}/environ", "rb") as file:
            assert b"PORTAL_SECRET_KEY" not in file.read()
        with open(f"/proc/{pid}/limits") as file:
            limits = file.read()
        if "Max address space" in limits:
            assert str(768 * 1024 * 1024) in limits
        with open(f"/proc/{pid}/stat") as file:
            assert int(file.read().split()[5]) == pid

    def test_I7_the_reader_does_not_outlive_its_parent(self, tmp_path):
        script = (
            "from portal.reading import reader; reader.header(b'a'); "
            "print(reader._reader._child.pid, flush=True); import time; time.sleep(60)"
        )
        parent = subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True)
        assert parent.stdout
        pid = int(parent.stdout.readline())
        parent.send_signal(signal.SIGKILL)
        parent.wait()
        parent.stdout.close()
        for _ in range(100):
            try:
                with open(f"/proc/{pid}/stat") as file:
                    if file.read().split()[2] == "Z":
                        return
            except FileNotFoundError:
                return
            wall.sleep(0.05)
        pytest.fail("the reader went on")


@both
def test_I7_what_failed_three_times_is_put_aside_with_its_reason(database, time, caplog):
    for number in range(3):
        assert tries.begin(database, "mail x", time.at)
        assert tries.fail(database, "mail x", "too deep", time.at) is (number == 2)
    assert not tries.begin(database, "mail x", time.at)
    with database.reading() as db:
        assert [(row.key, row.reason) for row in tries.put_aside(db)] == [("mail x", "too deep")]
    assert "put aside" in caplog.text


@both
def test_I7_a_reader_that_takes_the_worker_with_it_is_counted_before_it_begins(
    database, cast, time, caplog, settings, monkeypatch
):
    job_id = bring(database, cast, time, calendar_of(event_of()))

    class Killed(BaseException):
        pass

    def dies(*given):
        raise Killed

    monkeypatch.setattr(work.reader, "calendar", dies)
    for _ in range(3):
        with pytest.raises(Killed):
            work.work_on(database, settings, job_id, time.at)
        time.move(minutes=11)
    work.work_on(database, settings, job_id, time.at)
    with database.reading() as db:
        job = db.get_one(ImportJob, job_id)
        assert job.state == JobState.FAILED
        assert json.loads(job.report)["wrong"] == kept(work.PUT_ASIDE)


def bring(database, cast, time, data, by=None, program=None, kind=jobs.SHIFTS) -> int:
    with database.writing() as db:
        viewer = by or build.viewer(cast.cy, (Role.COORDINATOR, cast.rides))
        of = db.get_one(Program, program or cast.rides)
        return jobs.add_job(Act(db, viewer, time.at), of, kind, "a.ics", data, "").id


@both
def test_I7_a_calendar_that_fails_three_times_rests_for_a_week(database, cast, time):
    with database.writing() as db:
        row = build.speaker(db, cast.ana, [], time.at)
        row.calendar_url, row.fetch_at = "https://example.org/me.ics", time.at
    asked = []

    def fetch(url):
        asked.append(url)
        return b"no calendar"

    for _ in range(5):
        with database.reading() as db:
            due = list(db.scalars(external_calendars.due(time.at)))
        for person_id in due:
            external_calendars.refresh(database, person_id, ZONE, time.at, fetch)
        time.move(hours=4)
    assert len(asked) == 3
    with database.reading() as db:
        assert [row.reason for row in tries.put_aside(db)] == ["unreadable"]


def test_I7_a_mail_that_breaks_its_reader_holds_nobody_up(database, settings, time, monkeypatch):
    answers = Answers(database, settings)

    class Box:
        def unread(self):
            yield MAILS["many parts"]
            yield b"Subject: hello\r\n\r\nhello"

    answers.mailbox = Box()
    assert answers.round(time.at) == 2


class TestZ9RightsAreAskedAgain:
    """Whoever loses a program loses the files they brought for it, also between two steps."""

    @both
    def test_Z9_a_file_belongs_to_its_maker_and_to_the_programs_they_hold_now(
        self, database, cast, time, as_, settings
    ):
        with database.writing() as db:
            memberships.grant(
                Act(db, build.OFFICE, time.at), cast.cy, Role.COORDINATOR, cast.testing
            )
        by = build.viewer(cast.cy, (Role.COORDINATOR, cast.rides), (Role.COORDINATOR, cast.testing))
        job_id = bring(
            database, cast, time, b"title,start,end\nA,2026-12-20 10:00,2026-12-20 12:00\n", by
        )
        work.work_on(database, settings, job_id, time.at)
        assert as_(cast.cy).get(f"/imports/{job_id}").status_code == 200
        self.lose(database, cast, time)
        cy = as_(cast.cy)
        assert cy.get(f"/imports/{job_id}").status_code == 404
        assert cy.post(f"/imports/{job_id}/start").status_code == 404
        assert cy.post(f"/imports/{job_id}/columns").status_code == 404
        assert "a.ics" not in cy.get("/imports").text

    @both
    def test_Z9_the_worker_asks_again_before_it_writes(self, database, cast, time, settings):
        job_id = bring(
            database, cast, time, b"title,start,end\nA,2026-12-20 10:00,2026-12-20 12:00\n"
        )
        work.work_on(database, settings, job_id, time.at)
        with database.writing() as db:
            job = db.get_one(ImportJob, job_id)
            jobs.start(Act(db, build.viewer(cast.cy), time.at), job)
        self.lose(database, cast, time)
        work.work_on(database, settings, job_id, time.at)
        with database.reading() as db:
            assert db.get_one(ImportJob, job_id).state == JobState.FAILED
            assert db.scalars(select(Shift)).all() == []

    @both
    def test_Z9_a_viewer_for_later_work_has_the_roles_of_now(self, database, cast, time):
        with database.reading() as db:
            assert viewer_of(db, cast.cy, time.at).may_in(Permission.SHIFTS_MANAGE, cast.rides)
        self.lose(database, cast, time)
        with database.reading() as db:
            assert not viewer_of(db, cast.cy, time.at).staff
            assert viewer_of(db, 0, time.at).person_id is None

    def lose(self, database, cast, time):
        with database.writing() as db:
            held = db.scalars(
                select(Membership.id).filter_by(person_id=cast.cy, program_id=cast.rides)
            ).one()
            memberships.end(Act(db, build.OFFICE, time.at), held)


class Writes:
    """Counts statements and changed rows of each writing transaction."""

    def __init__(self, database):
        self.engine, self.found, self.now = database._writer, [], [0, 0]

    def __enter__(self):
        event.listen(self.engine, "after_cursor_execute", self._count)
        event.listen(self.engine, "commit", self._end)
        event.listen(self.engine, "rollback", self._end)
        return self

    def __exit__(self, *given):
        event.remove(self.engine, "after_cursor_execute", self._count)
        event.remove(self.engine, "commit", self._end)
        event.remove(self.engine, "rollback", self._end)

    def _count(self, connection, cursor, statement, *rest):
        self.now[0] += 1
        if statement.lstrip()[:6].upper() in ("INSERT", "UPDATE", "DELETE"):
            self.now[1] += max(0, cursor.rowcount)

    def _end(self, connection):
        self.found.append(tuple(self.now))
        self.now = [0, 0]


@both
@pytest.mark.parametrize("what", ["calendar", "table"])
def test_V5_an_import_writes_in_small_transactions(database, cast, time, settings, what):
    """Milliseconds are `make soak`'s; here the statements and rows of each transaction are counted."""
    rows = "".join(
        f"Run {one},2026-12-{one % 28 + 1:02} {one % 12 + 8:02}:00,2026-12-{one % 28 + 1:02} {one % 12 + 9:02}:00\n"
        for one in range(200)
    )
    data = {
        "calendar": calendar_of(event_of("RRULE:FREQ=DAILY;COUNT=180")),
        "table": f"title,start,end\n{rows}".encode(),
    }[what]
    job_id = bring(database, cast, time, data)
    with Writes(database) as trial:
        work.work_on(database, settings, job_id, time.at)
    if database.dialect == "sqlite":  # the trial is written into a copy
        assert max(rows for _, rows in trial.found) < 5
    with database.writing() as db:
        job = db.get_one(ImportJob, job_id)
        assert job.state == JobState.READY, job.report
        jobs.start(Act(db, build.viewer(cast.cy), time.at), job)
    with Writes(database) as real:
        work.work_on(database, settings, job_id, time.at)
    assert max(statements for statements, _ in real.found) < 400
    assert max(rows for _, rows in real.found) < 250
    with database.reading() as db:
        assert len(db.scalars(select(Shift.id)).all()) > 150
