"""Fields with which one chooses."""

from collections.abc import Mapping
from typing import Any

import wtforms
from wtforms.fields.choices import SelectChoice
from wtforms.validators import ValidationError

from portal.web.fields import Required, checks_of
from portal.web.forms import Checked, Form
from portal.web.ids import as_id
from portal.words import Words, text

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


class _Options:
    """Choices as the templates want them: pairs of a value and its words."""

    choices: list[SelectChoice]

    @property
    def options(self) -> list[tuple[str, Any]]:
        return [(choice.value, choice.label) for choice in self.choices]


class Choice(_Options, wtforms.SelectField):
    pass


class Radio(_Options, wtforms.RadioField):
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
    wrong = text("Select one of these.")
    return Choice(
        label,
        checks_of(required, Checked(lambda value: value in choices, wrong), missing=wrong),
        choices=select_choices(choices),
        validate_choice=False,
        default=default,
        description=help or "",
    )


def select_choices(choices: Mapping[str, Any]) -> list[SelectChoice]:
    return [SelectChoice(value, words) for value, words in choices.items()]


class Chosen(wtforms.SelectField):
    """A row chosen by id. The page brings the rows; the verb checks that the choice is in scope."""

    def process_formdata(self, valuelist: list[str]) -> None:
        value = valuelist[0] if valuelist else ""
        self.data = as_id(value)


def chosen_field(
    label: Words, *, required: bool = True, help: Words | None = None
) -> wtforms.SelectField:
    """A row of another table, by its id; the template is given what there is to choose from."""
    words = text("Select one.")
    return Chosen(
        label,
        [Required(words)] if required else [],
        validate_choice=False,
        choices=[],
        coerce=lambda value: value,
        description=help or "",
    )


def ids_field(label: Words | None = None) -> wtforms.SelectMultipleField:
    """Rows checked in a list, by their ids. The page brings the list; the verb checks what is in it."""
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
    """A box to check."""
    return wtforms.BooleanField(label, description=help or "")


class CheckList(_Options, wtforms.SelectMultipleField):
    pass


def checks_field(
    label: Words | str,
    choices: Mapping[str, Any],
    *,
    least: int = 1,
    help: Words | str | None = None,
) -> wtforms.SelectMultipleField:
    """Any of a fixed few, at least so many: boxes to check. What is not among them is left out."""
    return CheckList(
        label,
        [_AtLeastOne()] if least else [],
        choices=select_choices(choices),
        validate_choice=False,
        filters=[lambda values: [value for value in values or () if value in choices]],
        default=(),
        description=help or "",
    )


class _AtLeastOne:
    def __call__(self, form: Form, field: wtforms.Field) -> None:
        if not field.data:
            raise ValidationError(text("Select at least one."))
