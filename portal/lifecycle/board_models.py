"""The table of the notice board and the handbook."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.columns import Base, Code, Translated, Versioned
from portal.programs.models import Position, Program


class BoardKind(StrEnum):
    """News is read while it is current; a handbook page is looked up."""

    NEWS = "news"
    HANDBOOK = "handbook"


class BoardPage(Translated, Versioned, Base):
    """Something that the people of the agency (program None), of a program, or of one role read, from a first
    day to a last one, both included."""

    __tablename__ = "board_page"
    __table_args__ = (
        CheckConstraint("last_day IS NULL OR first_day <= last_day", name="order"),
        Index("ix_board_page_first_day", "first_day", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[BoardKind] = mapped_column(Code(BoardKind, 10))
    program_id: Mapped[int | None] = mapped_column(ForeignKey("program.id"), index=True)
    position_id: Mapped[int | None] = mapped_column(ForeignKey("position.id"), index=True)
    title: Mapped[str] = mapped_column(String(150))
    body: Mapped[str] = mapped_column(Text)
    first_day: Mapped[date]
    last_day: Mapped[date | None]
    written_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    written_at: Mapped[datetime]

    program: Mapped[Program | None] = relationship()
    position: Mapped[Position | None] = relationship()
