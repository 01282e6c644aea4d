"""Proposals: no rule is ever broken, whoever made them, and small weeks are filled as well as can be."""

import random
from datetime import date, timedelta
from itertools import product

import pytest

from portal import clock
from portal.autofill import greedy, solver
from portal.autofill.problem import Helper, Problem, Spot, packed, unpacked
from portal.autofill.rules import broken_rules
from portal.shifts.limits import Limits, Work

ZONE = "America/New_York"
MONDAY = date(2026, 12, 7)
needs_solver = pytest.mark.skipif(not solver.is_there(), reason="ortools is not installed")


def at(day: int, hour: float):
    return clock.start_of_day(MONDAY, ZONE) + timedelta(days=day, hours=hour)


def spot(number: int, day: int, hour: float, hours: float = 3, **more) -> Spot:
    given = {"shift_id": number, "program_id": 1, "needed": 1} | more
    return Spot(number, starts_at=at(day, hour), ends_at=at(day, hour + hours), zone=ZONE, **given)


def helper(number: int, cost: dict[int, int], work=(), limits=None, *, minor: bool = False):
    own = tuple(Work(number, *one, None, 1) for one in work)
    return Helper(number, minor, own, {1: limits or Limits(), 2: Limits()}, cost)


def problem(spots, helpers, apart=()) -> Problem:
    return Problem({one.id: one for one in spots}, {one.id: one for one in helpers}, apart, 5.0)


TWO = [spot(1, 0, 9), spot(2, 0, 10)]


@pytest.mark.parametrize(
    ("given", "pairs", "wrong"),
    [
        (problem(TWO, [helper(7, {1: 0, 2: 0})]), [(1, 7)], None),
        (problem(TWO, [helper(7, {1: 0, 2: 0})]), [(1, 7), (2, 7)], "too much"),
        (problem(TWO, [helper(7, {1: 0})]), [(2, 7)], "can't"),
        (problem(TWO, [helper(7, {1: 0})]), [(1, 7), (1, 7)], "twice"),
        (problem(TWO, [helper(7, {1: 0}), helper(8, {1: 0})]), [(1, 7), (1, 8)], "too many"),
        (
            problem([spot(1, 0, 9), spot(2, 0, 14)], [helper(7, {1: 0, 2: 0}, limits=Limits(day=5))]),
            [(1, 7), (2, 7)],
            "too much",
        ),
        (
            problem([spot(1, 0, 9)], [helper(7, {1: 0}, [(at(1, 9), at(1, 17))], Limits(week=10))]),
            [(1, 7)],
            "too much",
        ),
        (
            problem([spot(1, 0, 18), spot(2, 1, 6)], [helper(7, {1: 0, 2: 0}, limits=Limits(rest=12))]),
            [(1, 7), (2, 7)],
            "too much",
        ),
        (
            problem(
                [spot(1, 0, 9), spot(2, 2, 9)],
                [helper(7, {1: 0, 2: 0}, [(at(1, 9), at(1, 10))], Limits(row=2))],
            ),
            [(1, 7), (2, 7)],
            "too much",
        ),
        (
            problem([spot(1, 0, 9, needed=2, adults=1)], [helper(n, {1: 0}, minor=True) for n in (7, 8)]),
            [(1, 7), (1, 8)],
            "too few adults",
        ),
        (
            problem(TWO, [helper(7, {1: 0}), helper(8, {2: 0})], ((7, 8, 1),)),
            [(1, 7), (2, 8)],
            "apart",
        ),
        (problem(TWO, [helper(7, {1: 0}), helper(8, {2: 0})], ((7, 8, 2),)), [(1, 7), (2, 8)], None),
    ],
)  # fmt: skip
def test_every_rule_is_checked(given, pairs, wrong):
    found = broken_rules(given, pairs)
    assert not found if wrong is None else found[0].startswith(wrong)
    assert unpacked(packed(given)) == given


def some_problem(seed: int) -> Problem:
    """A small week: some spots on few days, some people, limits, minors and one pair kept apart."""
    chance = random.Random(seed)
    spots = [
        spot(
            number,
            chance.randrange(4),
            chance.choice((6, 9, 13, 18)),
            chance.choice((2, 3, 5)),
            shift_id=number // 2,
            program_id=chance.choice((1, 1, 2)),
            needed=chance.choice((1, 1, 2)),
            adults=chance.choice((0, 0, 1)),
        )
        for number in range(1, 6)
    ]
    limits = Limits(*(chance.choice(some) for some in ((0, 5, 6), (0, 8), (0, 12), (0, 2))))
    people = [
        helper(
            100 + number,
            {one.id: chance.randrange(9) for one in spots if chance.random() < 0.7},
            [(at(2, 10), at(2, 12))] if chance.random() < 0.2 else [],
            limits if chance.random() < 0.7 else None,
            minor=chance.random() < 0.2,
        )
        for number in range(4)
    ]
    # no one could take what clashes with what they have
    people = [
        Helper(
            one.id,
            one.minor,
            one.work,
            one.limits,
            {
                key: cost
                for key, cost in one.cost.items()
                if not broken_rules(problem(spots, [one]), [(key, one.id)])
                and all(
                    work.ends_at <= spots[key - 1].starts_at
                    or work.starts_at >= spots[key - 1].ends_at
                    for work in one.work
                )
            },
        )
        for one in people
    ]
    return problem(spots, people, ((100, 101, 1),))


def most_by_force(given: Problem) -> int:
    """How many spots any proposal fills: every choice of people for every spot is tried."""
    pairs = [(one, who.id) for one in given.spots for who in given.could(one)]
    best = 0
    for chosen in product((False, True), repeat=len(pairs)):
        some = [pair for pair, taken in zip(pairs, chosen, strict=True) if taken]
        if len(some) > best and not broken_rules(given, some):
            best = len(some)
    return best


def small(seed: int) -> Problem:
    """One that force can solve."""
    given = some_problem(seed)
    while sum(len(one.cost) for one in given.helpers.values()) > 11:
        last = max(given.helpers)
        given.helpers.pop(last)
    return given


@pytest.mark.parametrize("seed", range(10))
def test_greed_breaks_no_rule_and_leaves_nothing_that_fits(seed):
    given = some_problem(seed)
    found = greedy.fill(given)
    assert broken_rules(given, found.pairs) == []
    for spot_id in given.spots:
        for who in given.could(spot_id):
            if (spot_id, who.id) not in found.pairs:
                assert broken_rules(given, [*found.pairs, (spot_id, who.id)])


@needs_solver
@pytest.mark.parametrize("seed", range(12))
def test_the_solver_breaks_no_rule_and_fills_as_many_as_force_does(seed):
    given = small(seed)
    found = solver.solve(given)
    assert broken_rules(given, found.pairs) == []
    assert len(found.pairs) == most_by_force(given) >= len(greedy.fill(given).pairs)
    assert found.gap == 0
