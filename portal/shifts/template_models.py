"""The table of week templates."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.columns import Base
from portal.programs.models import Program


class WeekTemplate(Base):
    """A week of a program's shifts under a name, to be copied again and again: the week of `first_day`, as it
    was held. Ended, it is offered no more."""

    __tablename__ = "week_template"
    __table_args__ = (Index("ix_week_template_program", "program_id", "name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    program_id: Mapped[int] = mapped_column(ForeignKey("program.id"))
    name: Mapped[str] = mapped_column(String(120))
    first_day: Mapped[date]
    since: Mapped[datetime]
    ended_at: Mapped[datetime | None]

    program: Mapped[Program] = relationship()
