"""The forms about programs, sites, positions and placements."""

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
from portal.web.translated import TranslatedForm
from portal.words import text

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


class ProgramForm(TranslatedForm):
    translated = ("name", "public_label", "description")

    name = text_field(text("Name"), most=120, required=True)
    visibility = choice_field(
        text("Visibility"),
        {
            Visibility.PUBLIC.value: text("Everyone"),
            Visibility.LABEL.value: text("Everyone, but only under its neutral name"),
            Visibility.HIDDEN.value: text("Only its own staff and volunteers"),
        },
    )
    public_label = text_field(
        text("Neutral name"),
        most=120,
        help=text("For a sensitive program: what calendars, email, and other people see."),
    )
    description = long_text_field(text("What the program does"))
    contact_name = text_field(
        text("Contact for volunteers"),
        most=120,
        help=text("Shown when something needs a call."),
    )
    contact_phone = phone_field(text("Contact's phone"))
    withdrawal_hours = number_field(
        text("Cancellation cutoff (hours before a shift)"),
        least=0,
        most=24 * 14,
        default=24,
    )
    counts_travel = check_field(text("Count travel time as hours"))
    version = hidden_number()


class FundingForm(Form):
    """Who pays, from when to when, for the program or one role."""

    name = text_field(text("Funding source"), most=120, required=True)
    position_id = chosen_field(text("Role"), required=False)
    first_day = day_field(text("From"))
    last_day = day_field(text("To"), required=False)


class SiteForm(TranslatedForm):
    translated = ("directions", "access_notes")

    name = text_field(text("Name"), required=True)
    address = text_field(text("Address"), most=300)
    program_id = chosen_field(text("Program"), required=False)
    confidential = check_field(
        text("This is a confidential location"),
        help=text(
            "Its name and address are shown only to people with a shift there and to its program's staff."
        ),
    )
    directions = long_text_field(text("Directions"))
    access_notes = long_text_field(
        text("Access"), help=text("Entrance without steps, parking, who to ask for")
    )
    version = hidden_number()


MONTHS = {
    1: text("January"),
    2: text("February"),
    3: text("March"),
    4: text("April"),
    5: text("May"),
    6: text("June"),
    7: text("July"),
    8: text("August"),
    9: text("September"),
    10: text("October"),
    11: text("November"),
    12: text("December"),
}


class PositionForm(TranslatedForm):
    translated = ("name", "description")

    name = text_field(text("Name"), most=120, required=True)
    description = long_text_field(text("What you'll do"))
    color = choice_field(text("Color"), COLORS)
    icon = choice_field(text("Icon"), ICONS)
    season_from = chosen_field(
        text("Season begins in"),
        required=False,
        help=text("Leave both blank for a role all year round."),
    )
    season_to = chosen_field(text("Season ends in"), required=False)
    youngest = number_field(
        text("Youngest age"),
        least=10,
        most=18,
        default=18,
        help=text("Under 18: a parent or guardian has to agree first."),
    )
    version = hidden_number()


class PlacementForm(Form):
    """Staff place a person, or answer for them."""

    position = chosen_field(text("Role"))
    starts_on = day_field(text("From"))
    asked = asked_field()


class EndPlacementForm(Form):
    ends_on = day_field(text("Last day"))
    reason = text_field(text("Reason for ending"), most=300)
    asked = asked_field()
