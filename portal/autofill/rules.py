"""The rules of a proposal, one sentence each: they prove what a solver gave, whichever it was."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence

from portal.autofill.problem import Helper, Pair, Problem, Spot
from portal.shifts.limits import Work


def overlap(one: Spot, other: Spot) -> bool:
    """Whether two spots are at the same time."""
    return one.starts_at < other.ends_at and other.starts_at < one.ends_at


def as_work(helper: Helper, spots: Iterable[Spot]) -> list[Work]:
    """Spots as work that counts for limits."""
    return [Work(helper.id, one.starts_at, one.ends_at, None, one.program_id) for one in spots]


def fits_beside(helper: Helper, spot: Spot, others: Sequence[Spot]) -> bool:
    """Whether someone could take a spot beside others: none at the same time, and no limit broken by any."""
    if any(overlap(spot, one) for one in others):
        return False
    every = [*others, spot]
    for one in every:
        rest = [it for it in every if it is not one]
        limits = helper.limits.get(one.program_id)
        work = [*helper.work, *as_work(helper, rest)]
        if limits and limits.broken(work, one.starts_at, one.ends_at, one.zone):
            return False
    return True


def room_for_minors(problem: Problem, shift_id: int) -> int:
    """How many people under 18 a shift can take, so that there is room for the adults it lacks."""
    spots = [one for one in problem.spots.values() if one.shift_id == shift_id]
    return max(0, sum(one.needed for one in spots) - max((one.adults for one in spots), default=0))


def broken_rules(problem: Problem, pairs: Sequence[Pair]) -> list[str]:
    """What is wrong with a proposal, in words for a log; empty where every rule is kept."""
    found = [f"twice {pair}" for pair, number in Counter(pairs).items() if number > 1]
    theirs: dict[int, list[Spot]] = defaultdict(list)
    for spot_id, person_id in pairs:
        helper, spot = problem.helpers.get(person_id), problem.spots.get(spot_id)
        if helper is None or spot is None or spot_id not in helper.cost:
            return [*found, f"can't {(spot_id, person_id)}"]
        theirs[person_id].append(spot)
    for spot_id, number in Counter(spot_id for spot_id, _ in pairs).items():
        if number > problem.spots[spot_id].needed:
            found.append(f"too many {spot_id}")
    for person_id, spots in theirs.items():
        for number, spot in enumerate(spots):
            others = spots[:number] + spots[number + 1 :]
            if not fits_beside(problem.helpers[person_id], spot, others):
                found.append(f"too much {(spot.id, person_id)}")
    minors = Counter(
        problem.spots[spot_id].shift_id
        for spot_id, person_id in pairs
        if problem.helpers[person_id].minor
    )
    found += [
        f"too few adults {shift_id}"
        for shift_id, number in minors.items()
        if number > room_for_minors(problem, shift_id)
    ]
    return found + _together_then(problem, theirs)


def _together_then(problem: Problem, theirs: dict[int, list[Spot]]) -> list[str]:
    return [
        f"apart {(one, other)}"
        for one, other, program_id in problem.apart
        for mine in theirs.get(one, ())
        for its in theirs.get(other, ())
        if mine.program_id == its.program_id == program_id and overlap(mine, its)
    ]
