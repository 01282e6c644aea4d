"""Ending a role: the page and the button."""

from portal import clock
from portal.programs import placements
from portal.programs.forms import EndPlacementForm
from portal.programs.models import Placement
from portal.programs.scopes import decidable_placements, one
from portal.web.answers import Screen, See, screen
from portal.web.request import Request
from portal.words import text


def placement_of(request: Request, placement_id: int) -> Placement:
    """A placement one decides on, or NotFound."""
    return one(request.db, decidable_placements(request.viewer), Placement.id == placement_id)


def edit_end(request: Request, placement_id: int, form: EndPlacementForm | None = None) -> Screen:
    """Ask for the last day of a placement."""
    placement = placement_of(request, placement_id)
    today = clock.local_day(request.at, request.settings.timezone)
    form = form or EndPlacementForm(data={"ends_on": today})
    return screen("programs/end_placement.html", form=form, placement=placement)


def end(request: Request, form: EndPlacementForm, placement_id: int) -> See:
    """End a placement."""
    placement = placement_of(request, placement_id)
    placements.end_placement(
        request.act.but(asked=form.asked.data), placement, form.ends_on.data, form.reason.data
    )
    return See(f"/people/{placement.person_id}", text("The role ends that day."))
