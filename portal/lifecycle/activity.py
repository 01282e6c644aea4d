"""Who has not been active for long. Checks live in the query.

Active is whoever served, signed up, trained, spoke, got a role, applied, or was away by announcement. Leave
does not count against anyone, and what was done in a season counts until the season ends.
"""

from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import Any

from dateutil.relativedelta import relativedelta
from sqlalchemy import ColumnElement, Select, and_, exists, false, or_, select
from sqlalchemy.orm import Session

from portal import clock
from portal.hours.models import HoursEntry, HoursState
from portal.outreach.talk_models import OfferState, Presentation, SpeakerOffer
from portal.people.models import Person, Status
from portal.people.traits import Absence
from portal.programs.application_models import Application
from portal.programs.models import Placement, PlacementState, Position
from portal.programs.scopes import is_staff
from portal.shifts.models import Shift, Signup, SignupState
from portal.training.models import Enrolment

ASK_AFTER = relativedelta(months=11)
"""How long without activity until someone is asked whether they stay."""


def active_since(day: date, zone: str) -> ColumnElement[bool]:
    """Inside a query: whether a person was active on a local day or later."""
    moment = clock.start_of_day(day, zone)
    mine = Person.id
    return or_(
        Person.created_at >= moment,
        and_(Person.counted_from.is_not(None), Person.counted_from >= day),
        exists().where(
            HoursEntry.person_id == mine,
            HoursEntry.day >= day,
            HoursEntry.state.not_in((HoursState.VOID, HoursState.DRAFT)),
        ),
        exists()
        .where(Signup.person_id == mine, Signup.state == SignupState.SIGNED_UP)
        .where(Shift.id == Signup.shift_id, Shift.starts_at >= moment),
        exists().where(Enrolment.person_id == mine, Enrolment.since >= moment),
        exists()
        .where(SpeakerOffer.person_id == mine, SpeakerOffer.state == OfferState.ACCEPTED)
        .where(Presentation.id == SpeakerOffer.presentation_id, Presentation.starts_at >= moment),
        exists().where(Placement.person_id == mine, Placement.starts_on >= day),
        exists().where(Application.person_id == mine, Application.received_at >= moment),
        exists().where(
            Absence.person_id == mine, Absence.last_day >= day, Absence.ended_at.is_(None)
        ),
    )


def last_season(first_month: int, last_month: int, today: date) -> tuple[date, date]:
    """The first and last day of the season, from one month to another, that ended last before a day."""
    year = today.year
    while True:
        end = date(year, last_month, 1) + relativedelta(months=1, days=-1)
        if end < today:
            start = date(year - (last_month < first_month), first_month, 1)
            return start, end
        year -= 1


def _active_by_season(db: Session, cutoff: date, today: date, zone: str) -> ColumnElement[bool]:
    """Inside a query: whether a person has a role of a season that ended since a day, and was active in it."""
    found: list[ColumnElement[bool]] = []
    seasons = db.execute(
        select(Position.season_from, Position.season_to)
        .where(Position.season_from.is_not(None), Position.season_to.is_not(None))
        .distinct()
    )
    for row in seasons:
        start, end = last_season(row.season_from, row.season_to, today)
        if end >= cutoff:
            holds = exists().where(
                Placement.person_id == Person.id,
                Placement.state == PlacementState.ACTIVE,
                Position.id == Placement.position_id,
                Position.season_from == row.season_from,
                Position.season_to == row.season_to,
            )
            found.append(and_(holds, active_since(start, zone)))
    return or_(false(), *found)


def inactive(db: Session, programs: Collection[int], at: datetime, zone: str) -> Select[Person]:
    """The active volunteers without activity for 11 months who serve in some programs and in no others; never
    staff, and never whoever is on leave."""
    today = clock.local_day(at, zone)
    cutoff = today - ASK_AFTER
    serves = and_(Placement.person_id == Person.id, Placement.state == PlacementState.ACTIVE)
    return select(Person).where(
        Person.status == Status.ACTIVE,
        exists().where(serves, Placement.program_id.in_(sorted(programs))),
        ~exists().where(serves, Placement.program_id.not_in(sorted(programs))),
        ~is_staff(),
        ~active_since(cutoff, zone),
        ~_active_by_season(db, cutoff, today, zone),
    )


def names(db: Session, found: Select[Person], most: int) -> Sequence[Any]:
    """The ids and names of some people, by name, at most so many."""
    return db.execute(
        found.with_only_columns(Person.id, Person.name).order_by(Person.name, Person.id).limit(most)
    ).all()
