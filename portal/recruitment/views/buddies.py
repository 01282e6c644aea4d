"""Buddies: choosing one for someone new, and whose buddy one is."""

from portal.people.people import short_name
from portal.recruitment import buddies
from portal.recruitment.forms import BuddyForm
from portal.recruitment.views.application import application_of
from portal.web.answers import Screen, See, screen
from portal.web.request import Request
from portal.words import text


def choose(request: Request, form: BuddyForm, application_id: int) -> See:
    """Choose the buddy of someone new."""
    row = application_of(request, application_id)
    buddies.set_buddy(request.act, row, form.buddy.data)
    said = text("The buddy was saved. Both were told.")
    if form.buddy.data is None:
        said = text("They have no buddy now.")
    return See(f"/applications/{application_id}", said)


def list_own(request: Request) -> Screen:
    """Whose buddy one is."""
    assert request.viewer.person_id
    rows = [
        (short_name(row.name, row.goes_by), request.written(row.position, row.translations))
        for row in buddies.new_ones(request.db, request.viewer.person_id)
    ]
    return screen("recruitment/buddies.html", rows=rows)
