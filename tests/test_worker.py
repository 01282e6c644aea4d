"""The worker: rounds of work, a process that stops when asked, and one that is killed."""

import subprocess
import sys
from datetime import date, timedelta
from time import monotonic, sleep

import pytest
from sqlalchemy import func, select

from portal.requirements.change_models import Cause
from portal.requirements.credentials import note_change
from portal.settings import Settings
from portal.shifts.models import Shift
from portal.shifts.pattern_models import Pattern
from portal.web.errors import Again
from tests import build
from tests.worker import round_of_work

pytestmark = pytest.mark.both_databases


def shifts_written(database) -> int:
    with database.reading() as db:
        return db.scalar(select(func.count()).select_from(Shift)) or 0


def test_patterns_are_carried_on_to_the_horizon_and_not_beyond(database, cast, time):
    with database.writing() as db:
        number = build.pattern(db, cast.driver, time.at).id
    settings = Settings(horizon_weeks=8)
    assert round_of_work(database, settings, time.at) == 1
    assert round_of_work(database, settings, time.at) == 0
    with database.reading() as db:
        assert db.get_one(Pattern, number).written_until == date(2026, 12, 1) + timedelta(weeks=8)
        last = db.scalar(select(func.max(Shift.pattern_day)))
    assert last == date(2027, 1, 26)
    time.move(days=7)
    assert round_of_work(database, settings, time.at) == 1


def test_what_crosses_is_left_for_the_next_round(database, cast, time, monkeypatch):
    with database.writing() as db:
        build.pattern(db, cast.driver, time.at)
    before = shifts_written(database)

    def crossed(*given, **values):
        raise Again

    with monkeypatch.context() as patched:
        patched.setattr("portal.shifts.patterns.extend", crossed)
        assert round_of_work(database, Settings(), time.at) == 0
    assert shifts_written(database) == before
    assert round_of_work(database, Settings(), time.at) == 1


def test_a_sweep_that_crosses_is_left_for_the_next_round(database, cast, time, monkeypatch):
    with database.writing() as db:
        note_change(db, [cast.ana], Cause.LAPSE, time.at)
    tries = []

    def crossed(*given, **values):
        tries.append(given)
        raise Again

    monkeypatch.setattr("portal.requirements.clearance_recheck.look", crossed)
    with database.writing() as db:
        build.pattern(db, cast.driver, time.at)
    assert round_of_work(database, Settings(), time.at) == 1  # what comes after it goes on
    assert len(tries) == 1


def test_a_worker_process_works_and_stops_when_asked(database, cast, time, settings, tmp_path):
    with database.writing() as db:
        build.pattern(db, cast.driver, time.at)
    log = tmp_path / "log"
    with log.open("wb") as out:
        command = [sys.executable, "-m", "portal", "worker"]
        process = subprocess.Popen(command, env=settings.environ(), stdout=out, stderr=out)
    try:
        before = shifts_written(database)
        wait_for(lambda: shifts_written(database) > before, process)
        process.terminate()
        assert process.wait(30) == 0, log.read_text()
    finally:
        process.kill()
    assert '"message": "ready"' in log.read_text()


def wait_for(condition, process) -> None:
    ends = monotonic() + 30
    while not condition():
        assert process.poll() is None
        assert monotonic() < ends
        sleep(0.05)
