"""The forms with which staff works on applications and questions."""

import wtforms

from portal.languages import LANGUAGES
from portal.people.forms import ASKED_WORDS, adult_field, job_field
from portal.recruitment.pipeline import DECLINE_WORDS, HEARD_WORDS, HOLD_WORDS
from portal.recruitment.public_forms import Reachable, either
from portal.web.choices import (
    choice_field,
    chosen_field,
    ids_field,
)
from portal.web.fields import (
    day_field,
    email_field,
    hidden_number,
    long_text_field,
    phone_field,
    text_field,
)
from portal.web.forms import Form, clean
from portal.words import text


class ReplyForm(Form):
    reply = long_text_field(text("Reply"), required=True)
    version = hidden_number()


class EnterForm(Reachable):
    """An application as staff write it down: by phone, on paper, in person."""

    position = chosen_field(text("Role"))
    name = text_field(text("Name"), required=True, missing=text("Enter their name."))
    phone = either(phone_field(text("Phone")))
    email = either(email_field(text("Email")))
    times = text_field(text("When they can help"), most=300)
    why = long_text_field(text("Why they'd like to help"))
    heard = choice_field(
        text("How they heard about us"),
        {one.value: words for one, words in HEARD_WORDS.items()},
        required=False,
    )
    language = choice_field(
        text("Language"), {code: text(name) for code, name in LANGUAGES.items()}, default="en"
    )
    adult_on = adult_field()
    agency_job = job_field()
    asked = choice_field(text("How they applied"), ASKED_WORDS, default="phone")


class ReviewForm(Form):
    """Who the applicant is: someone with a record (their id), or "new"."""

    person = wtforms.StringField(text("Who is this?"), filters=[clean])


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


class BuddyForm(Form):
    buddy = chosen_field(text("Buddy"), required=False)


class NoteForm(Form):
    words = long_text_field(
        text("Note"),
        most=500,
        required=True,
        help=text("Facts only. This may be released under public records law."),
    )


class AnswersForm(Form):
    """What an applicant said to the questions of the role; the questions are added to it."""


class ManyForm(Form):
    """What is done with several applications at once; what reaches the applicants is looked at first."""

    seen = wtforms.HiddenField()

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


class KeepForm(Form):
    """Why an application is kept."""

    kept_reason = text_field(
        text("Why it's kept"),
        most=300,
        required=True,
        help=text(
            "A lawsuit, a records request, or an open question. It isn't erased until you end this."
        ),
    )
