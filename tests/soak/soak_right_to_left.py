"""Every page of every role in a language written from right to left (tests/journeys samples them)."""

import pytest

from portal.people.sessions import start_session
from tests.journeys.test_right_to_left import arabic, look, pages_of

__all__ = ["arabic"]


@pytest.mark.parametrize("role", ["public", "ana", "cy", "ada", "gil"])
def soak_every_page_reads_from_right_to_left(arabic, database, time, chromium, role):
    client, ids = arabic
    if role != "public":
        with database.writing() as db:
            token, _ = start_session(db, ids[role], "Test", time.at)
        client.cookies.set("session", token)
    assert look(client, chromium, pages_of(role, ids)) == {}
