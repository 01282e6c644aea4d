"""The page that reopens a canceled shift."""

from typing import Any

from portal.shifts import reopening
from portal.shifts.forms import SeenForm
from portal.shifts.views.shifts import managed_shift
from portal.web.answers import Screen, See, screen
from portal.web.errors import Preview
from portal.web.request import Request
from portal.words import count_text


def ask_to_reopen(request: Request, shift_id: int, form: Any = None) -> Screen | See:
    """Say who was on a canceled shift and would come back."""
    shift = managed_shift(request, shift_id)
    if not shift.canceled_at:
        return See(f"/shifts/{shift_id}")
    people = reopening.former(request.act, shift)
    seen = Preview(reopening.mark_of(people)).seen
    return screen("shifts/reopen.html", form=form, shift=shift, people=people, seen=seen)


def reopen(request: Request, form: SeenForm, shift_id: int) -> See:
    """Have a canceled shift take place after all."""
    shift = managed_shift(request, shift_id)
    number = reopening.reopen(request.act, shift, form.seen.data or "")
    said = count_text(
        "The shift takes place. %(n)s person is back on it.",
        "The shift takes place. %(n)s people are back on it.",
        number,
    )
    return See(f"/shifts/{shift_id}/roster", said)
