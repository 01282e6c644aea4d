"""Tables about what people can do, when they could come, and who looks after them."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, SmallInteger, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.columns import IDS_ONCE, Base, Code, Translated, Versioned, partial_index


class SkillKind(StrEnum):
    """What a word of the agency's list is: a language, something one can do, or a part of the county."""

    LANGUAGE = "language"
    SKILL = "skill"
    DISTRICT = "district"


class Level(StrEnum):
    """How well someone speaks a language."""

    BASIC = "basic"
    CONVERSATIONAL = "conversational"
    FLUENT = "fluent"
    NATIVE = "native"


class Skill(Translated, Versioned, Base):
    """One word of the agency's list. A closed one is offered to no one new."""

    __tablename__ = "skill"
    __table_args__ = (UniqueConstraint("kind", "name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[SkillKind] = mapped_column(Code(SkillKind, 10))
    name: Mapped[str] = mapped_column(String(80))
    closed_at: Mapped[datetime | None]


class PersonSkill(Base):
    """What a person says they can do, and who of the staff has seen that it is so."""

    __tablename__ = "person_skill"
    __table_args__ = (
        UniqueConstraint("person_id", "skill_id"),
        Index("ix_person_skill_skill", "skill_id", "level", "person_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    skill_id: Mapped[int] = mapped_column(ForeignKey("skill.id"))
    level: Mapped[Level | None] = mapped_column(Code(Level, 14))
    since: Mapped[datetime]
    declared_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    verified_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    verified_at: Mapped[datetime | None]

    skill: Mapped[Skill] = relationship()


class Availability(Base):
    """When a person could come: a span of every such weekday, or what holds on one day instead.

    Times are minutes of the wall clock after that day's midnight; an end past 1440 is the next morning.
    Any row of a day replaces the weekday's; one that is not `available` has no times.
    """

    __tablename__ = "availability"
    __table_args__ = (
        CheckConstraint("(weekday IS NULL) <> (day IS NULL)", name="when"),
        CheckConstraint("weekday IS NULL OR weekday BETWEEN 0 AND 6", name="weekday"),
        CheckConstraint("(starts IS NULL) = (ends IS NULL)", name="times"),
        CheckConstraint("(starts IS NOT NULL) = available", name="available"),
        CheckConstraint(
            "starts IS NULL OR (0 <= starts AND starts < 1440 AND starts < ends AND ends <= 2880)",
            name="span",
        ),
        CheckConstraint("weekday IS NULL OR available", name="weekly"),
        Index("ix_availability_weekday", "person_id", "weekday"),
        Index("ix_availability_day", "person_id", "day"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    weekday: Mapped[int | None] = mapped_column(SmallInteger)
    day: Mapped[date | None]
    available: Mapped[bool] = mapped_column(default=True)
    starts: Mapped[int | None] = mapped_column(SmallInteger)
    ends: Mapped[int | None] = mapped_column(SmallInteger)


class Absence(Base):
    """Days on which a person is away: first and last, both included. Nothing regular is taken then."""

    __tablename__ = "absence"
    __table_args__ = (
        CheckConstraint("first_day <= last_day", name="order"),
        Index("ix_absence_person", "person_id", "last_day"),
        IDS_ONCE,
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    first_day: Mapped[date]
    last_day: Mapped[date]
    since: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class Supervision(Base):
    """A supervisor looks after a person in one program, from a first day until a last one, if it is set.

    One that ends before it began (a role was taken back meanwhile) never held.
    """

    __tablename__ = "supervision"
    __table_args__ = (
        CheckConstraint("person_id <> supervisor_id", name="two_people"),
        CheckConstraint(
            "last_day IS NULL OR first_day <= last_day OR ended_at IS NOT NULL", name="order"
        ),
        Index("ix_supervision_person", "person_id", "first_day"),
        Index("ix_supervision_supervisor", "supervisor_id", "first_day"),
        partial_index(
            "uq_supervision_open",
            "person_id",
            "supervisor_id",
            "program_id",
            where="last_day IS NULL",
            unique=True,
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    supervisor_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    program_id: Mapped[int] = mapped_column(ForeignKey("program.id"))
    first_day: Mapped[date]
    last_day: Mapped[date | None]
    given_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    given_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    ended_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))


class SupervisionCover(Base):
    """Who stands in for a supervisor who is away: first and last day, both included."""

    __tablename__ = "supervision_cover"
    __table_args__ = (
        CheckConstraint("supervisor_id <> cover_id", name="two_people"),
        CheckConstraint("first_day <= last_day", name="order"),
        Index("ix_supervision_cover_days", "last_day", "supervisor_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    supervisor_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    cover_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    first_day: Mapped[date]
    last_day: Mapped[date]
    set_at: Mapped[datetime]
    set_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    ended_at: Mapped[datetime | None]

    @property
    def person_id(self) -> int:
        """Who stands in: whom it concerns."""
        return self.cover_id
