"""Reading who is on call, and who may be."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, and_, exists, or_, select
from sqlalchemy.orm import Session, aliased

from portal.people.models import Membership, Person, Status
from portal.people.on_call_models import OnCallDay
from portal.people.people import BEST_PHONE
from portal.permissions import MAY_BE_ON_CALL
from portal.reads import read

AHEAD = timedelta(weeks=8)
"""How far pages look."""
MOST = 500


def able(person: Any, program: Any) -> ColumnElement[bool]:
    """Inside a query: whether someone may be on call for a program by the staff roles they hold now."""
    return exists().where(
        Membership.person_id == person,
        Membership.role.in_(MAY_BE_ON_CALL),
        Membership.until.is_(None),
        or_(Membership.program_id.is_(None), Membership.program_id == program),
    )


class Able(NamedTuple):
    """Someone who may be on call."""

    id: int
    name: str


def possible(db: Session, program_id: int) -> Sequence[Able]:
    """Who may be on call for a program."""
    return read(
        db,
        Able,
        select(Person.id, Person.name)
        .where(
            Person.id.in_(
                select(Membership.person_id).where(
                    Membership.role.in_(MAY_BE_ON_CALL),
                    Membership.until.is_(None),
                    or_(Membership.program_id.is_(None), Membership.program_id == program_id),
                )
            ),
            Person.status.not_in((Status.ENDED, Status.ON_LEAVE)),
        )
        .order_by(Person.name, Person.id)
        .limit(MOST),
    )


_asked = aliased(Person)


class OnCallLine(NamedTuple):
    """A day of the schedule as pages print it."""

    program_id: int
    day: date
    ends_at: datetime
    person_id: int | None
    name: str | None
    phone: str | None
    asked_id: int | None
    asked: str | None


def coming(at: datetime, span: timedelta = AHEAD) -> ColumnElement[bool]:
    """Inside a query: the days that aren't over and begin within a span."""
    return and_(OnCallDay.ends_at > at, OnCallDay.starts_at <= at + span)


def schedule(
    db: Session, programs: Select[int], at: datetime, span: timedelta = AHEAD
) -> Sequence[OnCallLine]:
    """Who is on call for some programs from a moment on."""
    return lines(db, select(OnCallDay).where(OnCallDay.program_id.in_(programs), coming(at, span)))


def lines(db: Session, found: Select[OnCallDay]) -> Sequence[OnCallLine]:
    """The days of a scope."""
    query: Any = (
        found.outerjoin(Person, Person.id == OnCallDay.person_id)
        .outerjoin(_asked, _asked.id == OnCallDay.asked_id)
        .with_only_columns(
            OnCallDay.program_id,
            OnCallDay.day,
            OnCallDay.ends_at,
            OnCallDay.person_id,
            Person.name,
            BEST_PHONE.label("phone"),
            OnCallDay.asked_id,
            _asked.name.label("asked"),
        )
        .order_by(OnCallDay.program_id, OnCallDay.day)
        .limit(MOST * 4)
    )
    return read(db, OnCallLine, query)


def planned(db: Session, programs: Sequence[int], at: datetime) -> set[int]:
    """Which of some programs have someone planned on a coming day."""
    found = select(OnCallDay.program_id).where(
        OnCallDay.program_id.in_(programs), OnCallDay.ends_at > at
    )
    return set(db.scalars(found.distinct()))


def named_in(person_id: int | None, at: datetime) -> Select[int]:
    """The programs for which someone is on call, or was asked to be, on a coming day."""
    theirs = or_(OnCallDay.person_id == person_id, OnCallDay.asked_id == person_id)
    return select(OnCallDay.program_id).where(theirs, coming(at))


def asked_of(viewer_id: int | None, at: datetime) -> Select[OnCallDay]:
    """The days that someone was asked to cover and that aren't over, however far ahead."""
    return select(OnCallDay).where(OnCallDay.asked_id == viewer_id, OnCallDay.ends_at > at)


def open_days(where: ColumnElement[bool], at: datetime) -> Select[OnCallDay]:
    """The coming days of some programs that no one took over."""
    return select(OnCallDay).where(where, OnCallDay.person_id.is_(None), coming(at))
