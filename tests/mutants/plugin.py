"""What the mutants ask of pytest: to note which test runs which line, or to meet faults one after the other."""

import contextlib
import json
import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
from _pytest.runner import runtestprotocol
from coverage import Coverage

from tests.mutants.operators import Mutant
from tests.mutants.patches import Patcher

PROCESSES = {"chromium", "serve"}
"""Fixtures that start processes: a fault that is put into this process does not reach them."""


def pytest_configure(config: pytest.Config) -> None:
    """Choose by the environment; without it, do nothing."""
    record = os.environ.get("MUTANTS_RECORD")
    work = os.environ.get("MUTANTS_WORK")
    if record:
        recorder = Lines if hasattr(config, "workerinput") else Durations
        config.pluginmanager.register(recorder(Path(record)))
    if work:
        config.pluginmanager.register(Meeting(Path(work)))


class Lines:
    """Notes for each test the lines of the files concerned that it runs; one file for each process of tests."""

    def __init__(self, folder: Path) -> None:
        worker = os.environ["PYTEST_XDIST_WORKER"]
        self.coverage = Coverage(
            data_file=str(folder / f"lines.{worker}"),
            include=json.loads((folder / "files.json").read_text()),
            config_file=False,
        )
        self.coverage.start()

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Iterator[None]:
        self.coverage.switch_context(item.nodeid)
        return (yield)

    def pytest_sessionfinish(self) -> None:
        self.coverage.stop()
        self.coverage.save()


class Durations:
    """Notes how many seconds each test took that passed."""

    def __init__(self, folder: Path) -> None:
        self.file = folder / "seconds.json"
        self.seconds: dict[str, float] = {}
        self.failed: set[str] = set()

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if not report.passed:
            self.failed.add(report.nodeid)
        self.seconds[report.nodeid] = self.seconds.get(report.nodeid, 0) + report.duration

    def pytest_sessionfinish(self) -> None:
        passed = {test: took for test, took in self.seconds.items() if test not in self.failed}
        self.file.write_text(json.dumps(passed))


class Meeting:
    """Puts each fault into a fork of this process, which has collected every test, and runs its tests there."""

    def __init__(self, work: Path) -> None:
        self.work = json.loads(work.read_text())
        self.outcomes = work.with_suffix(".outcomes").open("a")
        self.first: dict[str, list[str]] = {}
        """For each file the tests that noticed a fault in it, the latest first."""

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        items = {item.nodeid: item for item in session.items if runs_here(item)}
        self._fill(session.items)
        patcher = Patcher()
        for fields, tests, seconds in self.work:
            mutant = Mutant(**fields)
            noticed = self.first.setdefault(mutant.file, [])
            known = [test for test in noticed if test in tests]
            order = [*known, *(test for test in tests if test in items and test not in known)]
            outcome = _met(mutant, patcher, [items[test] for test in order], seconds)
            if outcome in items:
                if outcome in noticed:
                    noticed.remove(outcome)
                noticed.insert(0, outcome)
                outcome = f"noticed by {outcome}"
            self.outcomes.write(json.dumps([fields, outcome]) + "\n")
            self.outcomes.flush()
        return True

    @staticmethod
    def _fill(items: list[pytest.Item]) -> None:
        """Run one test, so that what all of them share is made before the first fork."""
        filling = next(item for item in items if item.get_closest_marker("populated"))
        other = next(item for item in items if item.path != filling.path)
        runtestprotocol(filling, log=False, nextitem=other)


def _met(mutant: Mutant, patcher: Patcher, items: list[pytest.Item], seconds: float) -> str:
    """The test that noticed a fault, or "survived", "too slow" or "broken"."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reading)
        os.setsid()  # what a test starts ends with it
        signal.alarm(int(60 + 4 * seconds))
        nothing = os.open(os.devnull, os.O_RDWR)
        os.dup2(nothing, 1)
        os.dup2(nothing, 2)
        try:
            patcher.put(mutant)
            outcome = _first_failure(items)
        except BaseException as error:
            outcome = f"broken: {error!r}"
        os.write(writing, outcome.encode())
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading) as pipe:
        outcome = pipe.read()
    _, status = os.waitpid(child, 0)
    with contextlib.suppress(ProcessLookupError):
        os.killpg(child, signal.SIGKILL)
    return "too slow" if os.WIFSIGNALED(status) else outcome


def _first_failure(items: list[pytest.Item]) -> str:
    for item, following in zip(items, [*items[1:], None], strict=True):
        reports = runtestprotocol(item, log=False, nextitem=following or items[0])
        if any(report.failed for report in reports):
            return item.nodeid
    return "survived"


def runs_here(item: pytest.Item) -> bool:
    """Whether all that a test does happens in its own process."""
    return not PROCESSES & set(getattr(item, "fixturenames", ()))
