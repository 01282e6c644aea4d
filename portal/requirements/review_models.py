"""Table of what screeners look at before anyone gets a role."""

from datetime import datetime

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.columns import Base, partial_index


class ScreeningReview(Base):
    """The look at lists that everyone has who applies to a program, while the agency or the program wants one:
    done at `cleared_at`. Nothing here says what was looked for."""

    __tablename__ = "screening_review"
    __table_args__ = (
        UniqueConstraint("person_id", "program_id"),
        partial_index("ix_screening_review_open", "program_id", where="cleared_at IS NULL"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    program_id: Mapped[int] = mapped_column(ForeignKey("program.id"))
    looked_at: Mapped[datetime]
    cleared_at: Mapped[datetime | None]
    cleared_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
