"""The sums of hours that agencies report."""

from typing import Any, NamedTuple

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.domain import Figure
from portal.hours.models import WAITING, HoursEntry, HoursState
from portal.hours.rates import rate_of
from portal.periods import Asked, By
from portal.permissions import Permission, Viewer
from portal.programs.scopes import in_viewers_programs
from portal.programs.totals import Line, labels, lines_of, paid_by, place, work_of
from portal.words import text


class HoursNumbers(NamedTuple):
    """People with approved minutes, those minutes, the minutes that wait, and what the approved ones are
    worth, in cents times minutes; None where no hour has a rate."""

    people: int
    minutes: int
    waiting: int
    worth: int | None

    @property
    def dollars(self) -> str:
        """What the approved time is worth, as in 1234.50; empty where no hour has a rate."""
        return "" if self.worth is None else f"{(int(self.worth) + 30) // 60 / 100:.2f}"


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
        func.sum(found.c.worth).filter(approved).label("worth"),
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
            (HoursEntry.minutes * rate_of(HoursEntry.position_id, HoursEntry.day)).label("worth"),
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
    "dollars": text("Value in dollars"),
}
HOURS = Figure("hours", "reports/hours.html", COLUMNS, hours)
