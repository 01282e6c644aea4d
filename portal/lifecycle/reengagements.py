"""Last year's volunteers: who served a program then and not since, who asks them, and what came of it."""

from collections.abc import Collection, Mapping
from datetime import date, timedelta
from typing import Any, NamedTuple

from sqlalchemy import Select, and_, func, or_, select
from sqlalchemy.orm import Session, aliased

from portal.act import Act
from portal.audit.log import record
from portal.db import lock_row
from portal.hours.models import HoursEntry
from portal.lifecycle.past_years import Year, is_open, own_to_ask
from portal.lifecycle.reengagement_models import Back, Reengagement
from portal.people.models import Person, Status
from portal.people.people import BEST_PHONE, lock_people
from portal.permissions import Viewer
from portal.programs.models import Program
from portal.reads import read
from portal.recruitment.applications import owners_of
from portal.web.errors import Refused
from portal.words import text

SHOWN = 100
LATEST = timedelta(days=366)
"""How far ahead someone can be asked again."""
NEXT_TRY = timedelta(days=7)
AGAIN = (Back.LATER, Back.UNREACHED)
_owner = aliased(Person)


class Line(NamedTuple):
    """Someone who served in a year and not since."""

    person_id: int
    name: str
    status: Status
    last_day: date
    minutes: int
    owner_id: int | None
    owner: str | None
    outcome: Back | None
    ask_on: date | None


class Sums(NamedTuple):
    """How many served in a year, and how many of them served or signed up since."""

    served: int
    back: int


def lines(db: Session, found: Year, *, done: bool, today: date) -> list[Line]:
    """The people of a year who did not come back by themselves and are still to be asked, or were asked
    (`done`); whoever served most comes first, at most a hundred."""
    asked: Any = (
        found.people()
        .where(~found.came_back)
        .outerjoin(
            Reengagement,
            and_(
                Reengagement.person_id == Person.id,
                Reengagement.program_id == found.program_id,
                Reengagement.year == found.year,
            ),
        )
        .where(~is_open(today) if done else is_open(today))
        .outerjoin(_owner, _owner.id == Reengagement.owner_id)
        .join(HoursEntry, and_(HoursEntry.person_id == Person.id, found.served))
        .with_only_columns(
            Person.id.label("person_id"),
            Person.name,
            Person.status,
            func.max(HoursEntry.day).label("last_day"),
            func.sum(HoursEntry.minutes).label("minutes"),
            Reengagement.owner_id,
            _owner.name.label("owner"),
            Reengagement.outcome,
            Reengagement.ask_on,
        )
        .group_by(Person.id, Reengagement.id, _owner.id)
        .order_by(func.sum(HoursEntry.minutes).desc(), Person.id)
        .limit(SHOWN)
    )
    return read(db, Line, asked)


def sums(db: Session, found: Year) -> Sums:
    """How many served then, and how many of them came back."""
    back = found.people().where(found.came_back)
    row: Any = db.execute(
        select(
            *(
                one.with_only_columns(func.count()).scalar_subquery()
                for one in (found.people(), back)
            )
        )
    ).one()
    return Sums(*row)


class Asked(NamedTuple):
    """Someone whom a member of the staff asks."""

    id: int
    person_id: int
    program_id: int
    name: str
    phone: str | None
    email: str
    program: str
    translations: Mapping[str, Any] | None
    year: int
    outcome: Back | None
    ask_on: date | None


def own_lines(db: Session, viewer: Viewer, today: date, zone: str) -> list[Asked]:
    """Those whom a viewer has to ask, at most a hundred."""
    query: Any = (
        own_to_ask(viewer, today, zone)
        .join(Program, Program.id == Reengagement.program_id)
        .with_only_columns(
            Reengagement.id,
            Person.id.label("person_id"),
            Reengagement.program_id,
            Person.name,
            BEST_PHONE.label("phone"),
            Person.email,
            Program.name.label("program"),
            Program.translations,
            Reengagement.year,
            Reengagement.outcome,
            Reengagement.ask_on,
        )
        .order_by(Reengagement.year.desc(), Person.name, Reengagement.id)
        .limit(SHOWN)
    )
    return read(db, Asked, query)


def take_on(
    act: Act, found: Year, had: Mapping[int, int | None], owner_id: int | None
) -> list[str]:
    """Have a member of the staff ask some people whether they come back, or no one; gives the names of those
    whom someone else took on since: `had` says who had each of them when they were chosen. Raises Refused for
    an owner who may not."""
    db = act.db
    if owner_id is not None and owner_id not in owners_of(db, found.program_id):
        raise Refused(fields={"owner": text("Select someone from the list.")})
    seen = {
        row.id: row.name
        for row in db.execute(
            found.people()
            .where(Person.id.in_(had))
            .with_only_columns(Person.id, Person.name)
            .order_by(Person.id)
        )
    }
    lock_people(db, list(seen))
    there = {row.person_id: row for row in db.scalars(_rows(found, seen))}
    taken = []
    for person_id, name in seen.items():
        row = there.get(person_id) or Reengagement(
            person_id=person_id, program_id=found.program_id, year=found.year
        )
        if row.owner_id != had[person_id]:
            taken.append(name)
            continue
        row.owner_id, row.outcome, row.ask_on = owner_id, None, None
        db.add(row)
        db.flush()
        record(act, "reengagement.owned", row)
    return taken


def _rows(found: Year, people: Collection[int]) -> Select[Reengagement]:
    return select(Reengagement).where(
        Reengagement.person_id.in_(people),
        Reengagement.program_id == found.program_id,
        Reengagement.year == found.year,
    )


def note(act: Act, row: Reengagement, outcome: Back, ask_on: date | None, today: date) -> None:
    """Keep what came of asking someone. Whoever was not reached is asked again in a week, if no day is named.
    Raises Refused for a day to ask again that is missing, past, or over a year ahead."""
    if outcome == Back.UNREACHED:
        ask_on = ask_on or today + NEXT_TRY
    if outcome in AGAIN and (ask_on is None or not today < ask_on <= today + LATEST):
        raise Refused(fields={"ask_on": text("Select a day within the next year.")})
    lock_row(act.db, row)
    row.outcome, row.ask_on = outcome, ask_on if outcome in AGAIN else None
    row.noted_at, row.noted_by_id = act.at, act.by.person_id
    record(act, "reengagement.noted", row)


def give_back(act: Act, owner_id: int, program_id: int | None, *, ended: bool) -> None:
    """Leave those whom someone still has to ask to the rest of the staff, of one program or of all; whoever did
    not end keeps those of programs whose staff they still are."""
    held = select(Reengagement).where(
        Reengagement.owner_id == owner_id,
        or_(Reengagement.outcome.is_(None), Reengagement.outcome.in_(AGAIN)),
    )
    if program_id is not None:
        held = held.where(Reengagement.program_id == program_id)
    rows = act.db.scalars(held.order_by(Reengagement.id)).all()
    programs = set() if ended else {row.program_id for row in rows}
    kept = {one for one in programs if owner_id in owners_of(act.db, one)}
    for row in rows:
        if row.program_id not in kept:
            row.owner_id = None
            record(act, "reengagement.owned", row)
