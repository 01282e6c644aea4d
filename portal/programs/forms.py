"""The forms about programs, sites, positions and placements."""

from collections.abc import Mapping
from typing import Any, Self

from portal.people.forms import asked_field
from portal.programs.models import Visibility
from portal.web.choices import check_field, choice_field, chosen_field
from portal.web.fields import (
    day_field,
    hidden_number,
    long_text_field,
    number_field,
    phone_field,
    text_field,
)
from portal.web.forms import Form
from portal.web.words import LANGUAGES, SOURCE, text

OTHER_LANGUAGES = tuple(code for code in LANGUAGES if code != SOURCE)

COLORS = {
    "teal": text("Teal"),
    "blue": text("Blue"),
    "plum": text("Plum"),
    "rose": text("Rose"),
    "brick": text("Brick"),
    "ochre": text("Ochre"),
    "moss": text("Moss"),
    "slate": text("Slate"),
}
ICONS = {
    "person": text("Person"),
    "people": text("People"),
    "bank": text("Courthouse"),
    "car-front": text("Car"),
    "book": text("Book"),
    "house-heart": text("Home"),
    "door-open": text("Door"),
    "megaphone": text("Megaphone"),
    "basket": text("Basket"),
    "telephone": text("Phone"),
    "heart-pulse": text("Heart"),
    "briefcase": text("Briefcase"),
    "balloon": text("Balloon"),
    "translate": text("Languages"),
    "tools": text("Tools"),
    "flower1": text("Flower"),
}


class TranslatedForm(Form):
    """A form with fields per language: `name` beside `name_es`, kept together in `translations`."""

    translated: tuple[str, ...] = ()

    @classmethod
    def showing(cls, row: Mapping[str, Any]) -> Self:
        """The form filled from a row's values."""
        flat = {
            f"{name}_{language}": words.get(name, "")
            for language, words in row["translations"].items()
            for name in cls.translated
        }
        return cls(data={**row, **flat})

    @property
    def values(self) -> dict[str, Any]:
        flat = super().values
        flat["translations"] = {
            language: {name: flat.pop(f"{name}_{language}") for name in self.translated}
            for language in OTHER_LANGUAGES
        }
        return flat


class ProgramForm(TranslatedForm):
    translated = ("name", "public_label", "description")

    name = text_field(text("Name"), most=120, required=True)
    name_es = text_field(text("Name in Spanish"), most=120)
    visibility = choice_field(
        text("Who may see it?"),
        {
            Visibility.PUBLIC.value: text("Everyone"),
            Visibility.LABEL.value: text("Everyone, but only under its neutral name"),
            Visibility.HIDDEN.value: text("Only its own staff and volunteers"),
        },
    )
    public_label = text_field(
        text("Neutral name"),
        most=120,
        help=text("For a sensitive program: what calendars, mail and other people see."),
    )
    public_label_es = text_field(text("Neutral name in Spanish"), most=120)
    description = long_text_field(text("What it does"))
    description_es = long_text_field(text("What it does, in Spanish"))
    contact_name = text_field(
        text("Whom can volunteers call?"),
        most=120,
        help=text("Shown whenever something is in the way."),
    )
    contact_phone = phone_field(text("Their phone"))
    withdrawal_hours = number_field(
        text("Until how many hours before a shift may people take themselves off it?"),
        least=0,
        most=24 * 14,
        default=24,
    )
    counts_travel = check_field(text("The time on the way counts as hours"))
    version = hidden_number()


class FundingForm(Form):
    """Who pays, from when to when, for the program or one role."""

    name = text_field(text("Who pays"), most=120, required=True)
    position_id = chosen_field(text("For which role?"), required=False)
    first_day = day_field(text("From"))
    last_day = day_field(text("To"), required=False)


class SiteForm(TranslatedForm):
    translated = ("directions", "access_notes")

    name = text_field(text("Name"), required=True)
    address = text_field(text("Address"), most=300)
    program_id = chosen_field(text("Which program uses it?"), required=False)
    confidential = check_field(
        text("This is a confidential place"),
        help=text(
            "Its name and address are shown only to people with a shift there and to its program's staff."
        ),
    )
    directions = long_text_field(text("How to get there"))
    directions_es = long_text_field(text("How to get there, in Spanish"))
    access_notes = long_text_field(
        text("Getting in"), help=text("Step-free entrance, parking, whom to ask for")
    )
    access_notes_es = long_text_field(text("Getting in, in Spanish"))
    version = hidden_number()


class PositionForm(TranslatedForm):
    translated = ("name", "description")

    name = text_field(text("Name"), most=120, required=True)
    name_es = text_field(text("Name in Spanish"), most=120)
    description = long_text_field(text("What you will do"))
    description_es = long_text_field(text("What you will do, in Spanish"))
    color = choice_field(text("Color"), COLORS)
    icon = choice_field(text("Picture"), ICONS)
    version = hidden_number()


class PlacementForm(Form):
    """Staff place a person, or answer for them."""

    position = chosen_field(text("Role"))
    starts_on = day_field(text("From"))
    asked = asked_field()


class DeclineForm(Form):
    reason = text_field(text("Why not?"), most=300, required=True, help=text("They can read this."))


class EndPlacementForm(Form):
    ends_on = day_field(text("Last day"))
    reason = text_field(text("Why does it end?"), most=300)
    asked = asked_field()
