"""One entry's story: what it corrected, and what corrected it."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.hours.ledger import approvable, approver, lines, recorder
from portal.hours.models import HoursEntry, HoursState, Source
from portal.permissions import Viewer
from portal.reads import read


class Told(NamedTuple):
    """One entry of a story: who recorded and who approved it, when."""

    id: int
    person_id: int
    day: date
    minutes: int
    travel_minutes: int
    note: str
    state: HoursState
    source: Source
    source_id: int | None
    starts_at: datetime | None
    ends_at: datetime | None
    asked: str | None
    corrects_id: int | None
    reason: str
    position: str
    translations: Mapping[str, Any]
    program: str
    program_translations: Mapping[str, Any]
    name: str
    recorded_at: datetime
    approved_at: datetime | None
    voided_at: datetime | None
    recorded_by: str | None
    approved_by: str | None


def story(db: Session, viewer: Viewer, entry: HoursEntry) -> list[Told]:
    """An entry with those it corrects and those that correct it, the oldest first: who recorded and who
    approved each, when. Those of programs that are not the viewer's, and drafts, are left out."""
    before = select(HoursEntry.id, HoursEntry.corrects_id).where(HoursEntry.id == entry.id)
    up = before.cte("up", recursive=True)
    up = up.union(
        select(HoursEntry.id, HoursEntry.corrects_id).join(up, HoursEntry.id == up.c.corrects_id)
    )
    down = select(up.c.id).cte("down", recursive=True)
    down = down.union(select(HoursEntry.id).join(down, HoursEntry.corrects_id == down.c.id))
    return list(
        read(
            db,
            Told,
            lines(approvable(viewer))
            .add_columns(
                HoursEntry.recorded_at,
                HoursEntry.approved_at,
                HoursEntry.voided_at,
                recorder.name.label("recorded_by"),
                approver.name.label("approved_by"),
            )
            .outerjoin(recorder, recorder.id == HoursEntry.recorded_by_id)
            .outerjoin(approver, approver.id == HoursEntry.approved_by_id)
            .where(HoursEntry.id.in_(select(down.c.id)))
            .order_by(HoursEntry.id)
            .limit(200),
        )
    )
