"""Tables of what an agency offers: programs, sites, positions, and who may serve in them."""

from datetime import date, datetime, time
from enum import StrEnum

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    Index,
    SmallInteger,
    String,
    Text,
    UniqueConstraint,
)
from sqlalchemy import (
    text as sql,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.columns import IDS_ONCE, Base, Code, Translated, Versioned, partial_index
from portal.people.models import Person


class Visibility(StrEnum):
    """Who may learn that a program exists.

    PUBLIC: everyone. LABEL: outsiders see it under its neutral label alone. HIDDEN: outsiders
    never see it. The last two are the sensitive ones (SECURITY P2, Z5).
    """

    PUBLIC = "public"
    LABEL = "label"
    HIDDEN = "hidden"


class Program(Translated, Versioned, Base):
    """A client-facing service. Outside it, a sensitive one goes by its public label."""

    __tablename__ = "program"
    __table_args__ = (CheckConstraint("visibility = 'public' OR public_label <> ''", name="label"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(120), unique=True)
    visibility: Mapped[Visibility] = mapped_column(Code(Visibility, 10), default=Visibility.PUBLIC)
    public_label: Mapped[str] = mapped_column(String(120), default="")
    description: Mapped[str] = mapped_column(Text, default="")
    contact_name: Mapped[str] = mapped_column(String(120), default="")
    contact_phone: Mapped[str] = mapped_column(String(40), default="")
    withdrawal_hours: Mapped[int] = mapped_column(default=24)
    counts_travel: Mapped[bool] = mapped_column(default=False)
    closed_at: Mapped[datetime | None]

    @property
    def sensitive(self) -> bool:
        return self.visibility != Visibility.PUBLIC

    @property
    def program_id(self) -> int:
        return self.id


class Site(Translated, Versioned, Base):
    """A place. One without a program serves the whole agency; a confidential one always has one."""

    __tablename__ = "site"
    __table_args__ = (
        CheckConstraint(
            "NOT confidential OR program_id IS NOT NULL", name="confidential_has_program"
        ),
        Index("uq_site_name", sql("coalesce(program_id, 0)"), "name", unique=True),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    program_id: Mapped[int | None] = mapped_column(ForeignKey("program.id"))
    name: Mapped[str] = mapped_column(String(200))
    address: Mapped[str] = mapped_column(String(300), default="")
    directions: Mapped[str] = mapped_column(Text, default="")
    access_notes: Mapped[str] = mapped_column(Text, default="")
    confidential: Mapped[bool] = mapped_column(default=False)
    closed_at: Mapped[datetime | None]

    program: Mapped[Program | None] = relationship()


class Position(Translated, Versioned, Base):
    """What a volunteer does in a program. Color and icon are names from a fixed few. A seasonal one is served
    from one month of the year to another. One has to be `youngest`, in years, to serve in it."""

    __tablename__ = "position"
    __table_args__ = (
        CheckConstraint("(season_from IS NULL) = (season_to IS NULL)", name="season"),
        CheckConstraint("youngest BETWEEN 10 AND 18", name="youngest"),
        UniqueConstraint("program_id", "name"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    program_id: Mapped[int] = mapped_column(ForeignKey("program.id"))
    name: Mapped[str] = mapped_column(String(120))
    description: Mapped[str] = mapped_column(Text, default="")
    color: Mapped[str] = mapped_column(String(12), default="teal")
    icon: Mapped[str] = mapped_column(String(40), default="person")
    season_from: Mapped[int | None] = mapped_column(SmallInteger)
    season_to: Mapped[int | None] = mapped_column(SmallInteger)
    youngest: Mapped[int] = mapped_column(SmallInteger, default=18, server_default="18")
    closed_at: Mapped[datetime | None]

    program: Mapped[Program] = relationship()


class Funding(Base):
    """Who pays for what is done in a program, or in one of its positions, from a day to another, both
    included. For a day, a position's own label goes before its program's."""

    __tablename__ = "funding"
    __table_args__ = (
        CheckConstraint("last_day IS NULL OR first_day <= last_day", name="order"),
        Index("ix_funding_program", "program_id", "position_id", "first_day"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    program_id: Mapped[int] = mapped_column(ForeignKey("program.id"))
    position_id: Mapped[int | None] = mapped_column(ForeignKey("position.id"))
    name: Mapped[str] = mapped_column(String(120))
    first_day: Mapped[date]
    last_day: Mapped[date | None]

    position: Mapped[Position | None] = relationship()


class PlacementState(StrEnum):
    """ACTIVE may serve; ENDED is history."""

    ACTIVE = "active"
    ENDED = "ended"


class Placement(Base):
    """An episode in which a person may serve in one position: from, until, state, by whom. `buddy_id` is whom
    they may ask when they are new."""

    __tablename__ = "placement"
    __table_args__ = (
        partial_index(
            "uq_placement_open",
            "person_id",
            "position_id",
            where="state = 'active'",
            unique=True,
        ),
        Index("ix_placement_program", "program_id", "state", "person_id"),
        Index("ix_placement_person", "person_id", "program_id", "position_id"),
        partial_index("ix_placement_buddy", "buddy_id", where="buddy_id IS NOT NULL"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    position_id: Mapped[int] = mapped_column(ForeignKey("position.id"), index=True)
    program_id: Mapped[int] = mapped_column(ForeignKey("program.id"))
    state: Mapped[PlacementState] = mapped_column(Code(PlacementState, 10))
    starts_on: Mapped[date | None]
    ends_on: Mapped[date | None]
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    decided_at: Mapped[datetime | None]
    reason: Mapped[str] = mapped_column(String(300), default="")
    buddy_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))

    person: Mapped[Person] = relationship(foreign_keys=person_id)
    position: Mapped[Position] = relationship()


class Closure(Base):
    """Days on which the agency, a site, or a program (at a site or everywhere) is closed: first and last day,
    both included. With `starts` and `ends`, from that hour of the first day to that hour of the last."""

    __tablename__ = "closure"
    __table_args__ = (
        CheckConstraint("first_day <= last_day", name="order"),
        Index("ix_closure_last_day", "last_day"),
        IDS_ONCE,
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    site_id: Mapped[int | None] = mapped_column(ForeignKey("site.id"), index=True)
    program_id: Mapped[int | None] = mapped_column(ForeignKey("program.id"), index=True)
    first_day: Mapped[date]
    last_day: Mapped[date]
    starts: Mapped[time | None]
    ends: Mapped[time | None]
    reason: Mapped[str] = mapped_column(String(300))
    lifted_at: Mapped[datetime | None]

    site: Mapped[Site | None] = relationship()
    program: Mapped[Program | None] = relationship()
