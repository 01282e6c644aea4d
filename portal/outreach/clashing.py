"""What is in the way of a talk at some time: for a speaker, and for all of us.

Another talk that somebody is confirmed for is in the way for good; whatever else there is warns and wants a
reason.
"""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal import clock
from portal.commitments.commitments import clashes
from portal.outreach.talk_models import BusyTime
from portal.people.availability import days_away
from portal.programs.closures import Closed, closures_between

ENGAGED = "talk"
"""The kind of commitment that being asked to speak, and speaking, makes; the source is the offer."""


class Clash(StrEnum):
    """What else somebody has at a time, the weightiest only."""

    TALK = "talk"
    BUSY = "busy"
    AWAY = "away"


@dataclass(frozen=True)
class When:
    """From when to when, and in which zone a talk is."""

    starts_at: datetime
    ends_at: datetime
    zone: str

    @property
    def days(self) -> tuple[date, date]:
        """The first and last day that it touches there."""
        return clock.local_day(self.starts_at, self.zone), clock.local_day(self.ends_at, self.zone)


def clash_of(db: Session, person_id: int, when: When, but: int | None = None) -> Clash | None:
    """What somebody has at that time, here or in their own calendar, `but` for one offer."""
    found = [
        row
        for row in clashes(db, person_id, when.starts_at, when.ends_at)
        if (row.kind, row.source_id) != (ENGAGED, but)
    ]
    if any(row.kind == ENGAGED and row.held_until is None for row in found):
        return Clash.TALK
    if found or _own_calendar_says_busy(db, person_id, when):
        return Clash.BUSY
    if days_away(db, [person_id], *when.days):
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
    first, last = when.days
    return [
        one
        for one in closures_between(db, first, last)
        if one.covers(first, site_id) or one.covers(last, site_id)
    ]
