"""The forms about what people can do, when they could come, and who looks after them."""

from collections.abc import Mapping, Sequence
from typing import Any

import wtforms

from portal.people.availability import Span, span_of, week_mark
from portal.people.forms import asked_field
from portal.people.traits import Level, SkillKind
from portal.web.choices import check_field, choice_field, chosen_field, ids_field
from portal.web.fields import day_field, hidden_number, number_field, text_field, time_field
from portal.web.forms import Form
from portal.web.ids import as_id
from portal.web.rows import NumberedRows
from portal.words import text

KIND_WORDS = {
    SkillKind.LANGUAGE.value: text("Language"),
    SkillKind.SKILL.value: text("Skill"),
    SkillKind.DISTRICT.value: text("Part of the county"),
}
LEVEL_WORDS = {
    Level.BASIC.value: text("a few words"),
    Level.CONVERSATIONAL.value: text("conversational"),
    Level.FLUENT.value: text("fluent"),
    Level.NATIVE.value: text("native speaker"),
}
WEEKDAY_WORDS = {
    6: text("Sunday"),
    0: text("Monday"),
    1: text("Tuesday"),
    2: text("Wednesday"),
    3: text("Thursday"),
    4: text("Friday"),
    5: text("Saturday"),
}


class CanForm(Form):
    """What a person says they can do. How well they speak each language comes as level-<its id>."""

    skills = ids_field()
    drives = check_field(text("I can drive for the agency"))
    vehicle_seats = number_field(
        text("How many passengers fit in your car?"),
        least=0,
        most=60,
        required=False,
        help=text("Leave blank if you don't have a car."),
    )
    vehicle_note = text_field(
        text("About the car"), help=text("Room for a wheelchair, a child seat, a large trunk")
    )
    version = hidden_number()

    def __init__(self, formdata: Any = None, **kwargs: Any) -> None:
        super().__init__(formdata, **kwargs)
        shown: Mapping[int, str] = (kwargs.get("data") or {}).get("levels", {})
        sent = formdata.items() if formdata else ()
        typed = {as_id(name[6:]): str(value) for name, value in sent if name.startswith("level-")}
        self.levels: dict[int, str] = dict(shown) | {
            number: level for number, level in typed.items() if number and level in LEVEL_WORDS
        }

    @property
    def values(self) -> dict[str, Any]:
        return super().values | {"levels": self.levels}


class CanForForm(CanForm):
    """The same, when staff write it down for someone."""

    drives = check_field(text("Can drive for the agency"))
    vehicle_seats = number_field(
        text("How many passengers fit in their car?"),
        least=0,
        most=60,
        required=False,
        help=text("Leave blank if they don't have a car."),
    )
    asked = asked_field(required=True)


class WeekdayForm(Form):
    """Up to two spans of a day of the week."""

    starts = time_field(text("From"), required=False)
    ends = time_field(text("Until"), required=False)
    starts_2 = time_field(text("And from"), required=False)
    ends_2 = time_field(text("Until"), required=False)

    def validate(self, extra_validators: Any = None) -> bool:
        fine = super().validate(extra_validators)
        pairs = ((self.starts, self.ends), (self.starts_2, self.ends_2))
        wrong = [pair for pair in pairs if not _is_a_span(*pair)]
        return bool(fine) and not wrong

    @property
    def spans(self) -> list[Span]:
        """What was typed."""
        pairs = ((self.starts, self.ends), (self.starts_2, self.ends_2))
        return [
            span_of(first.data, last.data)
            for first, last in pairs
            if first.data is not None and last.data is not None
        ]


def _is_a_span(first: wtforms.Field, last: wtforms.Field) -> bool:
    """Both times or none; else the reason is put beside the one that is missing."""
    if first.errors or last.errors:
        return False
    if (first.data is None) != (last.data is None):
        missing = first if first.data is None else last
        missing.errors = (text("Enter both times, or leave both blank."),)
        return False
    if first.data is not None and first.data == last.data:
        last.errors = (text("These two times are the same."),)
        return False
    return True


class WeekForm(Form):
    """When a person could come, from Monday to Sunday."""

    days = NumberedRows(wtforms.FormField(WeekdayForm), min_entries=7, max_entries=7)
    version = hidden_number()

    @property
    def week(self) -> dict[int, list[Span]]:
        """The spans of each weekday."""
        return {
            day: entry.form.spans
            for entry in self.days
            if (day := as_id(entry.name.rpartition("-")[2])) is not None and day < 7
        }


class WeekForForm(WeekForm):
    asked = asked_field(required=True)


def week_data(week: Mapping[int, Sequence[Span]]) -> dict[str, Any]:
    """A week as its form holds it."""
    names = (("starts", "ends"), ("starts_2", "ends_2"))
    days = [
        {
            name: at
            for pair, span in zip(names, week.get(day, ()), strict=False)
            for name, at in zip(pair, (span.from_time, span.to_time), strict=True)
        }
        for day in range(7)
    ]
    return {"days": days, "version": week_mark(week)}


class DayForm(Form):
    """What holds on one day instead of its weekday."""

    day = day_field(text("Date"))
    come = choice_field(
        text("Availability"), {"no": text("Not available"), "yes": text("Available")}
    )
    starts = time_field(text("From"), required=False)
    ends = time_field(text("Until"), required=False)

    def validate(self, extra_validators: Any = None) -> bool:
        fine = super().validate(extra_validators)
        return (self.come.data != "yes" or _is_a_span(self.starts, self.ends)) and bool(fine)

    @property
    def span(self) -> Span | None:
        """When they could come; without times the whole day, None not at all."""
        if self.come.data != "yes":
            return None
        if self.starts.data is None:
            return Span(0, 24 * 60)
        return span_of(self.starts.data, self.ends.data)


class DayForForm(DayForm):
    asked = asked_field(required=True)


class SupervisionForm(Form):
    """Give a person a supervisor."""

    supervisor = chosen_field(text("Supervisor"))
    program = chosen_field(text("Program"))
    first_day = day_field(text("From"))
    last_day = day_field(text("To"), required=False, help=text("Leave blank for no end date."))


class SupervisionEndForm(Form):
    last_day = day_field(text("Last day"))


class CoverForm(Form):
    """Who stands in while one is away."""

    first_day = day_field(text("First day away"))
    last_day = day_field(text("Last day away"))
    cover = chosen_field(text("Covered by"))
