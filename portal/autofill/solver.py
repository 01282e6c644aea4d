"""A proposal by OR-Tools' CP-SAT solver, where it is installed: as many spots as can be, then who suits best.

The limits of work are written as the solver needs them; `rules` proves what it gives.
"""

from collections import defaultdict
from collections.abc import Callable
from datetime import date, timedelta
from itertools import combinations
from typing import Any

from portal import clock
from portal.autofill.problem import Helper, Pair, Problem, Solution, Spot
from portal.autofill.rules import overlap, room_for_minors
from portal.shifts.limits import MOMENT, Limits, Work

try:
    from ortools.sat.python import cp_model
except ImportError:  # it is an optional extra
    cp_model = None

NONE = Limits()
FILLED, EXTRA = 1000, 15
"""What a filled spot is worth, and what each spot beyond someone's first costs."""


def is_there() -> bool:
    """Whether the solver is installed."""
    return cp_model is not None


def solve(
    problem: Problem,
    start: Solution | None = None,
    progress: Callable[[int], None] = lambda _: None,
) -> Solution:
    """The best proposal found in the problem's seconds, by one thread, from a `start` that breaks no rule."""
    made = _Model(problem)
    for pair, one in made.takes.items():
        made.model.AddHint(one, pair in start.pairs if start else False)
    solver = cp_model.CpSolver()
    solver.parameters.num_search_workers = 1
    solver.parameters.max_time_in_seconds = problem.seconds
    solver.parameters.random_seed = 1

    state = solver.Solve(made.model, _watch(made, progress))
    if state not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return Solution((), "cp-sat", problem.most)
    pairs = tuple(sorted(pair for pair, one in made.takes.items() if solver.Value(one)))
    bound = max(0, -int(solver.BestObjectiveBound() // -FILLED))
    return Solution(pairs, "cp-sat", max(0, min(bound, problem.most) - len(pairs)))


def _watch(made: "_Model", progress: Callable[[int], None]) -> Any:
    class Watch(cp_model.CpSolverSolutionCallback):  # type: ignore[misc]
        def on_solution_callback(self) -> None:
            progress(sum(self.Value(one) for one in made.takes.values()))

    return Watch()


class _Model:
    """A problem in the words of the solver: one variable for each spot and whoever could take it."""

    def __init__(self, problem: Problem) -> None:
        self.problem, self.model = problem, cp_model.CpModel()
        self.takes: dict[Pair, Any] = {}
        self.theirs: dict[int, list[Spot]] = defaultdict(list)
        for spot in problem.spots.values():
            for helper in problem.could(spot.id):
                name = f"{spot.id}-{helper.id}"
                self.takes[spot.id, helper.id] = self.model.NewBoolVar(name)
                self.theirs[helper.id].append(spot)
        self._needed()
        for person_id, spots in self.theirs.items():
            self._one_person(problem.helpers[person_id], spots)
        self._apart()
        self._objective()

    def _needed(self) -> None:
        by_shift: dict[int, list[Any]] = defaultdict(list)
        for spot in self.problem.spots.values():
            people = self.problem.could(spot.id)
            every = [self.takes[spot.id, one.id] for one in people]
            self.model.Add(sum(every) <= spot.needed)
            by_shift[spot.shift_id] += [self.takes[spot.id, one.id] for one in people if one.minor]
        for shift_id, minors in by_shift.items():
            if minors:
                self.model.Add(sum(minors) <= room_for_minors(self.problem, shift_id))

    def _one_person(self, helper: Helper, spots: list[Spot]) -> None:
        take = {spot.id: self.takes[spot.id, helper.id] for spot in spots}
        limits = {spot.id: helper.limits.get(spot.program_id, NONE) for spot in spots}
        for one, other in combinations(spots, 2):
            rest = max(limits[one.id].rest, limits[other.id].rest)
            if overlap(one, other) or (rest and _too_close(one, other, rest)):
                self.model.AddBoolOr([take[one.id].Not(), take[other.id].Not()])
        for most, some in _by(spots, lambda spot: limits[spot.id].day).items():
            for day in {day for spot in some for day in _days(spot)}:
                self._at_most(helper, spots, some, take, day, 1, most)
        for most, some in _by(spots, lambda spot: limits[spot.id].week).items():
            for monday in {clock.week_start(day, 1) for spot in some for day in _days(spot)}:
                self._at_most(helper, spots, some, take, monday, 7, most)
        for most, some in _by(spots, lambda spot: limits[spot.id].row).items():
            self._in_a_row(helper, spots, some, take, most)

    def _at_most(
        self,
        helper: Helper,
        spots: list[Spot],
        bound: list[Spot],
        take: dict[int, Any],
        first: date,
        days: int,
        hours: int,
    ) -> None:
        """Whoever takes one of the spots that are `bound` works at most so many hours within some days."""
        zone = spots[0].zone
        length = {one.id: _seconds(one, first, days, zone) for one in spots}
        had = sum(_seconds(one, first, days, zone) for one in helper.work)
        within = sum(take[key] * seconds for key, seconds in length.items() if seconds)
        left = hours * 3600 - had
        if len(bound) == len(spots):  # then nothing else counts, and the sum alone says it
            self.model.Add(within <= max(0, left))
            return
        for one in bound:
            if length[one.id]:
                self.model.Add(within <= left).OnlyEnforceIf(take[one.id])

    def _in_a_row(
        self,
        helper: Helper,
        spots: list[Spot],
        bound: list[Spot],
        take: dict[int, Any],
        most: int,
    ) -> None:
        """Of one day more than so many in a row, one is free, if a spot that is `bound` is among them."""
        had = {clock.local_day(one.starts_at, spots[0].zone) for one in helper.work}
        by_day = _by(spots, lambda spot: _days(spot)[0])
        busy = {day: self._any([take[one.id] for one in some]) for day, some in by_day.items()}
        own = {day for spot in bound if (day := _days(spot)[0]) not in had}
        firsts = {day - timedelta(days=back) for day in own for back in range(most + 1)}
        for first in firsts:
            window = [first + timedelta(days=number) for number in range(most + 1)]
            some = [1 if day in had else busy.get(day, 0) for day in window]
            if len(bound) == len(spots):
                self.model.Add(sum(some) <= most)
                continue
            for one in bound:
                if _days(one)[0] in own & set(window):
                    self.model.Add(sum(some) <= most).OnlyEnforceIf(take[one.id])

    def _any(self, some: list[Any]) -> Any:
        if len(some) < 2:
            return some[0] if some else 0
        found = self.model.NewBoolVar("")
        self.model.AddMaxEquality(found, some)
        return found

    def _apart(self) -> None:
        for one, other, program_id in self.problem.apart:
            for mine in self.theirs.get(one, ()):
                for its in self.theirs.get(other, ()):
                    if mine.program_id == its.program_id == program_id and overlap(mine, its):
                        pair = (self.takes[mine.id, one].Not(), self.takes[its.id, other].Not())
                        self.model.AddBoolOr(pair)

    def _objective(self) -> None:
        parts = [
            (FILLED - self.problem.helpers[person_id].cost[spot_id]) * one
            for (spot_id, person_id), one in self.takes.items()
        ]
        for person_id, spots in self.theirs.items():
            if len(spots) > 1:
                extra = self.model.NewIntVar(0, len(spots) - 1, "")
                every = [self.takes[spot.id, person_id] for spot in spots]
                self.model.Add(extra >= sum(every) - 1)
                parts.append(-EXTRA * extra)
        self.model.Maximize(sum(parts))


def _days(spot: Spot) -> list[date]:
    first, last = (
        clock.local_day(one, spot.zone) for one in (spot.starts_at, spot.ends_at - MOMENT)
    )
    return [first + timedelta(days=number) for number in range((last - first).days + 1)]


def _seconds(work: Work | Spot, first: date, days: int, zone: str) -> int:
    """How long some work is within some days."""
    begins = clock.start_of_day(first, zone)
    ends = clock.start_of_day(first + timedelta(days=days), zone)
    if work.ends_at <= begins or work.starts_at >= ends:
        return 0
    length = clock.elapsed(max(work.starts_at, begins), min(work.ends_at, ends))
    return -int(-length.total_seconds() // 1)


def _too_close(one: Spot, other: Spot, rest: int) -> bool:
    """Whether there are fewer hours than `rest` between two spots of different days."""
    first, second = sorted((one, other), key=lambda spot: spot.starts_at)
    days = {clock.local_day(spot.starts_at, first.zone) for spot in (first, second)}
    return len(days) > 1 and clock.elapsed(first.ends_at, second.starts_at) < timedelta(hours=rest)


def _by(spots: list[Spot], key: Callable[[Spot], Any]) -> dict[Any, list[Spot]]:
    """Spots by something they have; those without it are left out."""
    found: dict[Any, list[Spot]] = defaultdict(list)
    for spot in spots:
        if key(spot):
            found[key(spot)].append(spot)
    return found
