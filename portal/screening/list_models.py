"""Tables of the do-not-place list, and of safety checks: read by screeners alone."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.columns import Base, Code, Versioned, partial_index
from portal.people.models import Person
from portal.programs.models import Program


class Reason(StrEnum):
    """Why someone is not to be placed, as a kind; no words are kept about it."""

    CONDUCT = "conduct"
    SAFETY = "safety"
    DISHONESTY = "dishonesty"
    COURT_ORDER = "court_order"
    BACKGROUND_CHECK = "background_check"
    OTHER_AGENCY = "other_agency"


class ListEntry(Versioned, Base):
    """Someone who is not to be placed, from when a second screener confirmed it until `expires_on`.

    It is looked at again by `review_on`. One that rests on a background check names it in `check_id`. An
    entry of no program is the agency's."""

    __tablename__ = "list_entry"
    __table_args__ = (
        CheckConstraint("reason <> 'background_check' OR check_id IS NOT NULL", name="check_id"),
        CheckConstraint("confirmed_by_id <> made_by_id", name="second"),
        partial_index("ix_list_entry_open", "review_on", "id", where="ended_at IS NULL"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    program_id: Mapped[int | None] = mapped_column(ForeignKey("program.id"))
    name: Mapped[str] = mapped_column(String(200))
    email: Mapped[str] = mapped_column(String(254), default="")
    phone: Mapped[str] = mapped_column(String(40), default="")
    address: Mapped[str] = mapped_column(String(300), default="")
    reason: Mapped[Reason] = mapped_column(Code(Reason, 20))
    check_id: Mapped[int | None] = mapped_column(ForeignKey("background_check.id"))
    made_at: Mapped[datetime]
    made_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    confirmed_at: Mapped[datetime | None]
    confirmed_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    review_on: Mapped[date]
    expires_on: Mapped[date]
    ended_at: Mapped[datetime | None]
    ended_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))

    person_id = None
    program: Mapped[Program | None] = relationship()


class ListMatch(Versioned, Base):
    """Someone who may be the one of an entry. A `firm` likeness is more than the name; it holds what they apply
    for until a screener compared two more facts: `same` is what they found, `compared` the facts by their
    codes."""

    __tablename__ = "list_match"
    __table_args__ = (
        Index("ix_list_match_entry", "entry_id", "person_id"),
        partial_index("ix_list_match_open", "found_at", "id", where="same IS NULL"),
        Index("ix_list_match_person", "person_id"),
        partial_index("ix_list_match_same", "person_id", "entry_id", where="same"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    entry_id: Mapped[int] = mapped_column(ForeignKey("list_entry.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    firm: Mapped[bool]
    found_at: Mapped[datetime]
    same: Mapped[bool | None]
    compared: Mapped[str] = mapped_column(String(100), default="")
    decided_at: Mapped[datetime | None]
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))

    entry: Mapped[ListEntry] = relationship()
    person: Mapped[Person] = relationship(foreign_keys=person_id)


class SafetyCheck(Base):
    """Someone of a program looked in its own system that a person is no party, relative or associate in a
    matter there, and does so again on `repeat_on`. Nothing else is kept."""

    __tablename__ = "safety_check"
    __table_args__ = (UniqueConstraint("person_id", "program_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    program_id: Mapped[int] = mapped_column(ForeignKey("program.id"))
    checked_on: Mapped[date]
    repeat_on: Mapped[date]
    checked_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
