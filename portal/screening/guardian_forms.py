"""Forms about parents and guardians."""

from portal.recruitment.public_forms import Reachable, either
from portal.web.choices import check_field
from portal.web.fields import day_field, email_field, phone_field, text_field
from portal.web.forms import Form
from portal.words import text


class GuardianForm(Reachable):
    """Whom a minor names."""

    name = text_field(text("Their name"), required=True, missing=text("Enter their name."))
    relation = text_field(
        text("Relationship"), most=100, required=True, help=text("For example, “mother”.")
    )
    email = either(email_field(text("Their email"), help=text("We send them a page to sign.")))
    phone = either(phone_field(text("Their phone"), help=text("No email? We'll call them.")))


class SignForm(Form):
    """What a parent or guardian signs."""

    agrees = check_field(text("I'm their parent or legal guardian, and I agree"))
    signed_name = text_field(
        text("Your full name"), required=True, missing=text("Enter your name."), autocomplete="name"
    )
    relation = text_field(text("You are their"), most=100, help=text("For example, “mother”."))
    phone = phone_field(text("Your phone, in an emergency"), required=True)

    def validate(self, *args: object, **kwargs: object) -> bool:
        good = bool(super().validate(*args, **kwargs))
        if not self.agrees.data:
            self.agrees.errors = (text("Check the box if you agree."),)
            good = False
        return good


class PaperForm(Form):
    """The same as staff enter it from a signed paper."""

    kept = False

    signed_name = text_field(text("Name on the paper"), required=True)
    phone = phone_field(text("Their phone, in an emergency"), required=True)
    signed_on = day_field(text("Signed on"))
