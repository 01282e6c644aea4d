"""People from a file: adding them or finding them again, and giving them their roles."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.act import Act
from portal.imports.models import ImportedRow
from portal.imports.report import BadLine, Outcome, Report, key_of
from portal.people import search
from portal.people.addresses import has_account, set_address
from portal.people.models import Person, Phone, SearchKey, Status
from portal.people.people import add_person
from portal.permissions import COMMAND_LINE
from portal.programs import placements, programs
from portal.programs.lookalikes import Likeness, lookalikes
from portal.programs.models import Placement, PlacementState, Program
from portal.tables import Line
from portal.web.fields import is_address, phone_digits
from portal.web.forms import clean
from portal.words import Words, text, together

COLUMNS = ("name", "email", "phone", "program", "position", "key")


@dataclass(frozen=True)
class PersonRow:
    line: int
    name: str
    email: str
    phone: str
    program: str
    position: str
    key: str

    @property
    def digest(self) -> str:
        return key_of(self.name, self.email, self.phone, self.program, self.position)


def understood(lines: Iterable[Line], program: str, report: Report) -> list[PersonRow]:
    """The lines that make sense; the others go to the report with their reason."""
    rows = []
    for line in lines:
        try:
            rows.append(_row(line, program))
        except BadLine as error:
            report.add(line.number, Outcome.LEFT_OUT, error.words)
    return rows


def _row(line: Line, program: str) -> PersonRow:
    if line.wrong:
        raise BadLine(line.wrong)
    cells = {name: clean(value) for name, value in line.cells.items()}
    name, email, phone = (cells.get(part, "") for part in ("name", "email", "phone"))
    if not name or len(name) > 200:
        raise BadLine(
            text("It has no name.") if not name else text("The name is longer than 200 characters.")
        )
    if email and not is_address(email):
        raise BadLine(text("“%(cell)s” isn't an email address.", cell=email[:100]))
    if phone and not 7 <= len(phone_digits(phone)) <= 15:
        raise BadLine(text("“%(cell)s” isn't a phone number.", cell=phone[:100]))
    position = cells.get("position", "")
    of = cells.get("program") or program
    if position and not of:
        raise BadLine(text("It has the role “%(role)s” but no program.", role=position[:100]))
    own_key = cells.get("key") or (search.folded(name), email.lower(), phone_digits(phone))
    return PersonRow(
        line.number, name, email, phone, of, position, key_of("person", own_key, of, position)
    )


@dataclass(frozen=True, kw_only=True)
class Writing:
    """How a file of people is written: when, whether roles may be added, and whether lines that look like
    someone who is here are skipped."""

    today: date
    at: datetime
    new_roles: bool = True
    skip_lookalikes: bool = False
    written: dict[int, int] = field(default_factory=dict)
    """The lines that added people in this run, by the person."""


def write_row(
    how: Writing, db: Session, row: PersonRow, report: Report
) -> tuple[Outcome, Words | str]:
    """Add or find the person of one line, and give them the role; see `report.run`."""
    known = db.get(ImportedRow, row.key)
    if known and known.digest == row.digest:
        return Outcome.UNCHANGED, row.name
    person = db.get(Person, known.result_id) if known else _found(db, row)
    done: list[Words] = []
    outcome = Outcome.CHANGED
    likely: list[Likeness] = []
    if person is None:
        likely = lookalikes(db, COMMAND_LINE, row)
        outcome, person = Outcome.MADE, _add(db, row, how.at)
    else:
        done += _completed(db, person, row)
    if row.position:
        done += _placed(db, person, row, how, report)
    done += _alike(row, likely, how, report)
    if known:
        known.digest = row.digest
    else:
        db.add(ImportedRow(key=row.key, digest=row.digest, result_id=person.id))
    db.flush()
    if outcome is Outcome.MADE:
        how.written[person.id] = row.line
    if outcome is Outcome.CHANGED and not done:
        outcome = Outcome.UNCHANGED
    return outcome, together(row.name, *done)


def _found(db: Session, row: PersonRow) -> Person | None:
    """The person a line means: the same name, and the same email or phone (or neither has any)."""
    words = search.words_of(row.name)
    if not words:
        return None
    with_word = select(SearchKey.person_id).where(SearchKey.key == words[-1][: search.LONGEST_KEY])
    people = db.scalars(select(Person).where(Person.id.in_(with_word))).all()
    same = [person for person in people if search.words_of(person.name) == words]
    meant = [person for person in same if _same_contact(person, row)]
    if len(meant) > 1:
        raise BadLine(text("More than one person matches %(name)s.", name=row.name))
    return meant[0] if meant else None


def _same_contact(person: Person, row: PersonRow) -> bool:
    phones = {phone_digits(phone.number) for phone in person.phones}
    if row.email and person.email.lower() == row.email.lower():
        return True
    if row.phone and phone_digits(row.phone) in phones:
        return True
    return not (row.email or row.phone)


def _alike(row: PersonRow, likely: Sequence[Likeness], how: Writing, report: Report) -> list[Words]:
    """What is said of a new person who looks like others: of a record that was here, or of an earlier line,
    which may be family. Raises BadLine for the first, if such lines are skipped."""
    here = [one.name for one in likely if one.id not in how.written]
    lines = [how.written[one.id] for one in likely if one.id in how.written]
    if here:
        report.alike.add(row.line)
        names = ", ".join(here[:3])
        words = text("(looks like someone who is here: %(names)s)", names=names)
        if how.skip_lookalikes:
            raise BadLine(together(row.name, words))
        return [words]
    return [text("(looks like line %(line)s)", line=lines[0])] if lines else []


def _add(db: Session, row: PersonRow, at: datetime) -> Person:
    phones = [{"number": row.phone, "label": ""}]
    values = {"name": row.name, "email": row.email, "status": Status.ACTIVE, "phones": phones}
    return add_person(Act(db, COMMAND_LINE, at), values)


def _completed(db: Session, person: Person, row: PersonRow) -> list[Words]:
    """Fill in what we did not know; what people told us themselves is not overwritten."""
    done: list[Words] = []
    if row.email and not person.email:
        if has_account(db, person.id):
            done.append(text("(email not added: they can sign in and change it)"))
        else:
            set_address(db, person, row.email)
            done.append(text("(email added)"))
    digits = {phone_digits(phone.number) for phone in person.phones}
    if row.phone and phone_digits(row.phone) not in digits:
        person.phones.append(Phone(number=row.phone))
        done.append(text("(phone added)"))
    if done:
        db.flush()
        search.reindex(db, person)
    return done


def _placed(
    db: Session, person: Person, row: PersonRow, how: Writing, report: Report
) -> list[Words]:
    program = db.scalar(select(Program).where(Program.name == row.program))
    if program is None:
        raise BadLine(text("There is no program “%(name)s”.", name=row.program))
    position = programs.position_named(
        db, program, row.position, how.at, report.made if how.new_roles else None
    )
    has_it = select(Placement.id).where(
        Placement.person_id == person.id,
        Placement.position_id == position.id,
        Placement.state == PlacementState.ACTIVE,
    )
    if db.scalar(has_it) is not None:
        return []
    placements.place(Act(db, COMMAND_LINE, how.at), person, position, how.today)
    return [text("(role %(name)s)", name=position.name)]
