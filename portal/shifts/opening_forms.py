"""The forms of when sign-up opens."""

import wtforms

from portal.shifts.early import HOURS
from portal.web.choices import choice_field, chosen_field
from portal.web.fields import day_field, text_field, time_field
from portal.web.forms import Form
from portal.words import Words, count_text, text

EARLY: dict[str, Words] = {
    str(hours): count_text("%(n)s day", "%(n)s days", hours // 24)
    if hours >= 24
    else count_text("%(n)s hour", "%(n)s hours", hours)
    for hours in HOURS
}


class OpeningForm(Form):
    """Which shifts open for sign-up when; `seen` marks the preview that was looked at."""

    program = chosen_field(text("Program"))
    first = day_field(text("First day"))
    last = day_field(text("Last day"))
    opens_on = day_field(text("Sign-up opens on"))
    opens_time = time_field(text("Sign-up opens at"))
    seen = wtforms.HiddenField()


class EarlyListForm(Form):
    """A list of people who sign up early."""

    of_program = chosen_field(text("Program"))
    name = text_field(text("Name of the list"), most=120, required=True)
    hours = choice_field(text("How much earlier?"), EARLY)
