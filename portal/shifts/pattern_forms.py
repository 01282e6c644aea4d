"""The forms about patterns and closures."""

from datetime import timedelta
from typing import Any

import wtforms

from portal.shifts.forms import (
    SlotsForm,
    adults_field,
    closes_hours_field,
    note_field,
    shown_slots,
    withdrawal_hours_field,
)
from portal.shifts.pattern_days import pattern_values
from portal.shifts.pattern_models import MORNING, Pattern
from portal.shifts.recurrence import RHYTHMS, rhythm_of, rule_of
from portal.web.choices import ZONES, check_field, checks_field, choice_field, chosen_field
from portal.web.fields import day_field, hidden_number, number_field, text_field, time_field
from portal.web.forms import Form
from portal.words import text

LONGEST = timedelta(days=366 * 10)
WEEKDAYS = {
    "6": text("Sunday"),
    "0": text("Monday"),
    "1": text("Tuesday"),
    "2": text("Wednesday"),
    "3": text("Thursday"),
    "4": text("Friday"),
    "5": text("Saturday"),
}


class PatternForm(SlotsForm):
    """A recurrence as a coordinator writes it. `seen` is the mark of the preview they looked at. One that is
    changed keeps its dates before `from_day`."""

    from_day = day_field(
        text("Change from this day on"),
        required=False,
        help=text("Earlier dates stay as they are. Leave blank to change all upcoming dates."),
    )
    title = text_field(text("Title"), help=text("Leave blank to use the role as the title."))
    site_id = chosen_field(text("Location"), required=False)
    rhythm = choice_field(text("How often?"), RHYTHMS)
    weekdays = checks_field(text("Days"), WEEKDAYS)
    starts = time_field(text("From"))
    ends = time_field(text("To"))
    first_day = day_field(text("First day"))
    last_day = day_field(
        text("Last day"), required=False, help=text("Leave blank for no end date.")
    )
    on_closures = check_field(text("Include days when the agency or the location is closed"))
    note = note_field()
    withdrawal_hours = withdrawal_hours_field()
    closes_hours = closes_hours_field()
    adults = adults_field()
    opens_days = number_field(
        text("Days before each date that sign-up opens"),
        least=1,
        most=365,
        required=False,
        help=text("Leave blank to open every date at once."),
    )
    opens_time = time_field(text("Sign-up opens at"), required=False)
    zone = choice_field(text("Time zone"), ZONES)
    seen = wtforms.HiddenField()
    version = hidden_number()

    @classmethod
    def showing(cls, pattern: Pattern) -> "PatternForm":
        """The form filled from a pattern."""
        rhythm, weekdays = rhythm_of(pattern.rule)
        shown = {"rhythm": rhythm, "weekdays": [str(weekday) for weekday in weekdays]}
        return cls(data=pattern_values(pattern) | shown | {"slots": shown_slots(pattern.slots)})

    def validate(self, *args: Any, **kwargs: Any) -> bool:
        """Check the fields, and that the days make sense together."""
        if not super().validate(*args, **kwargs):
            return False
        first, last = self.first_day.data, self.last_day.data
        if self.starts.data == self.ends.data:
            self.ends.errors = (text("Enter an end time later than the start."),)
        elif last and not first <= last <= first + LONGEST:
            wrong = text("Enter a last day on or after the first, within ten years.")
            self.last_day.errors = (wrong,)
        elif self._opens_too_late():
            self.opens_days.errors = (text("Sign-up would close before it opens."),)
        else:
            return True
        return False

    def _opens_too_late(self) -> bool:
        """Whether sign-up for a date would open after it closed."""
        if self.opens_days.data is None:
            return False
        at = self.opens_time.data or MORNING
        opens = timedelta(hours=at.hour, minutes=at.minute) - timedelta(days=self.opens_days.data)
        starts = timedelta(hours=self.starts.data.hour, minutes=self.starts.data.minute)
        return starts - timedelta(hours=self.closes_hours.data) <= opens

    @property
    def columns(self) -> dict[str, Any]:
        """The pattern's columns, once the form is valid."""
        names = (
            "title",
            "site_id",
            "note",
            "first_day",
            "last_day",
            "starts",
            "ends",
            "zone",
            "on_closures",
            "withdrawal_hours",
            "closes_hours",
            "opens_days",
        )
        opens = {"opens_time": self.opens_time.data or MORNING}
        rule = rule_of(self.rhythm.data, [int(weekday) for weekday in self.weekdays.data])
        adults = self.adults.data or 0
        return {name: self[name].data for name in names} | opens | {"rule": rule, "adults": adults}


class PatternEndForm(Form):
    """The last day of a pattern, and what becomes of later shifts with people on them."""

    last_day = day_field(text("Last day"))
    reason = text_field(
        text("Reason"),
        most=300,
        help=text(
            "If you enter a reason, we'll cancel later shifts that people have signed up for, "
            "and send them the reason. Leave blank to keep those shifts."
        ),
    )


class PatternUntilForm(Form):
    until = day_field(text("Publish shifts through"))
