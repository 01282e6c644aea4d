"""Last year's volunteers: who served a program then and not since, who asks them, and what came of it."""

from collections.abc import Collection, Mapping
from datetime import date, timedelta
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, and_, exists, extract, false, func, or_, select, true
from sqlalchemy.orm import Session, aliased

from portal.act import Act
from portal.audit.log import record
from portal.db import lock_row
from portal.hours.models import HoursEntry, HoursState
from portal.lifecycle.reengagement_models import Back, Reengagement
from portal.people.models import Person, Status
from portal.people.people import BEST_PHONE, lock_people
from portal.permissions import Permission, Viewer
from portal.programs.models import Program
from portal.programs.person_models import MayReturn, PersonExit
from portal.programs.scopes import in_viewers_programs, visible_people
from portal.reads import read
from portal.recruitment.applications import owners_of
from portal.shifts.models import Shift, Signup, SignupState
from portal.web.errors import Refused
from portal.words import text

SHOWN = 100
LATEST = timedelta(days=366)
"""How far ahead someone can be asked again."""
NOT_SERVED = (HoursState.VOID, HoursState.DRAFT)
_owner, _newer = aliased(Person), aliased(PersonExit)


class Line(NamedTuple):
    """Someone who served in a year and not since."""

    person_id: int
    name: str
    status: Status
    last_day: date
    minutes: int
    owner: str | None
    outcome: Back | None
    ask_on: date | None


class Sums(NamedTuple):
    """How many served in a year, and how many of them served or signed up since."""

    served: int
    back: int


class Year(NamedTuple):
    """A program's people of a year, as a viewer sees them: no one, where they don't manage its people."""

    viewer: Viewer
    program_id: int
    year: int

    @property
    def served(self) -> ColumnElement[bool]:
        """Inside a query on HoursEntry: whether it is of the program and the year, and not taken back."""
        return and_(
            HoursEntry.program_id == self.program_id,
            HoursEntry.state.not_in(NOT_SERVED),
            HoursEntry.day.between(date(self.year, 1, 1), date(self.year, 12, 31)),
        )

    def people(self) -> Select[Person]:
        """The people whom the viewer sees and who served then; never themselves, and never whoever left and may
        not return."""
        newer = exists().where(_newer.person_id == PersonExit.person_id, _newer.id > PersonExit.id)
        unwanted = exists().where(
            PersonExit.person_id == Person.id, PersonExit.may_return == MayReturn.NO, ~newer
        )
        seen = visible_people(self.viewer).with_only_columns(Person.id)
        theirs = self.viewer.may_in(Permission.PEOPLE_MANAGE, self.program_id)
        return select(Person).where(
            true() if theirs else false(),
            Person.id.in_(select(HoursEntry.person_id).where(self.served)),
            Person.id.in_(seen),
            Person.id.is_distinct_from(self.viewer.person_id),
            ~and_(Person.status == Status.ENDED, unwanted),
        )


def _came_back(program_id: Any, year: Any) -> ColumnElement[bool]:
    """Inside a query on Person: whether they served a program after a year, or signed up to."""
    later = aliased(HoursEntry)
    return or_(
        exists().where(
            later.person_id == Person.id,
            later.program_id == program_id,
            later.state.not_in(NOT_SERVED),
            extract("year", later.day) > year,
        ),
        exists()
        .where(Signup.person_id == Person.id, Signup.state == SignupState.SIGNED_UP)
        .where(Shift.id == Signup.shift_id, Shift.program_id == program_id)
        .where(Shift.canceled_at.is_(None), extract("year", Shift.starts_at) > year),
    )


def _open(today: date) -> ColumnElement[bool]:
    """Inside a query: whether someone is still to be asked, or again by now."""
    return or_(
        Reengagement.outcome.is_(None),
        and_(Reengagement.outcome == Back.LATER, Reengagement.ask_on <= today),
    )


def lines(db: Session, found: Year, *, done: bool, today: date) -> list[Line]:
    """The people of a year who did not come back by themselves and are still to be asked, or were asked
    (`done`); whoever served most comes first, at most a hundred."""
    still = func.coalesce(_open(today), True)
    asked: Any = (
        found.people()
        .where(~_came_back(found.program_id, found.year))
        .outerjoin(
            Reengagement,
            and_(
                Reengagement.person_id == Person.id,
                Reengagement.program_id == found.program_id,
                Reengagement.year == found.year,
            ),
        )
        .where(~still if done else still)
        .outerjoin(_owner, _owner.id == Reengagement.owner_id)
        .join(HoursEntry, and_(HoursEntry.person_id == Person.id, found.served))
        .with_only_columns(
            Person.id.label("person_id"),
            Person.name,
            Person.status,
            func.max(HoursEntry.day).label("last_day"),
            func.sum(HoursEntry.minutes).label("minutes"),
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
    back = found.people().where(_came_back(found.program_id, found.year))
    row: Any = db.execute(
        select(
            *(
                one.with_only_columns(func.count()).scalar_subquery()
                for one in (found.people(), back)
            )
        )
    ).one()
    return Sums(*row)


def own_to_ask(viewer: Viewer, today: date) -> Select[Reengagement]:
    """Whom a viewer took on and has to ask, or to ask again by now, in programs that are still theirs; whoever
    came back by themselves is not asked."""
    return (
        select(Reengagement)
        .join(Person, Person.id == Reengagement.person_id)
        .where(
            Reengagement.owner_id == viewer.person_id,
            in_viewers_programs(Reengagement.program_id, viewer, Permission.PEOPLE_MANAGE),
            _open(today),
            ~_came_back(Reengagement.program_id, Reengagement.year),
        )
    )


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


def own_lines(db: Session, viewer: Viewer, today: date) -> list[Asked]:
    """Those whom a viewer has to ask, at most a hundred."""
    query: Any = (
        own_to_ask(viewer, today)
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


def take_on(act: Act, found: Year, people: Collection[int], owner_id: int | None) -> int:
    """Have a member of the staff ask some people whether they come back, or no one; gives how many. Raises
    Refused for an owner who may not."""
    if owner_id is not None and owner_id not in owners_of(act.db, found.program_id):
        raise Refused(fields={"owner": text("Select someone from the list.")})
    seen = act.db.scalars(
        found.people().where(Person.id.in_(people)).with_only_columns(Person.id)
    ).all()
    lock_people(act.db, seen)
    for person_id in sorted(seen):
        row = _row(act, found, person_id)
        if row.owner_id != owner_id:
            row.owner_id = owner_id
            act.db.flush()
            record(act, "reengagement.owned", row)
    return len(seen)


def note(act: Act, row: Reengagement, outcome: Back, ask_on: date | None) -> None:
    """Keep what came of asking someone. Raises Refused for a day to ask again that is missing, past, or over a
    year ahead."""
    today = act.by.today or act.at.date()
    if outcome == Back.LATER and (ask_on is None or not today < ask_on <= today + LATEST):
        raise Refused(fields={"ask_on": text("Select a day within the next year.")})
    lock_row(act.db, row)
    row.outcome, row.ask_on = outcome, ask_on if outcome == Back.LATER else None
    row.noted_at, row.noted_by_id = act.at, act.by.person_id
    record(act, "reengagement.noted", row)


def _row(act: Act, found: Year, person_id: int) -> Reengagement:
    row = act.db.scalar(
        select(Reengagement).where(
            Reengagement.person_id == person_id,
            Reengagement.program_id == found.program_id,
            Reengagement.year == found.year,
        )
    )
    if row is None:
        row = Reengagement(person_id=person_id, program_id=found.program_id, year=found.year)
        act.db.add(row)
    return row


def give_back(db: Session, owner_id: int, program_id: int | None) -> None:
    """Leave those whom someone has not asked yet to the rest of the staff, of one program or of all."""
    held = select(Reengagement).where(
        Reengagement.owner_id == owner_id, Reengagement.outcome.is_(None)
    )
    if program_id is not None:
        held = held.where(Reengagement.program_id == program_id)
    for row in db.scalars(held.order_by(Reengagement.id)).all():
        row.owner_id = None
