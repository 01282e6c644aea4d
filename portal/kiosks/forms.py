"""The forms of kiosks."""

from portal.web.choices import choice_field, chosen_field
from portal.web.fields import day_field, text_field
from portal.web.forms import Form
from portal.words import text


class KioskForm(Form):
    """Where and when a kiosk stands, and for which program."""

    site = chosen_field(text("Location"))
    program = chosen_field(text("Program"), required=False)
    day = day_field(text("Day"))


WAYS = {"in": text("Check in"), "out": text("Check out")}


class AtKioskForm(Form):
    """Someone without a phone of their own at hand, as they type it at the kiosk."""

    kept = False
    first = text_field(text("Your first name"), most=60, required=True, autocomplete="off")
    digits = text_field(
        text("Last four digits of your phone number"),
        most=20,
        required=True,
        inputmode="tel",
        autocomplete="off",
    )
    way = choice_field(text("In or out"), WAYS)


class CodeForm(Form):
    """The code that a kiosk shows."""

    kept = False
    code = text_field(
        text("Code on the screen"), most=12, required=True, inputmode="numeric", autocomplete="off"
    )
    way = choice_field(text("In or out"), WAYS)
