"""Hours and minutes, as people type them."""

import re

import wtforms

from portal.web.fields import as_typed, checks_of
from portal.web.forms import Checked, clean
from portal.words import CATALOGS, Words, text

_HOURS_AND_MINUTES = re.compile(
    r"(\d{1,5})(?::(?=\d\d)| ?(?:h|hr|hrs|hours?|horas?) ?)([0-5]?\d) ?(?:m|min|mins|minutes?|minutos?)?",
    re.IGNORECASE,
)


_HOURS = re.compile(r"(\d{1,2})(?:[.,](\d{1,2}))? ?(?:h|hr|hrs|hours?|horas?)?", re.IGNORECASE)


_MANY_HOURS = re.compile(r"(\d{3,5}) ?(?:h|hr|hrs|hours?|horas?)", re.IGNORECASE)


_MINUTES = re.compile(r"(\d{1,4}) ?(?:m|min|mins|minutes?|minutos?)", re.IGNORECASE)


WRONG_DURATION = text("Enter a length of time like 2 hr 30 min, 2.5, or 150 min.")


def read_duration(value: str) -> int | None:
    """How many minutes "2 hr 30 min", "2:30", "2.5" or "150 min" are; None for nothing typed. A bare number is
    hours. Raises ValueError for what is none of these."""
    value = value.strip()
    if not value:
        return None
    value = re.sub(
        r"(?<=[^\W\d_])\.|(?<=\d),(?=\d{3}\b)|\b(?:and|y)\b", "", value, flags=re.IGNORECASE
    )
    value = " ".join(value.split())
    if found := _HOURS_AND_MINUTES.fullmatch(value):
        return int(found[1]) * 60 + int(found[2])
    if found := _HOURS.fullmatch(value):
        part = found[2] or "0"
        return int(found[1]) * 60 + round(float(f"0.{part}") * 60)
    if found := _MANY_HOURS.fullmatch(value):
        return int(found[1]) * 60
    if found := _MINUTES.fullmatch(value):
        return int(found[1])
    raise ValueError(value)


def duration_words(minutes: int) -> Words:
    """An amount of time with its units, as people read and type it: "2 hr 30 min"."""
    hours, rest = divmod(minutes, 60)
    if not hours:
        return text("%(minutes)s min", minutes=rest)
    if not rest:
        return text("%(hours)s hr", hours=f"{hours:,}")
    return text("%(hours)s hr %(minutes)s min", hours=f"{hours:,}", minutes=rest)


def duration_text(minutes: int, language: str) -> str:
    """The same, said in a language."""
    return CATALOGS[language].say(duration_words(minutes))


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
        return "" if self.data is None else str(duration_words(int(self.data)))


def duration_field(
    label: Words, *, most: int, required: bool = False, help: Words | None = None
) -> wtforms.StringField:
    """A length of time, in minutes, up to `most` of them."""
    wrong = text("Enter less than %(most)s hours. Enter minutes like “90 min”.", most=most // 60)
    return _Duration(
        label,
        checks_of(
            required, Checked(lambda value: 0 <= value <= most, wrong), missing=WRONG_DURATION
        ),
        description=help or "",
        render_kw={"maxlength": 24, "autocomplete": "off"},
    )
