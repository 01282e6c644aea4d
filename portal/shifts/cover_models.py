"""The table of requests for a sub, which ask people in waves."""

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from portal.columns import IDS_ONCE, Base, partial_index


class CoverRequest(Base):
    """Someone on a slot can't make it, and people are asked in their stead, a few at a time, until someone says
    yes or no one is left. The next ones are asked at `next_at`, if it is still needed then."""

    __tablename__ = "cover_request"
    __table_args__ = (
        partial_index("uq_cover_request_slot", "slot_id", where="ended_at IS NULL", unique=True),
        partial_index("ix_cover_request_due", "next_at", where="ended_at IS NULL"),
        IDS_ONCE,
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    slot_id: Mapped[int] = mapped_column(ForeignKey("slot.id", ondelete="CASCADE"), index=True)
    program_id: Mapped[int] = mapped_column(ForeignKey("program.id"), index=True)
    since: Mapped[datetime]
    next_at: Mapped[datetime]
    waves: Mapped[int] = mapped_column(default=0)
    ended_at: Mapped[datetime | None]
