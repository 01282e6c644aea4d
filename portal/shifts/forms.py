"""The forms about shifts and signing up."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

import wtforms

from portal import clock
from portal.people.forms import asked_field
from portal.shifts.models import Shift, Slot
from portal.shifts.pattern_models import MORNING, PatternSlot
from portal.shifts.shift_slots import SlotWish
from portal.web.choices import check_field, choice_field, chosen_field, ids_field
from portal.web.fields import (
    day_field,
    hidden_number,
    long_text_field,
    number_field,
    text_field,
    time_field,
)
from portal.web.forms import Form
from portal.web.rows import NumberedRows
from portal.web.spans import SpanForm
from portal.words import text

MOST_SPOTS = 10_000


class SignupForm(Form):
    """Which spot; a shift with one slot needs no choice."""

    slot = chosen_field(text("Role"), required=False)
    trainee = wtforms.HiddenField()


class RegularForm(Form):
    """How often someone takes a pattern's shifts. `seen` marks the dates that were looked at."""

    position = chosen_field(text("Role"))
    every = choice_field(
        text("How often?"),
        {
            "1": text("On all its dates"),
            "2": text("Every other week"),
            "0": text("Only dates I select"),
        },
    )
    last_day = day_field(
        text("Last day"), required=False, help=text("Leave blank for no end date.")
    )
    lines = check_field(text("Join the waitlist for full dates"))
    dates = ids_field()
    seen = wtforms.HiddenField()


class AwayForm(Form):
    first_day = day_field(text("First day away"))
    last_day = day_field(text("Last day away"))


class RegularForForm(RegularForm):
    asked = asked_field(required=True)


class AwayForForm(Form):
    first_day = day_field(text("First day away"))
    last_day = day_field(text("Last day away"))
    asked = asked_field(required=True)


class AskForm(Form):
    """Ask those who are checked; `seen` marks exactly who they were."""

    slot = chosen_field(text("Role"))
    people = ids_field()
    seen = wtforms.HiddenField()


class SeenForm(Form):
    """A press on a page that shows what it does; `seen` marks that."""

    seen = wtforms.HiddenField()


class CancelForm(Form):
    reason = text_field(
        text("Reason for canceling"),
        most=300,
        required=True,
        help=text("People signed up for this shift can read this."),
    )


class SlotForm(Form):
    position = chosen_field(text("Role"), required=False)
    minimum = number_field(text("Needed"), least=0, most=MOST_SPOTS, required=False)
    maximum = number_field(text("Spots"), least=1, most=MOST_SPOTS, required=False)
    trainees = number_field(text("Shadowing"), least=0, most=100, required=False)


FEWEST_ROWS, MOST_ROWS = 2, 12
"""How many roles the form of a shift shows at least, and has at most."""


class SlotsForm(Form):
    """What has slots: a shift, or a pattern of shifts."""

    slots = NumberedRows(
        wtforms.FormField(SlotForm), min_entries=FEWEST_ROWS, max_entries=MOST_ROWS
    )

    def offer(self, roles: int) -> None:
        """Have a row for each role of a program, up to the most that a shift takes."""
        while len(self.slots) < min(roles, MOST_ROWS):
            self.slots.append_entry()

    @property
    def rows(self) -> tuple[list[Any], list[Any]]:
        """The rows that are shown at once, up to the last one in use, and those that can be opened."""
        used = [
            number for number, row in enumerate(self.slots, 1) if row.position.data or row.errors
        ]
        shown = max([FEWEST_ROWS, *used])
        return self.slots.entries[:shown], self.slots.entries[shown:]

    @property
    def wishes(self) -> list[SlotWish]:
        """The slots that were filled in. One number is enough: needed and spots are then the same."""
        return [
            SlotWish(
                position_id=entry.position.data,
                minimum=_first(entry.minimum.data, entry.maximum.data, 1),
                maximum=_first(entry.maximum.data, entry.minimum.data, 1) or 1,
                trainees=entry.trainees.data or 0,
            )
            for entry in self.slots
            if entry.position.data
        ]


def shown_slots(slots: Iterable[Slot | PatternSlot]) -> list[dict[str, int]]:
    """Slots as the form shows them."""
    return [
        {
            "position": slot.position_id,
            "minimum": slot.minimum,
            "maximum": slot.maximum,
            "trainees": slot.trainees,
        }
        for slot in slots
        if slot.maximum
    ]


def withdrawal_hours_field() -> wtforms.IntegerField:
    """The cut-off, in hours before the start."""
    return number_field(
        text("Cancellation cutoff (hours before the shift)"),
        least=0,
        most=24 * 14,
        default=24,
    )


def closes_hours_field() -> wtforms.IntegerField:
    """When sign-up ends, in hours before the start."""
    return number_field(
        text("Sign-up cutoff (hours before the shift)"), least=0, most=24 * 14, default=0
    )


def note_field() -> wtforms.TextAreaField:
    """What people on the shift should know."""
    return long_text_field(
        text("Note for volunteers"),
        help=text("What to bring, who to ask for. Don't include client names."),
    )


def adults_field() -> wtforms.IntegerField:
    """How many adults a shift needs at all times."""
    return number_field(
        text("Adults who have to be there at all times"),
        least=0,
        most=10,
        required=False,
        default=0,
        help=text(
            "0: no rule. People under 18 don't count, and people with one address count once."
        ),
    )


class ShiftForm(SlotsForm, SpanForm):
    """A shift as a coordinator writes it: local day and times, and how many people in which role."""

    title = text_field(text("Title"), help=text("Leave blank to use the role as the title."))
    site_id = chosen_field(text("Location"), required=False)
    note = note_field()
    withdrawal_hours = withdrawal_hours_field()
    closes_hours = closes_hours_field()
    adults = adults_field()
    opens_on = day_field(
        text("Sign-up opens on"), required=False, help=text("Leave blank to open it now.")
    )
    opens_time = time_field(text("Sign-up opens at"), required=False)
    version = hidden_number()

    @classmethod
    def showing(cls, shift: Shift) -> "ShiftForm":
        """The form filled from a shift."""
        span = cls.span_data(shift.starts_at, shift.ends_at, shift.zone)
        return cls(
            data=span
            | {
                "title": shift.title,
                "site_id": shift.site_id,
                "note": shift.note,
                "adults": shift.adults,
                "version": shift.version,
                "withdrawal_hours": _hours(shift.starts_at - shift.withdraw_until),
                "closes_hours": _hours(shift.starts_at - shift.closes_at),
                "opens_on": shift.opens_at and clock.local_day(shift.opens_at, shift.zone),
                "opens_time": shift.opens_at and clock.to_local(shift.opens_at, shift.zone).time(),
                "slots": shown_slots(shift.slots),
            }
        )

    def validate(self, *args: Any, **kwargs: Any) -> bool:
        """Check the fields, and that sign-up opens before it closes."""
        if not super().validate(*args, **kwargs):
            return False
        opens_at = self.columns["opens_at"]
        if opens_at and opens_at >= self.columns["closes_at"]:
            self.opens_on.errors = (text("Sign-up would close before it opens."),)
            return False
        return True

    @property
    def columns(self) -> dict[str, Any]:
        """The shift's columns, once the form is valid."""
        assert self.starts_at
        assert self.ends_at
        opens_on = self.opens_on.data
        return {
            "title": self.title.data,
            "site_id": self.site_id.data,
            "note": self.note.data,
            "adults": self.adults.data or 0,
            "starts_at": self.starts_at,
            "ends_at": self.ends_at,
            "zone": self.zone.data,
            "opens_at": opens_on
            and clock.as_calendars_do(opens_on, self.opens_time.data or MORNING, self.zone.data),
            "closes_at": self.starts_at - timedelta(hours=self.closes_hours.data),
            "withdraw_until": self.starts_at - timedelta(hours=self.withdrawal_hours.data),
        }


def _hours(span: timedelta) -> int:
    return int(span.total_seconds() // 3600)


def _first(*values: int | None) -> int:
    return next(value for value in values if value is not None)
