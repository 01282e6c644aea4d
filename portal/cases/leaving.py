"""Taking a volunteer who leaves off the requests they were to help with."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import exists, select
from sqlalchemy.orm import Session, joinedload

from portal import clock
from portal.act import Act
from portal.cases import matches
from portal.cases.models import FunctionPosition, HelpRequest, Match, MatchEnd, MatchState
from portal.people.departures import Engagement, Leaver
from portal.people.models import Leaving
from portal.people.people import lock_people
from portal.permissions import COMMAND_LINE
from portal.programs.models import Placement
from portal.programs.placements import from_day
from portal.words import text


def release(db: Session, leaver: Leaver, at: datetime) -> list[int | None]:
    """End every match of a leaver; gives the program of each request that lacks someone now."""
    lock_people(db, [leaver.person_id])
    found = _current(db, leaver)
    for match in found:
        matches.end(Act(db, COMMAND_LINE, at), match, MatchEnd.VOLUNTEER)
    return [match.program_id for match in found]


def engaged(db: Session, leaver: Leaver, at: datetime) -> list[Engagement]:
    """The requests that a leaver was to help with, without what they are about."""
    kind = text("Helping a client")
    return [Engagement(kind, "", match.program_id) for match in _current(db, leaver)]


def _current(db: Session, leaver: Leaver) -> Sequence[Match]:
    """Their matches: all, or those for which they have no role any more."""
    rows = (
        select(Match)
        .join(HelpRequest, HelpRequest.id == Match.request_id)
        .where(Match.person_id == leaver.person_id, Match.state != MatchState.ENDED)
        .options(joinedload(Match.request))
        .order_by(Match.id)
    )
    if leaver.cause not in (Leaving.ENDED, Leaving.ON_LEAVE):
        day = clock.local_day(leaver.starts, "UTC")
        serves = exists().where(
            Placement.person_id == leaver.person_id,
            FunctionPosition.position_id == Placement.position_id,
            FunctionPosition.function_id == HelpRequest.function_id,
            from_day(day),
        )
        rows = rows.where(Match.program_id == leaver.program_id, ~serves)
    return db.scalars(rows).all()
