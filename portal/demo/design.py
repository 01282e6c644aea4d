"""The design page: every component in its states, to look at while building."""

from starlette.datastructures import FormData

from portal.people.forms import PersonForm
from portal.programs.forms import COLORS, ICONS
from portal.web.answers import Screen, screen
from portal.web.request import Request


def show_design(request: Request) -> Screen:
    """Buttons, tags, cards, lists and forms, as they are and as they go wrong."""
    wrong = PersonForm(FormData({"email": "not an address", "status": "active", "language": "en"}))
    wrong.validate()
    return screen("demo/design.html", wrong=wrong, colors=list(COLORS), icons=list(ICONS))
