"""The sums of hours that agencies report."""

from typing import Any, NamedTuple

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.domain import Figure
from portal.hours.models import WAITING, HoursEntry, HoursState
from portal.periods import Asked, By
from portal.permissions import Permission, Viewer
from portal.programs.scopes import in_viewers_programs
from portal.programs.totals import Line, labels, lines_of, paid_by, place, work_of
from portal.words import text


class HoursNumbers(NamedTuple):
    """People with approved minutes, those minutes, and the minutes that wait."""

    people: int
    minutes: int
    waiting: int


def hours(db: Session, viewer: Viewer, asked: Asked, zone: str = "") -> list[Line[HoursNumbers]]:
    """People and minutes in the viewer's programs: approved, and what still waits."""
    found = _entries(viewer, asked, _key(db, viewer, asked))
    approved = found.c.state == HoursState.APPROVED
    numbers = (
        func.count(found.c.person_id.distinct())
        .filter(approved, found.c.minutes > 0)
        .label("people"),
        func.coalesce(func.sum(found.c.minutes).filter(approved), 0).label("minutes"),
        func.coalesce(func.sum(found.c.minutes).filter(~approved), 0).label("waiting"),
    )
    return lines_of(db, asked, found, HoursNumbers, numbers)


def _key(db: Session, viewer: Viewer, asked: Asked) -> Any:
    """What an entry belongs to in a report."""
    keys = {
        By.PROGRAM: HoursEntry.program_id,
        By.POSITION: HoursEntry.position_id,
        By.SITE: HoursEntry.site_id,
        By.PERSON: HoursEntry.person_id,
        By.WORK: work_of(HoursEntry.person_id),
        By.FUNDING: paid_by(
            labels(db, viewer, asked),
            HoursEntry.program_id,
            HoursEntry.position_id,
            HoursEntry.day,
            lambda day: day,
        ),
    }
    return keys[asked.by]


def _entries(viewer: Viewer, asked: Asked, key: Any) -> Any:
    """The entries of a span that count or wait; a line for each."""
    return (
        select(
            place(HoursEntry.day, [one.first for one in asked.periods[1:]]).label("period"),
            key.label("key"),
            HoursEntry.person_id,
            HoursEntry.minutes,
            HoursEntry.state,
        )
        .where(
            in_viewers_programs(HoursEntry.program_id, viewer, Permission.REPORTS_READ),
            HoursEntry.day >= asked.first,
            HoursEntry.day <= asked.last,
            HoursEntry.state.in_((HoursState.APPROVED, *WAITING)),
        )
        .subquery()
    )


COLUMNS = {
    "people": text("People"),
    "minutes": text("Approved minutes"),
    "waiting": text("Pending minutes"),
}
HOURS = Figure("hours", "reports/hours.html", COLUMNS, hours)
