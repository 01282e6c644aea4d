"""Tables of cases and of the requests for a volunteer: a reference, never a person or a place to find one.

Words that someone types about a case (`needs`, `times`) are looked at for identifiers before they are saved,
and erased some time after the case closes: see `identifiers` and `cases.erase_words`.
"""

from datetime import date, datetime, time
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.columns import Base, Code, Translated, Versioned, Word, partial_index
from portal.people.models import Person
from portal.people.traits import Skill
from portal.programs.models import Position, Program


class DistrictSize(Base):
    """How many people live in a district of the agency's list: of a small one a case would say too much."""

    __tablename__ = "district_size"

    skill_id: Mapped[int] = mapped_column(ForeignKey("skill.id"), primary_key=True)
    residents: Mapped[int]

    skill: Mapped[Skill] = relationship()


class HelpFunction(Translated, Base):
    """What volunteers of a program do for clients, such as a ride or a visit, and the roles that may do it.
    With `due_days`, a first visit is due so many days after it was asked for."""

    __tablename__ = "help_function"
    __table_args__ = (
        UniqueConstraint("program_id", "name"),
        CheckConstraint("due_days BETWEEN 1 AND 90", name="due_days"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    program_id: Mapped[int] = mapped_column(ForeignKey("program.id"))
    name: Mapped[str] = mapped_column(String(80))
    due_days: Mapped[int | None]
    closed_at: Mapped[datetime | None]

    program: Mapped[Program] = relationship()
    positions: Mapped[list["FunctionPosition"]] = relationship(cascade="all, delete-orphan")


class FunctionPosition(Base):
    """A role whose people may do it."""

    __tablename__ = "function_position"

    function_id: Mapped[int] = mapped_column(ForeignKey("help_function.id"), primary_key=True)
    position_id: Mapped[int] = mapped_column(ForeignKey("position.id"), primary_key=True)

    position: Mapped[Position] = relationship()


class AgeBand(StrEnum):
    """How old a client is, roughly."""

    CHILD = "child"
    YOUTH = "youth"
    ADULT = "adult"
    OLDER = "older"


class Safety(StrEnum):
    """What a visitor has to know about the place of a visit, never about what someone did."""

    STAIRS = "stairs"
    PETS = "pets"
    SMOKING = "smoking"
    PAIRS = "pairs"


class ContactWay(StrEnum):
    """How a volunteer may reach a client; none of them means only through the caseworker."""

    CALL = "call"
    VOICEMAIL = "voicemail"
    TEXT = "text"


class CaseEnd(StrEnum):
    """Why a case is closed here."""

    SERVED = "served"
    MOVED = "moved"
    DECLINED = "declined"
    OTHER = "other"


class Case(Versioned, Base):
    """A client of a program, by a reference that the agency already uses. `safety` holds words of Safety,
    `contact_ways` of ContactWay, in the hours from `contact_from` to `contact_until` if they are set."""

    __tablename__ = "client_case"
    noun = "case"
    __table_args__ = (
        UniqueConstraint("program_id", "reference"),
        partial_index("ix_client_case_open", "program_id", "id", where="closed_at IS NULL"),
        partial_index("ix_client_case_words", "closed_at", where="words_erased_at IS NULL"),
        Index("ix_client_case_caseworker", "caseworker_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    program_id: Mapped[int] = mapped_column(ForeignKey("program.id"))
    reference: Mapped[str] = mapped_column(String(40))
    caseworker_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    language_id: Mapped[int | None] = mapped_column(ForeignKey("skill.id"))
    district_id: Mapped[int | None] = mapped_column(ForeignKey("skill.id"))
    age: Mapped[AgeBand | None] = mapped_column(Code(AgeBand, 10))
    needs: Mapped[str] = mapped_column(String(300), default="")
    safety: Mapped[str] = mapped_column(Word(60), default="")
    contact_ways: Mapped[str] = mapped_column(Word(40), default="")
    contact_from: Mapped[time | None]
    contact_until: Mapped[time | None]
    opened_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]
    end: Mapped[CaseEnd | None] = mapped_column(Code(CaseEnd, 10))
    words_erased_at: Mapped[datetime | None]

    program: Mapped[Program] = relationship()
    caseworker: Mapped[Person] = relationship()
    language: Mapped[Skill | None] = relationship(foreign_keys=language_id)
    district: Mapped[Skill | None] = relationship(foreign_keys=district_id)

    @property
    def flags(self) -> list[str]:
        """What a visitor has to know, as words of Safety."""
        return self.safety.split()

    @property
    def ways(self) -> list[str]:
        """How a volunteer may reach the client, as words of ContactWay."""
        return self.contact_ways.split()


class RequestState(StrEnum):
    """OPEN looks for people, FILLED has them; the others are how it ended."""

    OPEN = "open"
    FILLED = "filled"
    WITHDRAWN = "withdrawn"
    UNMET = "unmet"
    DONE = "done"


LOOKING = (RequestState.OPEN, RequestState.FILLED)


class Unmet(StrEnum):
    """Why no one was found."""

    NO_ONE = "no_one"
    NO_TIME = "no_time"
    LANGUAGE = "language"
    AREA = "area"
    OTHER = "other"


class HelpRequest(Versioned, Base):
    """A volunteer is asked for, for a case: once on a day, or again and again.

    `caseworker_id` is the caseworker who wants it, whoever entered it; `asked` says how, if staff did.
    `people` is how many are wanted, `due_on` by when the first visit is owed, `every_days` how often one is
    due, and `review_on` when someone looks whether it is still needed.
    """

    __tablename__ = "help_request"
    __table_args__ = (
        CheckConstraint("people BETWEEN 1 AND 10", name="people"),
        CheckConstraint("every_days BETWEEN 1 AND 365", name="every_days"),
        CheckConstraint("(state = 'unmet') = (unmet IS NOT NULL)", name="unmet"),
        Index("ix_help_request_case", "case_id"),
        Index("ix_help_request_program", "program_id", "state", "due_on"),
        Index("ix_help_request_since", "program_id", "since"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("client_case.id"))
    program_id: Mapped[int] = mapped_column(ForeignKey("program.id"))
    function_id: Mapped[int] = mapped_column(ForeignKey("help_function.id"))
    state: Mapped[RequestState] = mapped_column(Code(RequestState, 10))
    people: Mapped[int] = mapped_column(default=1)
    lasting: Mapped[bool] = mapped_column(default=False)
    day: Mapped[date | None]
    starts: Mapped[time | None]
    ends: Mapped[time | None]
    zone: Mapped[str] = mapped_column(String(40))
    times: Mapped[str] = mapped_column(String(120), default="")
    every_days: Mapped[int | None]
    review_on: Mapped[date | None]
    due_on: Mapped[date | None]
    caseworker_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    asked: Mapped[str | None] = mapped_column(Word(10))
    since: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    unmet: Mapped[Unmet | None] = mapped_column(Code(Unmet, 10))

    case: Mapped[Case] = relationship()
    program: Mapped[Program] = relationship()
    function: Mapped[HelpFunction] = relationship()
    caseworker: Mapped[Person] = relationship()


class MatchState(StrEnum):
    """PROPOSED waits for the volunteer, ACCEPTED for the client, AGREED for the caseworker who tells the
    volunteer whom, where and how; then it is HANDED_OFF, and ACTIVE from the first meeting."""

    PROPOSED = "proposed"
    ACCEPTED = "accepted"
    AGREED = "agreed"
    HANDED_OFF = "handed_off"
    ACTIVE = "active"
    ENDED = "ended"


FILLS = (MatchState.AGREED, MatchState.HANDED_OFF, MatchState.ACTIVE)
"""A match in one of these fills a place of its request."""
KNOWN = (MatchState.HANDED_OFF, MatchState.ACTIVE)
"""In these the volunteer knows the client and reads what to know beforehand."""


class MatchEnd(StrEnum):
    """How a match ended. NOT_NEEDED is all that is kept of a client's no, and of two who know each other."""

    DECLINED = "declined"
    NOT_NEEDED = "not_needed"
    WITHDRAWN = "withdrawn"
    DONE = "done"
    VOLUNTEER = "volunteer"
    OTHER = "other"


class Said(StrEnum):
    """How the client said yes."""

    SPOKEN = "spoken"
    SIGNED = "signed"


class Match(Base):
    """A volunteer for a request: one episode, each step with its time. Who knows whom is not kept.

    `agreed_on` is the day on which the client was told the volunteer's name and said yes, and `agreed_how` how;
    the audit knows who entered it. `handed_off_at` is when the volunteer was told whom, where and how,
    `next_due_on` by when the next visit or call is due.
    """

    __tablename__ = "case_match"
    noun = "match"
    __table_args__ = (
        CheckConstraint("(agreed_on IS NULL) = (agreed_how IS NULL)", name="agreed"),
        CheckConstraint('("end" IS NULL) = (ended_at IS NULL)', name="end"),
        CheckConstraint(
            "state NOT IN ('handed_off', 'active') OR (agreed_on IS NOT NULL AND handed_off_at IS NOT NULL)",
            name="consent",
        ),
        partial_index(
            "uq_case_match_current",
            "request_id",
            "person_id",
            where="state <> 'ended'",
            unique=True,
        ),
        Index("ix_case_match_request", "request_id"),
        Index("ix_case_match_case", "case_id"),
        Index("ix_case_match_person", "person_id", "state"),
        Index("ix_case_match_program", "program_id", "state"),
        partial_index(
            "ix_case_match_due", "program_id", "next_due_on", where="next_due_on IS NOT NULL"
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    request_id: Mapped[int] = mapped_column(ForeignKey("help_request.id"))
    case_id: Mapped[int] = mapped_column(ForeignKey("client_case.id"))
    program_id: Mapped[int] = mapped_column(ForeignKey("program.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    state: Mapped[MatchState] = mapped_column(Code(MatchState, 12))
    asked: Mapped[str | None] = mapped_column(Word(10))
    proposed_at: Mapped[datetime]
    accepted_at: Mapped[datetime | None]
    agreed_on: Mapped[date | None]
    agreed_how: Mapped[Said | None] = mapped_column(Code(Said, 10))
    handed_off_at: Mapped[datetime | None]
    first_met_on: Mapped[date | None]
    next_due_on: Mapped[date | None]
    ended_at: Mapped[datetime | None]
    end: Mapped[MatchEnd | None] = mapped_column(Code(MatchEnd, 12))

    request: Mapped[HelpRequest] = relationship()
    case: Mapped[Case] = relationship()
    person: Mapped[Person] = relationship()
