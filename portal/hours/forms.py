"""The forms about hours."""

import re
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

import wtforms

from portal import clock
from portal.hours.entries import DAY_MINUTES, Work
from portal.hours.models import HoursEntry, HoursState
from portal.people.forms import asked_field
from portal.web.choices import chosen_field, ids_field
from portal.web.durations import WRONG_DURATION, duration_field, read_duration
from portal.web.errors import Refused
from portal.web.fields import (
    day_field,
    hidden_number,
    long_text_field,
    number_field,
    text_field,
    time_field,
)
from portal.web.forms import Form, clean
from portal.web.ids import as_id
from portal.web.spans import fold_field, read_moment
from portal.words import Words, text

AMOUNT = re.compile(r"\$?(\d{1,3})(?:\.(\d{1,2}))?", re.ASCII)
"""Dollars and cents, as people write them."""

LONGEST = timedelta(hours=14)
"""A night is not longer; what is, was rather a mix-up of morning and afternoon."""

STATE_WORDS = {
    HoursState.DRAFT: text("draft"),
    HoursState.SUBMITTED: text("pending"),
    HoursState.APPROVED: text("approved"),
    HoursState.DISPUTED: text("disputed"),
    HoursState.VOID: text("removed"),
}


class ReportForm(Form):
    """Hours that come from no shift: when, or how long."""

    position = chosen_field(text("Role"))
    day = day_field(text("Date"))
    starts = time_field(text("From"), required=False)
    ends = time_field(text("To"), required=False)
    starts_fold = fold_field()
    ends_fold = fold_field()
    minutes = duration_field(
        text("Total time"),
        most=DAY_MINUTES,
        help=text("For example: 2 hr 30 min, 2.5, or 150 min."),
    )
    travel = duration_field(text("Plus travel time"), most=DAY_MINUTES)
    note = text_field(
        text("What did you do?"), most=200, help=text("One line. Don't include client names.")
    )
    asked = asked_field()

    @classmethod
    def showing(cls, entry: HoursEntry, zone: str) -> "ReportForm":
        """The form with an entry's values."""
        timed = entry.starts_at is not None and entry.ends_at is not None
        data: dict[str, Any] = {
            "position": entry.position_id,
            "day": entry.day,
            "note": entry.note,
            "travel": entry.travel_minutes or None,
        }
        if timed:
            assert entry.starts_at
            assert entry.ends_at
            data["starts"] = clock.to_local(entry.starts_at, zone).time()
            data["ends"] = clock.to_local(entry.ends_at, zone).time()
        else:
            data["minutes"] = entry.minutes - entry.travel_minutes
        return cls(data=data)

    def work(self, person_id: int, program_id: int, zone: str, *, travel: bool) -> Work:
        """What the form says; raises Refused beside the fields that are wrong. Between two clock times
        counts real time, also in the nights in which the clocks change."""
        day: date = self.day.data
        starts, ends = self._times(day, zone)
        if starts and ends and self.minutes.data:
            raise Refused(fields={"minutes": text("Enter the times or the total time, not both.")})
        if starts and ends:
            minutes = int(clock.elapsed(starts, ends).total_seconds()) // 60
        elif self.minutes.data:
            minutes = int(self.minutes.data)
        else:
            raise Refused(
                fields={"minutes": text("Enter a start and end time, or the total time.")}
            )
        on_the_way = int(self.travel.data or 0) if travel else 0
        return Work(
            person_id,
            program_id,
            int(self.position.data),
            day,
            minutes + on_the_way,
            on_the_way,
            starts_at=starts,
            ends_at=ends,
            note=self.note.data or "",
        )

    def _times(self, day: date, zone: str) -> tuple[datetime | None, datetime | None]:
        first, last = self.starts.data, self.ends.data
        if first is None and last is None:
            return None, None
        if first is None or last is None:
            name = "starts" if first is None else "ends"
            raise Refused(fields={name: text("Enter both times, or the total time instead.")})
        starts = read_moment(day, first, zone, self.starts, self.starts_fold)
        last_day = day if last > first or (last == first) else day + clock.ONE_DAY
        ends = read_moment(last_day, last, zone, self.ends, self.ends_fold)
        if starts is None or ends is None:
            raise Refused
        if ends <= starts or ends - starts > LONGEST:
            words = text("Enter an end time after the start. Check am and pm.")
            raise Refused(fields={"ends": words})
        return starts, ends


class SheetForm(Form):
    """A paper sheet: people down, days across."""

    def __init__(self, formdata: Any = None, **kwargs: Any) -> None:
        super().__init__(formdata, **kwargs)
        self.typed: dict[str, str] = {
            name: clean(str(value))[:12]
            for name, value in (formdata.items() if formdata else ())
            if name.startswith("h-")
        }
        self.wrong: dict[str, Words] = {}

    def cells(self, days: Mapping[str, date], people: set[int]) -> dict[tuple[int, date], int]:
        """The minutes that were typed, by person and day; what cannot be read is put into `wrong`."""
        found: dict[tuple[int, date], int] = {}
        for name, value in self.typed.items():
            _, person, day = (*name.split("-", 2), "", "")[:3]
            if day not in days or as_id(person) not in people:
                continue
            try:
                minutes = read_duration(value)
            except ValueError:
                self.wrong[name] = WRONG_DURATION
                continue
            if minutes:
                found[int(person), days[day]] = minutes
        return found


class ApprovalForm(Form):
    """Entries that are checked, of so many `listed`; or all that fit, up to the newest that was shown."""

    entries = ids_field()
    everything = wtforms.HiddenField()
    upto = hidden_number()
    listed = hidden_number()


class CorrectionForm(Form):
    minutes = duration_field(text("How long was it?"), most=DAY_MINUTES, required=True)
    reason = text_field(text("Reason"), most=300, required=True)


class TakeBackForm(Form):
    reason = text_field(text("Reason"), most=300, required=True)


class QuestionForm(Form):
    words = long_text_field(
        text("What is wrong?"), most=500, required=True, help=text("Don't include client names.")
    )


class HoursAnswerForm(Form):
    """What a coordinator answers; other minutes correct the entry."""

    answer = long_text_field(text("Your answer"), most=500, required=True)
    minutes = duration_field(
        text("Corrected time"),
        most=DAY_MINUTES,
        help=text("Leave blank to keep the time as it is."),
    )


class RateForm(Form):
    """What an hour is worth in a year, and who says so."""

    year = number_field(text("Year"), least=2000, most=2100)
    dollars = text_field(
        text("Dollars an hour"),
        most=10,
        required=True,
        inputmode="decimal",
        help=text("For example: 34.79"),
    )
    position = chosen_field(text("Role"), required=False)
    source = text_field(
        text("Source"),
        required=True,
        help=text("Who says so? For example: Independent Sector, 2026."),
    )

    @property
    def cents(self) -> int:
        """The rate in cents; Refused for what is no amount from 0.01 to 999.99."""
        amount = AMOUNT.fullmatch(self.dollars.data.replace(" ", ""))
        cents = int(amount[1]) * 100 + int((amount[2] or "0").ljust(2, "0")) if amount else 0
        if not cents:
            raise Refused(fields={"dollars": text("Enter an amount, such as 34.79.")})
        return cents
