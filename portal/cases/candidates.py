"""Who could help: cleared people in a role that may and have room, with reasons; never those who said no to
it, or who have a conflict of interest."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select
from sqlalchemy.orm import Session, aliased

from portal.agency.settings import value_of
from portal.cases.models import Case, FunctionPosition, HelpRequest, Match, MatchState
from portal.cases.scopes import no_conflict
from portal.cases.settings import MOST_CLIENTS, MOST_SUPERVISED
from portal.people.models import Person, Status
from portal.people.people import BEST_PHONE
from portal.people.traits import PersonSkill, Supervision
from portal.programs.models import Placement
from portal.programs.placements import on_day
from portal.requirements.records import Question, clearances
from portal.settings import Settings
from portal.words import Words, count_text, text

LOOKED_AT, SHOWN = 300, 12


@dataclass(frozen=True)
class Candidate:
    """Someone who could help, and why they come first."""

    person_id: int
    name: str
    phone: str | None
    reasons: Sequence[Words]
    rank: tuple[int, ...]


def _day(request: HelpRequest, today: date) -> date:
    return max(request.day or today, today)


def _in_role(request: HelpRequest, day: date) -> Select[int, int]:
    """The active people with a role that may, on a day, who were not asked for this request before."""
    asked = exists().where(Match.request_id == request.id, Match.person_id == Person.id)
    return (
        select(Person.id, Placement.position_id)
        .join(Placement, Placement.person_id == Person.id)
        .join(FunctionPosition, FunctionPosition.position_id == Placement.position_id)
        .where(
            FunctionPosition.function_id == request.function_id,
            Placement.program_id == request.program_id,
            Person.status == Status.ACTIVE,
            on_day(day),
            ~asked,
        )
        .order_by(Person.id)
        .limit(LOOKED_AT)
    )


def _load(program_id: int, person: Any) -> Select[int]:
    """Inside a query: how many clients of a program a person helps, or was asked to. Of other programs it would
    tell too much (SECURITY Z5)."""
    return select(func.count()).where(
        Match.person_id == person,
        Match.program_id == program_id,
        Match.state != MatchState.ENDED,
    )


def _has_room(
    db: Session, request: HelpRequest, day: date, settings: Settings
) -> ColumnElement[bool]:
    """Whether neither a volunteer nor their supervisor has as many clients as the program lets them."""
    program_id = request.program_id
    own = value_of(db, MOST_CLIENTS, settings, program_id=program_id)
    theirs = value_of(db, MOST_SUPERVISED, settings, program_id=program_id)
    other = aliased(Supervision)
    now = (Supervision.program_id == program_id, Supervision.first_day <= day)
    team = (
        select(func.count(Match.id.distinct()))
        .join(other, other.person_id == Match.person_id)
        .where(
            other.supervisor_id == Supervision.supervisor_id,
            other.program_id == program_id,
            other.first_day <= day,
            or_(other.last_day.is_(None), other.last_day >= day),
            Match.program_id == program_id,
            Match.state != MatchState.ENDED,
        )
        .correlate(Supervision)
        .scalar_subquery()
    )
    full = exists().where(
        Supervision.person_id == Person.id,
        *now,
        or_(Supervision.last_day.is_(None), Supervision.last_day >= day),
        team >= theirs,
    )
    return and_(_load(program_id, Person.id).scalar_subquery() < own, ~full)


def able(
    db: Session,
    request: HelpRequest,
    today: date,
    settings: Settings,
    person_id: int | None = None,
) -> set[int]:
    """The ids of those, or of one person, who have a role that may, room for a client, no conflict with the
    case, and are cleared for it on the day."""
    day = _day(request, today)
    found = _in_role(request, day).where(
        no_conflict(request.case_id, Person.id), _has_room(db, request, day, settings)
    )
    if person_id is not None:
        found = found.where(Person.id == person_id)
    rows = db.execute(found).all()
    judged = clearances(db, {Question(row.id, row.position_id, day) for row in rows})
    return {one.person_id for one, found in judged.items() if found.clear}


def candidates(
    db: Session, request: HelpRequest, today: date, settings: Settings
) -> Sequence[Candidate]:
    """The first of them: who speaks the language, goes to the district, and helps the fewest now."""
    ids = able(db, request, today, settings)
    case = db.get_one(Case, request.case_id)
    load = _load(request.program_id, Person.id).scalar_subquery()
    rows = db.execute(
        select(
            Person.id,
            Person.name,
            BEST_PHONE.label("phone"),
            _has(case.language_id).label("speaks"),
            _has(case.district_id).label("near"),
            load.label("load"),
        ).where(Person.id.in_(ids))
    )
    return sorted((_candidate(row, case) for row in rows), key=lambda one: one.rank)[:SHOWN]


def _has(skill_id: int | None) -> ColumnElement[bool]:
    return exists().where(
        and_(PersonSkill.person_id == Person.id, PersonSkill.skill_id == skill_id)
    )


def _candidate(row: Any, case: Case) -> Candidate:
    reasons = []
    if case.language_id and row.speaks:
        reasons.append(text("speaks the language"))
    if case.district_id and row.near:
        reasons.append(text("goes to that part of the county"))
    if row.load:
        reasons.append(count_text("helps %(n)s client", "helps %(n)s clients", row.load))
    rank = (-int(row.speaks), -int(row.near), row.load, row.id)
    return Candidate(row.id, row.name, row.phone, reasons, rank)
