"""The forms of proposals."""

import wtforms

from portal.web.choices import chosen_field, ids_field
from portal.web.fields import day_field
from portal.web.forms import Form
from portal.words import text


class FillForm(Form):
    """Until which day, and for which program, people are proposed."""

    until = day_field(text("Through"))
    program = chosen_field(text("Program"), required=False)


class AcceptForm(Form):
    """Whom of a proposal to ask; `all` of them, or those checked."""

    lines = ids_field(text("People"))
    all = wtforms.HiddenField()
    seen = wtforms.HiddenField()
