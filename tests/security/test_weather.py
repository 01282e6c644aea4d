"""SECURITY V5 and V6: a database that is busy, full or restarting, and a body that never comes."""

import contextlib
import logging
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing

import anyio
import pytest
from sqlalchemy import event, select, text
from sqlalchemy.exc import OperationalError
from starlette.testclient import TestClient

from portal import db, migrating
from portal.app import create_app
from portal.audit.models import AuditEntry
from portal.db import SQLITE, Database
from portal.outreach.answers import Answers
from portal.people.models import Person
from portal.people.sessions import start_session
from portal.settings import Settings
from portal.shifts.models import Signup
from portal.weather import Busy, is_weather
from portal.web.middleware import Frame, within
from tests import build
from tests.browser import Browser
from tests.conftest import NOW, SETTINGS
from tests.postgres import running
from tests.worker import Mail, one_round

both = pytest.mark.both_databases


@contextlib.contextmanager
def locked(database):
    """Someone else holds what every writer needs, and does not let go."""
    other = Database(database.url.render_as_string(False))
    with other.writing() as db:
        if database.dialect == "postgresql":
            db.execute(text("LOCK TABLE person, session, audit_entry, mark IN EXCLUSIVE MODE"))
        yield
    other.dispose()


@pytest.fixture
def impatient(database, monkeypatch):
    """Writers wait for a moment only."""
    monkeypatch.setattr(db, "LOCK_DEADLINE", 0.2)
    if database.dialect == "postgresql":

        def hurry(connection, *rest):
            connection.execute("SET lock_timeout = '200ms'").close()

        event.listen(database._writer, "connect", hurry)
        database._writer.dispose()
        yield
        event.remove(database._writer, "connect", hurry)
        database._writer.dispose()
    else:
        yield


@both
def test_V5_a_lock_not_had_in_time_keeps_what_was_typed(database, cast, as_, impatient):
    browser = as_(cast.ana)
    browser.get("/me/details")
    with locked(database):
        answer = browser.press("/me/details", goes_by="Annie")
    assert answer.status_code == 503
    assert answer.headers["retry-after"]
    assert "press the button again" in answer.text
    assert browser.form("/me/details")["goes_by"] == "Annie"
    assert browser.press("/me/details").status_code == 200
    with database.reading() as session:
        assert session.get_one(Person, cast.ana).goes_by == "Annie"


@both
def test_V5_reading_pages_answer_although_their_trail_must_wait(
    database, cast, time, as_, impatient, caplog
):
    browser = as_(cast.ana)
    time.move(minutes=5)  # so that the use of the session is to be noted
    with locked(database):
        assert browser.get("/me").status_code == 200
        assert browser.get("/people").status_code == 404  # a denial, which is to be noted, too
    assert "a trail was not kept" in caplog.text


@both
def test_V5_a_logged_read_is_not_answered_without_its_entry(database, cast, as_, impatient):
    browser = as_(cast.cy)
    with locked(database):
        answer = browser.get("/reports/hours.csv")
    assert answer.status_code == 503
    assert answer.headers["refresh"]
    assert browser.get("/reports/hours.csv").status_code == 200


def full(database):
    """Make a database that has no room left; gives how to make room again."""
    if database.dialect == "sqlite":
        with closing(SQLITE.connect(database.url.database)) as whole:
            whole.execute("VACUUM")  # what migrations left free would take long to fill

        def no_more(connection, *rest):
            pages = connection.execute("PRAGMA page_count").fetchone()[0]
            connection.execute(f"PRAGMA max_page_count={pages}").close()

        event.listen(database._writer, "connect", no_more)
        database._writer.dispose()

        def room():
            event.remove(database._writer, "connect", no_more)
            database._writer.dispose()

        return room
    with database.writing() as session:
        session.execute(
            text(
                "CREATE FUNCTION no_room() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
                "RAISE EXCEPTION 'no room' USING ERRCODE = '53100'; END $$"
            )
        )
        for table in ("audit_entry", "mark"):
            session.execute(
                text(
                    f"CREATE TRIGGER no_room BEFORE INSERT OR UPDATE ON {table} "
                    "FOR EACH ROW EXECUTE FUNCTION no_room()"
                )
            )

    def room():
        with database.writing() as session:
            session.execute(text("DROP FUNCTION no_room() CASCADE"))

    return room


def fill_up(browser, path: str) -> int:
    """Write until nothing fits any more; gives the last status."""
    status = 0
    for _ in range(60):
        browser.get("/me/details")
        status = browser.press(path, goes_by="A" * 90).status_code
        if status == 503:
            break
    return status


@both
def test_V5_a_full_disk_is_a_page_that_says_so_and_passes(
    database, cast, time, as_, settings, caplog, public
):
    browser = as_(cast.ana)
    room = full(database)
    try:
        assert fill_up(browser, "/me/details") == 503
        assert browser.get("/me").status_code == 200
        assert browser.get("/shifts").status_code == 200
        work = (database, settings, Mail(database, settings), Answers(database, settings))
        one_round(*work, lambda: False)
    finally:
        room()
    browser.get("/me/details")
    assert browser.press("/me/details", goes_by="Annie").status_code == 200
    one_round(*work, lambda: False)
    with database.reading() as session:
        assert session.get_one(Person, cast.ana).goes_by == "Annie"


@both
def test_V5_readyz_notices_that_nothing_can_be_written(database, cast, public, impatient):
    with locked(database):
        answer = public.get("/readyz")
        assert (answer.status_code, answer.json()["database"]) == (503, "read-only")


def test_V5_a_restart_of_postgresql_is_outlived_by_web_and_worker(renderer, caplog):
    """The server goes away for a moment and comes back: no 500, nothing acknowledged is lost."""
    with running() as server:
        server.run("CREATE DATABASE portal")
        database = Database(server.url("portal"), threads=4)
        migrating.migrate(database)
        with database.writing() as session:
            cast = build.cast(session, NOW)
            shift_id = build.shift(session, cast.driver, places=5).id
            token, _ = start_session(session, cast.ana, "Test", NOW)
        settings = Settings(**{**vars(SETTINGS), "database_url": server.url("portal")})
        work = (database, settings, Mail(database, settings), Answers(database, settings))
        with TestClient(
            create_app(settings, database, renderer), base_url=SETTINGS.base_url
        ) as app:
            browser = Browser(app)
            browser.client.cookies.set("session", token)
            browser.get(f"/shifts/{shift_id}")
            assert browser.press(f"/shifts/{shift_id}/signup").status_code == 200
            one_round(*work, lambda: False)
            server.stop()
            assert browser.get("/me").status_code == 503
            assert browser.get("/readyz").status_code == 503
            assert one_round(*work, lambda: False) == 0
            server.start()
            assert browser.get("/me").status_code == 200
            assert browser.get(f"/shifts/{shift_id}").status_code == 200
            assert browser.press(f"/shifts/{shift_id}/withdrawal").status_code == 200
            one_round(*work, lambda: False)
            with database.reading() as session:
                assert session.scalars(select(Signup.state)).all() == ["withdrawn"]
                done = session.scalars(select(AuditEntry.action)).all()
            assert {"signup.made", "signup.withdrawn"} <= set(done)
        database.dispose()
    assert not [record for record in caplog.records if record.levelno >= logging.ERROR]


def test_V5_the_worker_breathes_between_its_pieces(database, cast, monkeypatch):
    waited = []
    monkeypatch.setattr("portal.db.time.sleep", waited.append)
    database.breath = 0.01
    try:
        with database.writing():
            pass
    finally:
        del database.breath
    assert waited == [0.01]


@pytest.mark.parametrize(
    ("error", "weather"),
    [
        (Busy(), True),
        (OperationalError("", {}, Exception("database or disk is full")), True),
        (OperationalError("", {}, Exception("disk I/O error")), True),
        (OperationalError("", {}, Exception("no such table: person")), False),
        (ValueError(), False),
    ],
)
def test_V5_what_is_weather_and_what_is_a_mistake(error, weather):
    assert is_weather(error) is weather


def in_a_thread(work) -> None:
    """Run something of asyncio where a browser of other tests has no loop running."""
    with ThreadPoolExecutor(1) as alone:
        alone.submit(anyio.run, work).result()


class TestV6Bodies:
    def asked(self, messages, seconds):
        """What a wrapped `receive` gives, for a client that sends these messages and then nothing."""
        found = []

        async def receive():
            if not messages:
                await anyio.sleep_forever()
            return messages.pop(0)

        async def read():
            timed = within(receive, seconds)
            while True:
                message = await timed()
                found.append(len(message["body"]))
                if not message["more_body"]:
                    return

        in_a_thread(read)
        return found

    def part(self, size, *, more=True):
        return {"type": "http.request", "body": b"x" * size, "more_body": more}

    def test_V6_a_body_that_stops_in_the_middle_is_cut_off(self):
        with pytest.raises(Exception, match="408"):
            self.asked([self.part(10)], 0.05)

    def test_V6_a_whole_body_is_read(self):
        assert self.asked([self.part(10), self.part(5, more=False)], 5.0) == [10, 5]

    def test_V6_a_slow_body_is_answered_with_408(self, app, cast):
        """Through the whole application, as a client on a socket that goes silent."""
        sent = []
        frame = app if isinstance(app, Frame) else app.app
        frame.body_seconds = 0.05

        async def ask():
            async def receive():
                await anyio.sleep_forever()

            async def send(message):
                sent.append(message)

            scope = {
                "type": "http", "http_version": "1.1", "method": "POST", "path": "/session",
                "raw_path": b"/session", "query_string": b"", "root_path": "", "scheme": "http",
                "headers": [
                    (b"host", b"testserver"), (b"content-length", b"1000"),
                    (b"content-type", b"application/x-www-form-urlencoded"),
                ],
                "client": ("testclient", 1), "server": ("testserver", 80), "state": {},
            }  # fmt: skip
            await frame(scope, receive, send)

        in_a_thread(ask)
        assert sent[0]["status"] == 408
        assert b"took too long" in b"".join(one.get("body", b"") for one in sent)
