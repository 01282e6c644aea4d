"""Tables of the hours ledger: what people gave, in whole minutes, and what they asked about it."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.columns import IDS_ONCE, Base, Code, Word, partial_index
from portal.people.models import Person
from portal.programs.models import Position, Program

MOST_MINUTES = 72 * 60
"""No occurrence is longer."""


class HoursState(StrEnum):
    """Only APPROVED counts. DRAFT is the person's own, SUBMITTED waits for approval, DISPUTED for an
    answer to a question; VOID is taken back or replaced by a correction."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    APPROVED = "approved"
    DISPUTED = "disputed"
    VOID = "void"


WAITING = (HoursState.SUBMITTED, HoursState.DISPUTED)


class Source(StrEnum):
    """What an entry comes from. LEARNING is coming along on a shift, OWN what people report themselves or
    submit on paper; PRESENTATION is a talk given, CONTACT a visit or call for a client."""

    SHIFT = "shift"
    LEARNING = "learning"
    OWN = "own"
    PRESENTATION = "presentation"
    CONTACT = "contact"


class HoursEntry(Base):
    """What one person gave on one occasion. `minutes` count, `travel_minutes` of them on the way.

    The source says what it comes from (for a shift, the signup): one entry counts per source row.
    An entry is never rewritten once submitted: a correction is a new one that points back with
    `corrects_id`, and the old one becomes void. `day` is the local day it counts for.
    """

    __tablename__ = "hours_entry"
    noun = "hours"
    __table_args__ = (
        CheckConstraint(f"0 <= minutes AND minutes <= {MOST_MINUTES}", name="minutes"),
        CheckConstraint("0 <= travel_minutes AND travel_minutes <= minutes", name="travel"),
        partial_index(
            "uq_hours_entry_source",
            "source",
            "source_id",
            where="source_id IS NOT NULL AND state <> 'void'",
            unique=True,
        ),
        Index("ix_hours_entry_day", "day", "program_id"),
        Index("ix_hours_entry_person", "person_id", "day", "id"),
        Index("ix_hours_entry_program", "program_id", "day", "person_id"),
        partial_index(
            "ix_hours_entry_waiting", "program_id", "day", "id", where="state = 'submitted'"
        ),
        Index("ix_hours_entry_corrects", "corrects_id"),
        IDS_ONCE,
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    program_id: Mapped[int] = mapped_column(ForeignKey("program.id"))
    position_id: Mapped[int] = mapped_column(ForeignKey("position.id"))
    site_id: Mapped[int | None] = mapped_column(ForeignKey("site.id"))
    source: Mapped[Source] = mapped_column(Code(Source, 12))
    source_id: Mapped[int | None]
    day: Mapped[date]
    starts_at: Mapped[datetime | None]
    ends_at: Mapped[datetime | None]
    minutes: Mapped[int]
    travel_minutes: Mapped[int] = mapped_column(default=0)
    note: Mapped[str] = mapped_column(String(200), default="")
    state: Mapped[HoursState] = mapped_column(Code(HoursState, 10))
    asked: Mapped[str | None] = mapped_column(Word(10))
    recorded_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    recorded_at: Mapped[datetime]
    approved_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    approved_at: Mapped[datetime | None]
    voided_at: Mapped[datetime | None]
    reason: Mapped[str] = mapped_column(String(300), default="")
    corrects_id: Mapped[int | None] = mapped_column(ForeignKey("hours_entry.id"))

    person: Mapped[Person] = relationship(foreign_keys=person_id)
    program: Mapped[Program] = relationship()
    position: Mapped[Position] = relationship()


class HoursQuestion(Base):
    """What a person asks about an entry of theirs, and what they were told."""

    __tablename__ = "hours_question"
    __table_args__ = (
        Index("ix_hours_question_entry", "entry_id"),
        partial_index("ix_hours_question_open", "asked_at", where="answered_at IS NULL"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    entry_id: Mapped[int] = mapped_column(ForeignKey("hours_entry.id"))
    words: Mapped[str] = mapped_column(String(500))
    asked_at: Mapped[datetime]
    answer: Mapped[str] = mapped_column(String(500), default="")
    answered_at: Mapped[datetime | None]
    answered_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))

    entry: Mapped[HoursEntry] = relationship()

    @property
    def program_id(self) -> int:
        return self.entry.program_id


class HourRate(Base):
    """What an hour of volunteering is worth in a year, in cents: in one role, or (None) in every role that has
    none of its own. `source` says who published it."""

    __tablename__ = "hour_rate"
    __table_args__ = (
        CheckConstraint("cents > 0", name="cents"),
        partial_index(
            "uq_hour_rate_role",
            "first_day",
            "position_id",
            where="position_id IS NOT NULL",
            unique=True,
        ),
        partial_index("uq_hour_rate_all", "first_day", where="position_id IS NULL", unique=True),
        IDS_ONCE,
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    first_day: Mapped[date]
    last_day: Mapped[date]
    position_id: Mapped[int | None] = mapped_column(ForeignKey("position.id"), index=True)
    cents: Mapped[int]
    source: Mapped[str] = mapped_column(String(200))

    position: Mapped[Position | None] = relationship()
