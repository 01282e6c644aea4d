"""When a calendar says that someone is busy."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from portal.ical_blocks import WrongCalendar
from portal.ical_reading import Occurrence, in_utc, read_calendar


def busy_spans(
    data: bytes, zone: str, first: datetime, last: datetime, most: int
) -> Iterator[tuple[datetime, datetime]]:
    """When the owner of a calendar is busy between two moments, at most so many spans. Whole days are those of
    `zone`. Raises ValueError for a file that is no calendar."""
    try:
        found = read_calendar(data, zone, last)
    except WrongCalendar as error:
        raise ValueError(str(error)) from None
    spans = sorted(
        span
        for series in found
        for one in series.occurrences
        if not one.canceled and not one.free
        for span in [_span(one, zone)]
        if span[0] < last and span[1] > first and span[0] < span[1]
    )
    yield from spans[:most]


def _span(one: Occurrence, zone: str) -> tuple[datetime, datetime]:
    if one.starts_at and one.ends_at:
        return one.starts_at, one.ends_at
    first = one.day or date.min
    after = one.after or first + timedelta(days=1)
    return in_utc(first, zone), in_utc(after, zone)
