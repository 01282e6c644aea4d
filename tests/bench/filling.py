"""A proposal for 200 people and 400 spots: how many it fills, and how many more it could not rule out."""

import random
import time
from typing import Any

from portal.autofill import greedy, solver
from portal.autofill.problem import Problem
from portal.autofill.rules import broken_rules
from portal.shifts.limits import Limits
from tests.shifts.test_autofill_rules import at, helper, spot

PEOPLE, SPOTS = 200, 400


def big(seed: int = 9) -> Problem:
    """Two weeks with limits, other work, and few people for each spot."""
    chance = random.Random(seed)
    spots = {
        number: spot(
            number, chance.randrange(14), chance.choice((7, 9, 10, 13, 14, 17)), chance.choice((2, 3, 4)),
            shift_id=number // 2,
        )
        for number in range(1, SPOTS + 1)
    }  # fmt: skip
    helpers = {}
    for number in range(1000, 1000 + PEOPLE):
        cost = {one: chance.randrange(9) for one in spots if chance.random() < 0.02}
        work = [(at(day, 22), at(day, 23)) for day in chance.sample(range(14), 2)]
        minor = chance.random() < 0.05
        helpers[number] = helper(number, cost, work, Limits(8, 16, 8, 5), minor=minor)
    return Problem(spots, helpers, (), 20.0)


def filling() -> dict[str, Any]:
    """What greed and, where it is installed, the solver make of it."""
    problem, began = big(), time.monotonic()
    found = greedy.fill(problem)
    result = {"greedy": len(found.pairs), "greedy_seconds": round(time.monotonic() - began, 2)}
    if solver.is_there():
        began = time.monotonic()
        better = solver.solve(problem, found)
        assert broken_rules(problem, better.pairs) == []
        result |= {
            "solver": len(better.pairs),
            "gap": better.gap,
            "solver_seconds": round(time.monotonic() - began, 1),
        }
    return result
