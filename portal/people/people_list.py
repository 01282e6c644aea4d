"""What lists of people know from the people's own records: whom no email reaches."""

from sqlalchemy import ColumnElement, or_

from portal.people.models import Person
from portal.people_lists import Control, PeopleFilter
from portal.web.request import Request
from portal.words import text

NO_EMAIL = "none"


def _controls(request: Request) -> list[Control]:
    options = [(NO_EMAIL, text("No working email"))]
    return [Control("reach", text("Email"), request.asked("reach"), options)]


def _conditions(request: Request) -> list[ColumnElement[bool]]:
    if request.asked("reach") != NO_EMAIL:
        return []
    return [or_(Person.email == "", Person.mail_refused_at.is_not(None))]


FILTER = PeopleFilter(("reach",), _controls, _conditions)
