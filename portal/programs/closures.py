"""Which days are closed, for whoever plans around them. Closing is in shifts/closures.py."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.permissions import Permission, Viewer
from portal.programs.models import Closure, Site
from portal.programs.scopes import managed_sites


@dataclass(frozen=True)
class Closed:
    """A closure of one site, or of the whole agency (no `site_id`)."""

    site_id: int | None
    first_day: date
    last_day: date
    reason: str

    def covers(self, day: date, site_id: int | None) -> bool:
        """Whether what is on this day at this site falls into it."""
        return self.first_day <= day <= self.last_day and self.site_id in (None, site_id)


def closures_between(db: Session, first: date, last: date) -> list[Closed]:
    """The closures that touch a span of days."""
    found = db.execute(
        select(Closure.site_id, Closure.first_day, Closure.last_day, Closure.reason).where(
            Closure.last_day >= first, Closure.first_day <= last, Closure.lifted_at.is_(None)
        )
    )
    return [Closed(*row) for row in found]


def liftable(by: Viewer) -> Any:
    """The closures one may take back: those one may make."""
    if by.everywhere(Permission.SITES_MANAGE):
        return select(Closure)
    own = managed_sites(by).with_only_columns(Site.id)
    return select(Closure).where(Closure.site_id.in_(own))
