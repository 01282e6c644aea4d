"""Put small faults into the rules about rights, one at a time, and print those that no test notices.

Each fault is met by the tests that run its line, on SQLite, in a copy of the project; the first that fails
ends it. Exit code 1 when five in a hundred or more were not noticed.
"""

import argparse
import contextlib
import itertools
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from queue import Queue

from coverage import CoverageData

from tests.mutants.operators import Mutant, mutants_of, one_line

ROOT = Path(__file__).parents[2]
TARGETS = [
    "portal/permissions.py", "portal/*/scopes.py", "portal/people/sessions.py", "portal/people/proofs.py",
    "portal/people/identities.py", "portal/people/addresses.py", "portal/people/memberships.py",
    "portal/people/limits.py", "portal/people/places.py", "portal/programs/authority.py",
    "portal/programs/placements.py", "portal/directory/entering.py", "portal/hours/ledger.py",
    "portal/audit/seals.py", "portal/web/kept.py", "portal/files/work.py",
]  # fmt: skip
"""Who may do what, who somebody is, and what nobody may change afterwards."""
SLOW = ["tests/journeys", "tests/operating", "tests/demo", "tests/soak", "tests/test_migrations.py"]
"""Tests that start processes or browsers of their own: their lines cannot be noted."""
EXPLAINED = Path(__file__).with_name("equivalent.json")
"""The faults that change nothing, each with its reason: file, was, now, why."""
SECONDS_FOR_ONE = 150
"""How many seconds of tests a fault is given; a test that comes later does not count."""
FIRST = 25
"""How many tests are tried before all others, so that most faults end early."""


@dataclass(frozen=True)
class Tests:
    """Which tests run which lines, and how many seconds each takes."""

    by_line: dict[str, dict[int, set[str]]]
    seconds: dict[str, float]

    def of(self, mutant: Mutant) -> list[str]:
        """The tests of a fault: one of each file in turn, the quickest first."""
        lines = self.by_line.get(mutant.file, {})
        found = set().union(*lines.values()) if mutant.everywhere else lines.get(mutant.line, set())
        files: defaultdict[str, list[str]] = defaultdict(list)
        for test in sorted(found & self.seconds.keys(), key=self.seconds.__getitem__):
            files[test.partition("::")[0]].append(test)
        turns = itertools.zip_longest(*files.values())
        return self._in_time(test for turn in turns for test in turn if test)

    def _in_time(self, tests: Iterable[str]) -> list[str]:
        spent, kept = 0.0, []
        for test in tests:
            spent += self.seconds[test]
            if spent > SECONDS_FOR_ONE:
                break
            kept.append(test)
        return kept


def main() -> int:
    """Measure, print the survivors, and say whether they are few enough."""
    options = _options()
    targets = sorted({str(path.relative_to(ROOT)) for one in TARGETS for path in ROOT.glob(one)})
    everything = [mutant for file in targets for mutant in mutants_of(file, ROOT)]
    chosen = everything
    if options.sample < len(everything):
        chosen = sorted(random.Random(options.seed).sample(everything, options.sample))
    print(f"{len(chosen)} of {len(everything)} faults in {len(targets)} files, seed {options.seed}")
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="mutants-", dir=options.folder) as name:
        folder = Path(name)
        tests = _noted(_copy(folder / "0"), folder)
        print(
            f"{len(tests.seconds)} tests noted after {time.monotonic() - began:.0f} s", flush=True
        )
        copies: Queue[Path] = Queue()
        for number in range(options.workers):
            copies.put(_copy(folder / str(number)))
        with ThreadPoolExecutor(options.workers) as pool:
            outcomes = list(pool.map(lambda one: _met(one, tests, copies), chosen))
    return _report(list(zip(chosen, outcomes, strict=True)), time.monotonic() - began)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make mutants")
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(10**6))
    parser.add_argument("--sample", type=int, default=300)
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--folder", help="where the copies go, instead of the temporary folder")
    return parser.parse_args()


def _copy(to: Path) -> Path:
    if not to.exists():
        for name in ("portal", "migrations", "tests", ".ci", "docs"):
            shutil.copytree(ROOT / name, to / name, ignore=shutil.ignore_patterns("__pycache__"))
        for file in ROOT.iterdir():
            if file.is_file():
                shutil.copy(file, to)
        (to / ".venv").symlink_to(ROOT / ".venv")
    return to


def _pytest(
    root: Path, *arguments: str, seconds: float | None = None, **environment: str
) -> int | None:
    """The exit code of pytest in a copy of the project; None when it took too long."""
    command = [
        sys.executable, "-m", "pytest", "-q", "-p", "tests.mutants.plugin", "--sqlite", *arguments,
    ]  # fmt: skip
    environment |= {"PYTHONPATH": str(root), "PYTHONDONTWRITEBYTECODE": ""}
    environment = {**os.environ, **environment}
    process = subprocess.Popen(
        command, cwd=root, env=environment, start_new_session=True,
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        return process.wait(seconds)
    except subprocess.TimeoutExpired:
        return None
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, 9)
        process.wait()


def _noted(root: Path, folder: Path) -> Tests:
    """Every test run once with its lines noted. Refuses to go on when none passed."""
    notes = folder / "notes"
    notes.mkdir()
    left_out = [f"--ignore={slow}" for slow in SLOW]
    _pytest(root, "-n", "auto", "--dist", "worksteal", *left_out, MUTANTS_RECORD=str(notes))
    seconds = json.loads((notes / "seconds.json").read_text())
    if not seconds:
        raise SystemExit("no test passed")
    by_line: defaultdict[str, defaultdict[int, set[str]]] = defaultdict(lambda: defaultdict(set))
    for file in notes.glob("lines.*"):
        data = CoverageData(str(file))
        data.read()
        for measured in data.measured_files():
            lines = by_line[str(Path(measured).relative_to(root))]
            for line, contexts in data.contexts_by_lineno(measured).items():
                lines[line] |= set(contexts) - {""}
    return Tests({file: dict(lines) for file, lines in by_line.items()}, seconds)


def _met(mutant: Mutant, tests: Tests, copies: "Queue[Path]") -> str:
    """What became of a fault: noticed, too slow, broken, survived, or run by no test."""
    wanted = tests.of(mutant)
    if not wanted:
        return "run by no test"
    root = copies.get()
    file = root / mutant.file
    source = file.read_bytes()
    try:
        for some in (wanted[:FIRST], wanted[FIRST:]):
            if some and (outcome := _met_by(mutant, source, some, root, tests)) != "survived":
                return outcome
        return "survived"
    finally:
        _write(file, source)
        copies.put(root)


def _met_by(mutant: Mutant, source: bytes, some: Sequence[str], root: Path, tests: Tests) -> str:
    _write(root / mutant.file, mutant.applied(source))
    listed = root / "tests.json"
    listed.write_text(json.dumps(some))
    files = sorted({test.partition("::")[0] for test in some})
    seconds = 60 + 4 * sum(tests.seconds[test] for test in some)
    code = _pytest(root, "-x", *files, seconds=seconds, MUTANTS_TESTS=str(listed))
    return {0: "survived", 1: "noticed", None: "too slow"}.get(code, "broken")


_STAMPS = itertools.count(10**9)


def _write(file: Path, source: bytes) -> None:
    """Write a file with a time of its own, so that no compiled copy of before is taken for it."""
    file.write_bytes(source)
    stamp = next(_STAMPS)
    os.utime(file, (stamp, stamp))


def _report(met: list[tuple[Mutant, str]], seconds: float) -> int:
    explained = {(one["file"], one["was"], one["now"]) for one in json.loads(EXPLAINED.read_text())}
    missed = [(one, outcome) for one, outcome in met if outcome in {"survived", "run by no test"}]
    for one, outcome in missed:
        known = (one.file, one_line(one.was), one_line(one.now)) in explained
        print(f"{'explained' if known else outcome}: {one}")
    counts = Counter(outcome for _, outcome in met)
    print(", ".join(f"{count} {outcome}" for outcome, count in counts.most_common()))
    share = len(missed) / len(met)
    print(f"{share:.1%} not noticed; {seconds / 60:.0f} minutes")
    return int(share >= 0.05)


if __name__ == "__main__":
    sys.exit(main())
