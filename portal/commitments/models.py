"""The ledger of engaged time, whichever domain engages it."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from portal.columns import Base


class Commitment(Base):
    """A person's engaged time: from which kind of thing, which one, from when to when. One that is only
    held, for an answer that is awaited, ends by itself at `held_until`."""

    __tablename__ = "commitment"
    __table_args__ = (
        CheckConstraint("ends_at > starts_at", name="order"),
        Index("uq_commitment_source", "kind", "source_id", unique=True),
        Index("ix_commitment_person", "person_id", "ends_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    kind: Mapped[str] = mapped_column(String(20))
    source_id: Mapped[int]
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    held_until: Mapped[datetime | None]
