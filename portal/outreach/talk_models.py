"""Tables of booked talks: who speaks, who was asked, how it went, and what was handed out."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.columns import Base, Code, Versioned, Word, partial_index
from portal.occasions.columns import Occurs
from portal.outreach.intake_models import Topic
from portal.outreach.models import TalkRequest
from portal.outreach.organization_models import Organization
from portal.people.models import Person
from portal.programs.models import Program


class TalkState(StrEnum):
    """TENTATIVE has a date and no confirmed speaker; CONFIRMED is in everyone's calendar."""

    TENTATIVE = "tentative"
    CONFIRMED = "confirmed"
    CANCELED = "cancelled"


CURRENT_TALKS = (TalkState.TENTATIVE, TalkState.CONFIRMED)


class Presentation(Occurs, Versioned, Base):
    """A booked talk, tour or table. A host far away has an address of their own; a tour may be at a site of
    ours.

    `sequence` and `revised_at` are what calendars follow (CALENDARS 4); `told_sequence` is the one of the last
    change that everyone was told, and answers to it or later ones count. `wants_at` is when the host asked
    to have it instead. `host_canceled` says who canceled it.
    """

    __tablename__ = "presentation"
    __table_args__ = (
        CheckConstraint("ends_at > starts_at", name="order"),
        Index("ix_presentation_starts", "starts_at", "id"),
        Index("ix_presentation_request", "request_id"),
        Index("ix_presentation_organization", "organization_id", "starts_at"),
        Index("ix_presentation_program", "program_id", "starts_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    request_id: Mapped[int] = mapped_column(ForeignKey("talk_request.id"))
    organization_id: Mapped[int | None] = mapped_column(ForeignKey("organization.id"))
    topic_id: Mapped[int | None] = mapped_column(ForeignKey("topic.id"))
    program_id: Mapped[int | None] = mapped_column(ForeignKey("program.id"))
    clerk_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    state: Mapped[TalkState] = mapped_column(Code(TalkState, 10))
    place: Mapped[str] = mapped_column(String(200), default="")
    address: Mapped[str] = mapped_column(String(300), default="")
    town: Mapped[str] = mapped_column(String(80), default="")
    district_id: Mapped[int | None] = mapped_column(ForeignKey("skill.id"))
    online_link: Mapped[str] = mapped_column(String(500), default="")
    host_name: Mapped[str] = mapped_column(String(120), default="")
    host_phone: Mapped[str] = mapped_column(String(40), default="")
    parking: Mapped[str] = mapped_column(String(300), default="")
    door: Mapped[str] = mapped_column(String(200), default="")
    bring: Mapped[str] = mapped_column(Text, default="")
    public: Mapped[bool] = mapped_column(default=False)
    wants_at: Mapped[datetime | None]
    canceled_at: Mapped[datetime | None]
    canceled_reason: Mapped[str] = mapped_column(String(300), default="")
    host_canceled: Mapped[bool] = mapped_column(default=False)
    made_at: Mapped[datetime]
    told_sequence: Mapped[int] = mapped_column(default=0)

    request: Mapped[TalkRequest] = relationship()
    organization: Mapped[Organization | None] = relationship()
    topic: Mapped[Topic | None] = relationship()
    program: Mapped[Program | None] = relationship()
    clerk: Mapped[Person | None] = relationship(foreign_keys=clerk_id)


class Speaks(StrEnum):
    """How someone takes part in a talk."""

    SPEAKER = "speaker"
    CO = "co"
    SHADOW = "shadow"


class OfferState(StrEnum):
    """WAITS is next in the queue. HELD keeps the time without asking, ASKED asked; both end by themselves.
    ACCEPTED is confirmed. RELEASED was confirmed and is off again."""

    WAITS = "waits"
    HELD = "held"
    ASKED = "asked"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    LAPSED = "lapsed"
    WITHDRAWN = "withdrawn"
    RELEASED = "released"


PENDING = (OfferState.HELD, OfferState.ASKED)
OPEN_OFFERS = (OfferState.WAITS, *PENDING, OfferState.ACCEPTED)
_OPEN = "state IN ('waits', 'held', 'asked', 'accepted')"


class SpeakerOffer(Base):
    """One person, asked to give one talk. `answer_by` is when it lapses; the next who waits is asked then.

    `clash_reason` says why it is all right in spite of a clash. It covers the days away that we knew of at
    `clash_reason_at` and, with `clash_busy`, that something else overlaps. `hours` is how long the next in the
    queue gets to answer.
    """

    __tablename__ = "speaker_offer"
    __table_args__ = (
        partial_index(
            "uq_speaker_offer_open", "presentation_id", "person_id", where=_OPEN, unique=True
        ),
        partial_index(
            "uq_speaker_offer_speaker",
            "presentation_id",
            where="state = 'accepted' AND role = 'speaker'",
            unique=True,
        ),
        Index("ix_speaker_offer_presentation", "presentation_id", "id"),
        Index("ix_speaker_offer_person", "person_id", "state", "presentation_id"),
        partial_index(
            "ix_speaker_offer_answer_by", "answer_by", where="state IN ('held', 'asked')"
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    presentation_id: Mapped[int] = mapped_column(ForeignKey("presentation.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    role: Mapped[Speaks] = mapped_column(Code(Speaks, 7), default=Speaks.SPEAKER)
    state: Mapped[OfferState] = mapped_column(Code(OfferState, 9))
    position_id: Mapped[int | None] = mapped_column(ForeignKey("position.id"))
    hours: Mapped[int]
    made_at: Mapped[datetime]
    made_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    asked_at: Mapped[datetime | None]
    answer_by: Mapped[datetime | None]
    answered_at: Mapped[datetime | None]
    asked: Mapped[str | None] = mapped_column(Word(10))
    clash_reason: Mapped[str] = mapped_column(String(300), default="")
    clash_reason_at: Mapped[datetime | None]
    clash_busy: Mapped[bool] = mapped_column(default=False)
    reply: Mapped[str] = mapped_column(Word(12), default="")
    reply_at: Mapped[datetime | None]
    minutes: Mapped[int | None]

    presentation: Mapped[Presentation] = relationship()
    person: Mapped[Person] = relationship(foreign_keys=person_id)

    @property
    def program_id(self) -> int | None:
        return self.presentation.program_id


class Speaker(Versioned, Base):
    """What a speaker told us about speaking. `calendar_url` is the address of their own calendar, from which
    only busy times are kept; no one else reads it."""

    __tablename__ = "speaker"
    __table_args__ = (
        CheckConstraint("0 <= per_month AND per_month <= 31", name="per_month"),
        CheckConstraint("0 <= rest_days AND rest_days <= 60", name="rest_days"),
        partial_index("ix_speaker_fetch", "fetch_at", where="calendar_url <> ''"),
    )

    person_id: Mapped[int] = mapped_column(
        ForeignKey("person.id", ondelete="CASCADE"), primary_key=True
    )
    per_month: Mapped[int] = mapped_column(default=3)
    rest_days: Mapped[int] = mapped_column(default=2)
    shows_name: Mapped[bool] = mapped_column(default=False)
    calendar_url: Mapped[str] = mapped_column(String(500), default="")
    fetch_at: Mapped[datetime | None]
    fetched_at: Mapped[datetime | None]
    fetch_problem: Mapped[str] = mapped_column(String(200), default="")
    since: Mapped[datetime]
    ended_at: Mapped[datetime | None]

    person: Mapped[Person] = relationship()


class SpeakerTopic(Base):
    """A topic that someone can talk about."""

    __tablename__ = "speaker_topic"
    __table_args__ = (Index("ix_speaker_topic_topic", "topic_id", "person_id"),)

    person_id: Mapped[int] = mapped_column(
        ForeignKey("person.id", ondelete="CASCADE"), primary_key=True
    )
    topic_id: Mapped[int] = mapped_column(ForeignKey("topic.id"), primary_key=True)


class BusyTime(Base):
    """A span in which a speaker's own calendar says that they are busy; nothing else of it is kept."""

    __tablename__ = "busy_time"
    __table_args__ = (Index("ix_busy_time_person", "person_id", "ends_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]


class TalkBlock(Base):
    """A block of time of a table at a fair, for which people sign up: a shift, known by its id alone."""

    __tablename__ = "talk_block"

    presentation_id: Mapped[int] = mapped_column(ForeignKey("presentation.id"), primary_key=True)
    shift_id: Mapped[int] = mapped_column(ForeignKey("shift.id"), primary_key=True)


class Replied(StrEnum):
    """Who answered an invitation from their calendar. A stranger's answer is for a person to look at."""

    SPEAKER = "speaker"
    HOST = "host"
    CLERK = "clerk"
    STRANGER = "stranger"


class CalendarReply(Base):
    """An answer that a calendar program sent (RFC 5546, METHOD:REPLY). It notes, and changes nothing."""

    __tablename__ = "calendar_reply"
    __table_args__ = (
        Index("ix_calendar_reply_presentation", "presentation_id"),
        Index("uq_calendar_reply_mail", "mail_key", unique=True),
        partial_index("ix_calendar_reply_open", "at", where="seen_at IS NULL"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    presentation_id: Mapped[int | None] = mapped_column(ForeignKey("presentation.id"))
    who: Mapped[str] = mapped_column(Word(8))
    offer_id: Mapped[int | None] = mapped_column(ForeignKey("speaker_offer.id"))
    address: Mapped[str] = mapped_column(String(254))
    said: Mapped[str] = mapped_column(String(16))
    sequence: Mapped[int] = mapped_column(default=0)
    mail_key: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime]
    seen_at: Mapped[datetime | None]
