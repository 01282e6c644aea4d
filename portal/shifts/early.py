"""Early sign-up: who may sign up before everyone else, and by how much."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, bindparam, exists, func, or_, select
from sqlalchemy.orm import Session, joinedload, selectinload

from portal.act import Act, Ref
from portal.audit.log import record
from portal.permissions import Permission, Viewer
from portal.programs.models import Placement, Program
from portal.programs.scopes import in_viewers_programs
from portal.shifts.early_models import EarlyList, EarlyPerson
from portal.shifts.models import Shift
from portal.web.errors import Refused
from portal.words import text

HOURS = (12, 24, 48, 72, 168)
"""By how many hours a list may be early."""

MOST_PEOPLE = 200


def _lists_with(person: Any) -> ColumnElement[bool]:
    """The condition that a list of a shift's program has a person."""
    return and_(
        EarlyList.program_id == Shift.program_id,
        EarlyList.ended_at.is_(None),
        EarlyPerson.list_id == EarlyList.id,
        EarlyPerson.person_id == person,
    )


def hours_early(person: Any) -> Any:
    """Inside a query: by how many hours a person may sign up for a shift before everyone else, or NULL."""
    most = select(func.max(EarlyList.hours)).where(_lists_with(person))
    return most.correlate(Shift).scalar_subquery()


def hours_early_in(program: Any, person: Any) -> Any:
    """Inside a query: the same for any shift of a program."""
    most = select(func.max(EarlyList.hours)).where(
        EarlyList.program_id == program,
        EarlyList.ended_at.is_(None),
        EarlyPerson.list_id == EarlyList.id,
        EarlyPerson.person_id == person,
    )
    return most.correlate(Placement).scalar_subquery()


def open_to(person: Any) -> ColumnElement[bool]:
    """The condition that sign-up for a shift is open to a person; takes `at` and `moments` as parameters."""
    by_list = or_(
        *(
            and_(EarlyList.hours == hours, Shift.opens_at <= bindparam(f"in_{hours}_hours"))
            for hours in HOURS
        )
    )
    early = exists().where(_lists_with(person), by_list).correlate(Shift)
    return or_(Shift.opens_at.is_(None), Shift.opens_at <= bindparam("at"), early)


def moments(at: datetime) -> dict[str, datetime]:
    """The parameters of `open_to`: a moment for each of the `HOURS`."""
    return {f"in_{hours}_hours": at + timedelta(hours=hours) for hours in HOURS}


def managed_lists(viewer: Viewer) -> Select[EarlyList]:
    """The lists of the programs a viewer schedules, also those that ended, with their people."""
    return (
        select(EarlyList)
        .where(in_viewers_programs(EarlyList.program_id, viewer, Permission.SHIFTS_MANAGE))
        .options(
            selectinload(EarlyList.people).joinedload(EarlyPerson.person),
            joinedload(EarlyList.program),
        )
    )


def lists_of(db: Session, viewer: Viewer) -> Sequence[EarlyList]:
    """Those lists that didn't end, by program and name."""
    rows = managed_lists(viewer).join(Program, Program.id == EarlyList.program_id)
    rows = rows.where(EarlyList.ended_at.is_(None))
    return db.scalars(rows.order_by(Program.name, EarlyList.name, EarlyList.id).limit(100)).all()


def add_list(act: Act, program: Program, name: str, hours: int) -> EarlyList:
    """Write a list for a program, still without people."""
    if hours not in HOURS:
        raise Refused(fields={"hours": text("Select one.")})
    made = EarlyList(program_id=program.id, name=name, hours=hours, since=act.at)
    act.db.add(made)
    act.db.flush()
    record(act, "early_list.added", made)
    return made


def add_person(act: Act, row: EarlyList, person_id: int) -> None:
    """Put someone on a list. Twice is once."""
    if any(one.person_id == person_id for one in row.people):
        return
    if len(row.people) >= MOST_PEOPLE:
        raise Refused(text("This list is full."))
    row.people.append(EarlyPerson(person_id=person_id))
    act.db.flush()
    record(act, "early_list.person_added", Ref(row.noun, row.id, person_id, row.program_id))


def take_off(act: Act, row: EarlyList, person_id: int) -> None:
    """Take someone off a list; whoever isn't on it changes nothing."""
    for one in row.people:
        if one.person_id == person_id:
            row.people.remove(one)
            act.db.flush()
            about = Ref(row.noun, row.id, person_id, row.program_id)
            record(act, "early_list.person_removed", about)
            return


def end_list(act: Act, row: EarlyList) -> None:
    """End a list; sign-ups that were made early stay."""
    if row.ended_at is None:
        row.ended_at = act.at
        record(act, "early_list.ended", row)
