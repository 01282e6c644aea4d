"""Letters that staff write to people: one or many, as PDF and by email, each with a code that others check."""

import base64
import hashlib
import hmac
import secrets
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, joinedload

from portal import clock, pdf
from portal.act import Act
from portal.audit.log import record
from portal.lifecycle.letter_words import KIND_WORDS, names_in, served_in
from portal.lifecycle.message_kinds import LETTER_WRITTEN
from portal.lifecycle.models import IssuedLetter, LetterKind
from portal.messages.envelopes import token_hash
from portal.people.models import Person
from portal.people.notify import To, tell_all
from portal.permissions import Permission, Viewer
from portal.programs.scopes import in_viewers_programs
from portal.reads import read
from portal.settings import Settings
from portal.web.errors import Refused
from portal.words import CATALOGS, text

MOST_AT_ONCE = 50
CODE_BYTES = 15
"""120 bits, written as 24 letters and digits."""


def visible_letters(viewer: Viewer) -> Select[IssuedLetter]:
    """The letters of the programs whose people a viewer manages."""
    return select(IssuedLetter).where(
        in_viewers_programs(IssuedLetter.program_id, viewer, Permission.PEOPLE_MANAGE)
    )


def own_letters(viewer: Viewer) -> Select[IssuedLetter]:
    """The letters that were written to a viewer, without those withdrawn."""
    return select(IssuedLetter).where(
        IssuedLetter.person_id == viewer.person_id, IssuedLetter.withdrawn_at.is_(None)
    )


class LetterLine(NamedTuple):
    """A letter as lists print it."""

    id: int
    person_id: int
    name: str
    kind: LetterKind
    written_on: date
    batch: str
    withdrawn_at: datetime | None


def lines(db: Session, found: Select[IssuedLetter]) -> list[LetterLine]:
    """The newest letters of a scope."""
    query: Any = found.join(Person, Person.id == IssuedLetter.person_id).with_only_columns(
        IssuedLetter.id,
        IssuedLetter.person_id,
        Person.name,
        IssuedLetter.kind,
        IssuedLetter.written_on,
        IssuedLetter.batch,
        IssuedLetter.withdrawn_at,
    )
    return read(db, LetterLine, query.order_by(IssuedLetter.id.desc()).limit(100))


def code_of(settings: Settings, link_id: str) -> str:
    """The code of a letter, in groups of four."""
    key = settings.secret_key.encode()
    digest = hmac.new(key, f"letter {link_id}".encode(), hashlib.sha256).digest()
    plain = base64.b32encode(digest[:CODE_BYTES]).decode()
    return "-".join(plain[start : start + 4] for start in range(0, len(plain), 4))


def plain_code(typed: str) -> str:
    """A code as it is compared: capitals and digits alone, a zero read as O and a one as I."""
    letters = "".join(one for one in typed.upper() if one.isascii() and one.isalnum())
    return letters.replace("0", "O").replace("1", "I")


def _hash(code: str) -> str:
    return token_hash(f"letter {plain_code(code)}")


def make_anew(db: Session, settings: Settings) -> None:
    """Give every letter the code that this secret makes of it, for the demo, whose secret lasts one start.
    Elsewhere the codes that were printed stay good."""
    for row in db.scalars(select(IssuedLetter)):
        row.code_hash = _hash(code_of(settings, row.link_id))


class Written(NamedTuple):
    """What one person's letter says, and in which language."""

    person: Person
    body: str
    language: str


def write(
    act: Act,
    kind: LetterKind,
    program_id: int | None,
    letters: Sequence[Written],
    signer: str,
    settings: Settings,
) -> list[IssuedLetter]:
    """Write a letter to each of some people. Whoever has email is told that it waits in the portal.

    Raises Refused for a program that isn't the viewer's, and for more than are written at once.
    """
    if not act.by.may_in(Permission.PEOPLE_MANAGE, program_id):
        raise Refused(fields={"program": text("Select one of your programs.")})
    if len(letters) > MOST_AT_ONCE:
        raise Refused(text("Write at most %(most)s letters at once.", most=MOST_AT_ONCE))
    if any(one.person.id == act.by.person_id for one in letters):
        raise Refused(text("Someone else has to write a letter for you."))
    _check(act.db, kind, program_id, letters)
    batch = secrets.token_hex(16) if len(letters) > 1 else ""
    today = clock.local_day(act.at, settings.timezone)
    made = [_issued(act, kind, program_id, one, signer, batch, today, settings) for one in letters]
    act.db.add_all(made)
    act.db.flush()
    for row in made:
        record(act, "letter.made", row)
    to = [To(row.person_id, row.id, row.program_id) for row in made]
    tell_all(act, LETTER_WRITTEN, "issued_letter", to)
    return made


def _check(
    db: Session, kind: LetterKind, program_id: int | None, letters: Sequence[Written]
) -> None:
    """Raise Refused for names in braces that are left in a letter, and for proof of service where there was
    none."""
    if left := sorted({name for one in letters for name in names_in(one.body)}):
        shown = ", ".join(f"{{{name}}}" for name in left)
        raise Refused(fields={"body": text("Replace the words in braces: %(names)s.", names=shown)})
    if kind is LetterKind.SERVICE:
        people = {one.person.id for one in letters}
        if people - served_in(db, people, program_id):
            raise Refused(
                text("They have no approved hours in this program, so there is nothing to prove.")
            )


def _issued(
    act: Act,
    kind: LetterKind,
    program_id: int | None,
    one: Written,
    signer: str,
    batch: str,
    today: date,
    settings: Settings,
) -> IssuedLetter:
    link_id = secrets.token_hex(16)
    return IssuedLetter(
        person_id=one.person.id,
        program_id=program_id,
        kind=kind,
        language=one.language,
        written_on=today,
        body=one.body,
        address=one.person.mailing_address,
        signer=signer,
        batch=batch,
        link_id=link_id,
        code_hash=_hash(code_of(settings, link_id)),
        written_by_id=act.by.person_id,
        written_at=act.at,
    )


def withdraw(act: Act, row: IssuedLetter) -> None:
    """Withdraw a letter: its code is good no more, and its reader no longer finds it. Twice is once."""
    if row.withdrawn_at is None:
        row.withdrawn_at, row.withdrawn_by_id = act.at, act.by.person_id
        record(act, "letter.withdrawn", row)


def letter_with(db: Session, typed: str) -> date | None:
    """The day on which a letter with this code was written; None if there is no such letter, or it was
    withdrawn. Nothing else of it is told."""
    found = select(IssuedLetter.written_on).where(
        IssuedLetter.code_hash == _hash(typed), IssuedLetter.withdrawn_at.is_(None)
    )
    return db.scalar(found)


def as_data(rows: Sequence[IssuedLetter], settings: Settings) -> dict[str, Any]:
    """What the PDF of some letters prints, each on a page of its own."""
    language = rows[0].language
    return {
        "title": CATALOGS[language].say(KIND_WORDS[rows[0].kind]),
        "language": language,
        "agency": settings.agency_name,
        "certificate": rows[0].kind is LetterKind.MILESTONE,
        "letters": [_page(row, settings) for row in rows],
    }


def printed_code(row: IssuedLetter, settings: Settings) -> str:
    """The code that a letter's print has; "" for a thank-you, and after the agency's secret changed, when the
    code of the first print is the good one."""
    code = code_of(settings, row.link_id)
    good = hmac.compare_digest(_hash(code), row.code_hash)
    return code if good and row.kind != LetterKind.THANKS else ""


def _page(row: IssuedLetter, settings: Settings) -> Mapping[str, Any]:
    say = CATALOGS[row.language].say
    code = printed_code(row, settings)
    link = f"{settings.base_url.rstrip('/')}/letters/check"
    return {
        "language": row.language,
        "agency": settings.agency_name,
        "phone": settings.agency_phone,
        "date": clock.day_text(row.written_on, row.language, 0),
        "address": [row.person.name, *row.address.splitlines()] if row.address else [],
        "paragraphs": [part for part in row.body.split("\n\n") if part.strip()],
        "signer": row.signer.splitlines(),
        "check": say(
            text("To check this letter, go to %(link)s and enter: %(code)s", link=link, code=code)
        )
        if code
        else "",
    }


def render(rows: Sequence[IssuedLetter], settings: Settings, at: datetime) -> bytes:
    """Letters as one tagged PDF (PDF/UA-1)."""
    return pdf.render("lifecycle/letter.typ", as_data(rows, settings), at)


def with_people(found: Select[IssuedLetter]) -> Select[IssuedLetter]:
    """The same with whom they are written to, in one statement."""
    return found.options(joinedload(IssuedLetter.person))
