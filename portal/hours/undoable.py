"""What of the hours ledger staff can undo."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.hours.models import HoursEntry, HoursQuestion
from portal.images import Undoable
from portal.permissions import Permission
from portal.programs.scopes import in_viewers_programs


def _hold(db: Session, ids: Sequence[int]) -> None:
    entries = select(HoursEntry.id).where(HoursEntry.id.in_(ids))
    db.execute(entries.order_by(HoursEntry.id).with_for_update()).all()


ENTRIES = Undoable(
    "hours",
    HoursEntry.noun,
    {HoursEntry: HoursEntry.id.in_, HoursQuestion: HoursQuestion.entry_id.in_},
    lambda viewer: select(HoursEntry.id, HoursEntry.program_id).where(
        in_viewers_programs(HoursEntry.program_id, viewer, Permission.HOURS_APPROVE),
        HoursEntry.person_id.is_distinct_from(viewer.person_id),
    ),
    _hold,
)
"""An entry, with what its person asked about it."""
