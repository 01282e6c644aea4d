"""Tables of what staff keep about a person: dated notes, and how they left."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from portal.columns import Base, Code, partial_index


class PersonNote(Base):
    """A fact about a person, as the staff of a program (None: of the agency) noted it on a day.

    A note is never rewritten. One that was wrong is struck, and stays to be read as such. The supervisor of
    the person reads those of one-to-one talks, too.
    """

    __tablename__ = "person_note"
    __table_args__ = (Index("ix_person_note_person", "person_id", "day", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    program_id: Mapped[int | None] = mapped_column(ForeignKey("program.id"))
    day: Mapped[date]
    words: Mapped[str] = mapped_column(String(1000))
    one_to_one: Mapped[bool] = mapped_column(default=False)
    written_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    written_at: Mapped[datetime]
    struck_at: Mapped[datetime | None]
    struck_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))


class ExitReason(StrEnum):
    """Why someone left, as the agency counts it."""

    MOVED = "moved"
    TIME = "time"
    DONE = "done"
    INACTIVE = "inactive"
    ENDED_BY_US = "ended_by_us"
    OTHER = "other"


class MayReturn(StrEnum):
    """Whether the agency would take someone back."""

    YES = "yes"
    ASK = "ask"
    NO = "no"


class Equipment(StrEnum):
    """What someone who left has of the agency's: keys, a badge, a phone."""

    NONE = "none"
    RETURNED = "returned"
    OUTSTANDING = "outstanding"


class PersonExit(Base):
    """How someone left: on which day, why, whether they may return, and what they have to give back."""

    __tablename__ = "person_exit"
    __table_args__ = (
        Index("ix_person_exit_person", "person_id", "id"),
        Index("ix_person_exit_left", "left_on", "id"),
        partial_index(
            "ix_person_exit_outstanding", "left_on", "id", where="equipment = 'outstanding'"
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    left_on: Mapped[date]
    reason: Mapped[ExitReason] = mapped_column(Code(ExitReason, 12))
    may_return: Mapped[MayReturn] = mapped_column(Code(MayReturn, 4))
    equipment: Mapped[Equipment] = mapped_column(Code(Equipment, 12))
    what: Mapped[str] = mapped_column(String(200), default="")
    recorded_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    recorded_at: Mapped[datetime]
    returned_at: Mapped[datetime | None]
    returned_to_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
