"""Lines for full shifts, and asking people to help out."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.columns import IDS_ONCE, Base, Code, Word, partial_index
from portal.people.models import Person
from portal.shifts.models import Shift, Slot


class Ask(Base):
    """A coordinator asked one person to help on one short shift; `answer` is what they said."""

    __tablename__ = "ask"
    __table_args__ = (
        UniqueConstraint("slot_id", "person_id"),
        Index("ix_ask_person", "person_id", "shift_id"),
        IDS_ONCE,
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    shift_id: Mapped[int] = mapped_column(ForeignKey("shift.id"), index=True)
    slot_id: Mapped[int] = mapped_column(ForeignKey("slot.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    asked_at: Mapped[datetime]
    asked_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    answer: Mapped[str] = mapped_column(Word(5), default="")
    answered_at: Mapped[datetime | None]


class WaitingState(StrEnum):
    """WAITING and OFFERED are in line; the others are how it ended."""

    WAITING = "waiting"
    OFFERED = "offered"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    LAPSED = "lapsed"
    LEFT = "left"
    CANCELED = "called_off"


IN_LINE = (WaitingState.WAITING, WaitingState.OFFERED)


_IN_LINE = "state IN ('waiting', 'offered')"


class Waiting(Base):
    """One person in line for a full slot. An offer keeps a spot for them until `answer_by`.

    `passed_at` is when they said "not this one, but keep me in line": they are not asked again
    until another spot gets free.
    """

    __tablename__ = "waiting"
    __table_args__ = (
        partial_index("uq_waiting_current", "slot_id", "person_id", where=_IN_LINE, unique=True),
        Index("ix_waiting_slot", "slot_id", "state", "id"),
        Index("ix_waiting_person", "person_id", "state"),
        IDS_ONCE,
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    shift_id: Mapped[int] = mapped_column(ForeignKey("shift.id"), index=True)
    slot_id: Mapped[int] = mapped_column(ForeignKey("slot.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    state: Mapped[WaitingState] = mapped_column(Code(WaitingState, 12))
    since: Mapped[datetime]
    offered_at: Mapped[datetime | None]
    answer_by: Mapped[datetime | None]
    passed_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]

    slot: Mapped[Slot] = relationship()
    shift: Mapped[Shift] = relationship()
    person: Mapped[Person] = relationship()

    @property
    def program_id(self) -> int:
        return self.shift.program_id
