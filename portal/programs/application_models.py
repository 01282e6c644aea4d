"""Tables of applications: who wants to serve in which position, and what became of it.

They stand here and not in recruitment, since whoever applies is known to a program's staff, may submit what
its role asks, and may take its training: scopes of four domains below recruitment ask for them.
"""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.columns import Base, Code, Versioned, Word, partial_index
from portal.people.models import Person
from portal.programs.models import Placement, Position


class ApplicationState(StrEnum):
    """Where an application stands. ACCEPTED: the agency said yes, and asks the person; PLACED: so did they."""

    SUBMITTED = "submitted"
    IN_REVIEW = "in_review"
    ON_HOLD = "on_hold"
    ACCEPTED = "accepted"
    PLACED = "placed"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


OPEN_APPLICATIONS = (
    ApplicationState.SUBMITTED,
    ApplicationState.IN_REVIEW,
    ApplicationState.ON_HOLD,
    ApplicationState.ACCEPTED,
)


_OPEN = f"state IN ({', '.join(repr(one.value) for one in OPEN_APPLICATIONS)})"


class Hold(StrEnum):
    """What an application on hold waits for. NO_OPENING: for a place, until a day."""

    REFERENCES = "references"
    CHECK = "background_check"
    INTERVIEW = "interview"
    TRAINING = "training"
    GUARDIAN = "guardian"
    APPLICANT = "applicant"
    NO_OPENING = "no_opening"


class DeclineReason(StrEnum):
    """Why the agency said no. Staff read it; every letter says the same."""

    NO_OPENING = "no_opening"
    TIMES = "times"
    REQUIREMENTS = "requirements"
    NO_ANSWER = "no_answer"
    OTHER_ROLE = "other_role"
    NOT_A_MATCH = "not_a_match"
    DUPLICATE = "duplicate"
    NOT_REAL = "not_real"
    EARLIER = "earlier"


class Heard(StrEnum):
    """How an applicant heard of us."""

    FRIEND = "friend"
    PRESENTATION = "presentation"
    POSTER = "poster"
    WEBSITE = "website"
    SOCIAL = "social"
    SCHOOL_OR_WORK = "school_or_work"
    OTHER = "other"


class Application(Versioned, Base):
    """One person's request to serve in a position. Whoever applies without an account is no person here until
    the review begins; `name`, `email` and `phone` are then what they typed.

    `answer_by` is the day by which we promised a first answer, `answered_at` when it was given; `warned_at`
    is when staff was warned that it is nearly due. `hold_until` keeps one that waits for an opening.
    `expected_from` and `expected_to` are the days between which we said, when it came in, that most people
    start. `checked_at` is when it was last looked which checks to ask for. `source` is the mark of the
    poster or link by which they came; those who apply together have the same `together`. `adult_on` is the
    day on which a minor turns 18, `agency_job` what an employee of the agency does there. `email_proved_at`
    is when they pressed the button behind a link that only their mail holds. `link_id` makes the link of
    its own page (`recruitment/links.py`). An erased one says nothing any more of who applied; one that is
    kept, with a reason, is not erased.
    """

    __tablename__ = "application"
    __table_args__ = (
        partial_index(
            "uq_application_open",
            "person_id",
            "position_id",
            where=_OPEN,
            unique=True,
        ),
        Index("ix_application_program", "program_id", "state", "received_at"),
        Index("ix_application_position", "position_id", "received_at"),
        Index("ix_application_person", "person_id", "program_id"),
        partial_index(
            "ix_application_owner",
            "owner_id",
            "received_at",
            where=_OPEN,
        ),
        partial_index(
            "ix_application_open",
            "received_at",
            "id",
            where=_OPEN,
        ),
        Index("ix_application_source", "source"),
        partial_index("ix_application_together", "together", where="together <> ''"),
        Index("ix_application_state", "state", "received_at", "id"),
        partial_index(
            "ix_application_answer",
            "answer_by",
            where="answered_at IS NULL AND warned_at IS NULL AND state = 'submitted'",
        ),
        partial_index(
            "ix_application_erasing",
            "state_since",
            where="state IN ('declined', 'withdrawn') AND erased_at IS NULL AND kept_at IS NULL",
        ),
        CheckConstraint("(state = 'on_hold') = (hold IS NOT NULL)", name="hold"),
        CheckConstraint("(state = 'declined') = (decline_reason IS NOT NULL)", name="declined"),
        CheckConstraint("state <> 'placed' OR placement_id IS NOT NULL", name="placed"),
        CheckConstraint(
            "person_id IS NOT NULL OR state IN ('submitted', 'declined', 'withdrawn')",
            name="person",
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    position_id: Mapped[int] = mapped_column(ForeignKey("position.id"))
    program_id: Mapped[int] = mapped_column(ForeignKey("program.id"))
    opportunity_id: Mapped[int | None] = mapped_column(ForeignKey("opportunity.id"), index=True)
    state: Mapped[ApplicationState] = mapped_column(Code(ApplicationState, 12))
    state_since: Mapped[datetime]
    received_at: Mapped[datetime]
    asked: Mapped[str | None] = mapped_column(Word(10))
    name: Mapped[str] = mapped_column(String(200), default="")
    email: Mapped[str] = mapped_column(String(254), default="")
    phone: Mapped[str] = mapped_column(String(40), default="")
    language: Mapped[str] = mapped_column(String(5), default="en")
    why: Mapped[str] = mapped_column(Text, default="")
    times: Mapped[str] = mapped_column(String(300), default="")
    heard: Mapped[Heard | None] = mapped_column(Code(Heard, 16))
    heard_note: Mapped[str] = mapped_column(String(200), default="")
    source: Mapped[str] = mapped_column(String(20), default="", server_default="")
    together: Mapped[str] = mapped_column(String(16), default="", server_default="")
    adult_on: Mapped[date | None]
    agency_job: Mapped[str] = mapped_column(String(120), default="", server_default="")
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    answer_by: Mapped[date | None]
    answered_at: Mapped[datetime | None]
    warned_at: Mapped[datetime | None]
    hold: Mapped[Hold | None] = mapped_column(Code(Hold, 20))
    hold_until: Mapped[date | None]
    decline_reason: Mapped[DeclineReason | None] = mapped_column(Code(DeclineReason, 16))
    reason: Mapped[str] = mapped_column(String(300), default="")
    starts_on: Mapped[date | None]
    expected_from: Mapped[date | None]
    expected_to: Mapped[date | None]
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    decided_at: Mapped[datetime | None]
    placement_id: Mapped[int | None] = mapped_column(ForeignKey("placement.id"))
    checked_at: Mapped[datetime | None]
    email_proved_at: Mapped[datetime | None]
    link_id: Mapped[str] = mapped_column(String(32), unique=True)
    link_hash: Mapped[str] = mapped_column(String(64), unique=True)
    erased_at: Mapped[datetime | None]
    kept_at: Mapped[datetime | None]
    kept_reason: Mapped[str] = mapped_column(String(300), default="")

    person: Mapped[Person | None] = relationship(foreign_keys=person_id)
    position: Mapped[Position] = relationship()
    placement: Mapped[Placement | None] = relationship()

    @property
    def called(self) -> str:
        """The applicant's name: that of their record or, before there is one, what they typed."""
        return self.person.name if self.person else self.name


class ApplicationEvent(Base):
    """One step of an application: what was done, when, by whom, and into which state it led."""

    __tablename__ = "application_event"

    id: Mapped[int] = mapped_column(primary_key=True)
    application_id: Mapped[int] = mapped_column(
        ForeignKey("application.id", ondelete="CASCADE"), index=True
    )
    at: Mapped[datetime]
    by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    done: Mapped[str] = mapped_column(Word(20))
    state: Mapped[ApplicationState] = mapped_column(Code(ApplicationState, 12))
    note: Mapped[str] = mapped_column(String(500), default="")
