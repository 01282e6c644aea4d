"""Forms: the shape of what people may send, and fields that keep hostile text out.

A form checks shape only; rules that need other rows live in the verb, which refuses with
reasons that land beside the fields. Every message is Words, said when the page is rendered.
"""

import re
import unicodedata
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, Self, TypeVar
from urllib.parse import urlsplit

import wtforms
from wtforms.fields.choices import SelectChoice
from wtforms.validators import StopValidation, ValidationError

from portal.web.errors import Refused, Stale
from portal.web.ids import as_id
from portal.web.words import Words, text

INVISIBLE = {"Cc", "Cs", "Cf", "Co"}
"""Unicode categories no name or note needs: controls, lone surrogates, bidi and other format marks."""

KEPT = {"\u200c", "\u200d"}
"""Joiners that several scripts and emoji need to be written right."""

FIRST_DAY, LAST_DAY = date(2000, 1, 1), date(2100, 12, 31)

ZONES = {
    "America/New_York": text("Eastern Time"),
    "America/Chicago": text("Central Time"),
    "America/Denver": text("Mountain Time"),
    "America/Phoenix": text("Arizona Time"),
    "America/Los_Angeles": text("Pacific Time"),
    "America/Anchorage": text("Alaska Time"),
    "Pacific/Honolulu": text("Hawaii Time"),
    "America/Puerto_Rico": text("Atlantic Time"),
}
"""The time zones that something can be written in."""


def clean(value: str | None, *, lines: bool = False) -> str:
    """Text as typed, without what cannot be seen: controls, bidi marks, lone surrogates."""
    if not value:
        return ""
    value = value.replace("\r\n", "\n").replace("\r", "\n") if lines else value
    kept = (
        character
        for character in value
        if character in KEPT
        or (lines and character == "\n")
        or unicodedata.category(character) not in INVISIBLE
    )
    return "".join(kept).strip()


class Form(wtforms.Form):
    """What every form derives from."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.reasons: list[Any] = []
        self.refusal: Refused | None = None
        self.current: Mapping[str, Any] = {}

    def refuse(self, refusal: Refused) -> None:
        """Put a verb's reasons beside the fields they are about; the rest stand on top, also what is about a
        field that this form does not have."""
        self.refusal = refusal
        self.reasons = list(refusal.reasons)
        for name, words in refusal.fields.items():
            if name in self:
                self[name].errors = [*self[name].errors, words]
            else:
                self.reasons.append(words)
        if isinstance(refusal, Stale):
            self.current = {
                name: value
                for name, value in refusal.current.items()
                if name in self and self[name].data != value
            }
            self["version"].data = refusal.current["version"]

    def apart(self, end: object) -> Self:
        """The form with ids of its own, for a page that has several with the same fields."""
        for one in self:
            one.id = f"{one.name}-{end}"
        return self

    @property
    def refused(self) -> bool:
        """Whether something stands in the way, so the page can say so on top."""
        return bool(self.errors or self.reasons or self.current)

    @property
    def values(self) -> dict[str, Any]:
        """What was sent, by field, without the version."""
        return {name: value for name, value in self.data.items() if name != "version"}


F = TypeVar("F", bound=Form)


def form_of(form: Any, kind: type[F], data: Mapping[str, Any] | None = None) -> F:
    """One of a page's forms: the one that was refused, with what was typed in it, or a fresh one with some
    data."""
    return form if isinstance(form, kind) else kind(data=data)


class NoForm(Form):
    """A button: nothing is sent but the press itself."""


class Checked:
    """A validator made from a question and what to say when the answer is no."""

    def __init__(self, good: Callable[[Any], bool], words: Words) -> None:
        self.good, self.words = good, words

    def __call__(self, form: Form, field: wtforms.Field) -> None:
        if field.data not in (None, "") and not self.good(field.data):
            raise ValidationError(self.words)


class Required:
    """Something must be typed or chosen."""

    field_flags = {"required": True}

    def __init__(self, words: Words | None = None) -> None:
        self.words = words or text("Please fill this in.")

    def __call__(self, form: Form, field: wtforms.Field) -> None:
        if field.data in (None, "") and not field.process_errors:
            field.errors = []  # type: ignore[assignment]
            raise StopValidation(self.words)


class _Optional:
    """Nothing typed is fine, and ends the checks."""

    def __call__(self, form: Form, field: wtforms.Field) -> None:
        if not field.raw_data or not str(field.raw_data[0]).strip():
            field.errors = []  # type: ignore[assignment]
            raise StopValidation


def _checks(required: bool, *checks: Any) -> list[Any]:
    return [Required() if required else _Optional(), *checks]


def text_field(
    label: Words,
    *,
    most: int = 200,
    required: bool = False,
    help: Words | None = None,
    **kwargs: Any,
) -> wtforms.StringField:
    """One line of text, trimmed and cleaned."""
    too_long = text("Please keep this to %(most)s characters.", most=most)
    checks = _checks(required, Checked(lambda value: len(value) <= most, too_long))
    return wtforms.StringField(
        label,
        checks,
        filters=[clean],
        description=help or "",
        default="",
        render_kw={"maxlength": most, **kwargs},
    )


def long_text_field(
    label: Words, *, most: int = 2000, required: bool = False, help: Words | None = None
) -> wtforms.TextAreaField:
    """Several lines of text."""
    too_long = text("Please keep this to %(most)s characters.", most=most)
    checks = _checks(required, Checked(lambda value: len(value) <= most, too_long))
    return wtforms.TextAreaField(
        label,
        checks,
        filters=[lambda value: clean(value, lines=True)],
        default="",
        description=help or "",
        render_kw={"maxlength": most, "rows": 3},
    )


def is_address(value: str) -> bool:
    """Whether a text looks like one e-mail address and nothing beside it."""
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
    wrong = text("Please give a whole address that begins with https.")
    return wtforms.URLField(
        label,
        _checks(required, Checked(lambda value: len(value) <= 500 and is_link(value), wrong)),
        filters=[clean],
        description=help or "",
        default="",
        render_kw={"maxlength": 500},
    )


def email_field(
    label: Words, *, required: bool = False, help: Words | None = None
) -> wtforms.EmailField:
    """An e-mail address: one, and nothing beside it (SECURITY F5)."""
    wrong = text(
        "This does not look like an e-mail address. It needs an @ and a dot, like ana@example.org."
    )
    return wtforms.EmailField(
        label,
        _checks(required, Checked(lambda value: len(value) <= 254 and is_address(value), wrong)),
        filters=[clean],
        description=help or "",
        default="",
        render_kw={"maxlength": 254, "autocomplete": "email", "inputmode": "email"},
    )


def phone_digits(value: str) -> str:
    """The digits of a phone number, as it is searched and dialed."""
    return "".join(
        character for character in value if character.isdecimal() and character.isascii()
    )


def phone_field(
    label: Words, *, required: bool = False, help: Words | None = None
) -> wtforms.TelField:
    """A phone number as people write it; at least seven digits."""
    wrong = text("This does not look like a phone number. It needs 7 to 15 digits.")
    return wtforms.TelField(
        label,
        _checks(required, Checked(lambda value: 7 <= len(phone_digits(value)) <= 15, wrong)),
        filters=[clean],
        description=help or "",
        default="",
        render_kw={"maxlength": 40, "autocomplete": "tel", "inputmode": "tel"},
    )


class _WholeNumber(wtforms.IntegerField):
    def process_formdata(self, valuelist: list[str]) -> None:
        if not _typed(valuelist):
            self.data = None
            return
        try:
            self.data = int(valuelist[0])
        except ValueError:
            self.data = None
            raise ValueError(text("Please type a whole number.")) from None


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
    wrong = text("Please type a number from %(least)s to %(most)s.", least=least, most=most)
    return _WholeNumber(
        label,
        _checks(required, Checked(lambda value: least <= value <= most, wrong)),
        description=help or "",
        default=default,
        render_kw={"min": least, "max": most, "inputmode": "numeric"},
    )


def hidden_number() -> wtforms.IntegerField:
    """A number that travels with the form; nonsense reads as none at all."""
    return _WholeNumber(
        "",
        [_Optional()],
        widget=wtforms.widgets.HiddenInput(),
        filters=[lambda value: value if value is not None and 0 <= value < 2**31 else None],
    )


def _typed(valuelist: list[str]) -> list[str]:
    """What was really typed: a field left empty is no value, not a wrong one."""
    return [value for value in valuelist if value.strip()]


class _Day(wtforms.DateField):
    def process_formdata(self, valuelist: list[str]) -> None:
        try:
            super().process_formdata(_typed(valuelist))
        except ValueError:
            self.data = None
            raise ValueError(text("Please type a date like 2027-03-14.")) from None


def day_field(
    label: Words, *, required: bool = True, help: Words | None = None
) -> wtforms.DateField:
    """A calendar day of this century."""
    wrong = text("Please choose a day between 2000 and 2100.")
    return _Day(
        label,
        _checks(required, Checked(lambda value: FIRST_DAY <= value <= LAST_DAY, wrong)),
        description=help or "",
    )


class _Time(wtforms.TimeField):
    def process_formdata(self, valuelist: list[str]) -> None:
        try:
            super().process_formdata(_typed(valuelist))
        except ValueError:
            self.data = None
            raise ValueError(text("Please type a time like 18:00.")) from None


def time_field(label: Words, *, required: bool = True) -> wtforms.TimeField:
    """A time of day; browsers show it the way their owner writes times."""
    return _Time(label, _checks(required), format=["%H:%M", "%H:%M:%S"])


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
        if typed := _typed(valuelist):
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
        _checks(required, Checked(lambda value: 0 <= value <= most, wrong)),
        description=help or "",
        render_kw={"maxlength": 12, "autocomplete": "off"},
    )


class _Options:
    """Choices as the templates want them: pairs of a value and its words."""

    choices: list[SelectChoice]

    @property
    def options(self) -> list[tuple[str, Any]]:
        return [(choice.value, choice.label) for choice in self.choices]


class _Choice(_Options, wtforms.SelectField):
    pass


class _Radio(_Options, wtforms.RadioField):
    asked = False


def choice_field(
    label: Words,
    choices: Mapping[str, Words],
    *,
    required: bool = True,
    default: str | None = None,
    help: Words | None = None,
) -> wtforms.SelectField:
    """One of a fixed few."""
    wrong = text("Please choose one of these.")
    return _Choice(
        label,
        _checks(required, Checked(lambda value: value in choices, wrong)),
        choices=_select_choices(choices),
        validate_choice=False,
        default=default,
        description=help or "",
    )


def _select_choices(choices: Mapping[str, Words]) -> list[SelectChoice]:
    return [SelectChoice(value, words) for value, words in choices.items()]  # type: ignore[arg-type]


class _Chosen(wtforms.SelectField):
    """A row chosen by id. The page brings the rows; the verb checks that the choice is in scope."""

    def process_formdata(self, valuelist: list[str]) -> None:
        value = valuelist[0] if valuelist else ""
        self.data = as_id(value)


def chosen_field(
    label: Words, *, required: bool = True, help: Words | None = None
) -> wtforms.SelectField:
    """A row of another table, by its id; the template is given what there is to choose from."""
    words = text("Please choose one.")
    return _Chosen(
        label,
        [Required(words)] if required else [],
        validate_choice=False,
        choices=[],
        coerce=lambda value: value,
        description=help or "",
    )


def ids_field(label: Words | None = None) -> wtforms.SelectMultipleField:
    """Rows ticked in a list, by their ids. The page brings the list; the verb checks what is in it."""
    return wtforms.SelectMultipleField(
        label,
        validate_choice=False,
        choices=[],
        default=(),
        filters=[
            lambda values: [one for value in values or () if (one := as_id(value)) is not None]
        ],
    )


def check_field(label: Words, *, help: Words | None = None) -> wtforms.BooleanField:
    """A box to tick."""
    return wtforms.BooleanField(label, description=help or "")


class _Ticks(_Options, wtforms.SelectMultipleField):
    pass


def ticks_field(
    label: Words, choices: Mapping[str, Words], *, least: int = 1
) -> wtforms.SelectMultipleField:
    """Any of a fixed few, at least so many: boxes to tick. What is not among them is left out."""
    return _Ticks(
        label,
        [_AtLeastOne()] if least else [],
        choices=_select_choices(choices),
        validate_choice=False,
        filters=[lambda values: [value for value in values or () if value in choices]],
        default=(),
    )


class _AtLeastOne:
    def __call__(self, form: Form, field: wtforms.Field) -> None:
        if not field.data:
            raise ValidationError(text("Please tick at least one."))
