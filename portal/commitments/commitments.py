"""Engaging people's time, freeing it, and the only overlap question there is.

Whoever engages time holds the person's lock (see db rules in DESIGN: persons by id, then slots).
"""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import (
    ColumnElement,
    ScalarSelect,
    bindparam,
    delete,
    exists,
    func,
    insert,
    or_,
    select,
    update,
)
from sqlalchemy.orm import Session

from portal import clock
from portal.columns import UtcDateTime
from portal.commitments.models import Commitment
from portal.reads import read_past

STANDS = or_(
    Commitment.held_until.is_(None),
    Commitment.held_until > bindparam("this_moment", callable_=clock.now, type_=UtcDateTime()),
)
"""The condition that engaged time counts: what was only held ends by itself."""

_CLASHES = (
    select(
        Commitment.person_id,
        Commitment.kind,
        Commitment.source_id,
        Commitment.starts_at,
        Commitment.ends_at,
        Commitment.held_until,
    )
    .where(
        Commitment.person_id == bindparam("person_id"),
        Commitment.ends_at > bindparam("starts_at"),
        Commitment.starts_at < bindparam("ends_at"),
        STANDS,
    )
    .order_by(Commitment.starts_at)
    .limit(20)
)


class Clash(NamedTuple):
    """Something that takes the same time."""

    person_id: int
    kind: str
    source_id: int
    starts_at: datetime
    ends_at: datetime
    held_until: datetime | None


def clashes(db: Session, person_id: int, starts_at: datetime, ends_at: datetime) -> Sequence[Clash]:
    """What of a person's engaged time overlaps a span. Touching is no overlap."""
    span = {"person_id": person_id, "starts_at": starts_at, "ends_at": ends_at}
    return read_past(db, Clash, _CLASHES, span)


def first_clash(person_id: Any, starts_at: Any, ends_at: Any) -> ScalarSelect[Any]:
    """Inside a query: the id of one commitment that overlaps a span, or null."""
    return (
        select(func.min(Commitment.id))
        .where(
            Commitment.person_id == person_id,
            Commitment.ends_at > starts_at,
            Commitment.starts_at < ends_at,
            STANDS,
        )
        .scalar_subquery()
    )


def busy(
    person_id: ColumnElement[int],
    starts_at: ColumnElement[datetime],
    ends_at: ColumnElement[datetime],
) -> ColumnElement[bool]:
    """The same question inside a query: whether a person is engaged during a span."""
    return exists().where(
        Commitment.person_id == person_id,
        Commitment.ends_at > starts_at,
        Commitment.starts_at < ends_at,
        STANDS,
    )


def commit_time(
    db: Session,
    person_id: int,
    kind: str,
    source_id: int,
    starts_at: datetime,
    ends_at: datetime,
    held_until: datetime | None = None,
) -> None:
    """Engage a person's time, or hold it until a moment. The caller has asked `clashes` under the person's
    lock."""
    db.execute(
        insert(Commitment).values(
            person_id=person_id,
            kind=kind,
            source_id=source_id,
            starts_at=starts_at,
            ends_at=ends_at,
            held_until=held_until,
        )
    )


def hold_time(db: Session, kind: str, source_id: int, until: datetime | None) -> None:
    """What is held ends at another moment; with None it is engaged from now on."""
    db.execute(
        update(Commitment)
        .where(Commitment.kind == kind, Commitment.source_id == source_id)
        .values(held_until=until)
    )


def move_time(
    db: Session, kind: str, source_ids: Collection[int], starts_at: datetime, ends_at: datetime
) -> None:
    """Move engaged time; the caller has asked `clashes` for the new span."""
    db.execute(
        update(Commitment)
        .where(Commitment.kind == kind, Commitment.source_id.in_(source_ids))
        .values(starts_at=starts_at, ends_at=ends_at)
    )


def free_time(db: Session, kind: str, source_ids: Collection[int]) -> None:
    """Free engaged time again."""
    db.execute(
        delete(Commitment).where(Commitment.kind == kind, Commitment.source_id.in_(source_ids))
    )
