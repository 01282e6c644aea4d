"""A form with up to four days and times."""

from datetime import datetime
from typing import Any

import wtforms

from portal import clock
from portal.web.errors import Refused
from portal.web.forms import (
    Form,
)
from portal.words import text

TALKS = 4
"""How many dates one form takes."""


DAYS = ("day", *(f"day_{n}" for n in range(2, TALKS + 1)))
"""The names of the fields with a day; each has a time beside it."""


class DatesForm(Form):
    """A form with local days and times in pairs: day and starts, day_2 and starts_2, and so on."""

    def validate(self, *args: Any, **kwargs: Any) -> bool:
        """Check the fields, and that each pair is whole or empty."""
        good = super().validate(*args, **kwargs)
        whole = [self._whole(day, starts) for day, starts in self._pairs()]
        return all(whole) and good

    def _pairs(self) -> list[tuple[wtforms.Field, wtforms.Field]]:
        return [(self[one], self[one.replace("day", "starts")]) for one in DAYS if one in self]

    def _whole(self, day: wtforms.Field, starts: wtforms.Field) -> bool:
        if day.errors or starts.errors:
            return False
        if (day.data is None) != (starts.data is None):
            empty = day if day.data is None else starts
            empty.errors = (text("Enter both the date and the time."),)
            return False
        return True

    def moments(self, zone: str) -> dict[str, datetime]:
        """What was typed, as moments by the name of the day's field. Of a time that comes twice, it is the
        first; raises Refused for one that the clocks jump over."""
        found = {}
        for day, starts in self._pairs():
            if day.data is None or starts.data is None:
                continue
            try:
                found[day.name] = clock.from_local(day.data, starts.data, zone, fold=0)
            except clock.SkippedHour:
                raise Refused(fields={starts.name: SKIPPED}) from None
        return found


SKIPPED = text("The clocks skip this time that night. Choose another.")
