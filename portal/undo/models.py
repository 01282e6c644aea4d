"""The table of what can be taken back."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, Text
from sqlalchemy.orm import Mapped, mapped_column

from portal.columns import Base


class Undo(Base):
    """What one request of staff changed, so that they can take it back until `until`, or until someone was
    told of it. `what` holds the ids of what was changed by its noun, `changes` its rows, `said` the sentence
    that the act was answered with. The worker removes it an hour after its end, with all it holds.
    """

    __tablename__ = "undo"
    __table_args__ = (Index("ix_undo_by", "by_id", "until"), Index("ix_undo_until", "until"))

    id: Mapped[int] = mapped_column(primary_key=True)
    by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime]
    until: Mapped[datetime]
    said: Mapped[str] = mapped_column(Text)
    what: Mapped[str] = mapped_column(Text)
    changes: Mapped[str] = mapped_column(Text)
    undone_at: Mapped[datetime | None]
