"""Tables of what people must have and submit: requirements, the rules that ask for them, credentials,
waivers, background checks, things to read, trial periods, and what all this does to coming work."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    Index,
    String,
    Text,
    UniqueConstraint,
)
from sqlalchemy import text as sql
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.columns import Base, Code, Translated, Versioned, Word, partial_index
from portal.programs.models import Position, Program


class Kind(StrEnum):
    """What sort of proof a requirement asks for."""

    BACKGROUND_CHECK = "background_check"
    REFERENCE = "reference"
    INTERVIEW = "interview"
    AGREEMENT = "agreement"
    LICENSE = "license"
    INSURANCE = "insurance"
    HEALTH = "health"
    COURSE = "course"
    DOCUMENT = "document"
    TRIAL = "trial"
    CUSTOM = "custom"
    GUARDIAN = "guardian"
    AGE = "age"
    SAME_WORK = "same_work"
    LISTS = "lists"


UPLOADED = (Kind.LICENSE, Kind.INSURANCE, Kind.HEALTH, Kind.DOCUMENT, Kind.CUSTOM)
"""Kinds that people may submit as a file. A background check is never one of them (SECURITY P7)."""
BUILT_IN = (Kind.GUARDIAN, Kind.AGE, Kind.SAME_WORK, Kind.LISTS)
"""Kinds that the portal asks for by itself: of minors, of employees, and of applicants. No rule names them."""


class Validity(StrEnum):
    """How long a credential is good for: for ever, until the date on the paper, so many months after it
    was issued, or until a day of each year."""

    NONE = "none"
    DATED = "dated"
    MONTHS = "months"
    YEARLY = "yearly"


class CheckPath(StrEnum):
    """How a background check is done; each has its own steps and letters."""

    COMPANY = "company"
    REGISTER = "register"
    DRIVING = "driving"


class Verifier(StrEnum):
    """Who may look at what is submitted, and decide on it."""

    COORDINATOR = "coordinator"
    SCREENER = "screener"


class Requirement(Translated, Versioned, Base):
    """A kind of proof, of the agency (program None) or of one program.

    `months` and `yearly` (MM-DD) belong to the validity. A `strict` one counts when it is accepted;
    otherwise what waits for review counts, too. A course's or trial period's comes from its result. A check is
    asked for only once the one with the id `after_id` is clear.
    """

    __tablename__ = "requirement"
    __table_args__ = (
        CheckConstraint("validity <> 'months' OR months BETWEEN 1 AND 240", name="months"),
        CheckConstraint("validity <> 'yearly' OR length(yearly) = 5", name="yearly"),
        CheckConstraint(
            "(kind = 'background_check') = (check_path IS NOT NULL)", name="check_path"
        ),
        CheckConstraint("kind <> 'background_check' OR verifier = 'screener'", name="verifier"),
        Index("uq_requirement_name", sql("coalesce(program_id, 0)"), "name", unique=True),
        partial_index("ix_requirement_guardian", "program_id", where="kind = 'guardian'"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    program_id: Mapped[int | None] = mapped_column(ForeignKey("program.id"))
    kind: Mapped[Kind] = mapped_column(Code(Kind, 20))
    name: Mapped[str] = mapped_column(String(120))
    description: Mapped[str] = mapped_column(Text, default="")
    validity: Mapped[Validity] = mapped_column(Code(Validity, 8), default=Validity.NONE)
    months: Mapped[int | None]
    yearly: Mapped[str] = mapped_column(String(5), default="")
    strict: Mapped[bool] = mapped_column(default=True)
    verifier: Mapped[Verifier] = mapped_column(Code(Verifier, 12), default=Verifier.COORDINATOR)
    check_path: Mapped[CheckPath | None] = mapped_column(Code(CheckPath, 10))
    after_id: Mapped[int | None]
    closed_at: Mapped[datetime | None]

    program: Mapped[Program | None] = relationship()


class Stage(StrEnum):
    """When a rule asks: before someone gets the position, before their first shift in it, or always."""

    APPLY = "apply"
    FIRST = "first"
    ALWAYS = "always"


class Rule(Base):
    """One demand on the agency (neither id), on a program, or on one position. What it demands stands in
    its versions."""

    __tablename__ = "rule"
    __table_args__ = (
        CheckConstraint("position_id IS NULL OR program_id IS NOT NULL", name="scope"),
        Index("ix_rule_program", "program_id", "position_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    program_id: Mapped[int | None] = mapped_column(ForeignKey("program.id"))
    position_id: Mapped[int | None] = mapped_column(ForeignKey("position.id"), index=True)

    program: Mapped[Program | None] = relationship()
    position: Mapped[Position | None] = relationship()
    versions: Mapped[list["RuleVersion"]] = relationship(
        order_by="RuleVersion.effective_on", back_populates="rule"
    )


class RuleVersion(Base):
    """What a rule demands from a day on: one of its `options`; without any, nothing (it was ended).

    Who was cleared the day before stays so until what cleared them runs out, unless `binds_all_on` says
    from which day on it holds for everyone. `trainees`: it holds for learners on a shift, too.
    """

    __tablename__ = "rule_version"
    __table_args__ = (
        UniqueConstraint("rule_id", "effective_on"),
        CheckConstraint("binds_all_on IS NULL OR binds_all_on >= effective_on", name="binds"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    rule_id: Mapped[int] = mapped_column(ForeignKey("rule.id"))
    effective_on: Mapped[date]
    stage: Mapped[Stage] = mapped_column(Code(Stage, 8))
    trainees: Mapped[bool] = mapped_column(default=False)
    binds_all_on: Mapped[date | None]
    made_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    made_at: Mapped[datetime]

    rule: Mapped[Rule] = relationship(back_populates="versions")
    options: Mapped[list["RuleOption"]] = relationship(
        order_by="RuleOption.id", cascade="all, delete-orphan"
    )


class RuleOption(Base):
    """One of the proofs that satisfy a rule ("a degree, or two years of experience")."""

    __tablename__ = "rule_option"
    __table_args__ = (UniqueConstraint("rule_version_id", "requirement_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    rule_version_id: Mapped[int] = mapped_column(ForeignKey("rule_version.id"))
    requirement_id: Mapped[int] = mapped_column(ForeignKey("requirement.id"), index=True)

    requirement: Mapped[Requirement] = relationship()


class Reading(Translated, Base):
    """Something the holders of positions must read by a day: a changed rule, a page of the handbook."""

    __tablename__ = "reading"
    __table_args__ = (Index("ix_reading_program", "program_id", "position_id", "due_on"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    program_id: Mapped[int | None] = mapped_column(ForeignKey("program.id"))
    position_id: Mapped[int | None] = mapped_column(ForeignKey("position.id"))
    title: Mapped[str] = mapped_column(String(200))
    body: Mapped[str] = mapped_column(Text)
    due_on: Mapped[date]
    sent_at: Mapped[datetime]
    sent_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    ended_at: Mapped[datetime | None]


class ReadingDone(Base):
    """Someone has read it, in person or as they told staff."""

    __tablename__ = "reading_done"

    reading_id: Mapped[int] = mapped_column(ForeignKey("reading.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True, index=True)
    read_at: Mapped[datetime]
    asked: Mapped[str | None] = mapped_column(Word(10))
    recorded_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))


class Trial(Base):
    """A position begins with a trial period: so many months, and so many shifts beside a supervisor.
    Whoever holds the position without `requirement_id` met is on trial."""

    __tablename__ = "trial"
    __table_args__ = (
        CheckConstraint("months BETWEEN 0 AND 36", name="months"),
        CheckConstraint("shifts BETWEEN 0 AND 100", name="shifts"),
    )

    position_id: Mapped[int] = mapped_column(ForeignKey("position.id"), primary_key=True)
    requirement_id: Mapped[int] = mapped_column(ForeignKey("requirement.id"), unique=True)
    months: Mapped[int]
    shifts: Mapped[int]

    position: Mapped[Position] = relationship()
    requirement: Mapped[Requirement] = relationship()
