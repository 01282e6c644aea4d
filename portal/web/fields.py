"""Fields, each made by one function."""

from datetime import date
from typing import Any
from urllib.parse import urlsplit

import wtforms
from wtforms.validators import StopValidation

from portal import clock
from portal.typed import read_day, read_time
from portal.web.forms import Checked, Form, clean
from portal.words import Words, text

WRONG_DAY = text("Enter a date like 3/14/2027.")
WRONG_TIME = text("Enter a time like 6:00 pm.")
FIRST_DAY, LAST_DAY = date(2000, 1, 1), date(2100, 12, 31)


class Required:
    """Something must be typed or chosen."""

    field_flags = {"required": True}

    def __init__(self, words: Words | None = None) -> None:
        self.words = words or text("Fill this in.")

    def __call__(self, form: Form, field: wtforms.Field) -> None:
        if field.data in (None, "") and not field.process_errors:
            field.errors = []  # type: ignore[assignment]
            raise StopValidation(self.words)


class Optional:
    """Nothing typed is fine, and ends the checks."""

    def __call__(self, form: Form, field: wtforms.Field) -> None:
        if not field.raw_data or not str(field.raw_data[0]).strip():
            field.errors = []  # type: ignore[assignment]
            raise StopValidation


def checks_of(required: bool, *checks: Any, missing: Words | None = None) -> list[Any]:
    """The validators of a field: what is given, after whether it must be. `missing` says what to enter."""
    return [Required(missing) if required else Optional(), *checks]


def text_field(
    label: Words,
    *,
    most: int = 200,
    required: bool = False,
    missing: Words | None = None,
    help: Words | None = None,
    **kwargs: Any,
) -> wtforms.StringField:
    """One line of text, trimmed and cleaned. `missing` says what to enter."""
    too_long = text("Use at most %(most)s characters.", most=most)
    checks = checks_of(
        required, Checked(lambda value: len(value) <= most, too_long), missing=missing
    )
    return wtforms.StringField(
        label,
        checks,
        filters=[clean],
        description=help or "",
        default="",
        render_kw={"maxlength": most, **kwargs},
    )


def long_text_field(
    label: Words,
    *,
    most: int = 2000,
    required: bool = False,
    help: Words | None = None,
    rows: int = 3,
) -> wtforms.TextAreaField:
    """Several lines of text, of which so many `rows` are in sight."""
    too_long = text("Use at most %(most)s characters.", most=most)
    checks = checks_of(required, Checked(lambda value: len(value) <= most, too_long))
    return wtforms.TextAreaField(
        label,
        checks,
        filters=[lambda value: clean(value, lines=True)],
        default="",
        description=help or "",
        render_kw={"maxlength": most, "rows": rows},
    )


def is_address(value: str) -> bool:
    """Whether a text looks like one email address and nothing beside it."""
    name, at, domain = value.partition("@")
    plain = _is_one_line(value) and not any(sign in value for sign in ' ,;<>()[]"\\:')
    return bool(name and at and "." in domain.strip(".") and "@" not in domain and plain)


def _is_one_line(value: str) -> bool:
    """Whether a text is plain ASCII without line breaks, tabs and other control characters."""
    return value.isascii() and value.isprintable()


def is_link(value: str) -> bool:
    """Whether a text is one https address and nothing beside it."""
    try:
        parts = urlsplit(value)
    except ValueError:
        return False
    plain = _is_one_line(value) and not any(sign in value for sign in " \"'<>\\^`{|}")
    return parts.scheme == "https" and bool(parts.hostname) and plain


def link_field(
    label: Words, *, required: bool = False, help: Words | None = None
) -> wtforms.URLField:
    """The address of a page elsewhere."""
    wrong = text("Enter a full address that starts with https.")
    return wtforms.URLField(
        label,
        checks_of(required, Checked(lambda value: len(value) <= 500 and is_link(value), wrong)),
        filters=[clean],
        description=help or "",
        default="",
        render_kw={"maxlength": 500},
    )


def email_field(
    label: Words,
    *,
    required: bool = False,
    help: Words | None = None,
    autocomplete: str = "email",
) -> wtforms.EmailField:
    """An email address: one, and nothing beside it (SECURITY F5)."""
    wrong = text("Enter an email address like ana@example.org.")
    return wtforms.EmailField(
        label,
        checks_of(
            required,
            Checked(lambda value: len(value) <= 254 and is_address(value), wrong),
            missing=wrong,
        ),
        filters=[clean],
        description=help or "",
        default="",
        render_kw={"maxlength": 254, "autocomplete": autocomplete, "inputmode": "email"},
    )


def phone_digits(value: str) -> str:
    """The digits of a phone number, as it is searched and dialed."""
    return "".join(
        character for character in value if character.isdecimal() and character.isascii()
    )


def phone_field(
    label: Words,
    *,
    required: bool = False,
    help: Words | None = None,
    autocomplete: str = "tel",
) -> wtforms.TelField:
    """A phone number as people write it: at least seven digits, and no more than the tables hold."""
    wrong = text("Enter a phone number with 7 to 15 digits.")
    return wtforms.TelField(
        label,
        checks_of(
            required,
            Checked(lambda value: 7 <= len(phone_digits(value)) <= 15 and len(value) <= 40, wrong),
            missing=wrong,
        ),
        filters=[clean],
        description=help or "",
        default="",
        render_kw={"maxlength": 40, "autocomplete": autocomplete, "inputmode": "tel"},
    )


class _WholeNumber(wtforms.IntegerField):
    def process_formdata(self, valuelist: list[str]) -> None:
        if not as_typed(valuelist):
            self.data = None
            return
        try:
            self.data = int(valuelist[0])
        except ValueError:
            self.data = None
            raise ValueError(text("Enter a whole number.")) from None


def number_field(
    label: Words,
    *,
    least: int,
    most: int,
    required: bool = True,
    help: Words | None = None,
    default: int | None = None,
) -> wtforms.IntegerField:
    """A whole number between two bounds, both included."""
    wrong = text("Enter a number from %(least)s to %(most)s.", least=least, most=most)
    return _WholeNumber(
        label,
        checks_of(required, Checked(lambda value: least <= value <= most, wrong)),
        description=help or "",
        default=default,
        render_kw={"min": least, "max": most, "inputmode": "numeric"},
    )


def hidden_number() -> wtforms.IntegerField:
    """A number that travels with the form; nonsense reads as none at all."""
    return _WholeNumber(
        "",
        [Optional()],
        widget=wtforms.widgets.HiddenInput(),
        filters=[lambda value: value if value is not None and 0 <= value < 2**31 else None],
    )


def as_typed(valuelist: list[str]) -> list[str]:
    """What was really typed: a field left empty is no value, not a wrong one."""
    return [value for value in valuelist if value.strip()]


class _Day(wtforms.DateField):
    """A date, from a picker or as people type it. What could be read comes back in the picker's form."""

    def process_formdata(self, valuelist: list[str]) -> None:
        self.data = None
        if typed := as_typed(valuelist):
            try:
                self.data = read_day(typed[0], clock.now().date())
            except ValueError:
                raise ValueError(WRONG_DAY) from None

    def process_data(self, value: Any) -> None:
        """A draft keeps a date as it was typed."""
        if isinstance(value, str):
            self.raw_data, value = [value], as_day(value)
        super().process_data(value)

    def _value(self) -> str:
        return self.data.isoformat() if self.data else clean(" ".join(self.raw_data or ()))


def as_day(typed: str) -> date | None:
    """The date that was typed, if it is one."""
    try:
        return read_day(typed, clock.now().date())
    except ValueError:
        return None


def day_field(
    label: Words, *, required: bool = True, help: Words | None = None
) -> wtforms.DateField:
    """A calendar day of this century."""
    wrong = text("Enter a date between 2000 and 2100.")
    return _Day(
        label,
        checks_of(
            required,
            Checked(lambda value: FIRST_DAY <= value <= LAST_DAY, wrong),
            missing=WRONG_DAY,
        ),
        description=help or "",
    )


class _Time(wtforms.TimeField):
    """A time of day, from a picker or as people type it."""

    def process_formdata(self, valuelist: list[str]) -> None:
        self.data = None
        if typed := as_typed(valuelist):
            try:
                self.data = read_time(typed[0])
            except ValueError:
                raise ValueError(WRONG_TIME) from None

    def _value(self) -> str:
        return (
            f"{self.data:%H:%M}" if self.data is not None else clean(" ".join(self.raw_data or ()))
        )


def time_field(label: Words, *, required: bool = True) -> wtforms.TimeField:
    """A time of day; browsers show it the way their owner writes times."""
    return _Time(label, checks_of(required, missing=WRONG_TIME))
