"""Forms of screening."""

from collections.abc import Sequence
from datetime import datetime

import wtforms

from portal import clock
from portal.recruitment.public_forms import Reachable, either
from portal.screening.interview_models import How
from portal.screening.interview_notices import HOW_WORDS as MEETING_WORDS
from portal.screening.models import Recommends
from portal.web.choices import check_field, choice_field, chosen_field
from portal.web.errors import Refused
from portal.web.fields import (
    day_field,
    email_field,
    long_text_field,
    number_field,
    phone_field,
    text_field,
    time_field,
)
from portal.web.forms import Form
from portal.words import text

RECOMMENDS_WORDS = {
    Recommends.YES: text("Yes"),
    Recommends.SOME: text("Yes, but I have some doubts"),
    Recommends.NO: text("No"),
}
HOW_WORDS = {"phone": text("By phone"), "paper": text("On paper")}


class NameForm(Reachable):
    """Whom an applicant names."""

    name = text_field(text("Their name"), required=True, missing=text("Enter their name."))
    email = either(email_field(text("Their email"), help=text("We send them a short form.")))
    phone = either(phone_field(text("Their phone"), help=text("No email? We'll call them.")))
    knows = text_field(
        text("How they know you"),
        required=True,
        help=text("For example, “my boss for two years”."),
    )
    stranger = check_field(text("We aren't related, and we don't live together"))

    def validate(self, *args: object, **kwargs: object) -> bool:
        good = bool(super().validate(*args, **kwargs))
        if not self.stranger.data:
            words = text("Name someone who isn't family, then check this box.")
            self.stranger.errors = (words,)
            good = False
        return good


class AnswerForm(Form):
    """What someone says of an applicant."""

    known_since = text_field(
        text("How long have you known them, and how?"), most=100, required=True
    )
    strengths = long_text_field(text("What are they good at?"), required=True)
    concerns = long_text_field(
        text("Is there anything we should be careful about?"),
        help=text("Leave out health and family matters."),
    )
    recommends = choice_field(
        text("Would you trust them with someone you care about?"),
        {one.value: words for one, words in RECOMMENDS_WORDS.items()},
    )


class WriteForm(AnswerForm):
    """The same as staff heard it."""

    kept = False

    how = choice_field(text("How they answered"), HOW_WORDS)


def moment(day: wtforms.Field, at: wtforms.Field, zone: str) -> datetime:
    """The moment of a typed day and time. Raises Refused for one that the clocks skip or repeat."""
    try:
        return clock.from_local(day.data, at.data, zone)
    except (clock.SkippedHour, clock.RepeatedHour):
        words = text("The clocks change at this time. Enter another one.")
        raise Refused(fields={at.name: words}) from None


class OfferForm(Form):
    """Times for an interview: up to three at once."""

    interviewer = chosen_field(text("Interviewer"))
    how = choice_field(
        text("How"),
        {one.value: words for one, words in MEETING_WORDS.items()},
        default=How.IN_PERSON.value,
    )
    place = text_field(
        text("Where, or which number or link"), most=300, help=text("The applicant reads it.")
    )
    minutes = number_field(text("Minutes"), least=10, most=240, default=30)
    day_1 = day_field(text("First choice: date"))
    time_1 = time_field(text("First choice: time"))
    day_2 = day_field(text("Second choice: date"), required=False)
    time_2 = time_field(text("Second choice: time"), required=False)
    day_3 = day_field(text("Third choice: date"), required=False)
    time_3 = time_field(text("Third choice: time"), required=False)

    def times(self, zone: str) -> Sequence[datetime]:
        """The moments that were entered. Raises Refused for half of one."""
        found = []
        for number in (1, 2, 3):
            day, at = self[f"day_{number}"], self[f"time_{number}"]
            if (day.data is None) is not (at.data is None):
                missing = day if day.data is None else at
                words = text("Enter a date and a time, or neither.")
                raise Refused(fields={missing.name: words})
            if day.data is not None:
                found.append(moment(day, at, zone))
        return found


class PickForm(Form):
    """The time that an applicant picks."""

    time = chosen_field(text("Time"))


class RefuseForm(Form):
    """Asking for other times, and which would suit, or canceling: which of both was shown."""

    words = text_field(
        text("What would suit you?"), most=300, help=text("For example, “Mondays after 5 pm”.")
    )
    shown = wtforms.HiddenField()


class MoveForm(Form):
    """Another time for a booked interview."""

    day = day_field(text("Date"))
    starts = time_field(text("Time"))


class OutcomeForm(Form):
    """What came of an interview."""

    kept = False

    good = choice_field(
        text("What came of it"),
        {"yes": text("It went well"), "no": text("Not a match for this role")},
    )
    notes = long_text_field(
        text("Notes"),
        most=4000,
        help=text(
            "Facts only. This may be released under public records law. Leave out health and family."
        ),
        rows=6,
    )
