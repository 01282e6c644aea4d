"""What an hour is worth, by year and role, as agencies report the value of volunteering."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session, joinedload

from portal.act import Act
from portal.audit.log import record
from portal.hours.models import HourRate
from portal.permissions import Permission, Viewer
from portal.programs.models import Position
from portal.programs.scopes import in_viewers_programs
from portal.web.errors import Refused
from portal.words import text


def rate_of(position: Any, day: Any) -> Any:
    """Inside a query: cents for an hour in a role on a day, its own before that of all roles, or NULL."""
    here = (HourRate.first_day <= day, HourRate.last_day >= day)
    own = select(HourRate.cents).where(HourRate.position_id == position, *here)
    every = select(HourRate.cents).where(HourRate.position_id.is_(None), *here)
    return func.coalesce(own.scalar_subquery(), every.scalar_subquery())


def rates(db: Session, viewer: Viewer) -> Sequence[HourRate]:
    """The rates that reports of a viewer use, the newest year first, that of all roles before the others."""
    mine = in_viewers_programs(Position.program_id, viewer, Permission.REPORTS_READ)
    rows = (
        select(HourRate)
        .where(or_(HourRate.position_id.is_(None), mine))
        .outerjoin(Position, Position.id == HourRate.position_id)
        .options(joinedload(HourRate.position).joinedload(Position.program))
        .order_by(HourRate.first_day.desc(), HourRate.position_id.is_not(None), Position.name)
        .limit(500)
    )
    return db.scalars(rows).all()


def set_rate(act: Act, year: int, position_id: int | None, cents: int, source: str) -> HourRate:
    """Set what an hour is worth in a year, in a role or in all; the one before is replaced."""
    if position_id is not None and act.db.get(Position, position_id) is None:
        raise Refused(fields={"position": text("Select one.")})
    first, last = date(year, 1, 1), date(year, 12, 31)
    row = act.db.scalar(
        select(HourRate).where(
            HourRate.first_day == first, HourRate.position_id.is_not_distinct_from(position_id)
        )
    )
    if row is None:
        row = HourRate(
            first_day=first, last_day=last, position_id=position_id, cents=cents, source=source
        )
        act.db.add(row)
    row.cents, row.source = cents, source
    act.db.flush()
    record(act, "hour_rate.set", row, f"{year} {position_id or 'all'}: {cents}")
    return row


def remove_rate(act: Act, row: HourRate) -> None:
    """Take a rate away; reports no longer say what those hours are worth."""
    what = f"{row.first_day.year} {row.position_id or 'all'}: {row.cents}"
    record(act, "hour_rate.removed", row, what)
    act.db.delete(row)
    act.db.flush()
