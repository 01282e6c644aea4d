"""Tables of what the portal tells people: messages, what an agency words itself, letters to many."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.columns import Base, Code, Versioned, partial_index
from portal.messages.kinds import Urgency


class Channel(StrEnum):
    """How a message reaches its reader. CALL is a row of a program's call list."""

    MAIL = "mail"
    TEXT = "text"
    CALL = "call"
    POST = "post"


class State(StrEnum):
    """QUEUED waits to be sent or called; the others are how it ended, and `why` says more."""

    QUEUED = "queued"
    SENT = "sent"
    DROPPED = "dropped"
    FAILED = "failed"


def _when_due(context: Any) -> datetime:
    due: datetime = context.get_current_parameters()["next_at"]
    return due


class Message(Base):
    """One thing told to one reader, written in the transaction that makes it true.

    `subject_kind` and `subject_id` name the row it is about; what it says is read from there when it is
    sent, `told` holds what would be gone by then. `mail_id` becomes its Message-ID, so a repeat after a
    crash can be recognized. A worker that sends it holds it until `claimed_until`. `send_at` is when it was
    first due, `next_at` when it is tried next; `address` is where it went, or goes to someone without a
    record. What can be undone until it is sent is `undo_id`.
    """

    __tablename__ = "message"
    __table_args__ = (
        partial_index(
            "ix_message_due",
            "urgency",
            "next_at",
            "id",
            where="state = 'queued' AND channel = 'mail'",
        ),
        partial_index(
            "ix_message_calls",
            "program_id",
            "next_at",
            where="state = 'queued' AND channel = 'call'",
        ),
        Index("ix_message_person", "person_id", "sent_at"),
        Index("ix_message_sent", "sent_at"),
        Index("ix_message_address", "address", "sent_at"),
        Index("ix_message_subject", "subject_kind", "subject_id"),
        partial_index("ix_message_undo", "undo_id", where="undo_id IS NOT NULL"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(30))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    address: Mapped[str] = mapped_column(String(254), default="")
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    program_id: Mapped[int | None] = mapped_column(ForeignKey("program.id"))
    subject_kind: Mapped[str] = mapped_column(String(20))
    subject_id: Mapped[int]
    told: Mapped[str] = mapped_column(Text, default="")
    key: Mapped[str | None] = mapped_column(String(120), unique=True)
    channel: Mapped[Channel] = mapped_column(Code(Channel, 5))
    state: Mapped[State] = mapped_column(Code(State, 8), default=State.QUEUED)
    why: Mapped[str] = mapped_column(String(200), default="")
    created_at: Mapped[datetime]
    urgency: Mapped[Urgency] = mapped_column(Code(Urgency, 4), default=Urgency.SOON)
    send_at: Mapped[datetime] = mapped_column(default=_when_due)
    next_at: Mapped[datetime]
    claimed_until: Mapped[datetime | None]
    tries: Mapped[int] = mapped_column(default=0)
    sent_at: Mapped[datetime | None]
    mail_id: Mapped[str] = mapped_column(String(40), unique=True)
    token_hash: Mapped[str | None] = mapped_column(String(64), unique=True)
    code_hash: Mapped[str | None] = mapped_column(String(64))
    shown: Mapped[str] = mapped_column(Text, default="")
    undo_id: Mapped[int | None] = mapped_column(ForeignKey("undo.id", ondelete="SET NULL"))


class Wording(Versioned, Base):
    """How an agency words one kind of message in one language, instead of our words."""

    __tablename__ = "wording"
    __table_args__ = (UniqueConstraint("kind", "language"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(30))
    language: Mapped[str] = mapped_column(String(5))
    subject: Mapped[str] = mapped_column(String(200))
    body: Mapped[str] = mapped_column(Text)


class Letter(Base):
    """What a coordinator wrote to many: everyone gets a message of their own about it."""

    __tablename__ = "letter"

    id: Mapped[int] = mapped_column(primary_key=True)
    by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    program_id: Mapped[int | None] = mapped_column(ForeignKey("program.id"), index=True)
    shift_id: Mapped[int | None] = mapped_column(ForeignKey("shift.id"), index=True)
    subject: Mapped[str] = mapped_column(String(200))
    body: Mapped[str] = mapped_column(Text)
    written_at: Mapped[datetime]


class Mark(Base):
    """How far in time a piece of the worker's work has come."""

    __tablename__ = "mark"

    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    at: Mapped[datetime]
