"""The long runs of `make soak`: ten minutes of load, and one crash after the other."""

from collections import Counter
from time import monotonic

import pytest

from tests import hostile
from tests.crowd import gather, half_made, kill_in_the_middle, mixed_load, running_worker
from tests.journeys.test_hostile import fed
from tests.journeys.test_server import handed_in, signed_up
from tests.shifts.test_races import consistent
from tests.test_db import many_writers

pytestmark = pytest.mark.both_databases
MINUTES, CRASHES = 10, 50


def soak_V1_fifty_people_for_ten_minutes(database, cast, serve, settings):
    them = gather(database, cast.driver, people=50, shifts=20, places=10, apart=1)
    with serve() as server:
        ends, statuses = monotonic() + MINUTES * 60, Counter[int]()
        while monotonic() < ends:
            statuses += mixed_load(server, settings, them, rounds=10)
    print(dict(statuses))
    assert set(statuses) <= {200, 303, 422}
    assert consistent(database)


def soak_D1_a_crash_after_the_other(database, cast, serve, settings):
    """Server and worker are killed again and again while people sign up and hand hours in."""
    signups: set[tuple[int, int]] = set()
    hours: set[str] = set()
    for round_ in range(CRASHES):
        them = gather(database, cast.driver, people=12, shifts=30, places=12)
        with serve() as server, running_worker(settings) as worker:
            kept = kill_in_the_middle(server, settings, them, worker)
        signups |= kept.signups
        hours |= kept.hours
        assert signups <= signed_up(database), round_
        assert hours <= handed_in(database), round_
        assert half_made(database) == [], round_
        assert consistent(database)
    print(f"{CRASHES} crashes, {len(signups)} signups and {len(hours)} reports of hours, none lost")


def soak_C2_four_processes_of_eight_writers_for_a_minute(database):
    if database.dialect == "sqlite":
        many_writers(database, 60)


def soak_I7_every_hostile_file_while_twenty_people_go_on(database, cast, serve, settings):
    names = {
        "calendars": list(hostile.CALENDARS), "tables": list(hostile.TABLES),
        "pictures": list(hostile.PICTURES),
    }  # fmt: skip
    print(dict(fed(database, cast, serve, settings, names, rounds=10)))
