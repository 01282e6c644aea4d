"""The table of people who were asked whether they stay."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.columns import Base, Code, Word, partial_index
from portal.people.models import Person


class RetentionState(StrEnum):
    """ASKED waits for an answer until its day. The others are how it ended: they stay, they wish to leave, it
    was not asked any longer, or no answer came and they were made inactive."""

    ASKED = "asked"
    KEPT = "kept"
    CLOSED = "closed"
    LEFT = "left"
    ARCHIVED = "archived"


class Retention(Base):
    """Someone without activity for 11 months is asked whether they stay, and made inactive on a day unless
    they do. One question at a time."""

    __tablename__ = "retention"
    __table_args__ = (
        partial_index("uq_retention_asked", "person_id", where="state = 'asked'", unique=True),
        partial_index("ix_retention_due", "archive_on", "id", where="state = 'asked'"),
        Index("ix_retention_asked_on", "asked_on", "id"),
        Index("ix_retention_person", "person_id", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    state: Mapped[RetentionState] = mapped_column(Code(RetentionState, 10))
    asked_on: Mapped[date]
    archive_on: Mapped[date]
    decided_at: Mapped[datetime | None]
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    asked: Mapped[str | None] = mapped_column(Word(10))

    person: Mapped[Person] = relationship(foreign_keys=person_id)
