"""The table of milestones that people reached."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.columns import Base, Code, partial_index
from portal.people.models import Person
from portal.programs.models import Program


class MilestoneKind(StrEnum):
    """Hours that were approved in a program, or years since the first role there."""

    HOURS = "hours"
    YEARS = "years"


class MilestoneState(StrEnum):
    """DUE waits for someone to celebrate it; then a certificate was WRITTEN, or it was SKIPPED."""

    DUE = "due"
    WRITTEN = "written"
    SKIPPED = "skipped"


class Milestone(Base):
    """So many hours or years that a person reached in a program, once."""

    __tablename__ = "milestone"
    __table_args__ = (
        UniqueConstraint("person_id", "program_id", "kind", "number"),
        CheckConstraint("number > 0", name="number"),
        partial_index("ix_milestone_due", "program_id", "reached_on", "id", where="state = 'due'"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    program_id: Mapped[int] = mapped_column(ForeignKey("program.id"), index=True)
    kind: Mapped[MilestoneKind] = mapped_column(Code(MilestoneKind, 6))
    number: Mapped[int]
    reached_on: Mapped[date]
    state: Mapped[MilestoneState] = mapped_column(Code(MilestoneState, 10))
    letter_id: Mapped[int | None] = mapped_column(ForeignKey("issued_letter.id"))
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    decided_at: Mapped[datetime | None]

    person: Mapped[Person] = relationship(foreign_keys=person_id)
    program: Mapped[Program] = relationship()
