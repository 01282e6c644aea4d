"""The forms of the public page that asks for a talk."""

from typing import Any

import wtforms

from portal.outreach.intake_models import BOOKED_KINDS
from portal.outreach.request_forms import RequestForm
from portal.web.choices import check_field
from portal.web.fields import hidden_number, text_field
from portal.web.forms import clean
from portal.words import text


class PublicRequestForm(RequestForm):
    """What anyone may send. `website` is for those who fill in everything: people do not see it. `opened`
    says when the page was shown."""

    town = text_field(
        text("Town"), most=80, help=text("Enter at least the town, unless it's online.")
    )
    acknowledged = check_field(text("I understand"))
    website = wtforms.StringField(filters=[clean])
    opened = wtforms.HiddenField()
    pledge = hidden_number()

    def __init__(self, formdata: Any = None, **kwargs: Any) -> None:
        super().__init__(formdata, **kwargs)
        if self.kind.data not in BOOKED_KINDS:  # no one promises to come
            del self["acknowledged"]

    def validate(self, *args: Any, **kwargs: Any) -> bool:
        good = super().validate(*args, **kwargs)
        if "acknowledged" in self and not self.acknowledged.data:
            self.acknowledged.errors = (
                text("Check the box to show that you understand: nothing is booked yet."),
            )
            good = False
        if "place" in self and not self.somewhere:
            self.town.errors = (text("Enter the town, or check the box “It's online.”"),)
            good = False
        return good

    @property
    def somewhere(self) -> bool:
        """Whether they say where, or that it is online."""
        return any(
            name in self and self[name].data for name in ("place", "address", "town", "online")
        )


class AmendForm(RequestForm):
    """A requester's own changes, by their link."""

    def __init__(self, formdata: Any = None, **kwargs: Any) -> None:
        super().__init__(formdata, **kwargs)
        del self["contact_email"]
