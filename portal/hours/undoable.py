"""What of the hours ledger staff can undo."""

from sqlalchemy import select

from portal.hours.models import HoursEntry, HoursQuestion
from portal.images import Undoable, hold_rows
from portal.permissions import Permission
from portal.programs.scopes import in_viewers_programs

ENTRIES = Undoable(
    "hours",
    HoursEntry.noun,
    {HoursEntry: HoursEntry.id.in_, HoursQuestion: HoursQuestion.entry_id.in_},
    lambda viewer: select(HoursEntry.id, HoursEntry.program_id).where(
        in_viewers_programs(HoursEntry.program_id, viewer, Permission.HOURS_APPROVE),
        HoursEntry.person_id.is_distinct_from(viewer.person_id),
    ),
    hold_rows(HoursEntry),
)
"""An entry, with what its person asked about it."""
