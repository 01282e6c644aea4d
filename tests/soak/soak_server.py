"""The long runs of `make soak`: ten minutes of load, and one crash after the other."""

import pytest

from tests.crowd import gather, kill_in_the_middle, mixed_load
from tests.journeys.test_server import serve, signed_up  # noqa: F401 - a fixture
from tests.shifts.test_races import consistent

pytestmark = pytest.mark.both_databases
MINUTES, CRASHES = 10, 25


def soak_V1_fifty_people_for_ten_minutes(database, cast, serve, settings):  # noqa: F811
    them = gather(database, cast.driver, people=50, shifts=20, places=10, apart=1)
    with serve() as server:
        statuses = mixed_load(server, settings, them, seconds=MINUTES * 60)
    print(dict(statuses))
    assert set(statuses) <= {200, 303, 422}
    assert consistent(database)


def soak_D1_a_crash_after_the_other(database, cast, serve, settings):  # noqa: F811
    kept: set[tuple[int, int]] = set()
    for round_ in range(CRASHES):
        them = gather(database, cast.driver, people=12, shifts=30, places=12)
        with serve() as server:
            kept |= kill_in_the_middle(server, settings, them)
        assert kept <= signed_up(database), round_
        assert consistent(database)
