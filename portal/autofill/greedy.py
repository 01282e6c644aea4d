"""A proposal without a solver: the spots that fewest people could take come first."""

from collections import Counter, defaultdict

from portal.autofill.problem import Pair, Problem, Solution, Spot
from portal.autofill.rules import broken_rules, fits_beside, overlap, room_for_minors


def fill(problem: Problem) -> Solution:
    """Propose people one by one: for the hardest spot first, whoever has fewest spots and suits it best."""
    pairs: list[Pair] = []
    theirs: dict[int, list[Spot]] = defaultdict(list)
    minors: Counter[int] = Counter()
    could = {spot_id: problem.could(spot_id) for spot_id in problem.spots}
    order = sorted(
        problem.spots.values(),
        key=lambda one: (len(could[one.id]) - one.needed, one.starts_at, one.id),
    )
    for spot in order:
        left = spot.needed
        for helper in sorted(
            could[spot.id], key=lambda one: (len(theirs[one.id]), one.cost[spot.id], one.id)
        ):
            if not left:
                break
            if helper.minor and minors[spot.shift_id] >= room_for_minors(problem, spot.shift_id):
                continue
            if _kept_apart(problem, theirs, helper.id, spot):
                continue
            if fits_beside(helper, spot, theirs[helper.id]):
                pairs.append((spot.id, helper.id))
                theirs[helper.id].append(spot)
                minors[spot.shift_id] += helper.minor
                left -= 1
    assert not broken_rules(problem, pairs)
    return Solution(tuple(pairs), "greedy", problem.most - len(pairs))


def _kept_apart(
    problem: Problem, theirs: dict[int, list[Spot]], person_id: int, spot: Spot
) -> bool:
    others = [
        other if one == person_id else one
        for one, other, program_id in problem.apart
        if person_id in (one, other) and program_id == spot.program_id
    ]
    return any(
        its.program_id == spot.program_id and overlap(its, spot)
        for other in others
        for its in theirs.get(other, ())
    )
