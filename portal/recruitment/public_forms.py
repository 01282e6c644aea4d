"""The forms of the public: questions, and an application from its first page to the last."""

from typing import Any, ClassVar

import wtforms

from portal.recruitment import families
from portal.recruitment.pipeline import HEARD_WORDS
from portal.web.choices import (
    check_field,
    choice_field,
)
from portal.web.fields import (
    day_field,
    email_field,
    long_text_field,
    phone_field,
    text_field,
)
from portal.web.forms import Form, clean
from portal.web.rows import NumberedRows
from portal.words import text

NAME = text("Enter your name.")
TURNS = text("Not 18 yet? The day you turn 18")
JOB = text("Do you work for this agency or the county? In what job?")
JOB_HELP = text("Leave it blank if you don't.")


class _Either:
    """Marks a field of which one of several is enough; whether there is one is asked by the form."""

    field_flags: ClassVar[dict[str, bool]] = {"either": True}

    def __call__(self, form: Form, field: wtforms.Field) -> None:
        pass


def either(field: Any) -> Any:
    """A field that is not called optional, since one of several must be filled in."""
    field.kwargs["validators"] = [_Either(), *field.kwargs.get("validators", field.args[1])]
    field.args = field.args[:1]
    return field


class Reachable(Form):
    """A form of someone with an email or a phone number; both may be given."""

    email: wtforms.Field
    phone: wtforms.Field

    def validate(self, *args: Any, **kwargs: Any) -> bool:
        good = bool(super().validate(*args, **kwargs))
        fields = [self.email, self.phone]
        if any(field.data or field.errors for field in fields):
            return good
        first = min(fields, key=list(self).index)
        first.errors = (text("Enter an email address or a phone number."),)
        return False


class CompanionForm(Form):
    """Someone who comes along: all blank for no one, else a name and how to reach them."""

    name = either(text_field(text("Their name"), autocomplete="off"))
    email = either(email_field(text("Their email"), autocomplete="off"))
    phone = either(phone_field(text("Their phone"), autocomplete="off"))

    def validate(self, *args: Any, **kwargs: Any) -> bool:
        good = bool(super().validate(*args, **kwargs))
        if any(field.errors for field in self) or not any(field.data for field in self):
            return good
        if not self.name.data:
            self.name.errors = (text("Enter their name."),)
        elif not self.email.data and not self.phone.data:
            self.email.errors = (text("Enter an email address or a phone number."),)
        else:
            return good
        return False


class StartForm(Reachable):
    """The first page of an application without an account. `website` is for those who fill in everything."""

    name = text_field(text("Your name"), required=True, missing=NAME, autocomplete="name")
    email = either(
        email_field(text("Email"), help=text("We'll email you a link so you can finish later."))
    )
    phone = either(phone_field(text("Phone"), help=text("No email? We'll call you.")))
    others = NumberedRows(
        wtforms.FormField(CompanionForm), min_entries=families.MOST, max_entries=families.MOST
    )
    website = wtforms.StringField(filters=[clean])
    opened = wtforms.HiddenField()
    source = wtforms.HiddenField()

    @property
    def companions(self) -> list[families.Companion]:
        """Who comes along."""
        found = [families.Companion(**entry.form.values) for entry in self.others]
        return [one for one in found if one.name]


class InquiryForm(Reachable):
    """A question from the public. `website` is for those who fill in everything."""

    words = long_text_field(
        text("Your question"),
        required=True,
        help=text("Leave out health, family, and legal matters."),
    )
    name = text_field(text("Your name"), required=True, missing=NAME, autocomplete="name")
    email = either(email_field(text("Email")))
    phone = either(phone_field(text("Phone"), help=text("No email? We'll call you.")))
    heard = choice_field(
        text("How did you hear about us?"),
        {one.value: words for one, words in HEARD_WORDS.items()},
        required=False,
    )
    website = wtforms.StringField(filters=[clean])
    opened = wtforms.HiddenField()


class InterestForm(InquiryForm):
    """The wish to help, where nothing fits."""

    words = long_text_field(
        text("What would you like to do, and when?"),
        required=True,
        help=text("Leave out health, family, and legal matters."),
    )


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
    adult_on = text_field(TURNS, most=50)
    agency_job = text_field(JOB, most=2000)
    quiet = wtforms.HiddenField()


class ApplicationForm(Reachable):
    """A whole application."""

    name = text_field(text("Your name"), required=True, missing=NAME, autocomplete="name")
    email = either(email_field(text("Email")))
    phone = either(phone_field(text("Phone")))
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
    agency_job = text_field(JOB, most=120, help=JOB_HELP)
    adult = check_field(text("I'm 18 or older"))
    adult_on = day_field(TURNS, required=False)

    def validate(self, *args: Any, **kwargs: Any) -> bool:
        good = bool(super().validate(*args, **kwargs))
        takes_minors = "adult_on" in self
        if self.adult.data:
            if takes_minors:
                self.adult_on.data = None
        elif not takes_minors:
            words = text("Check the box. If you're younger than 18, call us to apply.")
            self.adult.errors = (words,)
            good = False
        elif not self.adult_on.data and not self.adult_on.errors:
            self.adult.errors = (text("Check the box, or enter the day you turn 18."),)
            good = False
        return good

    @property
    def values(self) -> dict[str, Any]:
        """What was typed, without the box."""
        return {name: one for name, one in super().values.items() if name != "adult"}


class OwnApplicationForm(ApplicationForm):
    """The same for someone signed in: their name and how to reach them are in their profile."""

    def __init__(self, formdata: Any = None, **kwargs: Any) -> None:
        super().__init__(formdata, **kwargs)
        for name in ("name", "email", "phone", "adult", "adult_on"):
            if name in self:
                del self[name]

    def validate(self, *args: Any, **kwargs: Any) -> bool:
        return bool(Form.validate(self, *args, **kwargs))
