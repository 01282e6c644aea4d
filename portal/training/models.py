"""Tables of training: courses and what belongs to them, their sessions, who takes part, and what a pass
proposes."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy import text as sql
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.columns import Base, Code, Translated, Versioned, Word, partial_index
from portal.occasions.columns import Occurs
from portal.people.models import Person
from portal.programs.models import Position, Program
from portal.requirements.models import Requirement

MOST_MINUTES = 72 * 60
"""No course takes longer at once."""


class Confirm(StrEnum):
    """Who carries out what a pass proposes: the rule itself, at once, or a person."""

    RULE = "rule"
    PERSON = "person"


class Course(Translated, Versioned, Base):
    """Something to learn, for the agency (program None) or for one program.

    A pass proposes a credential for `requirement_id`, whose validity is the course's, and a placement in
    `position_id`. `minutes` are what it counts as learning time. With a `pass_percent` it has a quiz,
    which people may take by themselves.
    """

    __tablename__ = "course"
    __table_args__ = (
        CheckConstraint(f"0 <= minutes AND minutes <= {MOST_MINUTES}", name="minutes"),
        CheckConstraint("pass_percent BETWEEN 1 AND 100", name="pass_percent"),
        Index("uq_course_name", sql("coalesce(program_id, 0)"), "name", unique=True),
        Index("ix_course_requirement", "requirement_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    program_id: Mapped[int | None] = mapped_column(ForeignKey("program.id"))
    name: Mapped[str] = mapped_column(String(120))
    description: Mapped[str] = mapped_column(Text, default="")
    topic: Mapped[str] = mapped_column(String(60), default="")
    minutes: Mapped[int] = mapped_column(default=0)
    requirement_id: Mapped[int | None] = mapped_column(ForeignKey("requirement.id"))
    position_id: Mapped[int | None] = mapped_column(ForeignKey("position.id"))
    confirm: Mapped[Confirm] = mapped_column(Code(Confirm, 6), default=Confirm.PERSON)
    pass_percent: Mapped[int | None]
    closed_at: Mapped[datetime | None]

    program: Mapped[Program | None] = relationship()
    requirement: Mapped[Requirement | None] = relationship()
    position: Mapped[Position | None] = relationship()


class CourseMaterial(Base):
    """Something to read for a course: a text, or a link."""

    __tablename__ = "course_material"
    __table_args__ = (CheckConstraint("body <> '' OR link <> ''", name="something"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    course_id: Mapped[int] = mapped_column(ForeignKey("course.id"), index=True)
    title: Mapped[str] = mapped_column(String(200))
    body: Mapped[str] = mapped_column(Text, default="")
    link: Mapped[str] = mapped_column(String(500), default="")


class QuizQuestion(Translated, Base):
    """One question of a course's quiz. `choices` has one answer a line; `right` counts from 0."""

    __tablename__ = "quiz_question"
    __table_args__ = (CheckConstraint('"right" >= 0', name="right"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    course_id: Mapped[int] = mapped_column(ForeignKey("course.id"), index=True)
    words: Mapped[str] = mapped_column(String(300))
    choices: Mapped[str] = mapped_column(Text)
    right: Mapped[int]


class QuizTry(Base):
    """Someone took a quiz: how well, in percent. What they answered is not kept."""

    __tablename__ = "quiz_try"
    __table_args__ = (
        CheckConstraint("score BETWEEN 0 AND 100", name="score"),
        Index("ix_quiz_try_person", "person_id", "course_id", "at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    course_id: Mapped[int] = mapped_column(ForeignKey("course.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    score: Mapped[int]
    at: Mapped[datetime]


class Prerequisite(Base):
    """A course that must be passed before another one."""

    __tablename__ = "prerequisite"
    __table_args__ = (CheckConstraint("course_id <> needs_id", name="not_itself"),)

    course_id: Mapped[int] = mapped_column(ForeignKey("course.id"), primary_key=True)
    needs_id: Mapped[int] = mapped_column(ForeignKey("course.id"), primary_key=True)


class CourseSession(Occurs, Versioned, Base):
    """One occurrence of a course, at a place or online. Canceled, it stays and says why.

    With `per_trainer`, so many people may come for each trainer, up to the capacity. `offers_due` is set
    when a place may have become free while people are in line. `sequence` and `revised_at` are what
    calendars follow (CALENDARS 4).
    """

    __tablename__ = "course_session"
    __table_args__ = (
        CheckConstraint("ends_at > starts_at", name="order"),
        CheckConstraint("capacity >= 1", name="capacity"),
        CheckConstraint("per_trainer >= 1", name="per_trainer"),
        Index("ix_course_session_starts", "starts_at", "id"),
        Index("ix_course_session_course", "course_id", "starts_at"),
        Index("ix_course_session_site", "site_id"),
        partial_index("ix_course_session_due", "id", where="offers_due"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    course_id: Mapped[int] = mapped_column(ForeignKey("course.id"))
    online_link: Mapped[str] = mapped_column(String(500), default="")
    note: Mapped[str] = mapped_column(Text, default="")
    capacity: Mapped[int]
    per_trainer: Mapped[int | None]
    offers_due: Mapped[bool] = mapped_column(default=False)
    canceled_at: Mapped[datetime | None]
    canceled_reason: Mapped[str] = mapped_column(String(300), default="")

    course: Mapped[Course] = relationship()

    @property
    def program_id(self) -> int | None:
        return self.course.program_id


class SessionTrainer(Base):
    """Someone who gives a session. Who is taken off keeps the row, so that their calendar can follow."""

    __tablename__ = "session_trainer"
    noun = "trainer"
    __table_args__ = (
        partial_index(
            "uq_session_trainer_current",
            "session_id",
            "person_id",
            where="ended_at IS NULL",
            unique=True,
        ),
        Index("ix_session_trainer_person", "person_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    session_id: Mapped[int] = mapped_column(ForeignKey("course_session.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    ended_at: Mapped[datetime | None]

    session: Mapped[CourseSession] = relationship()
    person: Mapped[Person] = relationship()

    @property
    def program_id(self) -> int | None:
        return self.session.course.program_id


class EnrolmentState(StrEnum):
    """ENROLLED takes part; WAITING and OFFERED are in line; the others are how it ended."""

    ENROLLED = "enrolled"
    WAITING = "waiting"
    OFFERED = "offered"
    WITHDRAWN = "withdrawn"
    LAPSED = "lapsed"
    REMOVED = "removed"
    CANCELED = "called_off"


IN_LINE = (EnrolmentState.WAITING, EnrolmentState.OFFERED)
CURRENT = (EnrolmentState.ENROLLED, *IN_LINE)
_CURRENT = "state IN ('enrolled', 'waiting', 'offered')"


class Presence(StrEnum):
    """Whether someone who was enrolled came."""

    CAME = "came"
    NO_SHOW = "no_show"
    EXCUSED = "excused"


class Result(StrEnum):
    PASSED = "passed"
    FAILED = "failed"


class Enrolment(Base):
    """One person in a course: in a session or, with no session, by its quiz or from paper.

    `day` is the local day it counts for, `minutes` what was learned. `asked` says how someone asked
    staff to enter it; `answer_by` until when an offered place is kept.
    """

    __tablename__ = "enrolment"
    __table_args__ = (
        CheckConstraint("minutes >= 0", name="minutes"),
        CheckConstraint("result IS NULL OR state = 'enrolled'", name="result"),
        partial_index(
            "uq_enrolment_current", "session_id", "person_id", where=_CURRENT, unique=True
        ),
        Index("ix_enrolment_session", "session_id", "state", "id"),
        Index("ix_enrolment_person", "person_id", "day"),
        Index("ix_enrolment_course", "course_id", "person_id", "result"),
        partial_index("ix_enrolment_answer_by", "answer_by", where="state = 'offered'"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    course_id: Mapped[int] = mapped_column(ForeignKey("course.id"))
    session_id: Mapped[int | None] = mapped_column(ForeignKey("course_session.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    state: Mapped[EnrolmentState] = mapped_column(Code(EnrolmentState, 12))
    since: Mapped[datetime]
    day: Mapped[date]
    asked: Mapped[str | None] = mapped_column(Word(10))
    offered_at: Mapped[datetime | None]
    answer_by: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    ended_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    reason: Mapped[str] = mapped_column(String(300), default="")
    attendance: Mapped[Presence | None] = mapped_column(Code(Presence, 8))
    minutes: Mapped[int] = mapped_column(default=0)
    result: Mapped[Result | None] = mapped_column(Code(Result, 6))
    note: Mapped[str] = mapped_column(String(300), default="")
    marked_at: Mapped[datetime | None]
    marked_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))

    course: Mapped[Course] = relationship()
    session: Mapped[CourseSession | None] = relationship()
    person: Mapped[Person] = relationship(foreign_keys=person_id)

    @property
    def program_id(self) -> int | None:
        return self.course.program_id
