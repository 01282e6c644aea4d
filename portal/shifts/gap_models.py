"""Tables of calls about unfilled shifts: how each went, who is not to be asked, and who is calling whom."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.columns import Base, Code
from portal.people.models import Person
from portal.shifts.models import Slot


class CallOutcome(StrEnum):
    """How a call about a shift went, where the person did not take it."""

    LEFT_MESSAGE = "left_message"
    NO_ANSWER = "no_answer"
    SAID_NO = "said_no"


class ShiftCall(Base):
    """A coordinator called a person about one slot, and how it went. It is shown to coordinators for seven
    days."""

    __tablename__ = "shift_call"
    __table_args__ = (
        Index("ix_shift_call_person", "person_id", "at"),
        Index("ix_shift_call_at", "at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    slot_id: Mapped[int] = mapped_column(ForeignKey("slot.id"), index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    program_id: Mapped[int] = mapped_column(ForeignKey("program.id"))
    outcome: Mapped[CallOutcome] = mapped_column(Code(CallOutcome, 12))
    at: Mapped[datetime]
    by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))

    slot: Mapped[Slot] = relationship()
    person: Mapped[Person] = relationship(foreign_keys=person_id)


class AskPause(Base):
    """A person is not asked about shifts of a program: not for one `day`, not for one position, or not before
    the day `until`. Exactly one of the three is set. They may still sign up, and be added when they call.
    `call_id` is the call in which they said no."""

    __tablename__ = "ask_pause"
    __table_args__ = (
        CheckConstraint(
            "(day IS NOT NULL AND position_id IS NULL AND until IS NULL)"
            " OR (day IS NULL AND position_id IS NOT NULL AND until IS NULL)"
            " OR (day IS NULL AND position_id IS NULL AND until IS NOT NULL)",
            name="one",
        ),
        Index("ix_ask_pause_person", "person_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    program_id: Mapped[int] = mapped_column(ForeignKey("program.id"))
    day: Mapped[date | None]
    position_id: Mapped[int | None] = mapped_column(ForeignKey("position.id"))
    until: Mapped[date | None]
    call_id: Mapped[int | None] = mapped_column(
        ForeignKey("shift_call.id", ondelete="SET NULL"), index=True
    )
    since: Mapped[datetime]
    by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    ended_at: Mapped[datetime | None]


class OpenCall(Base):
    """Whom a coordinator has open on the list of unfilled shifts right now, so that no two call the same
    person. One row per coordinator; it lapses by itself."""

    __tablename__ = "open_call"

    by_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    program_id: Mapped[int] = mapped_column(ForeignKey("program.id"))
    since: Mapped[datetime]
