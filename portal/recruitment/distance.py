"""How far a ZIP code is from another: over the middles of their areas, from data that comes with `zipcodes`."""

import math
import re
from functools import lru_cache
from typing import Any

import zipcodes
from sqlalchemy import ColumnElement, and_

from portal.recruitment.models import Opportunity

ZIP = re.compile(r"[0-9]{5}")
MILES_PER_DEGREE = 69.0
"""Of latitude; a degree of longitude has as many times the cosine of the latitude."""
MILES = (5, 10, 25, 50)
"""How far one may look."""


@lru_cache(maxsize=4096)
def place_of(postal_code: str) -> tuple[float, float] | None:
    """The latitude and longitude of the middle of a ZIP code, in degrees; None for one that is not known."""
    if not ZIP.fullmatch(postal_code):
        return None
    found: list[dict[str, Any]] = zipcodes.matching(postal_code)
    return (float(found[0]["lat"]), float(found[0]["long"])) if found else None


def within(miles: int, latitude: float, longitude: float) -> ColumnElement[bool]:
    """The condition that an opportunity's ZIP code is within so many miles of a point, as on a flat map: right
    to one in a thousand over 50 miles."""
    east = MILES_PER_DEGREE * math.cos(math.radians(latitude))
    north = MILES_PER_DEGREE
    up = (Opportunity.latitude - latitude) * north
    over = (Opportunity.longitude - longitude) * east
    return and_(
        Opportunity.latitude.between(latitude - miles / north, latitude + miles / north),
        Opportunity.longitude.is_not(None),
        up * up + over * over <= float(miles * miles),
    )
