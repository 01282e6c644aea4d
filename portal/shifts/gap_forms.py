"""The forms of the list of unfilled shifts."""

import wtforms

from portal.people.forms import asked_field
from portal.shifts.gap_models import CallOutcome
from portal.shifts.gaps import AT_ONCE
from portal.web.choices import choice_field, chosen_field, ids_field
from portal.web.fields import day_field, text_field
from portal.web.forms import Form
from portal.web.ids import as_id
from portal.words import text


class AddForm(Form):
    """Who takes a spot: a `person` whose button was pressed, or whom one typed into `who`; with nothing typed,
    the `first` person of the line."""

    who = text_field(text("Name"), most=100)
    person = chosen_field(text("Person"), required=False)
    first = chosen_field(text("Person"), required=False)
    asked = asked_field()


class PersonForm(Form):
    """One person of a line."""

    person = chosen_field(text("Person"))


class ConfirmForm(PersonForm):
    """Someone who said that they come, and how they said it."""

    asked = asked_field()


class CallForm(Form):
    """How a call went and with whom, as the pressed button says it: "no_answer-55"."""

    call = wtforms.HiddenField()

    @property
    def said(self) -> tuple[CallOutcome, int] | None:
        """The outcome and the person; None for nonsense."""
        outcome, _, number = (self.call.data or "").rpartition("-")
        person = as_id(number)
        if person is None or outcome not in set(CallOutcome):
            return None
        return CallOutcome(outcome), person


class PauseForm(Form):
    """What someone who said no is not to be asked for."""

    what = choice_field(
        text("Don't ask"),
        {
            "day": text("Not this day"),
            "role": text("Not this role"),
            "until": text("Not until"),
        },
    )
    until = day_field(text("Don't ask until"), required=False)


class AskManyForm(Form):
    """Which gaps people are asked about; `seen` marks the people and messages that were looked at."""

    slots = ids_field(text("Shifts"))
    seen = wtforms.HiddenField()

    @property
    def chosen(self) -> list[int]:
        """As many as a page shows."""
        return list(self.slots.data or ())[:AT_ONCE]
