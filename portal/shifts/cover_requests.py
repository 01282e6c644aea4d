"""Requests for a sub: while someone can't make it, those who could are asked a few at a time.

Whoever says yes signs up under the ordinary rules and frees the one who can't come. No one is asked who already
has something that day, and no one twice about a shift.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import Select, exists, select
from sqlalchemy.orm import Session

from portal import clock
from portal.act import Act
from portal.agency.settings import Setting, value_of
from portal.audit.log import record
from portal.commitments.models import Commitment
from portal.permissions import COMMAND_LINE, Permission
from portal.settings import Settings
from portal.shifts import asks, gaps, suggestions
from portal.shifts.cover_models import CoverRequest
from portal.shifts.gaps import Gap
from portal.shifts.models import CANT_COME, Signup
from portal.words import text

WAVE = Setting(
    "cover_wave",
    text("How many people are asked at once when someone can't make it (0: only coordinators ask)"),
    3,
    most=suggestions.SHOWN,
    may=Permission.SHIFTS_MANAGE,
    per_program=True,
)
PAUSE = Setting(
    "cover_pause",
    text("Minutes until the next ones are asked when no one said yes"),
    60,
    least=5,
    most=24 * 60,
    may=Permission.SHIFTS_MANAGE,
    per_program=True,
)


def due(at: datetime) -> Select[int]:
    """The requests whose next people are to be asked, or that are over."""
    return (
        select(CoverRequest.id)
        .where(CoverRequest.next_at <= at, CoverRequest.ended_at.is_(None))
        .order_by(CoverRequest.next_at, CoverRequest.id)
    )


def ask_next(act: Act, request_id: int, zone: str, environment: Settings) -> int:
    """Ask the next few people; gives how many. Ends the request when no one has to be found any more, or no one
    is left to ask: then it is the coordinators' to call."""
    request = act.db.get(CoverRequest, request_id, with_for_update=True, populate_existing=True)
    if request is None or request.ended_at or request.next_at > act.at:
        return 0
    gap = gaps.upcoming(act.db, COMMAND_LINE, request.slot_id, act.at)
    wave = value_of(act.db, WAVE, environment, request.program_id)
    if gap is None or not wave or not _is_wanted(act.db, gap):
        request.ended_at = act.at
        return 0
    pause = timedelta(minutes=value_of(act.db, PAUSE, environment, request.program_id))
    if not gap.room:  # it is offered to the waitlist, who may say no
        request.next_at = act.at + pause
        return 0
    people = _next(act, gap, zone)[:wave]
    if not people:
        request.ended_at = act.at
        record(act, "cover_request.ended", request)
        return 0
    asks.ask_all(act, [asks.Wanted(gap.id, gap.shift_id, gap.program_id, tuple(people))])
    request.waves, request.next_at = request.waves + 1, act.at + pause
    return len(people)


def _is_wanted(db: Session, gap: Gap) -> bool:
    said = exists().where(Signup.slot_id == gap.id, CANT_COME, Signup.trainee.is_(False))
    return gap.needed > 0 or bool(db.scalar(select(said)))


def _next(act: Act, gap: Gap, zone: str) -> Sequence[int]:
    """Who fits best, was not asked, and has nothing else that day."""
    found = suggestions.suggest(act.db, COMMAND_LINE, [gap], act.at, zone)[gap.id].askable
    begins = clock.start_of_day(gap.day, gap.zone)
    ends = clock.start_of_day(gap.day + clock.ONE_DAY, gap.zone)
    ids = [one.person.id for one in found]
    busy = set(
        act.db.scalars(
            select(Commitment.person_id).where(
                Commitment.person_id.in_(ids),
                Commitment.ends_at > begins,
                Commitment.starts_at < ends,
            )
        )
    )
    return [number for number in ids if number not in busy]
