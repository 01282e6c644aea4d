"""The table of people of a past year whom someone asks whether they come back."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.columns import Base, Code, partial_index


class Back(StrEnum):
    """What came of asking someone whether they come back. LATER asks again on a day."""

    YES = "yes"
    LATER = "later"
    NO = "no"
    UNREACHED = "unreached"


class Reengagement(Base):
    """Someone who served a program in a year: which member of the staff asks whether they come back, and what
    came of it. There is a row from the day on which someone takes them on."""

    __tablename__ = "reengagement"
    __table_args__ = (
        UniqueConstraint("program_id", "year", "person_id"),
        Index("ix_reengagement_person", "person_id"),
        partial_index("ix_reengagement_owner", "owner_id", where="owner_id IS NOT NULL"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    program_id: Mapped[int] = mapped_column(ForeignKey("program.id"))
    year: Mapped[int]
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    outcome: Mapped[Back | None] = mapped_column(Code(Back, 10))
    ask_on: Mapped[date | None]
    noted_at: Mapped[datetime | None]
    noted_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
