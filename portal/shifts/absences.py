"""Being away for some days, and coming back."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session

from portal import clock
from portal.act import Act
from portal.audit.log import record
from portal.commitments.kinds import SHIFT
from portal.commitments.models import Commitment
from portal.images import watch
from portal.people.traits import Absence
from portal.permissions import Permission
from portal.programs.scopes import in_viewers_programs
from portal.reads import read
from portal.shifts import regulars
from portal.shifts.models import Shift
from portal.shifts.pattern_models import Pattern, Regular
from portal.shifts.undoable import ABSENCES
from portal.web.errors import Refused
from portal.words import text


def go_away(act: Act, person_id: int, first_day: date, last_day: date) -> tuple[int, int]:
    """Be away for some days: off every shift on them that may still be given back. Gives how many
    were given back, and how many stay because their cut-off has passed. Staff take people off the
    shifts of their own programs, also after the cut-off."""
    if not first_day <= last_day <= first_day + 366 * clock.ONE_DAY:
        raise Refused(
            fields={"last_day": text("Enter a last day on or after the first, within one year.")}
        )
    absence = Absence(person_id=person_id, first_day=first_day, last_day=last_day, since=act.at)
    act.db.add(absence)
    act.db.flush()
    watch(act, ABSENCES, [absence.id], new=True)
    record(act, "absence.added", absence)
    span = Shift.starts_at.between(*_moments(first_day, last_day)) & (Shift.starts_at > act.at)
    if act.asked is not None:
        span &= in_viewers_programs(Shift.program_id, act.by, Permission.SHIFTS_MANAGE)
    return regulars.give_back(act, person_id, span, first_day, last_day)


def come_back(act: Act, absence: Absence) -> int:
    """Take an absence back; regular dates on its days that are still free are taken again."""
    if absence.ended_at:
        return 0
    watch(act, ABSENCES, [absence.id])
    absence.ended_at = act.at
    record(act, "absence.ended", absence)
    mine = select(Regular).where(Regular.person_id == absence.person_id, Regular.ended_at.is_(None))
    if act.asked is not None:
        mine = mine.join(Pattern, Pattern.id == Regular.pattern_id).where(
            in_viewers_programs(Pattern.program_id, act.by, Permission.SHIFTS_MANAGE)
        )
    return sum(
        regulars.take_again(act, regular, absence.first_day, absence.last_day)
        for regular in act.db.scalars(mine.order_by(Regular.id)).all()
    )


class Engaged(NamedTuple):
    """A time at which someone is engaged although they are away."""

    kind: str
    starts_at: datetime
    ends_at: datetime


def still_engaged(
    db: Session, person_id: int, found: Sequence[Absence], zone: str, at: datetime
) -> Sequence[Engaged]:
    """When someone is engaged all the same on coming days on which they are away: courses and talks, which
    no one gives back for them. What is only held for them is not known to them."""
    coming = [one for one in found if one.last_day >= clock.local_day(at, zone)]
    if not coming:
        return []
    return read(
        db,
        Engaged,
        select(Commitment.kind, Commitment.starts_at, Commitment.ends_at)
        .where(
            Commitment.person_id == person_id,
            Commitment.kind != SHIFT,
            Commitment.held_until.is_(None),
            Commitment.ends_at > at,
            or_(*(_on(one, zone) for one in coming)),
        )
        .order_by(Commitment.starts_at)
        .limit(20),
    )


def _on(absence: Absence, zone: str) -> ColumnElement[bool]:
    first = clock.start_of_day(absence.first_day, zone)
    return and_(
        Commitment.ends_at > first,
        Commitment.starts_at < clock.start_of_day(absence.last_day + clock.ONE_DAY, zone),
    )


def _moments(first_day: date, last_day: date) -> tuple[datetime, datetime]:
    """A span of moments that holds these days in every zone."""
    return (
        clock.start_of_day(first_day - clock.ONE_DAY, "UTC"),
        clock.start_of_day(last_day + 2 * clock.ONE_DAY, "UTC"),
    )
