"""Tables of interviews with applicants, and of the times that were offered."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.columns import Base, Code, Versioned, partial_index
from portal.people.models import Person
from portal.programs.application_models import Application
from portal.requirements.models import Requirement


class InterviewState(StrEnum):
    """Where an interview stands. OFFERED: the applicant is asked to pick a time."""

    OFFERED = "offered"
    BOOKED = "booked"
    HELD = "held"
    MISSED = "missed"
    CANCELED = "canceled"


class How(StrEnum):
    """How people meet for an interview."""

    IN_PERSON = "in_person"
    PHONE = "phone"
    ONLINE = "online"


OPEN_INTERVIEWS = (InterviewState.OFFERED, InterviewState.BOOKED)


class Interview(Versioned, Base):
    """Someone of the staff meets an applicant. `place` is where, or the number or link to use.

    `sequence` rises with every change that calendars have to know of; `reminded_at` is when the applicant was
    reminded. `good` is what came of it, `notes` what was found, for the staff who decide in the program;
    `requirement_id` is what a good one proves.
    """

    __tablename__ = "interview"
    __table_args__ = (
        partial_index(
            "uq_interview_open",
            "application_id",
            where="state IN ('offered', 'booked')",
            unique=True,
        ),
        partial_index("ix_interview_booked", "starts_at", "id", where="state = 'booked'"),
        Index("ix_interview_interviewer", "interviewer_id", "starts_at"),
        CheckConstraint("state <> 'booked' OR starts_at IS NOT NULL", name="booked"),
        CheckConstraint("(good IS NOT NULL) = (state = 'held')", name="good"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    application_id: Mapped[int] = mapped_column(
        ForeignKey("application.id", ondelete="CASCADE"), index=True
    )
    program_id: Mapped[int] = mapped_column(ForeignKey("program.id"))
    interviewer_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    requirement_id: Mapped[int | None] = mapped_column(ForeignKey("requirement.id"))
    state: Mapped[InterviewState] = mapped_column(Code(InterviewState, 10))
    how: Mapped[How] = mapped_column(Code(How, 10))
    place: Mapped[str] = mapped_column(String(300), default="")
    minutes: Mapped[int]
    starts_at: Mapped[datetime | None]
    ends_at: Mapped[datetime | None]
    offered_at: Mapped[datetime]
    revised_at: Mapped[datetime]
    reminded_at: Mapped[datetime | None]
    sequence: Mapped[int] = mapped_column(default=0)
    good: Mapped[bool | None]
    notes: Mapped[str] = mapped_column(Text, default="")
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))

    application: Mapped[Application] = relationship()
    interviewer: Mapped[Person] = relationship(foreign_keys=interviewer_id)
    requirement: Mapped[Requirement | None] = relationship()


class InterviewTime(Base):
    """A time at which an applicant may have their interview."""

    __tablename__ = "interview_time"
    __table_args__ = (UniqueConstraint("interview_id", "starts_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    interview_id: Mapped[int] = mapped_column(ForeignKey("interview.id", ondelete="CASCADE"))
    starts_at: Mapped[datetime]
