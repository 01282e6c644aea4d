"""What is in the way of a talk at some time: for a speaker, and for all of us.

Another talk that someone is confirmed for is in the way for good; whatever else there is warns and wants a
reason. A reason covers what was known when it was given.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from functools import reduce

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal import clock
from portal.commitments.commitments import clashes
from portal.outreach.talk_models import BusyTime, SpeakerOffer
from portal.people.availability import days_away
from portal.programs.closures import Closed, closures_between
from portal.words import Words, text

ENGAGED = "talk"
"""The kind of commitment that being asked to speak, and speaking, makes; the source is the offer."""


class Clash(StrEnum):
    """What else someone has at a time."""

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
    db: Session, person_id: int, when: When, offer: SpeakerOffer | None = None
) -> set[Clash]:
    """All that someone has at that time, here or in their own calendar. Of an `offer`, neither its own time
    counts nor what its reason covers."""
    own = (ENGAGED, offer.id if offer else None)
    rows = clashes(db, person_id, when.starts_at, when.ends_at)
    others = [row for row in rows if (row.kind, row.source_id) != own]
    found = set()
    if any(row.kind == ENGAGED and row.held_until is None for row in others):
        found.add(Clash.TALK)
    covered = offer is not None and offer.clash_busy
    if not covered and (others or _own_calendar_says_busy(db, person_id, when)):
        found.add(Clash.BUSY)
    known_at = offer.clash_reason_at if offer else None
    away = days_away(db, [person_id], when.day, when.day)
    if any(known_at is None or row.since > known_at for row in away):
        found.add(Clash.AWAY)
    return found


def excuse(offer: SpeakerOffer, why: str, at: datetime, found: Collection[Clash]) -> None:
    """Someone takes part in spite of what was found; without a reason, nothing is excused any more."""
    offer.clash_reason, offer.clash_reason_at = why, at if why else None
    offer.clash_busy = bool(why) and Clash.BUSY in found


def _own_calendar_says_busy(db: Session, person_id: int, when: When) -> bool:
    found = select(BusyTime.id).where(
        BusyTime.person_id == person_id,
        BusyTime.ends_at > when.starts_at,
        BusyTime.starts_at < when.ends_at,
    )
    return db.scalar(found.limit(1)) is not None


def closures_on(
    db: Session, when: When, site_id: int | None, program_id: int | None
) -> list[Closed]:
    """Why we, or the place of ours where a talk is, are closed then."""
    found = closures_between(db, when.day, when.day)
    starts, ends = (clock.to_local(one, when.zone).time() for one in (when.starts_at, when.ends_at))
    hours = starts, ends
    return [one for one in found if one.covers(when.day, site_id, program_id, hours)]


def why_not(busy: Sequence[str], away: Sequence[str], closed: Sequence[Closed]) -> Words | None:
    """Everything that wants a reason, in one sentence after the other: who is busy or away, by name, and why we
    are closed."""
    said = [text("Closed on that day: %(reason)s.", reason=one.reason) for one in closed]
    if busy:
        said.append(text("Busy at that time: %(names)s.", names=", ".join(sorted(busy))))
    if away:
        said.append(text("Away on that day: %(names)s.", names=", ".join(sorted(away))))
    if not said:
        return None
    return in_a_row([*said, text("To book anyway, enter a reason.")])


def in_a_row(sentences: Sequence[Words]) -> Words:
    """Some sentences, one after the other."""
    return reduce(lambda one, other: text("%(one)s %(other)s", one=one, other=other), sentences)
