"""Tables of outreach: organizations, topics, and what people ask us for."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy import text as sql
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.columns import Base, Code, Versioned, Word, partial_index
from portal.outreach.intake_models import RequestKind
from portal.outreach.organization_models import Organization, OrganizationKind
from portal.people.models import Person
from portal.people.traits import Skill
from portal.programs.models import Program


class RequestSource(StrEnum):
    """How a request came."""

    PUBLIC = "public"
    PHONE = "phone"
    LETTER = "letter"
    COUNTER = "counter"
    MAIL = "mail"
    OURS = "ours"


class RequestState(StrEnum):
    """UNPROVED waits for its email to be proved; OPEN for us; COUNTERED for their answer to another
    proposal; BOOKED has its talks. The others are how it ended."""

    UNPROVED = "unproved"
    OPEN = "open"
    COUNTERED = "countered"
    BOOKED = "booked"
    DONE = "done"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"


WAITING_STATES = (RequestState.OPEN, RequestState.COUNTERED)
LIVE_STATES = (RequestState.UNPROVED, *WAITING_STATES, RequestState.BOOKED)


class TalkRequest(Versioned, Base):
    """What someone asks for: a talk, a table, a tour, something to read, an answer.

    `link_id` makes its two links (see outreach/links.py); their hashes are stored. `needs` are codes with
    commas. `series`: every wanted date is a talk of its own. `pledge_id` is the version of "no guarantee"
    that was acknowledged, 0 for our own words. `due_on` is when it should be answered.
    """

    __tablename__ = "talk_request"
    __table_args__ = (
        CheckConstraint("minutes BETWEEN 5 AND 960", name="minutes"),
        CheckConstraint("audience IS NULL OR audience BETWEEN 1 AND 100000", name="audience"),
        Index("uq_talk_request_reference", "reference", unique=True),
        Index("uq_talk_request_status_hash", "status_hash", unique=True),
        Index("uq_talk_request_proof_hash", "proof_hash", unique=True),
        Index("ix_talk_request_organization", "organization_id", "received_at"),
        Index("ix_talk_request_email", sql("lower(contact_email)")),
        Index("ix_talk_request_received", "received_at", "id"),
        partial_index(
            "ix_talk_request_live",
            "due_on",
            "id",
            where="state IN ('unproved', 'open', 'countered')",
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    reference: Mapped[str] = mapped_column(String(14))
    kind: Mapped[RequestKind] = mapped_column(Code(RequestKind, 12))
    source: Mapped[RequestSource] = mapped_column(Code(RequestSource, 8))
    state: Mapped[RequestState] = mapped_column(Code(RequestState, 10))
    organization_id: Mapped[int | None] = mapped_column(ForeignKey("organization.id"))
    organization_name: Mapped[str] = mapped_column(String(200), default="")
    organization_kind: Mapped[OrganizationKind] = mapped_column(
        Code(OrganizationKind, 10), default=OrganizationKind.OTHER
    )
    contact_name: Mapped[str] = mapped_column(String(120))
    contact_email: Mapped[str] = mapped_column(String(254), default="")
    contact_phone: Mapped[str] = mapped_column(String(40), default="")
    contact_address: Mapped[str] = mapped_column(String(300), default="")
    language: Mapped[str] = mapped_column(String(5), default="en")
    audience: Mapped[int | None]
    ages: Mapped[str] = mapped_column(String(100), default="")
    open_to_public: Mapped[bool] = mapped_column(default=False)
    place: Mapped[str] = mapped_column(String(200), default="")
    address: Mapped[str] = mapped_column(String(300), default="")
    town: Mapped[str] = mapped_column(String(80), default="")
    district_id: Mapped[int | None] = mapped_column(ForeignKey("skill.id"))
    online: Mapped[bool] = mapped_column(default=False)
    online_link: Mapped[str] = mapped_column(String(500), default="")
    minutes: Mapped[int] = mapped_column(default=45)
    needs: Mapped[str] = mapped_column(String(120), default="")
    door: Mapped[str] = mapped_column(String(200), default="")
    parking: Mapped[str] = mapped_column(String(300), default="")
    words: Mapped[str] = mapped_column(Text, default="")
    series: Mapped[bool] = mapped_column(default=False)
    zone: Mapped[str] = mapped_column(String(40))
    pledge_id: Mapped[int] = mapped_column(default=0)
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    program_id: Mapped[int | None] = mapped_column(ForeignKey("program.id"))
    received_at: Mapped[datetime]
    received_on: Mapped[date]
    due_on: Mapped[date]
    proved_at: Mapped[datetime | None]
    decided_at: Mapped[datetime | None]
    reason: Mapped[str] = mapped_column(Text, default="")
    link_id: Mapped[str] = mapped_column(String(40))
    status_hash: Mapped[str] = mapped_column(String(64))
    proof_hash: Mapped[str] = mapped_column(String(64))

    organization: Mapped[Organization | None] = relationship()
    owner: Mapped[Person | None] = relationship(foreign_keys=owner_id)
    program: Mapped[Program | None] = relationship()
    district: Mapped[Skill | None] = relationship()

    @property
    def from_name(self) -> str:
        """Who asks: the organization, else the person."""
        return (
            self.organization.name
            if self.organization
            else self.organization_name or self.contact_name
        )


class DateKind(StrEnum):
    """WANTED is a date they want, ALTERNATE one that would do; OURS one that we proposed."""

    WANTED = "wanted"
    ALTERNATE = "alternate"
    OURS = "ours"


class RequestDate(Base):
    """A date of a request, as the moment it would begin; `presentation_id` is the talk it became."""

    __tablename__ = "request_date"
    __table_args__ = (
        Index("ix_request_date_request", "request_id", "id"),
        Index("ix_request_date_starts", "starts_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    request_id: Mapped[int] = mapped_column(ForeignKey("talk_request.id"))
    kind: Mapped[DateKind] = mapped_column(Code(DateKind, 9))
    starts_at: Mapped[datetime]
    counter_id: Mapped[int | None] = mapped_column(ForeignKey("counter_offer.id"))
    presentation_id: Mapped[int | None] = mapped_column(ForeignKey("presentation.id"))


class RequestTopic(Base):
    """A topic that a request names."""

    __tablename__ = "request_topic"

    request_id: Mapped[int] = mapped_column(ForeignKey("talk_request.id"), primary_key=True)
    topic_id: Mapped[int] = mapped_column(ForeignKey("topic.id"), primary_key=True)


class RequestLanguage(Base):
    """A language that the audience speaks: a word of the agency's list."""

    __tablename__ = "request_language"

    request_id: Mapped[int] = mapped_column(ForeignKey("talk_request.id"), primary_key=True)
    skill_id: Mapped[int] = mapped_column(ForeignKey("skill.id"), primary_key=True)


class CounterKind(StrEnum):
    """What we propose instead."""

    DATE = "date"
    SPEAKER = "speaker"
    LITERATURE = "literature"


class CounterState(StrEnum):
    """How a proposal stands; TAKEN_BACK by us, or because the request ended."""

    OPEN = "open"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    TAKEN_BACK = "taken_back"


class CounterOffer(Base):
    """Something else that we proposed; the requester answers by their link. One is open at a time."""

    __tablename__ = "counter_offer"
    __table_args__ = (
        partial_index("uq_counter_offer_open", "request_id", where="state = 'open'", unique=True),
        Index("ix_counter_offer_request", "request_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    request_id: Mapped[int] = mapped_column(ForeignKey("talk_request.id"))
    kind: Mapped[CounterKind] = mapped_column(Code(CounterKind, 10))
    words: Mapped[str] = mapped_column(Text, default="")
    speaker_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    state: Mapped[CounterState] = mapped_column(Code(CounterState, 10), default=CounterState.OPEN)
    made_at: Mapped[datetime]
    made_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    answered_at: Mapped[datetime | None]


class RequestEvent(Base):
    """Something that happened to a request, or a note about it: its history."""

    __tablename__ = "request_event"
    __table_args__ = (Index("ix_request_event_request", "request_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    request_id: Mapped[int] = mapped_column(ForeignKey("talk_request.id"))
    at: Mapped[datetime]
    by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    done: Mapped[str] = mapped_column(Word(12))
    words: Mapped[str] = mapped_column(Text, default="")
