"""Table of parents and guardians who are asked whether a minor may volunteer."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.columns import Base, Code, Versioned, partial_index
from portal.people.models import Person
from portal.programs.models import Program


class GuardianState(StrEnum):
    """Where the question stands. REFUSED: they don't agree, or not any more; ENDED: the name was taken back."""

    ASKED = "asked"
    SIGNED = "signed"
    REFUSED = "refused"
    ENDED = "ended"


class GuardianRequest(Versioned, Base):
    """A parent or guardian whom a minor named for one program, and what they signed.

    `until` is the last day of their consent, `how` the way it came: "online" or "paper". `link_id` makes the
    link of their page, as an application's does; it is good until `ends_at` and, once they signed, until the
    consent is over."""

    __tablename__ = "guardian_request"
    __table_args__ = (
        Index("ix_guardian_request_person", "person_id", "program_id"),
        partial_index("ix_guardian_request_asked", "asked_at", "id", where="state = 'asked'"),
        partial_index("ix_guardian_request_reminder", "remind_at", where="remind_at IS NOT NULL"),
        partial_index("ix_guardian_request_erasing", "ends_at", where="name <> ''"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    program_id: Mapped[int] = mapped_column(ForeignKey("program.id"))
    state: Mapped[GuardianState] = mapped_column(Code(GuardianState, 10))
    name: Mapped[str] = mapped_column(String(200))
    relation: Mapped[str] = mapped_column(String(100), default="")
    email: Mapped[str] = mapped_column(String(254), default="")
    phone: Mapped[str] = mapped_column(String(40), default="")
    language: Mapped[str] = mapped_column(String(5))
    asked_at: Mapped[datetime]
    remind_at: Mapped[datetime | None]
    ends_at: Mapped[datetime]
    answered_at: Mapped[datetime | None]
    signed_name: Mapped[str] = mapped_column(String(200), default="")
    signed_on: Mapped[date | None]
    until: Mapped[date | None]
    how: Mapped[str] = mapped_column(String(10), default="")
    entered_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    link_id: Mapped[str] = mapped_column(String(32))
    link_hash: Mapped[str] = mapped_column(String(64), unique=True)

    person: Mapped[Person] = relationship(foreign_keys=person_id)
    program: Mapped[Program] = relationship()
