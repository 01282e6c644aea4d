"""Forms of screening."""

from portal.recruitment.public_forms import Reachable, either
from portal.screening.models import Recommends
from portal.web.choices import check_field, choice_field
from portal.web.fields import (
    email_field,
    hidden_number,
    long_text_field,
    phone_field,
    text_field,
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

    how = choice_field(text("How they answered"), HOW_WORDS)
    version = hidden_number()
