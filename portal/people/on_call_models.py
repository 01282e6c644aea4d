"""The table of who is on call."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.columns import Base, partial_index


class OnCallDay(Base):
    """Who is on call for a program on a day, from `starts_at` to `ends_at`. A day without a person is one that
    no one took over. `asked_id` was asked to cover it and hasn't answered yet.
    """

    __tablename__ = "on_call_day"
    __table_args__ = (
        UniqueConstraint("program_id", "day"),
        CheckConstraint("starts_at < ends_at", name="order"),
        CheckConstraint("asked_id IS NULL OR asked_id <> person_id", name="two_people"),
        Index("ix_on_call_day_person", "person_id", "ends_at"),
        partial_index("ix_on_call_day_asked", "asked_id", "ends_at", where="asked_id IS NOT NULL"),
        partial_index("ix_on_call_day_open", "ends_at", "program_id", where="person_id IS NULL"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    program_id: Mapped[int] = mapped_column(ForeignKey("program.id"))
    day: Mapped[date]
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    asked_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    set_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    set_at: Mapped[datetime]
