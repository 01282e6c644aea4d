"""What is in the way of a talk at some time: for a speaker, and for all of us.

Another talk that somebody is confirmed for is in the way for good; whatever else there is warns and wants a
reason. A reason covers what was known when it was given.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from functools import reduce

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal import clock
from portal.commitments.commitments import clashes
from portal.outreach.talk_models import BusyTime
from portal.people.availability import days_away
from portal.programs.closures import Closed, closures_between
from portal.web.words import Words, text

ENGAGED = "talk"
"""The kind of commitment that being asked to speak, and speaking, makes; the source is the offer."""


class Clash(StrEnum):
    """What else somebody has at a time, the weightiest only."""

    TALK = "talk"
    BUSY = "busy"
    AWAY = "away"


@dataclass(frozen=True)
class When:
    """From when to when, and in which zone a talk is. Its day is the one on which it begins there."""

    starts_at: datetime
    ends_at: datetime
    zone: str

    @property
    def day(self) -> date:
        return clock.local_day(self.starts_at, self.zone)


def clash_of(
    db: Session, person_id: int, when: When, covered_at: datetime | None = None
) -> Clash | None:
    """What somebody has at that time, here or in their own calendar. A reason that was given at a moment covers
    what overlaps, and days away that they had told us of by then."""
    found = clashes(db, person_id, when.starts_at, when.ends_at)
    if any(row.kind == ENGAGED and row.held_until is None for row in found):
        return Clash.TALK
    if covered_at is None and (found or _own_calendar_says_busy(db, person_id, when)):
        return Clash.BUSY
    away = days_away(db, [person_id], when.day, when.day)
    if any(covered_at is None or row.since > covered_at for row in away):
        return Clash.AWAY
    return None


def _own_calendar_says_busy(db: Session, person_id: int, when: When) -> bool:
    found = select(BusyTime.id).where(
        BusyTime.person_id == person_id,
        BusyTime.ends_at > when.starts_at,
        BusyTime.starts_at < when.ends_at,
    )
    return db.scalar(found.limit(1)) is not None


def closures_on(db: Session, when: When, site_id: int | None) -> list[Closed]:
    """Why we, or the place of ours where a talk is, are closed then."""
    found = closures_between(db, when.day, when.day)
    return [one for one in found if one.covers(when.day, site_id)]


def why_not(busy: Sequence[str], away: Sequence[str], closed: Sequence[Closed]) -> Words | None:
    """Everything that wants a reason, in one sentence after the other: who is busy or away, by name, and why we
    are closed."""
    said = [text("We are closed on that day: %(reason)s.", reason=one.reason) for one in closed]
    if busy:
        said.append(text("Busy at that time: %(names)s.", names=", ".join(sorted(busy))))
    if away:
        said.append(text("Away on that day: %(names)s.", names=", ".join(sorted(away))))
    if not said:
        return None
    said.append(text("If it is all right, say why."))
    return reduce(lambda one, other: text("%(one)s %(other)s", one=one, other=other), said)
