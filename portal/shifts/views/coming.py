"""Saying that one still comes; and staff who heard it."""

from typing import Any

from portal.people.forms import AskedForm
from portal.shifts import still_coming
from portal.shifts.viewer_scope import managed_signup
from portal.web.answers import See
from portal.web.errors import NotFound
from portal.web.request import Request
from portal.words import text


def confirm(request: Request, form: Any, shift_id: int) -> See:
    """Say that one comes."""
    assert request.viewer.person_id
    still_coming.confirm(request.act, request.viewer.person_id, shift_id)
    return See(f"/shifts/{shift_id}", text("Thank you! See you there."))


def confirm_for(request: Request, form: AskedForm, shift_id: int, signup_id: int) -> See:
    """Write down that someone on the roster comes."""
    signup = managed_signup(request.db, request.viewer, signup_id)
    if signup.shift_id != shift_id:
        raise NotFound
    still_coming.confirm(request.act.but(asked=form.asked.data), signup.person_id, shift_id)
    said = text("%(name)s is confirmed.", name=signup.person.name)
    return See(f"/shifts/{shift_id}/roster", said)
