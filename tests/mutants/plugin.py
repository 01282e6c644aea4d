"""What the mutants ask of pytest: to note which test runs which line, or to run some tests in an order."""

import json
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from coverage import Coverage


def pytest_configure(config: pytest.Config) -> None:
    """Choose by the environment; without it, do nothing."""
    record = os.environ.get("MUTANTS_RECORD")
    chosen = os.environ.get("MUTANTS_TESTS")
    if record:
        recorder = Lines if hasattr(config, "workerinput") else Durations
        config.pluginmanager.register(recorder(Path(record)))
    if chosen:
        config.pluginmanager.register(Chosen(json.loads(Path(chosen).read_text())))


class Lines:
    """Notes for each test the lines of the portal that it runs; one file for each process of tests."""

    def __init__(self, folder: Path) -> None:
        worker = os.environ["PYTEST_XDIST_WORKER"]
        portal = str(Path(__file__).parents[2] / "portal" / "*")
        self.coverage = Coverage(
            data_file=str(folder / f"lines.{worker}"), include=[portal], config_file=False
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


class Chosen:
    """Runs nothing but some tests, in the order they are named."""

    def __init__(self, tests: list[str]) -> None:
        self.place = {test: index for index, test in enumerate(tests)}

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        wanted = [item for item in items if item.nodeid in self.place]
        items[:] = sorted(wanted, key=lambda item: self.place[item.nodeid])
