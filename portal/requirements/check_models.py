"""Texts that people sign, and background checks."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import (
    ForeignKey,
    Index,
    String,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.columns import Base, Code, Translated, Versioned, partial_index
from portal.people.models import Person
from portal.requirements.models import Requirement


class TextKind(StrEnum):
    """What a wording is for: an agreement to sign, or one of a background check's texts and letters."""

    AGREEMENT = "agreement"
    DISCLOSURE = "disclosure"
    AUTHORIZATION = "authorization"
    RIGHTS = "rights"
    FIRST_NOTICE = "first_notice"
    SECOND_NOTICE = "second_notice"


class RequirementText(Translated, Base):
    """One version of a wording that people sign or are sent. It may be used once someone approved it,
    by name and day; a change is a new version."""

    __tablename__ = "requirement_text"
    __table_args__ = (UniqueConstraint("requirement_id", "kind", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    requirement_id: Mapped[int] = mapped_column(ForeignKey("requirement.id"))
    kind: Mapped[TextKind] = mapped_column(Code(TextKind, 15))
    number: Mapped[int]
    body: Mapped[str] = mapped_column(Text)
    approved_by: Mapped[str] = mapped_column(String(120), default="")
    approved_on: Mapped[date | None]
    made_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    made_at: Mapped[datetime]

    requirement: Mapped[Requirement] = relationship()


class CheckState(StrEnum):
    """The steps of a background check. Nothing is ordered before it is authorized, and no one is turned
    down before the first notice, the waiting time and the second notice (15 U.S.C. 1681b)."""

    ASKED = "asked"
    AUTHORIZED = "authorized"
    ORDERED = "ordered"
    RETURNED = "returned"
    NOTICE_SENT = "notice_sent"
    CLEARED = "cleared"
    TURNED_DOWN = "turned_down"
    STOPPED = "stopped"


OPEN_CHECKS = (
    CheckState.ASKED, CheckState.AUTHORIZED, CheckState.ORDERED, CheckState.RETURNED,
    CheckState.NOTICE_SENT,
)  # fmt: skip


_OPEN = "state IN ('asked', 'authorized', 'ordered', 'returned', 'notice_sent')"


class BackgroundCheck(Versioned, Base):
    """One background check of one person: which step it is at and when each was taken. It holds no
    report, no offense and no note about either (SECURITY P7)."""

    __tablename__ = "background_check"
    noun = "check"
    __table_args__ = (
        partial_index(
            "uq_background_check_open", "person_id", "requirement_id", where=_OPEN, unique=True
        ),
        Index("ix_background_check_state", "state", "id"),
        Index("ix_background_check_person", "person_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    requirement_id: Mapped[int] = mapped_column(ForeignKey("requirement.id"))
    state: Mapped[CheckState] = mapped_column(Code(CheckState, 12))
    asked_at: Mapped[datetime]
    asked_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    disclosed_at: Mapped[datetime | None]
    disclosure_id: Mapped[int | None] = mapped_column(ForeignKey("requirement_text.id"))
    authorized_at: Mapped[datetime | None]
    authorization_id: Mapped[int | None] = mapped_column(ForeignKey("requirement_text.id"))
    rights_id: Mapped[int | None] = mapped_column(ForeignKey("requirement_text.id"))
    signed_name: Mapped[str] = mapped_column(String(200), default="")
    on_paper: Mapped[bool] = mapped_column(default=False)
    ordered_on: Mapped[date | None]
    returned_on: Mapped[date | None]
    first_notice_at: Mapped[datetime | None]
    first_notice_id: Mapped[int | None] = mapped_column(ForeignKey("requirement_text.id"))
    decide_from: Mapped[date | None]
    second_notice_at: Mapped[datetime | None]
    second_notice_id: Mapped[int | None] = mapped_column(ForeignKey("requirement_text.id"))
    decided_at: Mapped[datetime | None]
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))

    person: Mapped[Person] = relationship(foreign_keys=person_id)
    requirement: Mapped[Requirement] = relationship()
