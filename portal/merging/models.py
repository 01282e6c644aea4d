"""Tables of merged records, with what is needed to undo each."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from portal.columns import Base


class PersonMerge(Base):
    """Two records of one person became one: `kept_id` goes on, `gone_id` is inactive and holds what could not
    move. `kept_before` are the blank fields of the kept record that were filled, as JSON with what was filled
    in; `gone_status` is where the other stood. Once it can't be undone, all that is `forgotten`.
    """

    __tablename__ = "person_merge"
    __table_args__ = (
        CheckConstraint("kept_id <> gone_id", name="two_people"),
        Index("ix_person_merge_kept", "kept_id"),
        Index("ix_person_merge_gone", "gone_id"),
        Index("ix_person_merge_merged_at", "merged_at", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kept_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    gone_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    gone_status: Mapped[str] = mapped_column(String(12))
    kept_before: Mapped[str] = mapped_column(Text, default="{}")
    forgotten: Mapped[bool] = mapped_column(default=False)
    merged_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    merged_at: Mapped[datetime]
    undone_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    undone_at: Mapped[datetime | None]

    @property
    def person_id(self) -> int:
        """The one it is about."""
        return self.kept_id


class MergedRow(Base):
    """A row that moved from one record to the other: its table, the column that names the person, and the rest
    of its key as JSON. `before` is what else of it changed; such a row did not move.
    """

    __tablename__ = "merged_row"
    __table_args__ = (Index("ix_merged_row_merge", "merge_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    merge_id: Mapped[int] = mapped_column(ForeignKey("person_merge.id", ondelete="CASCADE"))
    table: Mapped[str] = mapped_column("table_name", String(60))
    column: Mapped[str] = mapped_column("column_name", String(60))
    key: Mapped[str] = mapped_column("row_key", String(200))
    before: Mapped[str] = mapped_column("row_before", Text, default="")
