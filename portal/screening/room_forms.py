"""Forms of the do-not-place list."""

import wtforms

from portal.screening.list_models import Reason
from portal.web.choices import checks_field, choice_field, chosen_field
from portal.web.fields import day_field, email_field, phone_field, text_field
from portal.web.forms import Form
from portal.words import text

REASON_WORDS = {
    Reason.CONDUCT: text("Conduct"),
    Reason.SAFETY: text("Safety of clients"),
    Reason.DISHONESTY: text("Dishonesty"),
    Reason.COURT_ORDER: text("Court order"),
    Reason.BACKGROUND_CHECK: text("A background check, after its notices"),
    Reason.OTHER_AGENCY: text("Word of another agency"),
}
FACT_WORDS = {
    "email": text("Email"),
    "phone": text("Phone"),
    "address": text("Address"),
    "birthday": text("Date of birth, as they told us"),
    "photo": text("Photo ID"),
    "work": text("Where they worked or volunteered"),
    "spoke": text("We spoke with them"),
}


class EntryForm(Form):
    """Someone who is not to be placed."""

    kept = False

    name = text_field(text("Full name"), required=True, missing=text("Enter their name."))
    email = email_field(text("Email"))
    phone = phone_field(text("Phone"))
    address = text_field(text("Address"), most=300)
    program = chosen_field(text("Program"), required=False)
    reason = choice_field(
        text("Kind of reason"), {one.value: words for one, words in REASON_WORDS.items()}
    )
    check_id = chosen_field(
        text("Background check"),
        required=False,
        help=text("Only checks that were declined, after both notices."),
    )
    expires_on = day_field(text("Ends on"), help=text("It's reviewed every year until then."))


class CompareForm(Form):
    """Which facts were compared, and what came of it."""

    kept = False

    compared = checks_field(
        text("What did you compare, besides the name?"),
        FACT_WORDS,
        least=0,
        help=text("Compare at least two facts besides the name."),
    )
    same = wtforms.HiddenField()
