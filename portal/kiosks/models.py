"""The table of kiosks."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.columns import Base
from portal.programs.models import Program, Site


class Kiosk(Base):
    """A device at one location on one day, for the shifts of one program or (None) of all. Whoever has its link
    is no person and reads nothing; only a hash of the link is kept."""

    __tablename__ = "kiosk"
    __table_args__ = (Index("ix_kiosk_day", "day", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    site_id: Mapped[int] = mapped_column(ForeignKey("site.id"))
    program_id: Mapped[int | None] = mapped_column(ForeignKey("program.id"))
    day: Mapped[date]
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    since: Mapped[datetime]
    by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    ended_at: Mapped[datetime | None]

    site: Mapped[Site] = relationship()
    program: Mapped[Program | None] = relationship()
