"""How a talk went, what was promised, and what was given out."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.columns import Base, Code, Versioned, partial_index
from portal.outreach.talk_models import Presentation


class Held(StrEnum):
    """Whether a talk took place, or why not."""

    HELD = "held"
    HOST_CANCELED = "host_cancelled"
    WE_CANCELED = "we_cancelled"
    NOBODY_CAME = "nobody_came"


class TalkOutcome(Versioned, Base):
    """How a talk went: who came, counted or estimated, and referrals as a number. No names."""

    __tablename__ = "talk_outcome"
    __table_args__ = (
        CheckConstraint("people BETWEEN 0 AND 100000", name="people"),
        CheckConstraint("referrals BETWEEN 0 AND 10000", name="referrals"),
    )

    presentation_id: Mapped[int] = mapped_column(ForeignKey("presentation.id"), primary_key=True)
    held: Mapped[Held] = mapped_column(Code(Held, 14))
    people: Mapped[int] = mapped_column(default=0)
    counted: Mapped[bool] = mapped_column(default=False)
    languages: Mapped[str] = mapped_column(String(200), default="")
    referrals: Mapped[int] = mapped_column(default=0)
    went_well: Mapped[str] = mapped_column(Text, default="")
    written_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    written_at: Mapped[datetime]


class FollowUp(Base):
    """Something that was promised at a talk, with a date."""

    __tablename__ = "follow_up"
    __table_args__ = (
        Index("ix_follow_up_presentation", "presentation_id"),
        partial_index("ix_follow_up_due", "due_on", where="done_at IS NULL"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    presentation_id: Mapped[int] = mapped_column(ForeignKey("presentation.id"))
    words: Mapped[str] = mapped_column(String(300))
    due_on: Mapped[date]
    done_at: Mapped[datetime | None]
    done_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))

    presentation: Mapped[Presentation] = relationship()


class Material(Versioned, Base):
    """Something to hand out: title, language, edition. A superseded one is not handed out."""

    __tablename__ = "material"
    __table_args__ = (Index("uq_material", "title", "language", "edition", unique=True),)

    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str] = mapped_column(String(120))
    language: Mapped[str] = mapped_column(String(40))
    edition: Mapped[str] = mapped_column(String(40), default="")
    superseded_at: Mapped[datetime | None]


class Handout(Base):
    """How many copies of something were given at a talk."""

    __tablename__ = "handout"
    __table_args__ = (CheckConstraint("number BETWEEN 1 AND 100000", name="number"),)

    presentation_id: Mapped[int] = mapped_column(ForeignKey("presentation.id"), primary_key=True)
    material_id: Mapped[int] = mapped_column(ForeignKey("material.id"), primary_key=True)
    number: Mapped[int]
