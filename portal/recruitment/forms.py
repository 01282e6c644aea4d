"""The forms of recruitment."""

from collections.abc import Collection, Sequence
from typing import Any

import wtforms

from portal.people.forms import asked_field
from portal.people.skill_forms import WEEKDAY_WORDS
from portal.programs.applications import HOLD_WORDS
from portal.recruitment.models import Cause, Daytime
from portal.recruitment.pipeline import DECLINE_WORDS, HEARD_WORDS
from portal.web.choices import (
    check_field,
    checks_field,
    choice_field,
    chosen_field,
    ids_field,
)
from portal.web.fields import (
    day_field,
    email_field,
    hidden_number,
    long_text_field,
    number_field,
    phone_field,
    text_field,
)
from portal.web.forms import Form, clean
from portal.web.translated import TranslatedForm
from portal.words import text

CAUSE_WORDS = {
    Cause.SENIORS: text("Older adults"),
    Cause.CHILDREN: text("Children and youth"),
    Cause.HOUSING: text("Housing and shelter"),
    Cause.FOOD: text("Food and meals"),
    Cause.HEALTH: text("Health"),
    Cause.JUSTICE: text("Courts and safety"),
    Cause.EDUCATION: text("Learning and tutoring"),
    Cause.COMMUNITY: text("Community events"),
    Cause.ENVIRONMENT: text("Parks and environment"),
    Cause.OFFICE: text("Office work"),
}
DAYTIME_WORDS = {
    Daytime.MORNING: text("Morning"),
    Daytime.AFTERNOON: text("Afternoon"),
    Daytime.EVENING: text("Evening"),
}


WEEKDAYS = {str(number): words for number, words in WEEKDAY_WORDS.items()}
WEEKDAY_BITS = tuple("0123456")
DAYTIME_BITS = tuple(one.value for one in Daytime)


def bits(chosen: Collection[str], order: Sequence[str]) -> int:
    """Checked boxes as bits, the first of an order being 1."""
    return sum(1 << index for index, value in enumerate(order) if value in chosen)


def checked(number: int, order: Sequence[str]) -> list[str]:
    """The boxes that some bits check."""
    return [value for index, value in enumerate(order) if number & 1 << index]


class OpportunityForm(TranslatedForm):
    """What the public reads about a role, in every language."""

    translated = (
        "title",
        "summary",
        "description",
        "schedule",
        "commitment",
        "benefits",
        "qualifications",
    )

    position = chosen_field(text("Role"))
    title = text_field(
        text("Title"), most=200, required=True, help=text("What someone does: “Drive a neighbor”.")
    )
    summary = text_field(text("Summary"), most=500, help=text("One or two sentences for the list."))
    description = long_text_field(text("Description"), most=4000)
    schedule = text_field(text("When"), most=200, help=text("For example, “Weekday mornings”."))
    commitment = text_field(
        text("Time needed"), most=200, help=text("For example, “4 hours a week”.")
    )
    benefits = long_text_field(text("What volunteers get"))
    qualifications = long_text_field(text("What volunteers need"))
    cause = choice_field(
        text("Cause"), {one.value: words for one, words in CAUSE_WORDS.items()}, required=False
    )
    site_id = chosen_field(text("Location"), required=False)
    area = text_field(text("Town or neighborhood"), most=80)
    online = check_field(text("It's online"))
    days = checks_field(text("Days"), WEEKDAYS, least=0)
    times = checks_field(
        text("Times of day"), {one.value: words for one, words in DAYTIME_WORDS.items()}, least=0
    )
    needed = number_field(text("Volunteers needed"), least=1, most=9999, required=False)
    listed_until = day_field(text("Last day to apply"), required=False)
    version = hidden_number()

    @property
    def columns(self) -> dict[str, Any]:
        """The values as an opportunity's columns."""
        values = self.values
        days, times = values.pop("days"), values.pop("times")
        values.pop("position")
        return values | {
            "weekdays": bits(days, WEEKDAY_BITS),
            "daytimes": bits(times, DAYTIME_BITS),
            "cause": values["cause"] or None,
        }


class StartForm(Form):
    """The first page of an application without an account. `website` is for those who fill in everything."""

    name = text_field(text("Your name"), required=True, autocomplete="name")
    email = email_field(
        text("Email"), help=text("We email you a link, so that you can finish later.")
    )
    phone = phone_field(text("Phone"), help=text("If you have no email, we call you."))
    website = wtforms.StringField(filters=[clean])
    opened = wtforms.HiddenField()

    def validate(self, *args: Any, **kwargs: Any) -> bool:
        good = bool(super().validate(*args, **kwargs))
        if good and not self.email.data and not self.phone.data:
            self.email.errors = (text("Enter an email address or a phone number."),)
            good = False
        return good


class DraftForm(Form):
    """What is typed so far: anything goes, since nothing is sent yet. `quiet`: the page saved it by itself."""

    name = text_field(text("Your name"), most=2000)
    email = text_field(text("Email"), most=2000)
    phone = text_field(text("Phone"), most=2000)
    why = long_text_field(text("Why would you like to help?"), most=20000)
    times = text_field(text("When can you help?"), most=2000)
    heard = text_field(text("How did you hear about us?"), most=50)
    heard_note = text_field(text("Where exactly?"), most=2000)
    adult = check_field(text("I'm 18 or older"))
    quiet = wtforms.HiddenField()


class ApplicationForm(Form):
    """A whole application."""

    name = text_field(text("Your name"), required=True, autocomplete="name")
    email = email_field(text("Email"))
    phone = phone_field(text("Phone"))
    why = long_text_field(
        text("Why would you like to help?"),
        help=text("A few words are enough. Leave out health, family, and legal matters."),
    )
    times = text_field(
        text("When can you help?"), most=300, help=text("For example, “Tuesday mornings”.")
    )
    heard = choice_field(
        text("How did you hear about us?"),
        {one.value: words for one, words in HEARD_WORDS.items()},
        required=False,
    )
    heard_note = text_field(
        text("Where exactly?"), help=text("For example, the name of the church or website.")
    )
    adult = check_field(text("I'm 18 or older"))

    def validate(self, *args: Any, **kwargs: Any) -> bool:
        good = bool(super().validate(*args, **kwargs))
        if not self.email.data and not self.phone.data and not self.email.errors:
            self.email.errors = (text("Enter an email address or a phone number."),)
            good = False
        if not self.adult.data:
            self.adult.errors = (
                text("Check the box. If you're younger than 18, call us to apply."),
            )
            good = False
        return good


class OwnApplicationForm(ApplicationForm):
    """The same for someone signed in: their name and how to reach them are in their profile."""

    def __init__(self, formdata: Any = None, **kwargs: Any) -> None:
        super().__init__(formdata, **kwargs)
        for name in ("name", "email", "phone", "adult"):
            del self[name]

    def validate(self, *args: Any, **kwargs: Any) -> bool:
        return bool(Form.validate(self, *args, **kwargs))


class EnterForm(Form):
    """An application as staff write it down: by phone, on paper, in person."""

    position = chosen_field(text("Role"))
    name = text_field(text("Name"), required=True)
    email = email_field(text("Email"))
    phone = phone_field(text("Phone"))
    times = text_field(text("When they can help"), most=300)
    why = long_text_field(text("Why they'd like to help"))
    heard = choice_field(
        text("How they heard about us"),
        {one.value: words for one, words in HEARD_WORDS.items()},
        required=False,
    )
    asked = asked_field()

    def validate(self, *args: Any, **kwargs: Any) -> bool:
        good = bool(super().validate(*args, **kwargs))
        if good and not self.email.data and not self.phone.data:
            self.phone.errors = (text("Enter an email address or a phone number."),)
            good = False
        return good


class ReviewForm(Form):
    """Who the applicant is: someone with a record (an id), or someone new ("")."""

    person = chosen_field(text("Who is this?"), required=False)


class HoldForm(Form):
    why = choice_field(
        text("What it waits for"), {one.value: words for one, words in HOLD_WORDS.items()}
    )
    until = day_field(
        text("Keep until"), required=False, help=text("Only if there's no opening right now.")
    )


class AcceptForm(Form):
    starts_on = day_field(text("First day"))


class DeclineForm(Form):
    reason = choice_field(
        text("Reason"),
        {one.value: words for one, words in DECLINE_WORDS.items()},
        help=text("Only staff can read this."),
    )
    words = text_field(
        text("A sentence for their letter"),
        most=300,
        help=text("They can read this. Leave it blank for the usual letter."),
    )


class OwnerForm(Form):
    owner = chosen_field(text("Owner"), required=False)


class NoteForm(Form):
    words = long_text_field(
        text("Note"),
        most=500,
        required=True,
        help=text("Facts only. This may be released under public records law."),
    )


class ManyForm(Form):
    """What is done with several applications at once."""

    ids = ids_field(text("Applications"))
    action = choice_field(
        text("What to do"),
        {
            "mine": text("Make me the owner"),
            "review": text("Start the review"),
            "hold": text("Put on hold: no opening right now"),
            "decline": text("Decline: no opening for this role"),
        },
    )
