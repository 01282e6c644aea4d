"""A process of its own that solves one problem: `python -m portal.autofill.child IN OUT`.

It is given no database, no settings and no secrets; it reads a problem from one file and writes progress and
its solution to another. It has limits of time and memory, and gives way to everyone else.
"""

import json
import os
import resource
import sys
from pathlib import Path

from portal.autofill import greedy, solver
from portal.autofill.problem import Solution, unpacked
from portal.autofill.rules import broken_rules

MEMORY = 3 * 1024**3
CPU_SECONDS = 90


def _write(path: Path, said: dict[str, object]) -> None:
    """Write the file anew, all of it or nothing."""
    part = path.with_suffix(".part")
    part.write_text(json.dumps(said))
    part.replace(path)


def main(given: str, answer: str) -> None:
    """Solve the problem of one file into the other."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    os.nice(10)
    problem, to = unpacked(Path(given).read_text()), Path(answer)
    found: Solution = greedy.fill(problem)
    _write(to, {"progress": len(found.pairs)})
    if solver.is_there():
        better = solver.solve(problem, found, lambda number: _write(to, {"progress": number}))
        fits = not broken_rules(problem, better.pairs)
        kept = better if fits and len(better.pairs) >= len(found.pairs) else found
        found = Solution(kept.pairs, better.solver, problem.most - len(kept.pairs))
        found = better if kept is better else found
    _write(to, {"pairs": found.pairs, "solver": found.solver, "gap": found.gap})


if __name__ == "__main__":
    main(*sys.argv[1:])
