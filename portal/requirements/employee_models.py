"""Table of what HR says of employees who volunteer."""

from datetime import date

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.columns import Base


class SameWork(Base):
    """HR looked whether a position is `other` work than an employee's job. A new job is looked at anew."""

    __tablename__ = "same_work"
    __table_args__ = (UniqueConstraint("person_id", "position_id", "job"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    position_id: Mapped[int] = mapped_column(ForeignKey("position.id"))
    job: Mapped[str] = mapped_column(String(120))
    other: Mapped[bool]
    decided_on: Mapped[date]
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
