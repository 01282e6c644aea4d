"""Tables of what happens inside a match: visits and calls, what was promised, and what people write each other.

None has a column for a name, a place or a file. What is typed is looked at for identifiers before it is saved,
and erased some time after the case closes: see `expiring`.
"""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.cases.models import Match
from portal.columns import Base, Code, Word, partial_index
from portal.people.models import Person


class ContactKind(StrEnum):
    """What a volunteer did."""

    VISIT = "visit"
    CALL = "call"
    RIDE = "ride"
    ERRAND = "errand"
    OTHER = "other"


class Medium(StrEnum):
    """How they were in touch."""

    IN_PERSON = "in_person"
    PHONE = "phone"
    VIDEO = "video"
    WRITTEN = "written"


class Topic(StrEnum):
    """What it was about, roughly: never a diagnosis, a charge or a court."""

    COMPANY = "company"
    LEARNING = "learning"
    FORMS = "forms"
    APPOINTMENT = "appointment"
    HOUSEHOLD = "household"
    WORK = "work"
    OTHER = "other"


class Contact(Base):
    """One visit, call or ride of a volunteer, for one client or several: its minutes and miles count once.

    `made` is False for an attempt: no one was there. `tenths` are miles times ten; `topics` holds words of
    Topic. The audit knows who entered it.
    """

    __tablename__ = "contact"
    noun = "case_contact"
    __table_args__ = (
        CheckConstraint("minutes BETWEEN 0 AND 1440", name="minutes"),
        CheckConstraint("tenths BETWEEN 0 AND 9999", name="tenths"),
        Index("ix_contact_program", "program_id", "day"),
        Index("ix_contact_person", "person_id", "day"),
        partial_index(
            "ix_contact_unseen",
            "program_id",
            "person_id",
            where="seen_at IS NULL AND struck_at IS NULL",
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    program_id: Mapped[int] = mapped_column(ForeignKey("program.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    day: Mapped[date]
    kind: Mapped[ContactKind] = mapped_column(Code(ContactKind, 10))
    made: Mapped[bool]
    medium: Mapped[Medium] = mapped_column(Code(Medium, 10))
    minutes: Mapped[int]
    tenths: Mapped[int] = mapped_column(default=0)
    topics: Mapped[str] = mapped_column(Word(80), default="")
    note: Mapped[str] = mapped_column(String(500), default="")
    asked: Mapped[str | None] = mapped_column(Word(10))
    at: Mapped[datetime]
    seen_at: Mapped[datetime | None]
    struck_at: Mapped[datetime | None]

    person: Mapped[Person] = relationship()


class ContactMatch(Base):
    """A match that a contact belongs to."""

    __tablename__ = "contact_match"
    __table_args__ = (Index("ix_contact_match_match", "match_id", "contact_id"),)

    contact_id: Mapped[int] = mapped_column(ForeignKey("contact.id"), primary_key=True)
    match_id: Mapped[int] = mapped_column(ForeignKey("case_match.id"), primary_key=True)


class FollowUp(Base):
    """Something to do by a day. Without words it follows a visit or call at which no one was there."""

    __tablename__ = "match_follow_up"
    noun = "match_follow_up"
    __table_args__ = (
        partial_index("ix_match_follow_up_open", "match_id", "due_on", where="done_at IS NULL"),
        Index("ix_match_follow_up_match", "match_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    match_id: Mapped[int] = mapped_column(ForeignKey("case_match.id"))
    contact_id: Mapped[int | None] = mapped_column(ForeignKey("contact.id"))
    words: Mapped[str] = mapped_column(String(120), default="")
    due_on: Mapped[date]
    done_at: Mapped[datetime | None]

    match: Mapped[Match] = relationship()

    @property
    def program_id(self) -> int:
        return self.match.program_id


class Letter(Base):
    """What one of those who follow a match writes to the others, inside the portal."""

    __tablename__ = "match_letter"
    noun = "match_letter"
    __table_args__ = (Index("ix_match_letter_match", "match_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    match_id: Mapped[int] = mapped_column(ForeignKey("case_match.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime]
    words: Mapped[str] = mapped_column(String(500))

    person: Mapped[Person] = relationship()
    match: Mapped[Match] = relationship()

    @property
    def program_id(self) -> int:
        return self.match.program_id


class LetterRead(Base):
    """Up to which letter of a match someone has read."""

    __tablename__ = "match_letter_read"

    match_id: Mapped[int] = mapped_column(ForeignKey("case_match.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    letter_id: Mapped[int]


class ContactDraft(Base):
    """What someone typed about a contact and didn't save yet, for them alone; `typed` is JSON."""

    __tablename__ = "contact_draft"
    __table_args__ = (Index("ix_contact_draft_at", "at"),)

    match_id: Mapped[int] = mapped_column(ForeignKey("case_match.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    typed: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime]


class Went(StrEnum):
    """How a match went, as one side says."""

    WELL = "well"
    SO_SO = "so_so"
    BADLY = "badly"


class Side(StrEnum):
    """Who says so: the volunteer, or the client through the caseworker."""

    VOLUNTEER = "volunteer"
    CLIENT = "client"


class MatchReview(Base):
    """The two answers of one side when a match is over: how it went, and whether they would do it again."""

    __tablename__ = "match_review"

    match_id: Mapped[int] = mapped_column(ForeignKey("case_match.id"), primary_key=True)
    side: Mapped[Side] = mapped_column(Code(Side, 10), primary_key=True)
    went: Mapped[Went] = mapped_column(Code(Went, 10))
    again: Mapped[bool]
    at: Mapped[datetime]
