"""Columns of whatever has a time and a place: shifts, course sessions, presentations."""

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, declared_attr, mapped_column, relationship

from portal import clock
from portal.programs.models import Site


class Occurs:
    """A row with a time on the wall of a zone, and perhaps a site of ours.

    `sequence` rises with every change of time, place or state, and `revised_at` is the last change of any
    kind: calendars follow them (RFC 5545, 3.8.7.4 and 3.8.7.3).
    """

    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    zone: Mapped[str] = mapped_column(String(40))
    site_id: Mapped[int | None] = mapped_column(ForeignKey("site.id"))
    sequence: Mapped[int] = mapped_column(default=0)
    revised_at: Mapped[datetime] = mapped_column(default=clock.now)

    @declared_attr
    @classmethod
    def site(cls) -> Mapped[Site | None]:
        """The site, unless it is somewhere else."""
        return relationship()
