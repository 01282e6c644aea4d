"""ZIP codes: where one is and how far two are from each other, from data that comes with `zipcodes`."""

import math
import re
from functools import lru_cache
from typing import Any

import zipcodes

ZIP = re.compile(r"[0-9]{5}")
AT_THE_END = re.compile(r"\b([0-9]{5})(?:-[0-9]{4})?\s*$")
MILES_PER_DEGREE = 69.0
"""Of latitude; a degree of longitude has as many times the cosine of the latitude."""


@lru_cache(maxsize=4096)
def place_of(postal_code: str) -> tuple[float, float] | None:
    """The latitude and longitude of the middle of a ZIP code, in degrees; None for one that is not known."""
    if not ZIP.fullmatch(postal_code):
        return None
    found: list[dict[str, Any]] = zipcodes.matching(postal_code)
    return (float(found[0]["lat"]), float(found[0]["long"])) if found else None


def zip_in(address: str) -> str:
    """The ZIP code with which an address ends; "" where it has none."""
    found = AT_THE_END.search(address)
    return found[1] if found else ""


@lru_cache(maxsize=16384)
def miles_between(one: str, other: str) -> float | None:
    """How many miles the middles of two ZIP codes are apart, as on a flat map; None where one is not known."""
    here, there = place_of(one), place_of(other)
    if here is None or there is None:
        return None
    up = (here[0] - there[0]) * MILES_PER_DEGREE
    east = MILES_PER_DEGREE * math.cos(math.radians(here[0]))
    return math.hypot(up, (here[1] - there[1]) * east)
