"""The forms about drafts."""

import wtforms

from portal.web.choices import chosen_field
from portal.web.fields import day_field, text_field
from portal.web.forms import Form
from portal.words import text


class DraftForm(Form):
    """Which week a draft is begun for."""

    week = day_field(text("Week"), required=False)


class PublishForm(Form):
    """The press that publishes a draft; `seen` marks what its page showed."""

    seen = wtforms.HiddenField()


class RoleForm(Form):
    """Who is proposed for which role of a new shift."""

    position = chosen_field(text("Role"))
    who = text_field(text("Name"), most=100, required=True)
