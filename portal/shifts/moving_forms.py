"""The forms of moving a shift, taking another day, and copying weeks."""

import wtforms

from portal.web.choices import choice_field, chosen_field
from portal.web.fields import day_field, text_field, time_field
from portal.web.forms import Form
from portal.words import text


class AnotherDayForm(Form):
    """Which slot is taken instead."""

    slot = chosen_field(text("Shift"))


class MoveForm(Form):
    """Another day, at the same time or at another one; `was` is the day from which it is moved, as the page
    showed it."""

    was = wtforms.HiddenField()
    day = day_field(text("Date"))
    starts = time_field(text("From"), required=False)


class CopyForm(Form):
    """Which week a week is copied to; `seen` marks the preview that was looked at."""

    week = day_field(text("Copy this week"))
    to = day_field(text("Copy to the week of"))
    program = chosen_field(text("Program"), required=False)
    people = choice_field(
        text("The people on them"),
        {
            "no": text("Copy shifts without people"),
            "ask": text("Ask them whether they come again"),
            "carry": text("Sign them up again, and tell them"),
        },
    )
    seen = wtforms.HiddenField()


class TemplateForm(Form):
    """A week of a program under a name."""

    name = text_field(text("Name of the template"), most=120, required=True)
    template_program = chosen_field(text("Program"))
    template_week = day_field(text("A day of that week"))
