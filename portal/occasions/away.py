"""How far away something is, in words."""

from datetime import datetime

from portal import clock
from portal.words import Words, text


def away(starts_at: datetime, zone: str, at: datetime, home_zone: str) -> Words:
    """In how many local days something starts, seen from `at`; that it goes on once it has begun."""
    if starts_at <= at:
        return text("Right now")
    days = (clock.local_day(starts_at, zone) - clock.local_day(at, home_zone)).days
    if days < 1:
        return text("Next, today")
    return text("Next, tomorrow") if days == 1 else text("Next, in %(days)s days", days=days)
