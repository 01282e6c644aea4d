"""Tables of open events and their guests."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, SmallInteger, String
from sqlalchemy import text as sql
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.columns import Base, Code, Versioned, partial_index
from portal.requirements.models import Requirement
from portal.shifts.models import Shift


class OpenEvent(Versioned, Base):
    """A shift that is open to everyone, for at most so many `places` besides its own spots. Whoever comes
    agrees to a liability `agreement`. Staff said when they opened it that no clients and no children are
    there. `starts_at` follows the shift's within a round of the worker; lists are ordered by it."""

    __tablename__ = "open_event"
    __table_args__ = (
        CheckConstraint("places BETWEEN 1 AND 1000", name="places"),
        partial_index("ix_open_event_starts", "starts_at", "id", where="closed_at IS NULL"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    shift_id: Mapped[int] = mapped_column(ForeignKey("shift.id"), unique=True)
    program_id: Mapped[int] = mapped_column(ForeignKey("program.id"))
    agreement_id: Mapped[int] = mapped_column(ForeignKey("requirement.id"))
    places: Mapped[int] = mapped_column(SmallInteger)
    starts_at: Mapped[datetime]
    opened_at: Mapped[datetime]
    opened_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    closed_at: Mapped[datetime | None]

    shift: Mapped[Shift] = relationship()
    agreement: Mapped[Requirement] = relationship()


class GuestState(StrEnum):
    """Whether a guest is coming."""

    COMING = "coming"
    CANCELED = "canceled"


class Guest(Versioned, Base):
    """Someone who comes to an open event without an account.

    `text_id` is the version of the agreement they agreed to, `how` whether "online" or on "paper".
    `told_start` and `told_off` are the time and the cancellation that they were told last. `person_id` is the
    record they have since they came again; `passed_at` says that staff decided not to make one. An erased one
    has no name."""

    __tablename__ = "guest"
    __table_args__ = (
        Index("ix_guest_event", "event_id", "state"),
        Index("ix_guest_email", sql("lower(email)")),
        Index("ix_guest_phone", "digits"),
        partial_index("ix_guest_erasing", "event_id", where="name <> ''"),
        partial_index(
            "ix_guest_again",
            "program_id",
            "id",
            where="again AND person_id IS NULL AND passed_at IS NULL",
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("open_event.id"))
    program_id: Mapped[int] = mapped_column(ForeignKey("program.id"))
    state: Mapped[GuestState] = mapped_column(Code(GuestState, 10))
    name: Mapped[str] = mapped_column(String(200))
    email: Mapped[str] = mapped_column(String(254), default="")
    phone: Mapped[str] = mapped_column(String(40), default="")
    digits: Mapped[str] = mapped_column(String(15), default="")
    language: Mapped[str] = mapped_column(String(5))
    source: Mapped[str] = mapped_column(String(20), default="")
    text_id: Mapped[int | None] = mapped_column(ForeignKey("requirement_text.id"))
    how: Mapped[str] = mapped_column(String(10))
    agreed_at: Mapped[datetime]
    told_start: Mapped[datetime]
    told_off: Mapped[bool] = mapped_column(default=False)
    reminded_at: Mapped[datetime | None]
    came: Mapped[bool | None]
    marked_at: Mapped[datetime | None]
    again: Mapped[bool] = mapped_column(default=False)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    passed_at: Mapped[datetime | None]
    link_id: Mapped[str] = mapped_column(String(32))
    link_hash: Mapped[str] = mapped_column(String(64), unique=True)

    event: Mapped[OpenEvent] = relationship()
