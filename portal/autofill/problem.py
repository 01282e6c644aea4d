"""What is to be filled and by whom: a snapshot that a process without a database can solve.

It holds ids and times, no names. `cost` says how well a person suits a spot, 0 best, as the list of unfilled
shifts orders them; who is not in it for a spot can't take it.
"""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from portal.shifts.limits import Limits, Work

Pair = tuple[int, int]
"""A spot and a person, by id."""


@dataclass(frozen=True)
class Spot:
    """A slot that needs people. Of those on its shift so many more have to be `adults`."""

    id: int
    shift_id: int
    program_id: int
    starts_at: datetime
    ends_at: datetime
    zone: str
    needed: int
    adults: int = 0


@dataclass(frozen=True)
class Helper:
    """Someone who could help: what they do already, the limits that bind them by program, and which spots they
    could take at which cost."""

    id: int
    minor: bool
    work: tuple[Work, ...]
    limits: Mapping[int, Limits]
    cost: Mapping[int, int]


@dataclass(frozen=True)
class Problem:
    """All of it. `apart` are people of a program who never serve at the same time."""

    spots: Mapping[int, Spot]
    helpers: Mapping[int, Helper]
    apart: tuple[tuple[int, int, int], ...] = ()
    seconds: float = 20.0

    @property
    def most(self) -> int:
        """More spots than this no proposal fills."""
        return sum(min(one.needed, len(self.could(one.id))) for one in self.spots.values())

    def could(self, spot_id: int) -> list[Helper]:
        """Who could take a spot, the best suited first."""
        found = [one for one in self.helpers.values() if spot_id in one.cost]
        return sorted(found, key=lambda one: (one.cost[spot_id], one.id))


@dataclass(frozen=True)
class Solution:
    """Who is proposed for which spot, by which `solver`, and how many more spots it could not rule out."""

    pairs: tuple[Pair, ...]
    solver: str
    gap: int = 0


def packed(problem: Problem) -> str:
    """A problem as JSON."""
    return json.dumps(asdict(problem), default=lambda moment: moment.isoformat())


def unpacked(text: str) -> Problem:
    """The problem that `packed` gave."""
    raw = json.loads(text)
    spots = {int(key): Spot(**_timed(one)) for key, one in raw["spots"].items()}
    helpers = {
        int(key): Helper(
            one["id"],
            one["minor"],
            tuple(_work(*row) for row in one["work"]),
            {int(program): Limits(**its) for program, its in one["limits"].items()},
            {int(spot): cost for spot, cost in one["cost"].items()},
        )
        for key, one in raw["helpers"].items()
    }
    apart = tuple((one, other, program) for one, other, program in raw["apart"])
    return Problem(spots, helpers, apart, raw["seconds"])


def _timed(row: dict[str, Any]) -> dict[str, Any]:
    return row | {name: datetime.fromisoformat(row[name]) for name in ("starts_at", "ends_at")}


def _work(
    person: int, first: str, last: str, signup: int | None, program: int | None, _: Any
) -> Work:
    return Work(
        person, datetime.fromisoformat(first), datetime.fromisoformat(last), signup, program
    )
