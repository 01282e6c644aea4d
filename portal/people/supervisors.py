"""Reading who looks after whom on a day, with whoever stands in for a supervisor who is away."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple, TypeVar

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from portal import clock
from portal.people.models import Membership, Person, Status
from portal.people.people import BEST_PHONE
from portal.people.supervision import SUPERVISES, held_ever
from portal.people.traits import Supervision, SupervisionCover
from portal.reads import read


@dataclass(frozen=True)
class Care:
    """Someone looks after a person on some days. `acting_id` is who does: the supervisor, or their cover."""

    supervision_id: int
    person_id: int
    program_id: int
    supervisor_id: int
    acting_id: int
    first_day: date
    last_day: date


class Cover(NamedTuple):
    """Who stands in for a supervisor, and when."""

    supervisor_id: int
    cover_id: int
    first_day: date
    last_day: date


class StaffRole(NamedTuple):
    """A staff role that lets someone look after people."""

    person_id: int
    program_id: int | None
    until: datetime | None


Row = TypeVar("Row")
Covers = Mapping[int, Sequence[Cover]]
Held = Mapping[int, Sequence[StaffRole]]


def supervisors_of_all(
    db: Session, person_ids: Collection[int], first: date, last: date
) -> dict[int, list[Care]]:
    """Who looks after each person from a first day to a last one, cut where someone stands in."""
    rows = _relations(db, Supervision.person_id.in_(sorted(person_ids)), first, last)
    covers, held = _covers(db, first, last)
    found: dict[int, list[Care]] = {}
    for row in rows:
        found.setdefault(row.person_id, []).extend(_cut(row, covers, held, first, last))
    return found


def supervisors_of(db: Session, person_id: int, day: date) -> list[Care]:
    """Who looks after a person on a day."""
    return supervisors_of_all(db, [person_id], day, day).get(person_id, [])


def supervised_by(
    db: Session, supervisor_id: int, day: date, on_call_for: Collection[int] = ()
) -> list[Care]:
    """Whom someone looks after on a day: their own people, also while another stands in for them, those of
    the supervisors they stand in for, and everyone supervised in the programs they are on call for."""
    covers, held = _covers(db, day, day)
    reached = {supervisor_id}
    while True:
        more = {one for one, by in covers.items() if any(row.cover_id in reached for row in by)}
        if more <= reached:
            break
        reached |= more
    theirs = or_(
        Supervision.supervisor_id.in_(sorted(reached)),
        Supervision.program_id.in_(sorted(on_call_for)),
    )
    rows = _relations(db, theirs, day, day)
    cares = [care for row in rows for care in _cut(row, covers, held, day, day)]
    return [
        care
        for care in cares
        if care.program_id in on_call_for or supervisor_id in (care.supervisor_id, care.acting_id)
    ]


class Named(NamedTuple):
    """A person's name, and the phone to call."""

    id: int
    name: str
    phone: str | None


def people_named(db: Session, person_ids: Collection[int]) -> dict[int, Named]:
    """Name, and the phone to call, of some people."""
    rows = read(
        db,
        Named,
        select(Person.id, Person.name, BEST_PHONE.label("phone")).where(
            Person.id.in_(sorted(person_ids))
        ),
    )
    return {row.id: row for row in rows}


def own_supervisors(db: Session, person_id: int, day: date) -> list[dict[str, Any]]:
    """The people one may turn to on a day: each supervisor, and who stands in for them."""
    cares = supervisors_of(db, person_id, day)
    named = people_named(
        db, {one for care in cares for one in (care.acting_id, care.supervisor_id)}
    )
    pairs = sorted({(care.acting_id, care.supervisor_id) for care in cares})
    return [{"who": named[acting], "for": named[usual]} for acting, usual in pairs]


class Relation(NamedTuple):
    """Someone looks after a person from day to day."""

    id: int
    person_id: int
    program_id: int
    supervisor_id: int
    first_day: date
    last_day: date | None


def _relations(db: Session, whom: Any, first: date, last: date) -> Sequence[Relation]:
    return read(
        db,
        Relation,
        select(
            Supervision.id,
            Supervision.person_id,
            Supervision.program_id,
            Supervision.supervisor_id,
            Supervision.first_day,
            Supervision.last_day,
        )
        .join(Person, Person.id == Supervision.person_id)
        .where(
            whom,
            Person.status != Status.ENDED,
            Supervision.first_day <= last,
            or_(Supervision.last_day.is_(None), Supervision.last_day >= first),
            held_ever(),
        )
        .order_by(Person.name, Supervision.id),
    )


def _covers(db: Session, first: date, last: date) -> tuple[Covers, Held]:
    """Who stands in for whom on some days, and the roles that let them."""
    rows = read(
        db,
        Cover,
        select(
            SupervisionCover.supervisor_id,
            SupervisionCover.cover_id,
            SupervisionCover.first_day,
            SupervisionCover.last_day,
        )
        .where(
            SupervisionCover.first_day <= last,
            SupervisionCover.last_day >= first,
            SupervisionCover.ended_at.is_(None),
        )
        .order_by(SupervisionCover.first_day),
    )
    roles = read(
        db,
        StaffRole,
        select(Membership.person_id, Membership.program_id, Membership.until).where(
            Membership.person_id.in_({row.cover_id for row in rows}),
            Membership.role.in_(SUPERVISES),
        ),
    )
    return _by(rows, "supervisor_id"), _by(roles, "person_id")


def _by(rows: Sequence[Row], name: str) -> dict[int, list[Row]]:
    found: dict[int, list[Row]] = {}
    for row in rows:
        found.setdefault(getattr(row, name), []).append(row)
    return found


def _cut(row: Relation, covers: Covers, held: Held, first: date, last: date) -> list[Care]:
    """A relation's days within some, cut where someone stands in."""
    start, end = max(first, row.first_day), min(last, row.last_day or last)
    return [
        Care(row.id, row.person_id, row.program_id, row.supervisor_id, acting, begins, ends)
        for acting, begins, ends in _acting(
            row.supervisor_id, row.program_id, covers, held, start, end, frozenset()
        )
    ]


def _acting(
    who: int,
    program_id: int,
    covers: Covers,
    held: Held,
    first: date,
    last: date,
    before: frozenset[int],
) -> list[tuple[int, date, date]]:
    """Who acts for someone from day to day. A cover who is away is covered, too; no one comes up twice,
    and a cover without a role in the program does not count: they must not learn of its people."""
    found: list[tuple[int, date, date]] = []
    day = first
    for cover in covers.get(who, ()):
        start, end = max(cover.first_day, day), min(cover.last_day, last)
        seen = before | {who}
        if start > end or cover.cover_id in seen or not _may(held, cover.cover_id, program_id, end):
            continue
        if start > day:
            found.append((who, day, start - clock.ONE_DAY))
        found += _acting(cover.cover_id, program_id, covers, held, start, end, seen)
        day = end + clock.ONE_DAY
    if day <= last:
        found.append((who, day, last))
    return found


def _may(held: Held, person_id: int, program_id: int, day: date) -> bool:
    return any(
        role.program_id in (None, program_id) and (role.until is None or role.until.date() > day)
        for role in held.get(person_id, ())
    )
