"""Put small faults into the rules about rights, one at a time, and print those that no test notices.

Each fault is met by the tests that run its line, on SQLite, in a process of its own; the first that fails
ends it. Exit code 1 when five in a hundred or more were not noticed.
"""

import argparse
import itertools
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from coverage import CoverageData

from tests.mutants.operators import Mutant, mutants_of, one_line

ROOT = Path(__file__).parents[2]
TARGETS = [
    "portal/permissions.py", "portal/*/scopes.py", "portal/people/sessions.py", "portal/people/proofs.py",
    "portal/people/identities.py", "portal/people/addresses.py", "portal/people/memberships.py",
    "portal/people/limits.py", "portal/people/places.py", "portal/programs/authority.py",
    "portal/programs/placements.py", "portal/directory/email_sign_in.py", "portal/hours/ledger.py",
    "portal/audit/seals.py", "portal/web/saved_forms.py", "portal/web/saving_forms.py", "portal/files/work.py",
    "portal/hours/own_hours.py", "portal/hours/story.py", "portal/agency/settings.py",
]  # fmt: skip
"""Who may do what, who someone is, and what no one may change afterwards."""
SLOW = ["tests/journeys", "tests/operating", "tests/demo", "tests/soak", "tests/test_migrations.py"]
"""Tests that start processes or browsers of their own: their lines cannot be noted."""
NOTICED = ("noticed", "too slow")
EXPLAINED = Path(__file__).with_name("equivalent.json")
"""The faults that change nothing, each with its reason: file, was, now, why."""
SECONDS_FOR_ONE = 60
"""How many seconds of tests a fault is given; a test that comes later does not count."""


@dataclass(eq=False)
class Tests:
    """Which tests run which lines, and how many seconds each takes."""

    by_line: dict[str, list[str]]
    """By file:line."""
    seconds: dict[str, float]

    def of(self, mutant: Mutant) -> list[str]:
        """The tests of a fault: those of its domain and of security first, and of them
        those that run the fewest lines."""
        near = ("tests/security/", f"tests/{Path(mutant.file).parts[1]}/")
        own = {
            test
            for place, tests in self.by_line.items()
            if place.startswith(f"{mutant.file}:")
            for test in tests
        }
        found = set(self.by_line.get(f"{mutant.file}:{mutant.line}", ()))
        if mutant.everywhere or not found:  # it runs when it is imported, in no test
            found = {test for test in self.seconds if test.startswith(near)}
            found |= own
        order = sorted(
            found & self.seconds.keys(),
            key=lambda test: (test not in own, not test.startswith(near), self._breadth[test]),
        )
        return self._in_time(order)

    @cached_property
    def _breadth(self) -> Counter[str]:
        """How many lines each test runs."""
        return Counter(test for tests in self.by_line.values() for test in tests)

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
        tests = _noted(targets, Path(name), options.notes)
        noted = time.monotonic() - began
        print(f"{len(tests.seconds)} tests noted after {noted:.0f} s", flush=True)
        with ThreadPoolExecutor(options.workers) as pool:
            parts = [chosen[number :: options.workers] for number in range(options.workers)]
            files = [Path(name) / f"work.{number}.json" for number in range(options.workers)]
            outcomes = itertools.chain(*pool.map(_met, parts, files, itertools.repeat(tests)))
            return _report(sorted(outcomes), time.monotonic() - began)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make mutants")
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(10**6))
    parser.add_argument("--sample", type=int, default=300)
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--folder", help="where notes go, instead of the temporary folder")
    parser.add_argument("--notes", type=Path, help="which test runs which line: read, or written")
    return parser.parse_args()


def _pytest(*arguments: str, **environment: str) -> None:
    left_out = [f"--ignore={slow}" for slow in SLOW]
    command = [
        sys.executable, "-m", "pytest", "-q", "-p", "tests.mutants.plugin", "--sqlite",
        *left_out, *arguments,
    ]  # fmt: skip
    environment |= {"PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": ""}
    subprocess.run(
        command, cwd=ROOT, env={**os.environ, **environment}, stdout=subprocess.DEVNULL, check=False
    )


def _noted(targets: list[str], folder: Path, kept: Path | None) -> Tests:
    """Every test run once with its lines noted, or what was noted before. Refuses when none passed."""
    if kept and kept.exists():
        return Tests(*json.loads(kept.read_text()))
    (folder / "files.json").write_text(json.dumps([str(ROOT / target) for target in targets]))
    _pytest("-n", "auto", "--dist", "worksteal", MUTANTS_RECORD=str(folder))
    seconds = json.loads((folder / "seconds.json").read_text())
    if not seconds:
        raise SystemExit("no test passed")
    lines: defaultdict[str, set[str]] = defaultdict(set)
    for file in folder.glob("lines.*"):
        data = CoverageData(str(file))
        data.read()
        for measured in data.measured_files():
            where = Path(measured).relative_to(ROOT)
            for line, contexts in data.contexts_by_lineno(measured).items():
                lines[f"{where}:{line}"] |= set(contexts) - {""}
    tests = Tests({place: sorted(found) for place, found in lines.items()}, seconds)
    if kept:
        kept.write_text(json.dumps([tests.by_line, tests.seconds]))
    return tests


def _met(mutants: list[Mutant], file: Path, tests: Tests) -> list[tuple[Mutant, str]]:
    """What became of each fault: noticed, too slow, broken, survived, or run by no test."""
    found = {mutant: tests.of(mutant) for mutant in mutants}
    work = [
        (vars(mutant), some, sum(tests.seconds[test] for test in some))
        for mutant, some in found.items()
        if some
    ]
    file.write_text(json.dumps(work))
    outcomes = [(mutant, "run by no test") for mutant, some in found.items() if not some]
    _pytest(MUTANTS_WORK=str(file))
    for line in file.with_suffix(".outcomes").read_text().splitlines():
        fields, outcome = json.loads(line)
        outcomes.append((Mutant(**fields), outcome))
    return outcomes


def _report(met: list[tuple[Mutant, str]], seconds: float) -> int:
    explained = {(one["file"], one["was"], one["now"]) for one in json.loads(EXPLAINED.read_text())}
    missed = [(one, outcome) for one, outcome in met if not outcome.startswith(NOTICED)]
    for one, outcome in missed:
        known = (one.file, one_line(one.was), one_line(one.now)) in explained
        print(f"{'explained' if known else outcome}: {one}")
    counts = Counter(outcome.split(" by tests/")[0] for _, outcome in met)
    print(", ".join(f"{count} {outcome}" for outcome, count in counts.most_common()))
    share = len(missed) / len(met)
    print(f"{share:.1%} not noticed; {seconds / 60:.0f} minutes")
    return int(share >= 0.05)


if __name__ == "__main__":
    sys.exit(main())
