"""Tables of the questions that a program asks its applicants, and of what they answered."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    Index,
    LargeBinary,
    String,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.columns import Base, Code, Translated, Versioned, partial_index
from portal.programs.models import Position, Program


class QuestionKind(StrEnum):
    """How a question is answered. CHOICE takes one of its options, SEVERAL any of them, FILE a paper or a
    picture."""

    TEXT = "text"
    YES_NO = "yes_no"
    CHOICE = "choice"
    SEVERAL = "several"
    DATE = "date"
    FILE = "file"


CHOSEN = (QuestionKind.YES_NO, QuestionKind.CHOICE, QuestionKind.SEVERAL)
"""The kinds whose answers are some of a few, so that a list can be filtered by them."""


class ApplicationQuestion(Versioned, Translated, Base):
    """A question that a program asks whoever applies, for one role or for each.

    `options` has one answer to choose from per line. `approved_at` is when an administrator approved it; new
    words have to be approved anew. One that is closed is no longer asked.
    """

    __tablename__ = "application_question"
    __table_args__ = (
        Index("ix_application_question_program", "program_id", "rank", "id"),
        partial_index(
            "ix_application_question_new",
            "added_at",
            where="approved_at IS NULL AND closed_at IS NULL",
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    program_id: Mapped[int] = mapped_column(ForeignKey("program.id"))
    position_id: Mapped[int | None] = mapped_column(ForeignKey("position.id"))
    kind: Mapped[QuestionKind] = mapped_column(Code(QuestionKind, 10))
    label: Mapped[str] = mapped_column(String(200))
    help: Mapped[str] = mapped_column(String(300), default="")
    options: Mapped[str] = mapped_column(Text, default="")
    required: Mapped[bool]
    rank: Mapped[int]
    added_at: Mapped[datetime]
    approved_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]

    program: Mapped[Program] = relationship()
    position: Mapped[Position | None] = relationship()


class ApplicationAnswer(Base):
    """What an applicant answered, with the question's words as they were then. Several options that were chosen
    are several rows."""

    __tablename__ = "application_answer"
    __table_args__ = (UniqueConstraint("application_id", "question_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    application_id: Mapped[int] = mapped_column(ForeignKey("application.id", ondelete="CASCADE"))
    question_id: Mapped[int] = mapped_column(ForeignKey("application_question.id"), index=True)
    number: Mapped[int]
    asked: Mapped[str] = mapped_column(String(200))
    value: Mapped[str] = mapped_column(Text)


class ApplicationFile(Base):
    """A file with which an applicant answered a question, judged by its content and cleaned. It is of the
    application that is filled in and, once that is sent, of the one that came of it."""

    __tablename__ = "application_file"
    __table_args__ = (
        UniqueConstraint("draft_id", "question_id"),
        UniqueConstraint("application_id", "question_id"),
        CheckConstraint("(draft_id IS NULL) <> (application_id IS NULL)", name="one"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    draft_id: Mapped[int | None] = mapped_column(
        ForeignKey("application_draft.id", ondelete="CASCADE")
    )
    application_id: Mapped[int | None] = mapped_column(
        ForeignKey("application.id", ondelete="CASCADE")
    )
    question_id: Mapped[int] = mapped_column(ForeignKey("application_question.id"), index=True)
    media_type: Mapped[str] = mapped_column(String(40))
    size: Mapped[int]
    data: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    added_at: Mapped[datetime]
