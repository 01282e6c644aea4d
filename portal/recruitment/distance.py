"""Which opportunities are within some miles of a ZIP code."""

import math

from sqlalchemy import ColumnElement, and_

from portal.postal import MILES_PER_DEGREE
from portal.recruitment.models import Opportunity

MILES = (5, 10, 25, 50)
"""How far one may look."""


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
