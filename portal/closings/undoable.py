"""What of closures can be undone."""

from sqlalchemy import null

from portal.images import Undoable, hold_rows
from portal.programs.closures import liftable
from portal.programs.models import Closure

CLOSURES = Undoable(
    "closure",
    Closure.noun,
    {Closure: Closure.id.in_},
    lambda viewer: liftable(viewer).with_only_columns(Closure.id, null()),
    hold_rows(Closure),
)
"""Days on which the agency, a location or a program is closed; what that did to shifts is theirs."""
