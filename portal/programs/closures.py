"""Which days are closed, for whoever plans around them. Closing itself is in `portal.closings`."""

from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from portal import clock
from portal.permissions import Permission, Viewer
from portal.programs.models import Closure, Site
from portal.programs.scopes import managed_sites


@dataclass(frozen=True)
class Closed:
    """A closure of one site and one program, where they are named; of whole days, or between two hours."""

    site_id: int | None
    program_id: int | None
    first_day: date
    last_day: date
    starts: time | None
    ends: time | None
    reason: str

    @property
    def whole_days(self) -> bool:
        """Whether its days are closed from morning to night."""
        return self.starts is None and self.ends is None

    def concerns(self, site_id: int | None, program_id: int | None) -> bool:
        """Whether it is about what a program does at a site."""
        return self.site_id in (None, site_id) and self.program_id in (None, program_id)

    def covers(
        self,
        day: date,
        site_id: int | None,
        program_id: int | None = None,
        hours: tuple[time, time] | None = None,
    ) -> bool:
        """Whether what a program does on this day at this site falls into it. `hours` are by the clock there;
        an end at or before the start is on the next day. Without them, only whole days count."""
        if not self.concerns(site_id, program_id):
            return False
        if self.whole_days or hours is None:
            return self.whole_days and self.first_day <= day <= self.last_day
        begins, ends = (datetime.combine(day, hour) for hour in hours)
        if ends <= begins:
            ends += clock.ONE_DAY
        first = datetime.combine(self.first_day, self.starts or time())
        last = datetime.combine(self.last_day, self.ends or time())
        if self.ends is None:
            last += clock.ONE_DAY
        return begins < last and ends > first


def closures_between(db: Session, first: date, last: date) -> list[Closed]:
    """The closures that touch a span of days."""
    found = db.execute(
        select(
            Closure.site_id,
            Closure.program_id,
            Closure.first_day,
            Closure.last_day,
            Closure.starts,
            Closure.ends,
            Closure.reason,
        ).where(Closure.last_day >= first, Closure.first_day <= last, Closure.lifted_at.is_(None))
    )
    return [Closed(*row) for row in found]


def liftable(by: Viewer) -> Any:
    """The closures one may take back: those one may make."""
    if by.everywhere(Permission.SITES_MANAGE):
        return select(Closure)
    own = managed_sites(by).with_only_columns(Site.id)
    programs = by.programs_with(Permission.SHIFTS_MANAGE)
    return select(Closure).where(
        or_(
            and_(Closure.program_id.is_(None), Closure.site_id.in_(own)),
            Closure.program_id.in_(programs),
        )
    )
