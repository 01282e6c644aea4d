"""What coordinators read each morning: the gaps of the coming week."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal import clock
from portal.messages.kinds import Envelope, Saying
from portal.occasions.outside import is_private
from portal.occasions.telling import when
from portal.people.models import Membership
from portal.permissions import Role
from portal.programs.models import Program
from portal.settings import Settings
from portal.shifts.models import Shift, Slot
from portal.words import CATALOGS, text

MOST_GAPS = 30

_GAPS = (
    select(
        Shift.id,
        Shift.starts_at,
        Shift.ends_at,
        Shift.zone,
        Shift.title,
        Program.name.label("program"),
        Program.public_label,
        Program.visibility,
        Slot.minimum,
        Slot.filled,
    )
    .join(Slot, Slot.shift_id == Shift.id)
    .join(Program, Program.id == Shift.program_id)
    .join(Membership, Membership.program_id == Shift.program_id)
    .where(
        Membership.role == Role.COORDINATOR,
        Membership.until.is_(None),
        Shift.canceled_at.is_(None),
        Slot.filled < Slot.minimum,
    )
    .order_by(Shift.starts_at, Slot.id)
    .limit(MOST_GAPS)
)


def digest(db: Session, to: Envelope, settings: Settings, at: datetime) -> Saying | None:
    """The gaps of the coming seven days in one's programs; nothing when there is none."""
    rows = db.execute(
        _GAPS.where(
            Membership.person_id == to.person_id,
            Shift.starts_at > at,
            Shift.starts_at < at + 7 * clock.ONE_DAY,
        )
    ).all()
    if not rows:
        return None
    catalog = CATALOGS[to.language]
    lines = []
    for row in rows:
        needed = catalog.ngettext(
            "%(n)s more needed", "%(n)s more needed", row.minimum - row.filled
        ) % {"n": row.minimum - row.filled}
        what = row.public_label if is_private(row) else row.title or row.program
        lines.append(f"{when(row, to.language, at)}: {what}, {needed}")
    link = (text("See unfilled shifts"), "/gaps")
    return Saying({"number": str(len(rows))}, link=link, lines=tuple(lines))
