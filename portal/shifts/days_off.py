"""When people are away and where it is closed, for whoever plans around it (web.request.DaysOff)."""

from collections.abc import Collection, Sequence
from datetime import date

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from portal.db import AnyRow, among, rows
from portal.shifts.closures import Closed, closures_between
from portal.shifts.models import Absence

_AWAY = select(Absence.person_id, Absence.first_day, Absence.last_day).where(
    among(Absence.person_id, "people"),
    Absence.last_day >= bindparam("first"),
    Absence.first_day <= bindparam("last"),
    Absence.ended_at.is_(None),
)


def away(db: Session, people: Collection[int], first: date, last: date) -> Sequence[AnyRow]:
    """The days on which some people are away."""
    return rows(db, _AWAY, {"people": sorted(people), "first": first, "last": last})


def closed(db: Session, first: date, last: date) -> Sequence[Closed]:
    """The closures that touch a span of days."""
    return closures_between(db, first, last)
