"""What people submitted, and exceptions."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    Index,
    LargeBinary,
    String,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.columns import Base, Code, Word, partial_index
from portal.people.models import Person
from portal.requirements.models import Requirement


class Outcome(StrEnum):
    """What a credential says. SUBMITTED waits for review, ACCEPTED counts, RETURNED went back with a
    reason, EXTENDED gives a trial period longer, NOT_MET is a decision against, REVOKED ends an accepted one
    from a day on."""

    SUBMITTED = "submitted"
    ACCEPTED = "accepted"
    RETURNED = "returned"
    EXTENDED = "extended"
    NOT_MET = "not_met"
    REVOKED = "revoked"


class Evidence(Base):
    """A file someone submitted, judged by its content. Its name is ours; theirs is kept nowhere."""

    __tablename__ = "evidence"
    __table_args__ = (Index("ix_evidence_person", "person_id", "uploaded_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    media_type: Mapped[str] = mapped_column(String(40))
    size: Mapped[int]
    data: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    uploaded_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    uploaded_at: Mapped[datetime]


class Credential(Base):
    """What a person has, as it was known at one time. Appended, never changed: a later row `supersedes`
    an earlier one, and a renewal is a row beside it.

    It counts from `effective_on` to `expires_on`, both included. A revoking row ends the one before it
    on the day before its own `effective_on`; any other replaces it from the beginning. `source` is where
    it comes from (a course's enrolment, a check) as a kind and an id.
    """

    __tablename__ = "credential"
    __table_args__ = (
        CheckConstraint("expires_on IS NULL OR expires_on >= effective_on", name="order"),
        UniqueConstraint("supersedes_id"),
        Index("ix_credential_person", "person_id", "requirement_id"),
        Index("ix_credential_expires", "expires_on", "id"),
        Index("ix_credential_requirement", "requirement_id", "outcome"),
        partial_index(
            "uq_credential_source",
            "source_kind",
            "source_id",
            where="source_id IS NOT NULL AND supersedes_id IS NULL",
            unique=True,
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    requirement_id: Mapped[int] = mapped_column(ForeignKey("requirement.id"))
    outcome: Mapped[Outcome] = mapped_column(Code(Outcome, 10))
    issued_on: Mapped[date]
    effective_on: Mapped[date]
    expires_on: Mapped[date | None]
    verified_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    reason: Mapped[str] = mapped_column(String(300), default="")
    evidence_id: Mapped[int | None] = mapped_column(ForeignKey("evidence.id"), index=True)
    text_id: Mapped[int | None] = mapped_column(ForeignKey("requirement_text.id"))
    signed_name: Mapped[str] = mapped_column(String(200), default="")
    source_kind: Mapped[str] = mapped_column(String(20), default="")
    source_id: Mapped[int | None]
    asked: Mapped[str | None] = mapped_column(Word(10))
    recorded_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    recorded_at: Mapped[datetime]
    supersedes_id: Mapped[int | None] = mapped_column(ForeignKey("credential.id"))

    person: Mapped[Person] = relationship(foreign_keys=person_id)
    requirement: Mapped[Requirement] = relationship()

    @property
    def program_id(self) -> int | None:
        return self.requirement.program_id


class Waiver(Base):
    """An exception: a person may go without a requirement for a while, in one position or in all.

    It counts from `first_day` to `last_day`, both included; ended early, to the day before `ended_on`.
    """

    __tablename__ = "waiver"
    __table_args__ = (
        CheckConstraint("first_day <= last_day", name="order"),
        CheckConstraint("approved_by_id <> person_id", name="not_oneself"),
        Index("ix_waiver_person", "person_id", "requirement_id"),
        Index("ix_waiver_last_day", "last_day"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    requirement_id: Mapped[int] = mapped_column(ForeignKey("requirement.id"))
    position_id: Mapped[int | None] = mapped_column(ForeignKey("position.id"))
    reason: Mapped[str] = mapped_column(String(300))
    first_day: Mapped[date]
    last_day: Mapped[date]
    approved_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    approved_at: Mapped[datetime]
    ended_on: Mapped[date | None]
    ended_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))

    requirement: Mapped[Requirement] = relationship()

    @property
    def program_id(self) -> int | None:
        return self.requirement.program_id
