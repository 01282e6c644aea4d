"""Approving hours."""

from collections.abc import Sequence

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from portal.act import Act, Ref
from portal.audit.log import record
from portal.hours.entries import AT_ONCE, OWN
from portal.hours.models import HoursEntry, HoursState
from portal.hours.undoable import ENTRIES
from portal.images import watch
from portal.permissions import Viewer
from portal.web.errors import Refused


def approve(act: Act, ids: Sequence[int]) -> int:
    """Approve entries that wait; gives how many. Those that are approved or taken back meanwhile stay as
    they are. One's own are refused."""
    approved = 0
    for start in range(0, len(ids), AT_ONCE):
        some = sorted(ids)[start : start + AT_ONCE]
        watch(act, ENTRIES, some)
        rows = act.db.execute(
            update(HoursEntry)
            .where(
                HoursEntry.id.in_(some),
                HoursEntry.state == HoursState.SUBMITTED,
                HoursEntry.person_id.is_distinct_from(act.by.person_id),
            )
            .values(state=HoursState.APPROVED, approved_by_id=act.by.person_id, approved_at=act.at)
            .returning(HoursEntry.id, HoursEntry.person_id, HoursEntry.program_id)
            .execution_options(synchronize_session=False)
        ).all()
        for row in rows:
            record(act, "hours.approved", Ref("hours", row.id, row.person_id, row.program_id))
        approved += len(rows)
    if not approved and ids and _all_own(act.db, act.by, ids):
        raise Refused(OWN)
    return approved


def _all_own(db: Session, by: Viewer, ids: Sequence[int]) -> bool:
    others = select(HoursEntry.id).where(
        HoursEntry.id.in_(ids[:AT_ONCE]), HoursEntry.person_id.is_distinct_from(by.person_id)
    )
    return db.scalar(others.limit(1)) is None
