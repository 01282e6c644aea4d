"""Real server processes over HTTP: races for the last spot, a crash, a stop, and the log."""

import http.client
import json
import os
import signal
import socket
import threading
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import urlencode, urlparse

import pytest
from sqlalchemy import select

from portal import clock
from portal.people.sessions import start_session
from portal.shifts.models import Signup, SignupState
from portal.web import csrf
from tests import build
from tests.server import Server, free_port, running_server
from tests.shifts.test_races import at_once, consistent

pytestmark = pytest.mark.both_databases
CROWD = 12


@dataclass
class Crowd:
    """People who drive, signed in, and shifts in a week from now."""

    people: list[int]
    cookies: list[str]
    shifts: list[int]
    slots: list[int]


@pytest.fixture
def crowd(database, cast):
    """Lives in the real time, as server processes do."""
    clock.use_source(None)
    at = clock.now()
    soon = (at + timedelta(days=7)).replace(minute=0, second=0, microsecond=0)

    def made(shifts: int, places: int, hours_apart: float = 3) -> Crowd:
        with database.writing() as db:
            people = [build.person(db, f"Racer {index}", at).id for index in range(CROWD)]
            for person in people:
                build.place(db, person, cast.driver, at)
            cookies = [start_session(db, person, "Test", at)[0] for person in people]
            found = [
                build.shift(
                    db,
                    cast.driver,
                    starts=soon + timedelta(hours=index * hours_apart),
                    places=places,
                )
                for index in range(shifts)
            ]
            return Crowd(
                people,
                cookies,
                [shift.id for shift in found],
                [shift.slots[0].id for shift in found],
            )

    return made


@pytest.fixture
def serve(settings, tmp_path):
    """A real server with two processes on the test's database; its log is a file."""

    def started(workers: int = 2):  # type: ignore[no-untyped-def]
        return running_server(settings, free_port(), workers, tmp_path / "log")

    return started


def form(server: Server, settings, cookie: str, path: str, **fields: object) -> tuple[int, str]:
    """Send a form over a connection of its own; gives status and body."""
    where = urlparse(server.address)
    connection = http.client.HTTPConnection(where.hostname or "", where.port, timeout=60)
    fields["csrf"] = csrf.token(settings.secret_key, cookie)
    connection.request(
        "POST", path, urlencode(fields),
        {"cookie": f"session={cookie}", "content-type": "application/x-www-form-urlencoded"},
    )  # fmt: skip
    answer = connection.getresponse()
    body = answer.read().decode()
    connection.close()
    return answer.status, body


def test_C1_exactly_k_of_n_get_a_spot_over_http_with_two_processes(
    database, crowd, serve, settings
):
    them = crowd(1, places=3)
    shift, slot = them.shifts[0], them.slots[0]
    with serve() as server:
        found = at_once(
            *(
                lambda cookie=cookie: form(
                    server, settings, cookie, f"/shifts/{shift}/signup", slot=slot
                )
                for cookie in them.cookies
            )
        )
    assert sorted(status for status, _ in found) == [303] * 3 + [422] * (CROWD - 3)  # type: ignore[misc]
    assert all("All spots are taken." in body for status, body in found if status == 422)  # type: ignore[misc]
    assert consistent(database)


def test_C1_nobody_takes_two_clashing_shifts_at_once_over_http(database, crowd, serve, settings):
    them = crowd(6, places=CROWD, hours_apart=0.25)
    with serve() as server:
        found = at_once(
            *(
                lambda index=index: form(
                    server, settings, them.cookies[0], f"/shifts/{them.shifts[index]}/signup",
                    slot=them.slots[index],
                )
                for index in range(6)
            )
        )  # fmt: skip
    assert sorted(status for status, _ in found) == [303] + [422] * 5  # type: ignore[misc]
    assert consistent(database)


def test_D1_a_server_killed_in_the_middle_loses_nothing_it_acknowledged(
    database, crowd, serve, settings
):
    them = crowd(30, places=CROWD)
    acknowledged: set[tuple[int, int]] = set()
    enough = threading.Event()

    def work(number: int) -> None:
        for shift, slot in zip(them.shifts, them.slots, strict=True):
            try:
                status, _ = form(
                    server, settings, them.cookies[number], f"/shifts/{shift}/signup", slot=slot
                )
            except (OSError, http.client.HTTPException):
                return
            if status == 303:
                acknowledged.add((them.people[number], shift))
            if len(acknowledged) >= 25:
                enough.set()

    with serve() as server:
        threads = [threading.Thread(target=work, args=(number,)) for number in range(CROWD)]
        for thread in threads:
            thread.start()
        assert enough.wait(60)
        server.kill()
        for thread in threads:
            thread.join(60)
    assert 25 <= len(acknowledged) < 30 * CROWD
    assert consistent(database)
    with database.reading() as db:
        kept = select(Signup.person_id, Signup.shift_id).where(
            Signup.state == SignupState.SIGNED_UP
        )
        assert {tuple(row) for row in db.execute(kept)} >= acknowledged
    with serve() as server:  # and it starts again on what is left
        assert form(server, settings, them.cookies[0], "/choices/theme", theme="dark")[0] == 303


def test_D4_a_stopping_server_finishes_what_it_began(crowd, serve, settings):
    them = crowd(1, places=1)
    body = urlencode(
        {"csrf": csrf.token(settings.secret_key, them.cookies[0]), "slot": them.slots[0]}
    )
    with serve(1) as server:
        where = urlparse(server.address)
        with socket.create_connection((where.hostname, where.port), timeout=60) as connection:
            connection.sendall(
                f"POST /shifts/{them.shifts[0]}/signup HTTP/1.1\r\nhost: 127.0.0.1\r\n"
                f"cookie: session={them.cookies[0]}\r\nexpect: 100-continue\r\n"
                "content-type: application/x-www-form-urlencoded\r\n"
                f"content-length: {len(body)}\r\n\r\n".encode()
            )
            assert b"100 Continue" in connection.recv(1000)  # the application waits for the body
            os.kill(server.process.pid, signal.SIGTERM)
            connection.sendall(body.encode())
            assert connection.recv(1000).startswith(b"HTTP/1.1 303")
        assert server.process.wait(30) == 0


def test_X4_the_log_says_one_line_of_facts_for_each_request(crowd, serve, settings):
    them = crowd(1, places=1)
    with serve(1) as server:
        form(
            server, settings, them.cookies[0], f"/shifts/{them.shifts[0]}/signup?x=s3cret", slot="9"
        )
        form(
            server,
            settings,
            them.cookies[1],
            "/session",
            address="who@example.org",
            password="pa55word",
        )
    assert server.log
    text = server.log.read_text()
    lines = [json.loads(line) for line in text.splitlines()]
    posts = [line for line in lines if line.get("method") == "POST"]
    assert [line["route"] for line in posts] == ["/shifts/{shift_id:id}/signup", "/session"]
    assert len({line["id"] for line in posts}) == 2
    for secret in (*them.cookies, "s3cret", "who@example.org", "pa55word", "Racer"):
        assert secret not in text
