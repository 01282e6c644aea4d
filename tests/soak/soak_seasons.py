"""Random walks, longer than `make test` has time for."""

from tests.shifts import test_machine
from tests.shifts.test_season import walk


def soak_C4_seasons_in_any_order(database, cast, tmp_path):
    walk(database, cast, tmp_path, examples=60, steps=40)


def soak_C4_capacity_overlap_and_audit_hold_in_every_order(database, cast, tmp_path):
    test_machine.walk(database, cast, tmp_path, examples=100)
