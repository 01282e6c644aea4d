"""Dated notes about people, as the staff of a program keeps them."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, aliased

from portal.act import Act
from portal.audit.log import record
from portal.people.models import Person
from portal.people.supervisors import supervised_by
from portal.permissions import Permission, Viewer
from portal.programs.models import Program
from portal.programs.person_models import PersonNote
from portal.programs.scopes import in_viewers_programs
from portal.reads import read
from portal.web.errors import Refused
from portal.words import text

MOST = 50
NOT_YOURS = text("Select one of your programs.")


def visible_notes(viewer: Viewer) -> Select[PersonNote]:
    """The notes of the programs whose people a viewer manages, never those about the viewer."""
    return select(PersonNote).where(
        in_viewers_programs(PersonNote.program_id, viewer, Permission.PEOPLE_MANAGE),
        PersonNote.person_id.is_distinct_from(viewer.person_id),
    )


def looked_after(db: Session, viewer: Viewer, person_id: int) -> set[int]:
    """The programs in which a viewer looks after someone today: as supervisor, by covering, or on call."""
    if viewer.person_id is None or viewer.today is None or person_id == viewer.person_id:
        return set()
    cares = supervised_by(db, viewer.person_id, viewer.today, viewer.on_call_for)
    return {
        care.program_id
        for care in cares
        if care.person_id == person_id
        and viewer.may_in(Permission.SUPERVISION_SEE, care.program_id)
    }


def one_to_one_notes(person_id: int, programs: Collection[int]) -> Select[PersonNote]:
    """The notes of talks with someone, of the programs in which the reader looks after them today, as
    `looked_after` gives them."""
    return select(PersonNote).where(
        PersonNote.one_to_one.is_(True),
        PersonNote.person_id == person_id,
        PersonNote.program_id.in_(sorted(programs)),
    )


class NoteLine(NamedTuple):
    """A note as the page of a person prints it."""

    id: int
    day: date
    words: str
    one_to_one: bool
    struck_at: datetime | None
    by: str | None
    program: str | None
    translations: Mapping[str, Any] | None


_writer = aliased(Person)


def notes_on(db: Session, notes: Select[PersonNote], person_id: int) -> Sequence[NoteLine]:
    """The newest notes of a scope about a person."""
    return read(
        db,
        NoteLine,
        notes.where(PersonNote.person_id == person_id)
        .outerjoin(_writer, _writer.id == PersonNote.written_by_id)
        .outerjoin(Program, Program.id == PersonNote.program_id)
        .with_only_columns(
            PersonNote.id,
            PersonNote.day,
            PersonNote.words,
            PersonNote.one_to_one,
            PersonNote.struck_at,
            _writer.name.label("by"),
            Program.name.label("program"),
            Program.translations,
        )
        .order_by(PersonNote.day.desc(), PersonNote.id.desc())
        .limit(MOST),
    )


def add_note(act: Act, person_id: int, program_id: int | None, day: date, words: str) -> PersonNote:
    """Keep a note about someone else, in a program whose people one manages."""
    if not act.by.may_in(Permission.PEOPLE_MANAGE, program_id):
        raise Refused(fields={"program": NOT_YOURS})
    return _keep(act, person_id, program_id, day, words)


def add_one_to_one(
    act: Act, person_id: int, program_id: int | None, day: date, words: str
) -> PersonNote:
    """Keep a note of a talk with someone whom one looks after in a program today."""
    if program_id not in looked_after(act.db, act.by, person_id):
        raise Refused(fields={"program": NOT_YOURS})
    return _keep(act, person_id, program_id, day, words, one_to_one=True)


def _keep(
    act: Act,
    person_id: int,
    program_id: int | None,
    day: date,
    words: str,
    *,
    one_to_one: bool = False,
) -> PersonNote:
    if person_id == act.by.person_id:
        raise Refused(text("Someone else has to write notes about you."))
    if act.by.today and day > act.by.today:
        raise Refused(fields={"day": text("This day hasn't come yet.")})
    note = PersonNote(
        person_id=person_id,
        program_id=program_id,
        day=day,
        words=words,
        one_to_one=one_to_one,
        written_by_id=act.by.person_id,
        written_at=act.at,
    )
    act.db.add(note)
    record(act, "note.added", note)
    return note


def strike_note(act: Act, note: PersonNote) -> None:
    """Mark a note as wrong. It stays to be read, since it may be a public record."""
    if note.struck_at is None:
        note.struck_at, note.struck_by_id = act.at, act.by.person_id
        record(act, "note.struck", note)
