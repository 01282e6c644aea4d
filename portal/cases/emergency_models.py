"""The table of emergency access to a case."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.cases.models import Case
from portal.columns import Base, partial_index
from portal.people.models import Person
from portal.programs.models import Program


class EmergencyAccess(Base):
    """Someone without a right to a case opens it in an emergency, with a reason, for a while.

    Someone else reviews it."""

    __tablename__ = "emergency_access"
    noun = "emergency_access"
    __table_args__ = (
        CheckConstraint("at < until", name="span"),
        CheckConstraint(
            "(reviewed_at IS NULL) = (reviewed_by_id IS NULL) AND (reviewed_at IS NULL) = (justified IS NULL)",
            name="review",
        ),
        CheckConstraint("reviewed_by_id <> person_id", name="two_people"),
        Index("ix_emergency_access_person", "person_id", "until"),
        Index("ix_emergency_access_case", "case_id"),
        partial_index("ix_emergency_access_open", "at", where="reviewed_at IS NULL"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("client_case.id"))
    program_id: Mapped[int] = mapped_column(ForeignKey("program.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    reason: Mapped[str] = mapped_column(String(300))
    at: Mapped[datetime]
    until: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    reviewed_at: Mapped[datetime | None]
    reviewed_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    justified: Mapped[bool | None]

    case: Mapped[Case] = relationship()
    program: Mapped[Program] = relationship()
    person: Mapped[Person] = relationship(foreign_keys=person_id)
