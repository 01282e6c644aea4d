"""Things to read: a changed rule, a page of the handbook, sent to the holders of positions with a day by
which "I have read this" is expected. After it, whoever has not is not cleared."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select, true
from sqlalchemy.orm import Session

from portal.act import Act, Ref
from portal.audit.log import record
from portal.people.models import Person, Status
from portal.people.notify import notify
from portal.permissions import Permission, Viewer
from portal.programs.models import Placement, PlacementState
from portal.programs.scopes import in_viewers_programs
from portal.reads import read
from portal.requirements import notices
from portal.requirements.change_models import Cause
from portal.requirements.credentials import note_change
from portal.requirements.models import Reading, ReadingDone
from portal.web.errors import Refused
from portal.words import text


@dataclass(frozen=True)
class Page:
    """What is to be read, by which day, by whom: one position, a program, or (neither) everyone."""

    title: str
    body: str
    due_on: date
    program_id: int | None = None
    position_id: int | None = None
    translations: Mapping[str, Mapping[str, str]] = field(default_factory=dict)


def managed_readings(viewer: Viewer) -> Select[Reading]:
    """What someone may send and end: for their programs; for everyone takes the agency."""
    return select(Reading).where(
        in_viewers_programs(Reading.program_id, viewer, Permission.REQUIREMENTS_MANAGE)
    )


def must_read() -> ColumnElement[bool]:
    """The condition that a placement's holder has to read a notice."""
    return and_(
        Placement.state == PlacementState.ACTIVE,
        or_(Reading.program_id.is_(None), Reading.program_id == Placement.program_id),
        or_(Reading.position_id.is_(None), Reading.position_id == Placement.position_id),
    )


def own_readings(person_id: int) -> Select[Reading]:
    """What a person has, or had, to read."""
    mine = exists().where(Placement.person_id == person_id, must_read())
    return select(Reading).where(Reading.ended_at.is_(None), mine)


def unread(
    db: Session, person_id: int, condition: ColumnElement[bool] | None = None
) -> Sequence[Reading]:
    """What a person still has to read, the soonest due first; for staff, as far as a condition allows."""
    done = select(ReadingDone.reading_id).where(ReadingDone.person_id == person_id)
    return db.scalars(
        own_readings(person_id)
        .where(Reading.id.not_in(done), true() if condition is None else condition)
        .order_by(Reading.due_on, Reading.id)
    ).all()


def holders(reading_id: int) -> Select[Person]:
    """Who has to read a notice."""
    return select(Person).where(
        Person.status != Status.ENDED,
        exists().where(Reading.id == reading_id, Placement.person_id == Person.id, must_read()),
    )


def unread_by(db: Session, first: date, last: date) -> set[int]:
    """Who has not read a notice whose day was between two, both included."""
    done = exists().where(
        ReadingDone.reading_id == Reading.id, ReadingDone.person_id == Placement.person_id
    )
    return set(
        db.scalars(
            select(Placement.person_id)
            .join(Reading, must_read())
            .where(
                Reading.due_on >= first, Reading.due_on <= last, Reading.ended_at.is_(None), ~done
            )
        )
    )


def send(act: Act, page: Page, today: date) -> Reading:
    """Send something to read to everyone who holds a position in its scope."""
    if not act.by.may_in(Permission.REQUIREMENTS_MANAGE, page.program_id):
        raise Refused(fields={"position": text("Select one of your roles or programs.")})
    if page.due_on < today:
        raise Refused(fields={"due_on": text("Enter today or a later date.")})
    reading = Reading(
        program_id=page.program_id,
        position_id=page.position_id,
        title=page.title,
        body=page.body,
        translations=page.translations,
        due_on=page.due_on,
        sent_at=act.at,
        sent_by_id=act.by.person_id,
    )
    act.db.add(reading)
    act.db.flush()
    people = act.db.scalars(holders(reading.id).with_only_columns(Person.id)).all()
    note_change(act.db, people, Cause.READING, act.at)
    notify(act, notices.READ_THIS, Ref("reading", reading.id, None, page.program_id), people)
    record(act, "reading.sent", Ref("reading", reading.id, None, page.program_id))
    return reading


def have_read(act: Act, person_id: int, reading: Reading) -> None:
    """Note that someone has read it, as they say themselves or told staff. Twice is once."""
    if act.db.get(ReadingDone, (reading.id, person_id)) is not None:
        return
    act.db.add(
        ReadingDone(
            reading_id=reading.id,
            person_id=person_id,
            read_at=act.at,
            asked=act.asked,
            recorded_by_id=act.by.person_id,
        )
    )
    act.db.flush()
    note_change(act.db, [person_id], Cause.READING, act.at)
    record(act, "reading.read", Ref("reading", reading.id, person_id, reading.program_id))


def end(act: Act, reading: Reading) -> None:
    """Ask no one any more to read it."""
    if reading.ended_at is None:
        reading.ended_at = act.at
        people = act.db.scalars(holders(reading.id).with_only_columns(Person.id)).all()
        note_change(act.db, people, Cause.READING, act.at)
        record(act, "reading.ended", reading)


class ReadCount(NamedTuple):
    """How many people have to read a notice, and how many have."""

    id: int
    number: int
    done: int


def counts(db: Session, ids: Sequence[int]) -> dict[int, ReadCount]:
    """For each of some notices, how many have to read it and how many have."""
    found = read(
        db,
        ReadCount,
        select(
            Reading.id,
            func.count(Person.id.distinct()).label("number"),
            func.count(ReadingDone.person_id.distinct()).label("done"),
        )
        .select_from(Reading)
        .join(Placement, must_read())
        .join(Person, and_(Person.id == Placement.person_id, Person.status != Status.ENDED))
        .outerjoin(
            ReadingDone,
            and_(ReadingDone.reading_id == Reading.id, ReadingDone.person_id == Person.id),
        )
        .where(Reading.id.in_(ids))
        .group_by(Reading.id),
    )
    return {row.id: row for row in found}
