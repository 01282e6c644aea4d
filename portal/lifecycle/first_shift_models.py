"""The table of how people's first shifts in a program were."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.columns import Base, Code, partial_index
from portal.people.models import Person
from portal.programs.models import Program


class Again(StrEnum):
    """Whether someone would come again."""

    YES = "yes"
    MAYBE = "maybe"
    NO = "no"


class FirstShift(Base):
    """Someone was at their first shift in a program, and is asked once how it was. `words` are for those who
    look after them; `seen_at` is when one of them took note."""

    __tablename__ = "first_shift"
    __table_args__ = (
        UniqueConstraint("person_id", "program_id"),
        partial_index(
            "ix_first_shift_unseen",
            "program_id",
            "answered_at",
            where="answered_at IS NOT NULL AND seen_at IS NULL",
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    program_id: Mapped[int] = mapped_column(ForeignKey("program.id"))
    shift_id: Mapped[int] = mapped_column(ForeignKey("shift.id"))
    asked_at: Mapped[datetime]
    answered_at: Mapped[datetime | None]
    again: Mapped[Again | None] = mapped_column(Code(Again, 5))
    words: Mapped[str] = mapped_column(Text, default="")
    seen_at: Mapped[datetime | None]

    person: Mapped[Person] = relationship()
    program: Mapped[Program] = relationship()
