"""Real server processes over HTTP: races for the last spot, load, a crash, a stop, and the log."""

import json
import os
import signal
import socket
from collections.abc import Callable
from urllib.parse import urlencode, urlparse

import pytest
from sqlalchemy import select

from portal.db import Database
from portal.hours.models import HoursEntry
from portal.shifts.models import Signup, SignupState
from portal.web import csrf
from tests.crowd import ask, gather, half_made, kill_in_the_middle, mixed_load, running_worker
from tests.shifts.test_races import at_once, consistent

pytestmark = pytest.mark.both_databases


def test_C1_exactly_k_of_n_get_a_spot_over_http_with_two_processes(database, cast, serve, settings):
    them = gather(database, cast.driver, people=12, shifts=1, places=3)
    path, fields = f"/shifts/{them.shifts[0]}/signup", {"slot": them.slots[0]}
    with serve() as server:

        def press(cookie: str) -> Callable[[], tuple[int, str]]:
            return lambda: ask(server, settings, cookie, path, fields)

        found = at_once(*map(press, them.cookies))
    assert sorted(status for status, _ in found) == [303] * 3 + [422] * 9  # type: ignore[misc]
    assert all("All spots are taken." in body for status, body in found if status == 422)  # type: ignore[misc]
    assert consistent(database)


def test_C1_nobody_takes_two_clashing_shifts_at_once_over_http(database, cast, serve, settings):
    them = gather(database, cast.driver, people=1, shifts=6, places=2, apart=0.25)
    with serve() as server:

        def press(index: int) -> Callable[[], tuple[int, str]]:
            path, fields = f"/shifts/{them.shifts[index]}/signup", {"slot": them.slots[index]}
            return lambda: ask(server, settings, them.cookies[0], path, fields)

        found = at_once(*map(press, range(6)))
    assert sorted(status for status, _ in found) == [303] + [422] * 5  # type: ignore[misc]
    assert consistent(database)


def test_V1_people_who_do_all_at_once_never_meet_a_broken_page(database, cast, serve, settings):
    """A few rounds; `make soak` does it for ten minutes with fifty people."""
    them = gather(database, cast.driver, people=10, shifts=6, places=4, apart=1)
    with serve() as server:
        statuses = mixed_load(server, settings, them, rounds=2)
    assert set(statuses) <= {200, 303, 422}
    assert statuses.total() == 10 * 2 * 7
    assert statuses[200] == 10 * 2 * 4  # every page
    assert statuses[303] > 10 * 2  # hours are always taken, and the first sign-up is
    assert consistent(database)


def test_D1_a_server_killed_in_the_middle_loses_nothing_it_acknowledged(
    database, cast, serve, settings
):
    them = gather(database, cast.driver, people=12, shifts=30, places=12)
    with serve() as server, running_worker(settings) as worker:
        acknowledged = kill_in_the_middle(server, settings, them, worker)
    assert 25 <= len(acknowledged.signups) < 30 * 12
    assert acknowledged.signups <= signed_up(database)
    assert acknowledged.hours
    assert acknowledged.hours <= handed_in(database)
    assert half_made(database) == []
    assert consistent(database)
    with serve() as server:  # and it starts again on what is left
        assert ask(server, settings, them.cookies[0], "/me")[0] == 200


def handed_in(database: Database) -> set[str]:
    """The notes of the hours that are there, each once."""
    with database.reading() as db:
        notes = db.scalars(select(HoursEntry.note)).all()
    assert len(notes) == len(set(notes))
    return set(notes)


def signed_up(database: Database) -> set[tuple[int, int]]:
    """Who is on which shift."""
    current = select(Signup.person_id, Signup.shift_id)
    with database.reading() as db:
        found = db.execute(current.where(Signup.state == SignupState.SIGNED_UP))
        return {(row.person_id, row.shift_id) for row in found}


def test_D4_a_stopping_server_finishes_what_it_began(database, cast, serve, settings):
    them = gather(database, cast.driver, people=1, shifts=1, places=1)
    cookie = them.cookies[0]
    body = urlencode({"csrf": csrf.token(settings.secret_key, cookie), "slot": them.slots[0]})
    with serve(1) as server:
        where = urlparse(server.address)
        with socket.create_connection((where.hostname, where.port), timeout=60) as connection:
            connection.sendall(
                f"POST /shifts/{them.shifts[0]}/signup HTTP/1.1\r\nhost: 127.0.0.1\r\n"
                f"cookie: session={cookie}\r\nexpect: 100-continue\r\n"
                "content-type: application/x-www-form-urlencoded\r\n"
                f"content-length: {len(body)}\r\n\r\n".encode()
            )
            assert b"100 Continue" in connection.recv(1000)  # the application waits for the body
            os.kill(server.process.pid, signal.SIGTERM)
            connection.sendall(body.encode())
            assert connection.recv(1000).startswith(b"HTTP/1.1 303")
        assert server.process.wait(30) == 0
    assert len(signed_up(database)) == 1


def test_X4_the_log_says_one_line_of_facts_for_each_request(database, cast, serve, settings):
    them = gather(database, cast.driver, people=2, shifts=1, places=1)
    path, account = f"/shifts/{them.shifts[0]}/signup?x=s3cret", "who@example.org"
    with serve(1) as server:
        ask(server, settings, them.cookies[0], path, {"slot": "9"})
        ask(
            server,
            settings,
            them.cookies[1],
            "/session",
            {"address": account, "password": "pa55word"},
        )
    assert server.log
    text = server.log.read_text()
    lines = [json.loads(line) for line in text.splitlines()]
    posts = [line for line in lines if line.get("method") == "POST"]
    assert [line["route"] for line in posts] == ["/shifts/{shift_id:id}/signup", "/session"]
    assert len({line["id"] for line in posts}) == 2
    for secret in (*them.cookies, "s3cret", account, "pa55word", "Racer"):
        assert secret not in text
