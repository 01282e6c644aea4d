"""Tables of incidents and concerns: the report, whom it is hidden from, and the log of what was done."""

from datetime import date, datetime, time
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.columns import Base, Code, Versioned, Word, partial_index
from portal.people.models import Person
from portal.programs.models import Program


class IncidentKind(StrEnum):
    """What sort of thing is reported; each has a time of its own within which a receiver reads it."""

    INJURY = "injury"
    ACCIDENT = "accident"
    THREAT = "threat"
    LOSS = "loss"
    WORRY = "worry"
    COMPLAINT = "complaint"


class Called(StrEnum):
    """Whether the reporter called 911 or a hotline, which a report never replaces."""

    YES = "yes"
    NO = "no"
    NOT_NEEDED = "not_needed"


class IncidentState(StrEnum):
    """NEW waits for a receiver, OPEN has one, CLOSED says what came of it."""

    NEW = "new"
    OPEN = "open"
    CLOSED = "closed"


class Incident(Versioned, Base):
    """A report that something happened, in a program or in none.

    In a sensitive program nothing of it is written: it holds a number to call back. `recorded_by_id` is who
    typed it for someone who called. By `answer_by` a receiver reads it; `overdue_at` is when the receivers
    were told that no one had. It has no `person_id`, so that no one's history shows that they reported.
    """

    __tablename__ = "incident"
    __table_args__ = (
        CheckConstraint("(state = 'new') = (acknowledged_at IS NULL)", name="acknowledged"),
        CheckConstraint("(state = 'closed') = (closed_at IS NOT NULL)", name="closed"),
        Index("ix_incident_received", "received_at", "id"),
        Index("ix_incident_reporter", "reporter_id", "received_at"),
        partial_index("ix_incident_waits", "answer_by", "id", where="state = 'new'"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[IncidentKind] = mapped_column(Code(IncidentKind, 10))
    program_id: Mapped[int | None] = mapped_column(ForeignKey("program.id"))
    reporter_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    recorded_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    asked: Mapped[str | None] = mapped_column(Word(10))
    happened_on: Mapped[date | None]
    happened_at: Mapped[str] = mapped_column(String(60), default="")
    place: Mapped[str] = mapped_column(String(200), default="")
    who: Mapped[str] = mapped_column(String(500), default="")
    what: Mapped[str] = mapped_column(Text, default="")
    done: Mapped[str] = mapped_column(Text, default="")
    called: Mapped[Called] = mapped_column(Code(Called, 10))
    called_time: Mapped[time | None]
    callback: Mapped[str] = mapped_column(String(40), default="")
    state: Mapped[IncidentState] = mapped_column(Code(IncidentState, 6))
    received_at: Mapped[datetime]
    answer_by: Mapped[datetime]
    overdue_at: Mapped[datetime | None]
    acknowledged_at: Mapped[datetime | None]
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    closed_at: Mapped[datetime | None]
    outcome: Mapped[str] = mapped_column(Text, default="")

    program: Mapped[Program | None] = relationship()
    reporter: Mapped[Person] = relationship(foreign_keys=reporter_id)
    owner: Mapped[Person | None] = relationship(foreign_keys=owner_id)


class IncidentParty(Base):
    """Someone whom a report is about: they never see it, whatever roles they hold or get."""

    __tablename__ = "incident_party"

    incident_id: Mapped[int] = mapped_column(
        ForeignKey("incident.id", ondelete="CASCADE"), primary_key=True
    )
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True, index=True)


class IncidentEntry(Base):
    """A line of the log of an incident. Lines are added, never changed."""

    __tablename__ = "incident_entry"
    __table_args__ = (Index("ix_incident_entry_incident", "incident_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    incident_id: Mapped[int] = mapped_column(ForeignKey("incident.id", ondelete="CASCADE"))
    at: Mapped[datetime]
    by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    action: Mapped[str] = mapped_column(Word(12))
    words: Mapped[str] = mapped_column(Text, default="")
