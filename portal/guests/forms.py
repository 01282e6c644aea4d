"""Forms of open events."""

from typing import Any

import wtforms

from portal.recruitment.public_forms import NAME, Reachable, either
from portal.web.choices import check_field, chosen_field, ids_field
from portal.web.fields import email_field, number_field, phone_field, text_field
from portal.web.forms import Form, clean
from portal.words import text


class ComeForm(Reachable):
    """Someone who wants to come. `website` is for those who fill in everything; `shown` is the version of the
    agreement they read."""

    name = text_field(text("Your name"), required=True, missing=NAME, autocomplete="name")
    email = either(email_field(text("Email"), help=text("We tell you if something changes.")))
    phone = either(phone_field(text("Phone"), help=text("No email? We'll call you.")))
    agrees = check_field(text("I read the agreement and agree to it"))
    adult = check_field(text("I'm 18 or older"))
    shown = wtforms.HiddenField()
    website = wtforms.StringField(filters=[clean])
    opened = wtforms.HiddenField()

    def validate(self, *args: Any, **kwargs: Any) -> bool:
        good = bool(super().validate(*args, **kwargs))
        if not self.agrees.data:
            self.agrees.errors = (text("Read the agreement, then check the box."),)
            good = False
        if not self.adult.data:
            self.adult.errors = (text("Check the box. If you're younger than 18, call us."),)
            good = False
        return good


class OpenForm(Form):
    """Opening a shift to everyone."""

    agreement = chosen_field(text("Agreement guests have to accept"))
    places = number_field(text("Places for guests"), least=1, most=1000, default=10)
    no_clients = check_field(text("No clients and no children will be there"))


class WalkInForm(Reachable):
    """Someone who stands there, and signed on paper."""

    kept = False

    name = text_field(text("Name"), required=True, missing=text("Enter their name."))
    email = either(email_field(text("Email")))
    phone = either(phone_field(text("Phone")))
    signed = check_field(text("They signed the agreement on paper"))

    def validate(self, *args: Any, **kwargs: Any) -> bool:
        good = bool(super().validate(*args, **kwargs))
        if not self.signed.data:
            self.signed.errors = (text("Ask them to sign first, then check the box."),)
            good = False
        return good


class CameForm(Form):
    """Who came."""

    came = ids_field(text("Who came"))


class AgainForm(Form):
    """Who a guest is: someone with a record (their id), or "new"."""

    person = wtforms.StringField(text("Who is this?"), filters=[clean])
