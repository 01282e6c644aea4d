"""Small forms of a request: reasons, notes, owners, counter-offers."""

import wtforms

from portal.outreach.dates_form import DatesForm
from portal.outreach.models import CounterKind
from portal.outreach.request_forms import radio_field
from portal.outreach.request_words import COUNTER_WORDS
from portal.web.choices import chosen_field
from portal.web.fields import day_field, hidden_number, long_text_field, text_field, time_field
from portal.web.forms import Form
from portal.words import text


class ReasonForm(Form):
    """A reason that the other side reads."""

    reason = long_text_field(
        text("Reason"), most=1000, required=True, help=text("They can read this.")
    )


class EndReasonForm(Form):
    """Why a talk is canceled, or a request taken back."""

    reason = text_field(text("Reason"), most=300, required=True, help=text("They can read this."))


class OwnReasonForm(Form):
    """A reason, if someone likes to give one."""

    reason = text_field(text("Reason"), most=300)


class NoteForm(Form):
    note = long_text_field(
        text("Note"), required=True, help=text("For staff only. Don't include client names.")
    )


class OwnerForm(Form):
    owner = chosen_field(text("Assigned to"), required=False)


class RouteForm(Form):
    program = chosen_field(text("Program"), required=False)


class LinkForm(Form):
    organization = chosen_field(text("Organization"), required=False)


class AnswerRequestForm(Form):
    words = long_text_field(
        text("Reply"),
        most=4000,
        required=True,
        help=text("They get it by email or letter."),
    )


class CounterForm(DatesForm):
    """What we propose instead; up to three dates."""

    kind = radio_field(text("What do you propose?"), COUNTER_WORDS, default=CounterKind.DATE)
    words = long_text_field(text("Message to them"), most=1000)
    speaker = chosen_field(
        text("Speaker"),
        required=False,
        help=text("They see the first name, or the full name if the speaker agrees."),
    )
    day = day_field(text("Date"), required=False)
    starts = time_field(text("Start time"), required=False)
    day_2 = day_field(text("Date"), required=False)
    starts_2 = time_field(text("Start time"), required=False)
    day_3 = day_field(text("Date"), required=False)
    starts_3 = time_field(text("Start time"), required=False)


class CounterAnswerForm(Form):
    """Their answer to what we proposed: "no", or "yes" with a date where there are some."""

    counter = hidden_number()
    answer = wtforms.HiddenField()
    date = hidden_number()


class MoveAskForm(DatesForm):
    """Another day, as the host asks for it."""

    day = day_field(text("Date"))
    starts = time_field(text("Start time"))
