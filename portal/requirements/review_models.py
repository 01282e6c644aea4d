"""Table of what screeners look at before anyone gets a role."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from portal.columns import Base


class ScreeningReview(Base):
    """The look at lists that every application has, while the agency or its program wants one: a screener
    passed it, and it is done at `cleared_at`, a day after `looked_at` at the soonest. Nothing here says what
    was looked for."""

    __tablename__ = "screening_review"
    __table_args__ = (Index("ix_screening_review_person", "person_id", "program_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    application_id: Mapped[int] = mapped_column(ForeignKey("application.id"), unique=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    program_id: Mapped[int] = mapped_column(ForeignKey("program.id"))
    looked_at: Mapped[datetime]
    passed_at: Mapped[datetime | None]
    passed_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    cleared_at: Mapped[datetime | None]


class ScreeningHold(Base):
    """Someone who gets no role and no shift until screeners lift it; why stands in their room alone."""

    __tablename__ = "screening_hold"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), unique=True)
    since: Mapped[datetime]
