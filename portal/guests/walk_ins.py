"""What open events do for kiosks: those that someone at the door can join."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from portal.guests.events import public_events, titles
from portal.guests.models import OpenEvent
from portal.shifts.models import Shift


def open_at(
    db: Session, site_id: int, first: datetime, last: datetime, language: str
) -> Sequence[tuple[str, str]]:
    """Open events at a location that start between two moments: what each is called, and its address."""
    rows = db.execute(
        public_events(first)
        .with_only_columns(OpenEvent.id, OpenEvent.shift_id)
        .where(Shift.site_id == site_id, OpenEvent.starts_at < last)
        .order_by(OpenEvent.starts_at, OpenEvent.id)
        .limit(5)
    ).all()
    named = titles(db, [row.shift_id for row in rows], language)
    return [(named[row.shift_id], f"/events/{row.id}") for row in rows]
