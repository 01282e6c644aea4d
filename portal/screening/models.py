"""Tables of what is asked about applicants."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.columns import Base, Code, Versioned, partial_index
from portal.programs.application_models import Application
from portal.requirements.models import Requirement


class ReferenceState(StrEnum):
    """Where a reference stands. CANNOT: they can't give one; ENDED: the applicant took the name back."""

    ASKED = "asked"
    ANSWERED = "answered"
    CANNOT = "cannot"
    ENDED = "ended"


class Recommends(StrEnum):
    """Whether someone would have the applicant help people in need."""

    YES = "yes"
    SOME = "some"
    NO = "no"


class Reference(Versioned, Base):
    """Someone whom an applicant named to say a word about them, and what they said.

    `knows` is how they know each other, as the applicant wrote. `how` is how the answer came: "online", "phone"
    or "paper". `accepted` is what a screener found, once they read it. `link_id` makes the link of the form, as
    an application's does; it is good until `ends_at`.
    """

    __tablename__ = "reference"
    __table_args__ = (
        partial_index(
            "ix_reference_answered",
            "asked_at",
            "id",
            where="state = 'answered' AND accepted IS NULL",
        ),
        partial_index("ix_reference_asked", "asked_at", "id", where="state = 'asked'"),
        partial_index("ix_reference_reminder", "remind_at", where="remind_at IS NOT NULL"),
        CheckConstraint("accepted IS NULL OR state = 'answered'", name="accepted"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    application_id: Mapped[int] = mapped_column(
        ForeignKey("application.id", ondelete="CASCADE"), index=True
    )
    program_id: Mapped[int] = mapped_column(ForeignKey("program.id"))
    requirement_id: Mapped[int] = mapped_column(ForeignKey("requirement.id"))
    state: Mapped[ReferenceState] = mapped_column(Code(ReferenceState, 10))
    name: Mapped[str] = mapped_column(String(200))
    email: Mapped[str] = mapped_column(String(254), default="")
    phone: Mapped[str] = mapped_column(String(40), default="")
    knows: Mapped[str] = mapped_column(String(200), default="")
    language: Mapped[str] = mapped_column(String(5))
    asked_at: Mapped[datetime]
    remind_at: Mapped[datetime | None]
    ends_at: Mapped[datetime]
    answered_at: Mapped[datetime | None]
    how: Mapped[str] = mapped_column(String(10), default="")
    known_since: Mapped[str] = mapped_column(String(100), default="")
    strengths: Mapped[str] = mapped_column(Text, default="")
    concerns: Mapped[str] = mapped_column(Text, default="")
    recommends: Mapped[Recommends | None] = mapped_column(Code(Recommends, 10))
    entered_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    accepted: Mapped[bool | None]
    read_on: Mapped[date | None]
    read_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    link_id: Mapped[str] = mapped_column(String(32))
    link_hash: Mapped[str] = mapped_column(String(64), unique=True)

    application: Mapped[Application] = relationship()
    requirement: Mapped[Requirement] = relationship()
