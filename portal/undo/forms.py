"""The form of undoing."""

import wtforms

from portal.web.forms import Form


class UndoForm(Form):
    """The press on Undo; `next` is the page to return to."""

    next = wtforms.HiddenField()
