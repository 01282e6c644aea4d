"""The forms of emergency access."""

from portal.cases.forms import NO_NAMES
from portal.cases.match_forms import YES_NO
from portal.web.choices import choice_field, chosen_field
from portal.web.fields import long_text_field, number_field, text_field
from portal.web.forms import Form
from portal.words import text


class EmergencyForm(Form):
    """Which case, why, and for how long."""

    kept = False

    program = chosen_field(text("Program"))
    reference = text_field(text("Case reference"), most=40, required=True)
    reason = long_text_field(text("What is the emergency?"), most=300, required=True, help=NO_NAMES)
    minutes = number_field(text("Minutes"), least=5, most=60)


class VerdictForm(Form):
    """Whether it was justified."""

    justified = choice_field(text("Justified?"), YES_NO)
