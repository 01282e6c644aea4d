"""Patterns that write shifts, and who takes them regularly."""

from datetime import date, datetime, time

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    Index,
    SmallInteger,
    String,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.columns import IDS_ONCE, Base, Versioned, partial_index
from portal.programs.models import Position, Program, Site

MORNING = time(9)
"""When sign-up opens on its day, unless a coordinator says otherwise."""


class Pattern(Versioned, Base):
    """A recurrence a coordinator wrote: every Tuesday and Thursday, 6 to 8 pm, until June.

    `rule` is an RRULE of RFC 5545 without its end, on local days of `zone`; `last_day` ends it.
    `starts` and `ends` are wall-clock times; an end at or before the start is on the next day.
    Sign-up for each date opens `opens_days` before it, at `opens_time` (None: at once).
    Shifts are written up to and with `written_until`, which the worker carries on. While it is
    paused, nothing new is written.
    """

    __tablename__ = "pattern"
    __table_args__ = (
        Index("ix_pattern_program", "program_id", "id"),
        Index("ix_pattern_written", "written_until"),
        IDS_ONCE,
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    program_id: Mapped[int] = mapped_column(ForeignKey("program.id"))
    site_id: Mapped[int | None] = mapped_column(ForeignKey("site.id"))
    title: Mapped[str] = mapped_column(String(200), default="")
    note: Mapped[str] = mapped_column(Text, default="")
    rule: Mapped[str] = mapped_column(String(100))
    first_day: Mapped[date]
    last_day: Mapped[date | None]
    starts: Mapped[time]
    ends: Mapped[time]
    zone: Mapped[str] = mapped_column(String(40))
    on_closures: Mapped[bool] = mapped_column(default=False)
    withdrawal_hours: Mapped[int]
    closes_hours: Mapped[int]
    opens_days: Mapped[int | None] = mapped_column(SmallInteger)
    opens_time: Mapped[time] = mapped_column(default=MORNING)
    adults: Mapped[int] = mapped_column(SmallInteger, default=0)
    written_until: Mapped[date]
    paused_at: Mapped[datetime | None]

    program: Mapped[Program] = relationship()
    site: Mapped[Site | None] = relationship()
    slots: Mapped[list["PatternSlot"]] = relationship(
        order_by="PatternSlot.id", cascade="all, delete-orphan"
    )


class PatternSlot(Base):
    """Spots for one position on each shift of a pattern."""

    __tablename__ = "pattern_slot"
    __table_args__ = (
        CheckConstraint("0 <= minimum AND minimum <= maximum", name="bounds"),
        UniqueConstraint("pattern_id", "position_id"),
        IDS_ONCE,
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    pattern_id: Mapped[int] = mapped_column(ForeignKey("pattern.id"))
    position_id: Mapped[int] = mapped_column(ForeignKey("position.id"), index=True)
    minimum: Mapped[int]
    maximum: Mapped[int]
    trainees: Mapped[int] = mapped_column(default=0)

    position: Mapped[Position] = relationship()


class Regular(Base):
    """A person who takes a pattern's shifts again and again: every week or every other one.

    Each date is an ordinary signup. `carried_until` is the last day that was decided; the worker
    goes on from there when the pattern has written more.
    """

    __tablename__ = "regular"
    __table_args__ = (
        CheckConstraint("every IN (1, 2)", name="every"),
        partial_index(
            "uq_regular_current", "pattern_id", "person_id", where="ended_at IS NULL", unique=True
        ),
        Index("ix_regular_person", "person_id"),
        IDS_ONCE,
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    pattern_id: Mapped[int] = mapped_column(ForeignKey("pattern.id"))
    position_id: Mapped[int] = mapped_column(ForeignKey("position.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    every: Mapped[int]
    first_day: Mapped[date]
    last_day: Mapped[date | None]
    carried_until: Mapped[date]
    since: Mapped[datetime]
    ended_at: Mapped[datetime | None]

    pattern: Mapped[Pattern] = relationship()
    position: Mapped[Position] = relationship()

    @property
    def program_id(self) -> int:
        return self.pattern.program_id
