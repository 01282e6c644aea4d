"""Hours and minutes, as people type them."""

import re

import wtforms

from portal.web.fields import as_typed, checks_of
from portal.web.forms import Checked, clean
from portal.web.words import Words, text

_HOURS_AND_MINUTES = re.compile(
    r"(\d{1,2})(?::| ?(?:h|hr|hrs|hours?|horas?) ?)([0-5]\d) ?(?:m|min|mins|minutes?|minutos?)?",
    re.IGNORECASE,
)


_HOURS = re.compile(r"(\d{1,2})(?:[.,](\d{1,2}))? ?(?:h|hr|hrs|hours?|horas?)?", re.IGNORECASE)


_MINUTES = re.compile(r"(\d{1,4}) ?(?:m|min|mins|minutes?|minutos?)", re.IGNORECASE)


WRONG_DURATION = text("Please write hours and minutes like 2:30, 2.5 or 150 min.")


def read_duration(value: str) -> int | None:
    """How many minutes "2:30", "2.5", "2 h" or "150 min" are; None for nothing typed. Raises ValueError for
    what is none of these. A bare number is hours."""
    value = value.strip()
    if not value:
        return None
    if found := _HOURS_AND_MINUTES.fullmatch(value):
        return int(found[1]) * 60 + int(found[2])
    if found := _HOURS.fullmatch(value):
        part = found[2] or "0"
        return int(found[1]) * 60 + round(float(f"0.{part}") * 60)
    if found := _MINUTES.fullmatch(value):
        return int(found[1])
    raise ValueError(value)


def duration_text(minutes: int) -> str:
    """Minutes as people read and type them: "2:30"."""
    return f"{minutes // 60}:{minutes % 60:02}"


class _Duration(wtforms.StringField):
    """Minutes, typed as a duration. What was typed comes back as typed."""

    def process_formdata(self, valuelist: list[str]) -> None:
        self.data = None
        if typed := as_typed(valuelist):
            try:
                self.data = read_duration(typed[0])
            except ValueError:
                raise ValueError(WRONG_DURATION) from None

    def _value(self) -> str:
        if self.raw_data:
            return clean(self.raw_data[0])
        return "" if self.data is None else duration_text(int(self.data))


def duration_field(
    label: Words, *, most: int, required: bool = False, help: Words | None = None
) -> wtforms.StringField:
    """A length of time, in minutes, up to `most` of them."""
    wrong = text(
        "Please keep this under %(most)s hours. Write minutes like “90 min”.", most=most // 60
    )
    return _Duration(
        label,
        checks_of(required, Checked(lambda value: 0 <= value <= most, wrong)),
        description=help or "",
        render_kw={"maxlength": 12, "autocomplete": "off"},
    )
