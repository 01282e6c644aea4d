"""Forms with a local day and times, which become moments."""

from datetime import date, datetime, time
from typing import Any

import wtforms

from portal import clock
from portal.web.choices import ZONES, Radio, choice_field, select_choices
from portal.web.fields import Optional, day_field, time_field
from portal.web.forms import Form
from portal.words import text


def fold_field() -> wtforms.RadioField:
    """Which of two equal clock times is meant; shown only when `read_moment` had to ask."""
    times = {"0": text("The first time"), "1": text("The second time, an hour later")}
    return Radio(
        text("The clocks go back that night, so this time comes twice. Which one?"),
        [Optional()],
        choices=select_choices(times),
        validate_choice=False,
    )


def read_moment(
    day: date, at: time, zone: str, field: wtforms.Field, fold: wtforms.Field
) -> datetime | None:
    """A local day and time as a moment, or None with the reason put beside `field`.

    The hour that the clocks jump over is refused; the one they repeat is asked about.
    """
    try:
        return clock.from_local(day, at, zone, int(fold.data) if fold.data in ("0", "1") else None)
    except clock.SkippedHour:
        field.errors = (text("The clocks skip this time that night. Choose another."),)
    except clock.RepeatedHour:
        field.errors = (text("This time comes twice that night. Select which one below."),)
        fold.asked = True  # type: ignore[attr-defined]
    return None


class SpanForm(Form):
    """A form with a local day, when something starts and ends on the wall, and in which zone.

    Once it is valid, `starts_at` and `ends_at` are the moments. What ends before it starts ends on the next
    day. Of a time that comes twice, the page asks which one is meant (`fold_field`).
    """

    day = day_field(text("Date"))
    starts = time_field(text("From"))
    starts_fold = fold_field()
    ends = time_field(text("To"))
    ends_fold = fold_field()
    zone = choice_field(text("Time zone"), ZONES)

    @staticmethod
    def span_data(starts_at: datetime, ends_at: datetime, zone: str) -> dict[str, Any]:
        """What the fields show for a span."""
        starts, ends = clock.to_local(starts_at, zone), clock.to_local(ends_at, zone)
        return {
            "day": starts.date(),
            "starts": starts.time(),
            "ends": ends.time(),
            "starts_fold": str(starts.fold),
            "ends_fold": str(ends.fold),
            "zone": zone,
        }

    def validate(self, *args: Any, **kwargs: Any) -> bool:
        """Check the fields, then read the local times as moments."""
        self.starts_at: datetime | None = None
        self.ends_at: datetime | None = None
        if not super().validate(*args, **kwargs):
            return False
        day, zone = self.day.data, self.zone.data
        self.starts_at = read_moment(day, self.starts.data, zone, self.starts, self.starts_fold)
        last = day if self.ends.data > self.starts.data else day + clock.ONE_DAY
        if self.ends.data == self.starts.data:
            self.ends.errors = (text("Enter an end time later than the start."),)
        elif self.starts_at:
            self.ends_at = read_moment(last, self.ends.data, zone, self.ends, self.ends_fold)
        return self.starts_at is not None and self.ends_at is not None
