"""The forms about incidents and concerns."""

from typing import Any

import wtforms

from portal.incidents.models import Called, IncidentKind
from portal.incidents.settings import ADULT_HOTLINE, CHILD_HOTLINE, WITHIN
from portal.people.forms import asked_field
from portal.web.choices import choice_field, chosen_field, ids_field
from portal.web.fields import (
    day_field,
    long_text_field,
    number_field,
    phone_field,
    text_field,
    time_field,
)
from portal.web.forms import Form
from portal.words import text

KIND_WORDS = {
    IncidentKind.INJURY.value: text("Someone was hurt"),
    IncidentKind.ACCIDENT.value: text("An accident, or almost one"),
    IncidentKind.THREAT.value: text("A threat or harassment"),
    IncidentKind.LOSS.value: text("Something was lost, stolen, or damaged"),
    IncidentKind.WORRY.value: text("I'm worried about someone"),
    IncidentKind.COMPLAINT.value: text("A complaint"),
}
CALLED_WORDS = {
    Called.YES.value: text("Yes"),
    Called.NO.value: text("No"),
    Called.NOT_NEEDED.value: text("Not needed"),
}
NO_CLIENTS = text("If it's about a client, use their reference only. Never their name.")


class IncidentForm(Form):
    """A report. In a sensitive program only its kind, the call, and a number to call back are shown."""

    kept = False
    kind = choice_field(text("What kind of thing happened?"), KIND_WORDS)
    called = choice_field(text("Did you call 911 or a hotline?"), CALLED_WORDS)
    called_time = time_field(text("If yes, at what time?"), required=False)
    happened_on = day_field(text("On which day?"), required=False)
    happened_at = text_field(text("About what time?"), most=60)
    place = text_field(text("Where?"), most=200)
    who = text_field(text("Who was there?"), most=500, help=NO_CLIENTS)
    what = long_text_field(text("What happened?"), most=4000, help=NO_CLIENTS)
    done = long_text_field(text("What was done?"), most=2000)
    about = ids_field(text("Is it about one of these people?"))
    callback = phone_field(text("Phone where we can call you"))
    asked = asked_field()
    program = wtforms.HiddenField()
    person = wtforms.HiddenField()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        flags: Any = self.what.flags
        flags.either = True  # required wherever it is shown; the verb says so


class EntryForm(Form):
    """A line of the log."""

    kept = False
    words = long_text_field(text("What was done"), most=2000, help=NO_CLIENTS)


class HideForm(Form):
    """Someone whom a report is about."""

    person = chosen_field(text("Staff member it's about"))


class OwnerForm(Form):
    """Who takes a report on."""

    owner = chosen_field(text("Assign to"))


class CloseForm(Form):
    """What came of a report."""

    kept = False
    outcome = long_text_field(text("Outcome"), most=2000, help=NO_CLIENTS)


class SetupForm(Form):
    """The hotlines, and how soon each kind of report is read."""

    child_hotline = phone_field(CHILD_HOTLINE.words)
    adult_hotline = phone_field(ADULT_HOTLINE.words)

    @property
    def hours(self) -> dict[IncidentKind, Any]:
        """The field of each kind's hours."""
        return {kind: self[f"{kind}_hours"] for kind in WITHIN}


for _kind, _setting in WITHIN.items():
    setattr(
        SetupForm,
        f"{_kind}_hours",
        number_field(KIND_WORDS[_kind], least=_setting.least, most=_setting.most),
    )
