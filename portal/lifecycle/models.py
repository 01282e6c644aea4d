"""Tables of letters: how an agency words each kind, and those that were written to someone."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy import text as sql
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.columns import Base, Code, Versioned
from portal.people.models import Person
from portal.programs.models import Program


class LetterKind(StrEnum):
    """What a letter is for."""

    THANKS = "thanks"
    SERVICE = "service"
    REFERENCE = "reference"
    CLOSING = "closing"
    MILESTONE = "milestone"


class LetterWording(Versioned, Base):
    """How an agency (program None) or a program words a kind of letter in a language."""

    __tablename__ = "letter_wording"
    __table_args__ = (
        Index("uq_letter_wording", sql("coalesce(program_id, 0)"), "kind", "language", unique=True),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    program_id: Mapped[int | None] = mapped_column(ForeignKey("program.id"))
    kind: Mapped[LetterKind] = mapped_column(Code(LetterKind, 10))
    language: Mapped[str] = mapped_column(String(5))
    body: Mapped[str] = mapped_column(Text)


class IssuedLetter(Base):
    """A letter as it was written to someone: its words are never changed.

    The hours it says were approved on the day it was written. Its code is made from `link_id` with the
    agency's secret; the database holds its hash. A withdrawn letter's code is good no more.
    """

    __tablename__ = "issued_letter"
    __table_args__ = (
        Index("ix_issued_letter_person", "person_id", "id"),
        Index("ix_issued_letter_program", "program_id", "id"),
        Index("ix_issued_letter_batch", "batch"),
        Index("uq_issued_letter_code_hash", "code_hash", unique=True),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    program_id: Mapped[int | None] = mapped_column(ForeignKey("program.id"))
    kind: Mapped[LetterKind] = mapped_column(Code(LetterKind, 10))
    language: Mapped[str] = mapped_column(String(5))
    written_on: Mapped[date]
    body: Mapped[str] = mapped_column(Text)
    address: Mapped[str] = mapped_column(String(300), default="")
    signer: Mapped[str] = mapped_column(String(200), default="")
    batch: Mapped[str] = mapped_column(String(32), default="")
    link_id: Mapped[str] = mapped_column(String(32))
    code_hash: Mapped[str] = mapped_column(String(64))
    written_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    written_at: Mapped[datetime]
    withdrawn_at: Mapped[datetime | None]
    withdrawn_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))

    person: Mapped[Person] = relationship(foreign_keys=person_id)
    program: Mapped[Program | None] = relationship()
