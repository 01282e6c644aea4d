"""The audit's table. Triggers in the migrations refuse to change or remove its rows (U2)."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from portal.columns import Base, Word


class AuditEntry(Base):
    """Who did what to which record, when. Never what it said: content stays in the record.

    `actor_id` is None for the command line. `asked` tells how a person asked staff to act
    for them (by phone, in person, on paper); it is None when people act for themselves.
    `person_id` is whom it concerns.
    """

    __tablename__ = "audit_entry"
    __table_args__ = (
        Index("ix_audit_entry_subject", "subject_kind", "subject_id", "id"),
        Index("ix_audit_entry_person", "person_id", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    action: Mapped[str] = mapped_column(Word(60))
    subject_kind: Mapped[str] = mapped_column(String(30))
    subject_id: Mapped[int | None]
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    program_id: Mapped[int | None] = mapped_column(ForeignKey("program.id"))
    asked: Mapped[str | None] = mapped_column(Word(10))
    detail: Mapped[str | None] = mapped_column(Word(200))


class AuditSeal(Base):
    """A link of the chain over the audit: a hash of an entry and of the seal before. The worker writes
    them in the order in which it finds entries; a changed, removed or inserted entry breaks the chain."""

    __tablename__ = "audit_seal"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    entry_id: Mapped[int] = mapped_column(ForeignKey("audit_entry.id"), unique=True)
    hash: Mapped[str] = mapped_column(String(64))
