"""Tables of what people must have and hand in: requirements, the rules that ask for them, credentials,
waivers, background checks, things to read, trial periods, and what all this does to coming work."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    Index,
    LargeBinary,
    String,
    Text,
    UniqueConstraint,
)
from sqlalchemy import text as sql
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.columns import Base, Code, Translated, Versioned, Word, partial_index
from portal.people.models import Person
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


UPLOADED = (Kind.LICENSE, Kind.INSURANCE, Kind.HEALTH, Kind.DOCUMENT, Kind.CUSTOM)
"""Kinds that people may hand in as a file. A background check is never one of them (SECURITY P7)."""


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
    """Who may look at what is handed in, and decide on it."""

    COORDINATOR = "coordinator"
    SCREENER = "screener"


class Requirement(Translated, Versioned, Base):
    """A kind of proof, of the agency (program None) or of one program.

    `months` and `yearly` (MM-DD) belong to the validity. A `strict` one counts when it is accepted;
    otherwise what waits for review counts, too. A course's or trial period's comes from its result.
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
    closed_at: Mapped[datetime | None]

    program: Mapped[Program | None] = relationship()


class Stage(StrEnum):
    """When a rule asks: before somebody gets the position, before their first shift in it, or always."""

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
    from which day on it holds for everybody. `trainees`: it holds for learners on a shift, too.
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


class Outcome(StrEnum):
    """What a credential says. SUBMITTED waits for review, ACCEPTED counts, RETURNED went back with a
    reason, EXTENDED gives a trial period longer, NOT_MET is a decision against, REVOKED ends an accepted one
    from a day on."""

    SUBMITTED = "submitted"
    ACCEPTED = "accepted"
    RETURNED = "returned"
    EXTENDED = "extended"
    NOT_MET = "not_met"
    REVOKED = "revoked"


class Evidence(Base):
    """A file somebody handed in, judged by its content. Its name is ours; theirs is kept nowhere."""

    __tablename__ = "evidence"
    __table_args__ = (Index("ix_evidence_person", "person_id", "uploaded_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    media_type: Mapped[str] = mapped_column(String(40))
    size: Mapped[int]
    data: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    uploaded_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    uploaded_at: Mapped[datetime]


class Credential(Base):
    """What a person has, as it was known at one time. Appended, never changed: a later row `supersedes`
    an earlier one, and a renewal is a row beside it.

    It counts from `effective_on` to `expires_on`, both included. A revoking row ends the one before it
    on the day before its own `effective_on`; any other replaces it from the beginning. `source` is where
    it comes from (a course's enrolment, a check) as a kind and an id.
    """

    __tablename__ = "credential"
    __table_args__ = (
        CheckConstraint("expires_on IS NULL OR expires_on >= effective_on", name="order"),
        UniqueConstraint("supersedes_id"),
        Index("ix_credential_person", "person_id", "requirement_id"),
        Index("ix_credential_expires", "expires_on", "id"),
        Index("ix_credential_requirement", "requirement_id", "outcome"),
        partial_index(
            "uq_credential_source",
            "source_kind",
            "source_id",
            where="source_id IS NOT NULL AND supersedes_id IS NULL",
            unique=True,
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    requirement_id: Mapped[int] = mapped_column(ForeignKey("requirement.id"))
    outcome: Mapped[Outcome] = mapped_column(Code(Outcome, 10))
    issued_on: Mapped[date]
    effective_on: Mapped[date]
    expires_on: Mapped[date | None]
    verified_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    reason: Mapped[str] = mapped_column(String(300), default="")
    evidence_id: Mapped[int | None] = mapped_column(ForeignKey("evidence.id"), index=True)
    text_id: Mapped[int | None] = mapped_column(ForeignKey("requirement_text.id"))
    signed_name: Mapped[str] = mapped_column(String(200), default="")
    source_kind: Mapped[str] = mapped_column(String(20), default="")
    source_id: Mapped[int | None]
    asked: Mapped[str | None] = mapped_column(Word(10))
    recorded_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    recorded_at: Mapped[datetime]
    supersedes_id: Mapped[int | None] = mapped_column(ForeignKey("credential.id"))

    person: Mapped[Person] = relationship(foreign_keys=person_id)
    requirement: Mapped[Requirement] = relationship()

    @property
    def program_id(self) -> int | None:
        return self.requirement.program_id


class Waiver(Base):
    """An exception: a person may go without a requirement for a while, in one position or in all.

    It counts from `first_day` to `last_day`, both included; ended early, to the day before `ended_on`.
    """

    __tablename__ = "waiver"
    __table_args__ = (
        CheckConstraint("first_day <= last_day", name="order"),
        CheckConstraint("approved_by_id <> person_id", name="not_oneself"),
        Index("ix_waiver_person", "person_id", "requirement_id"),
        Index("ix_waiver_last_day", "last_day"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    requirement_id: Mapped[int] = mapped_column(ForeignKey("requirement.id"))
    position_id: Mapped[int | None] = mapped_column(ForeignKey("position.id"))
    reason: Mapped[str] = mapped_column(String(300))
    first_day: Mapped[date]
    last_day: Mapped[date]
    approved_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    approved_at: Mapped[datetime]
    ended_on: Mapped[date | None]
    ended_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))

    requirement: Mapped[Requirement] = relationship()

    @property
    def program_id(self) -> int | None:
        return self.requirement.program_id


class TextKind(StrEnum):
    """What a wording is for: an agreement to sign, or one of a background check's texts and letters."""

    AGREEMENT = "agreement"
    DISCLOSURE = "disclosure"
    AUTHORIZATION = "authorization"
    RIGHTS = "rights"
    FIRST_NOTICE = "first_notice"
    SECOND_NOTICE = "second_notice"


class RequirementText(Translated, Base):
    """One version of a wording that people sign or are sent. It may be used once somebody approved it,
    by name and day; a change is a new version."""

    __tablename__ = "requirement_text"
    __table_args__ = (UniqueConstraint("requirement_id", "kind", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    requirement_id: Mapped[int] = mapped_column(ForeignKey("requirement.id"))
    kind: Mapped[TextKind] = mapped_column(Code(TextKind, 15))
    number: Mapped[int]
    body: Mapped[str] = mapped_column(Text)
    approved_by: Mapped[str] = mapped_column(String(120), default="")
    approved_on: Mapped[date | None]
    made_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    made_at: Mapped[datetime]

    requirement: Mapped[Requirement] = relationship()


class CheckState(StrEnum):
    """The steps of a background check. Nothing is ordered before it is authorized, and nobody is turned
    down before the first notice, the waiting time and the second notice (15 U.S.C. 1681b)."""

    ASKED = "asked"
    AUTHORIZED = "authorized"
    ORDERED = "ordered"
    RETURNED = "returned"
    NOTICE_SENT = "notice_sent"
    CLEARED = "cleared"
    TURNED_DOWN = "turned_down"
    STOPPED = "stopped"


OPEN_CHECKS = (
    CheckState.ASKED, CheckState.AUTHORIZED, CheckState.ORDERED, CheckState.RETURNED,
    CheckState.NOTICE_SENT,
)  # fmt: skip
_OPEN = "state IN ('asked', 'authorized', 'ordered', 'returned', 'notice_sent')"


class BackgroundCheck(Versioned, Base):
    """One background check of one person: which step it is at and when each was taken. It holds no
    report, no offense and no note about either (SECURITY P7)."""

    __tablename__ = "background_check"
    noun = "check"
    __table_args__ = (
        partial_index(
            "uq_background_check_open", "person_id", "requirement_id", where=_OPEN, unique=True
        ),
        Index("ix_background_check_state", "state", "id"),
        Index("ix_background_check_person", "person_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    requirement_id: Mapped[int] = mapped_column(ForeignKey("requirement.id"))
    state: Mapped[CheckState] = mapped_column(Code(CheckState, 12))
    asked_at: Mapped[datetime]
    asked_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    disclosed_at: Mapped[datetime | None]
    disclosure_id: Mapped[int | None] = mapped_column(ForeignKey("requirement_text.id"))
    authorized_at: Mapped[datetime | None]
    authorization_id: Mapped[int | None] = mapped_column(ForeignKey("requirement_text.id"))
    rights_id: Mapped[int | None] = mapped_column(ForeignKey("requirement_text.id"))
    signed_name: Mapped[str] = mapped_column(String(200), default="")
    on_paper: Mapped[bool] = mapped_column(default=False)
    ordered_on: Mapped[date | None]
    returned_on: Mapped[date | None]
    first_notice_at: Mapped[datetime | None]
    first_notice_id: Mapped[int | None] = mapped_column(ForeignKey("requirement_text.id"))
    decide_from: Mapped[date | None]
    second_notice_at: Mapped[datetime | None]
    second_notice_id: Mapped[int | None] = mapped_column(ForeignKey("requirement_text.id"))
    decided_at: Mapped[datetime | None]
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))

    person: Mapped[Person] = relationship(foreign_keys=person_id)
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
    """Somebody has read it, in person or as they told staff."""

    __tablename__ = "reading_done"

    reading_id: Mapped[int] = mapped_column(ForeignKey("reading.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True, index=True)
    read_at: Mapped[datetime]
    asked: Mapped[str | None] = mapped_column(Word(10))
    recorded_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))


class Cause(StrEnum):
    """Why coming work has to be looked at."""

    CREDENTIAL = "credential"
    WAIVER = "waiver"
    RULE = "rule"
    READING = "reading"
    LAPSE = "lapse"


class Change(Base):
    """Something that may un-clear or clear a person; the worker looks at what it touches."""

    __tablename__ = "clearance_change"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    cause: Mapped[Cause] = mapped_column(Code(Cause, 10))
    requirement_id: Mapped[int | None] = mapped_column(ForeignKey("requirement.id"))
    at: Mapped[datetime]


class Decision(StrEnum):
    """What became of an affected piece of coming work. MENDED: the person is cleared again, or it is
    gone."""

    KEPT = "kept"
    REMOVED = "removed"
    MENDED = "mended"


class Affected(Base):
    """Coming work of somebody who is not cleared for it any more, for a coordinator to decide on.

    `kind` and `source_id` name it as its domain knows it (a signup); `day` is its local day.
    """

    __tablename__ = "affected"
    __table_args__ = (
        partial_index(
            "uq_affected_open", "kind", "source_id", where="decision IS NULL", unique=True
        ),
        Index("ix_affected_program", "program_id", "decision", "day"),
        Index("ix_affected_person", "person_id", "decision"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(20))
    source_id: Mapped[int]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    program_id: Mapped[int] = mapped_column(ForeignKey("program.id"))
    position_id: Mapped[int] = mapped_column(ForeignKey("position.id"))
    requirement_id: Mapped[int | None] = mapped_column(ForeignKey("requirement.id"))
    cause: Mapped[Cause] = mapped_column(Code(Cause, 10))
    day: Mapped[date]
    found_at: Mapped[datetime]
    decision: Mapped[Decision | None] = mapped_column(Code(Decision, 8))
    decided_at: Mapped[datetime | None]
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    reason: Mapped[str] = mapped_column(String(300), default="")
    waiver_id: Mapped[int | None] = mapped_column(ForeignKey("waiver.id"))


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
