"""What has to be looked at again, and what was decided."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import (
    ForeignKey,
    Index,
    String,
)
from sqlalchemy.orm import Mapped, mapped_column

from portal.columns import Base, Code, partial_index


class Cause(StrEnum):
    """Why coming work has to be looked at."""

    CREDENTIAL = "credential"
    WAIVER = "waiver"
    RULE = "rule"
    READING = "reading"
    LAPSE = "lapse"


class Change(Base):
    """Something that may un-clear or clear a person; the worker looks at what it touches."""

    __tablename__ = "clearance_change"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    cause: Mapped[Cause] = mapped_column(Code(Cause, 10))
    requirement_id: Mapped[int | None] = mapped_column(ForeignKey("requirement.id"))
    at: Mapped[datetime]


class Decision(StrEnum):
    """What became of an affected piece of coming work. MENDED: the person is cleared again, or it is
    gone."""

    KEPT = "kept"
    REMOVED = "removed"
    MENDED = "mended"


class Affected(Base):
    """Coming work of someone who is not cleared for it any more, for a coordinator to decide on.

    `kind` and `source_id` name it as its domain knows it (a signup); `day` is its local day.
    """

    __tablename__ = "affected"
    __table_args__ = (
        partial_index(
            "uq_affected_open", "kind", "source_id", where="decision IS NULL", unique=True
        ),
        Index("ix_affected_program", "program_id", "decision", "day"),
        Index("ix_affected_person", "person_id", "decision"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(20))
    source_id: Mapped[int]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    program_id: Mapped[int] = mapped_column(ForeignKey("program.id"))
    position_id: Mapped[int] = mapped_column(ForeignKey("position.id"))
    requirement_id: Mapped[int | None] = mapped_column(ForeignKey("requirement.id"))
    cause: Mapped[Cause] = mapped_column(Code(Cause, 10))
    day: Mapped[date]
    found_at: Mapped[datetime]
    decision: Mapped[Decision | None] = mapped_column(Code(Decision, 8))
    decided_at: Mapped[datetime | None]
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    reason: Mapped[str] = mapped_column(String(300), default="")
    waiver_id: Mapped[int | None] = mapped_column(ForeignKey("waiver.id"))
