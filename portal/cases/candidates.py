"""Who could help: cleared people in a role that may, with reasons; never those who said no to it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, func, select
from sqlalchemy.orm import Session

from portal.cases.models import Case, FunctionPosition, HelpRequest, Match, MatchState
from portal.people.models import Person, Status
from portal.people.people import BEST_PHONE
from portal.people.traits import PersonSkill
from portal.programs.models import Placement
from portal.programs.placements import on_day
from portal.requirements.records import Question, clearances
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


def able(db: Session, request: HelpRequest, today: date, person_id: int | None = None) -> set[int]:
    """The ids of those, or of one person, who have a role that may and are cleared for it on the day."""
    day = _day(request, today)
    found = _in_role(request, day)
    if person_id is not None:
        found = found.where(Person.id == person_id)
    rows = db.execute(found).all()
    judged = clearances(db, {Question(row.id, row.position_id, day) for row in rows})
    return {one.person_id for one, found in judged.items() if found.clear}


def candidates(db: Session, request: HelpRequest, today: date) -> Sequence[Candidate]:
    """The first of them: who speaks the language, goes to the district, and helps the fewest now."""
    ids = able(db, request, today)
    case = db.get_one(Case, request.case_id)
    load = (
        select(func.count())
        .where(
            Match.person_id == Person.id,
            Match.program_id == request.program_id,  # of others it would tell (SECURITY Z5)
            Match.state != MatchState.ENDED,
        )
        .scalar_subquery()
    )
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
