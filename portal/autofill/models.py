"""Tables of proposals for unfilled shifts."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, SmallInteger, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.columns import Base, Code, partial_index
from portal.programs.models import Program


class FillState(StrEnum):
    """What becomes of a proposal while it is made."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    STOPPED = "stopped"


UNDER_WAY = (FillState.WAITING, FillState.RUNNING)


class Fill(Base):
    """A proposal that one coordinator asked for: who could fill the shifts until a day, of one program or all
    of theirs. `problem` is the snapshot that is solved, `progress` how many spots are filled so far, `gap` how
    many more could not be ruled out."""

    __tablename__ = "fill"
    __table_args__ = (
        Index("ix_fill_by", "by_id", "id"),
        partial_index("ix_fill_under_way", "id", where="state IN ('waiting', 'running')"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    program_id: Mapped[int | None] = mapped_column(ForeignKey("program.id"))
    last_day: Mapped[date]
    since: Mapped[datetime]
    state: Mapped[FillState] = mapped_column(Code(FillState, 8))
    started_at: Mapped[datetime | None]
    tries: Mapped[int] = mapped_column(SmallInteger, default=0)
    problem: Mapped[str] = mapped_column(Text, default="")
    progress: Mapped[int] = mapped_column(default=0)
    solver: Mapped[str] = mapped_column(String(8), default="")
    gap: Mapped[int] = mapped_column(default=0)

    program: Mapped[Program | None] = relationship()


class FillLine(Base):
    """Someone who is proposed for a slot, until they are `asked`."""

    __tablename__ = "fill_line"
    __table_args__ = (
        Index("ix_fill_line_fill", "fill_id", "id"),
        Index("ix_fill_line_slot", "slot_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    fill_id: Mapped[int] = mapped_column(ForeignKey("fill.id", ondelete="CASCADE"))
    slot_id: Mapped[int] = mapped_column(ForeignKey("slot.id", ondelete="CASCADE"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    asked: Mapped[bool] = mapped_column(default=False)
