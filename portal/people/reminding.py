"""Reminders before something, of whichever domain: as many hours before as each person chose."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, literal, select
from sqlalchemy.orm import Session

from portal import clock
from portal.act import Act
from portal.messages.kinds import Kind
from portal.messages.models import Mark
from portal.people.models import Person
from portal.people.notify import To, tell_all
from portal.permissions import COMMAND_LINE

HOURS = (168, 72, 48, 24, 12, 3, 1)
"""How many hours before people may choose to be reminded."""

AT_ONCE = timedelta(hours=6)
EVERY = timedelta(minutes=1)


@dataclass(frozen=True)
class Reminder:
    """One kind of reminder: what it is about, the column of its start, and what finds those who are reminded:
    rows of id, person_id, program_id and starts_at, joined to Person."""

    kind: Kind
    about: str
    starts_at: Any
    found: Callable[[], Any]


def due(db: Session, name: str, at: datetime) -> bool:
    """Whether there may be something to do, without writing."""
    last = db.scalar(select(Mark.at).where(Mark.name == name))
    return last is None or at - last >= EVERY


MORNING = 7
"""The hour at which what is told once a day is told."""


def is_morning(zone: str, last: datetime, at: datetime) -> bool:
    """Whether it is late enough for the first time on a local day after the one of `last`."""
    local = clock.to_local(at, zone)
    return local.hour >= MORNING and clock.local_day(last, zone) < local.date()


def mark_of(db: Session, name: str, first: datetime) -> Mark:
    """How far some work has come; other workers wait here."""
    mark = db.scalar(select(Mark).where(Mark.name == name).with_for_update())
    if mark is None:
        mark = Mark(name=name, at=first)
        db.add(mark)
        db.flush()
    return mark


def remind(db: Session, name: str, reminders: Sequence[Reminder], at: datetime) -> int:
    """Write the reminders that became due since the last time; gives how many.

    Each choice of hours is a small window of starts, so the cost follows what begins in it, not the people or
    the years. In real time: a clock change moves no reminder and repeats none.
    """
    mark = mark_of(db, name, at)
    since, until = mark.at, min(at, mark.at + AT_ONCE)
    if until <= since:
        return 0
    number = sum(_remind(db, one, hours, since, until, at) for hours in HOURS for one in reminders)
    mark.at = until
    return number


def _remind(
    db: Session, one: Reminder, hours: int, since: datetime, until: datetime, at: datetime
) -> int:
    before = timedelta(hours=hours)
    found = one.found().where(
        one.starts_at > since + before, one.starts_at <= until + before, _chose(hours)
    )
    to = [
        To(
            row.person_id,
            row.id,
            row.program_id,
            {"starts_at": row.starts_at.isoformat()},
            f"{one.kind.name}:{row.id}:{hours}:{row.starts_at:%Y%m%d%H%M}",
        )
        for row in db.execute(found)
    ]
    tell_all(Act(db, COMMAND_LINE, at), one.kind, one.about, to)
    return len(to)


def _chose(hours: int) -> ColumnElement[bool]:
    return (literal(",") + Person.remind_hours + ",").contains(f",{hours},")
