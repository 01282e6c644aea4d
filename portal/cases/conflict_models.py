"""The table of people who must not be matched with a case."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.cases.models import Case
from portal.columns import Base, Code, partial_index
from portal.people.models import Person


class ConflictKind(StrEnum):
    """What connects a person with a client. That someone is or was a client is no kind, and is never kept."""

    KIN = "kin"
    EMPLOYER = "employer"
    HOUSEHOLD = "household"
    LANDLORD = "landlord"
    OTHER = "other"


class Conflict(Base):
    """A person and a case that must not meet: the person sees nothing of the case while this stands.

    It ends when one caseworker asks for it with a reason, and another one agrees.
    """

    __tablename__ = "case_conflict"
    noun = "conflict"
    __table_args__ = (
        CheckConstraint("(asked_by_id IS NULL) = (reason = '')", name="asked"),
        CheckConstraint(
            "lifted_at IS NULL OR (asked_by_id IS NOT NULL AND lifted_by_id <> asked_by_id)",
            name="two_people",
        ),
        partial_index(
            "uq_case_conflict_current",
            "case_id",
            "person_id",
            where="lifted_at IS NULL",
            unique=True,
        ),
        Index("ix_case_conflict_person", "person_id", "case_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("client_case.id"))
    program_id: Mapped[int] = mapped_column(ForeignKey("program.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    kind: Mapped[ConflictKind] = mapped_column(Code(ConflictKind, 10))
    since: Mapped[datetime]
    reason: Mapped[str] = mapped_column(String(200), default="")
    asked_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    lifted_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    lifted_at: Mapped[datetime | None]

    case: Mapped[Case] = relationship()
    person: Mapped[Person] = relationship(foreign_keys=person_id)
