"""The forms of swaps."""

from portal.people.forms import asked_field
from portal.web.choices import choice_field, chosen_field
from portal.web.forms import Form
from portal.words import text


class ProposeForm(Form):
    """Which of one's own shifts is offered."""

    signup = chosen_field(text("Your shift"))


ANSWERS = {"yes": text("They said yes"), "no": text("They said no")}


class AnswerForForm(Form):
    """What someone said to a proposal, and how staff heard it."""

    said = choice_field(text("Answer"), ANSWERS)
    asked = asked_field(required=True)
