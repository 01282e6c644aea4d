"""Tables of recruitment: what the public is offered, and applications that were not sent yet."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.columns import Base, Code, Translated, Versioned, partial_index
from portal.people.models import Person
from portal.programs.application_models import Application, Heard
from portal.programs.models import Position, Program, Site


class Cause(StrEnum):
    """What an opportunity is for."""

    SENIORS = "seniors"
    CHILDREN = "children"
    HOUSING = "housing"
    FOOD = "food"
    HEALTH = "health"
    JUSTICE = "justice"
    EDUCATION = "education"
    COMMUNITY = "community"
    ENVIRONMENT = "environment"
    NEIGHBORS = "neighbors"
    EMERGENCIES = "emergencies"
    OFFICE = "office"


class Daytime(StrEnum):
    """A part of the day; its place in this list is its bit in `Opportunity.daytimes`."""

    MORNING = "morning"
    AFTERNOON = "afternoon"
    EVENING = "evening"


class Recurrence(StrEnum):
    """Whether it goes on, or is once: on `starts_on`."""

    ONGOING = "ongoing"
    ONCE = "onetime"


class Opportunity(Translated, Versioned, Base):
    """A public posting for a position. It is listed from `published_at` on, until it is closed or the day
    `listed_until` is over.

    `weekdays` and `daytimes` are sets of bits: Monday is 1, Sunday 64; the morning is 1. `area` is the town
    or neighborhood in words; a site is never a confidential one (SECURITY P10). `latitude` and `longitude`,
    in degrees, are the middle of the ZIP code and no address. `host` is the organization it is for, where that
    is another one.
    """

    __tablename__ = "opportunity"
    __table_args__ = (
        CheckConstraint("weekdays BETWEEN 0 AND 127", name="weekdays"),
        CheckConstraint("daytimes BETWEEN 0 AND 7", name="daytimes"),
        CheckConstraint("needed IS NULL OR needed > 0", name="needed"),
        partial_index(
            "ix_opportunity_listed",
            "title",
            "id",
            where="published_at IS NOT NULL AND closed_at IS NULL",
        ),
        partial_index(
            "ix_opportunity_area",
            "area",
            "id",
            where="published_at IS NOT NULL AND closed_at IS NULL",
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    position_id: Mapped[int] = mapped_column(ForeignKey("position.id"), index=True)
    program_id: Mapped[int] = mapped_column(ForeignKey("program.id"), index=True)
    site_id: Mapped[int | None] = mapped_column(ForeignKey("site.id"))
    title: Mapped[str] = mapped_column(String(200))
    summary: Mapped[str] = mapped_column(String(500), default="")
    description: Mapped[str] = mapped_column(Text, default="")
    schedule: Mapped[str] = mapped_column(String(200), default="")
    commitment: Mapped[str] = mapped_column(String(200), default="")
    benefits: Mapped[str] = mapped_column(Text, default="")
    qualifications: Mapped[str] = mapped_column(Text, default="")
    cause: Mapped[Cause | None] = mapped_column(Code(Cause, 20))
    area: Mapped[str] = mapped_column(String(80), default="")
    online: Mapped[bool] = mapped_column(default=False)
    weekdays: Mapped[int] = mapped_column(default=0)
    daytimes: Mapped[int] = mapped_column(default=0)
    needed: Mapped[int | None]
    recurrence: Mapped[Recurrence] = mapped_column(
        Code(Recurrence, 10), default=Recurrence.ONGOING, server_default="ongoing"
    )
    starts_on: Mapped[date | None]
    host: Mapped[str] = mapped_column(String(200), default="", server_default="")
    postal_code: Mapped[str] = mapped_column(String(5), default="", server_default="")
    latitude: Mapped[float | None]
    longitude: Mapped[float | None]
    listed_until: Mapped[date | None]
    published_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]

    position: Mapped[Position] = relationship()
    program: Mapped[Program] = relationship()
    site: Mapped[Site | None] = relationship()


class ApplicationDraft(Base):
    """An application that is being filled in, with what was typed so far as JSON, for whoever has its link.

    Once it is sent, nothing typed stays here and the link leads to the application. Those who apply together
    have the same `together`.
    """

    __tablename__ = "application_draft"

    id: Mapped[int] = mapped_column(primary_key=True)
    opportunity_id: Mapped[int] = mapped_column(ForeignKey("opportunity.id"), index=True)
    person_id: Mapped[int | None] = mapped_column(
        ForeignKey("person.id", ondelete="CASCADE"), index=True
    )
    application_id: Mapped[int | None] = mapped_column(ForeignKey("application.id"), index=True)
    email: Mapped[str] = mapped_column(String(254), default="")
    language: Mapped[str] = mapped_column(String(5), default="en")
    source: Mapped[str] = mapped_column(String(20), default="", server_default="")
    together: Mapped[str] = mapped_column(String(16), default="", server_default="")
    data: Mapped[str] = mapped_column(Text, default="{}")
    link_id: Mapped[str] = mapped_column(String(32))
    link_hash: Mapped[str] = mapped_column(String(64), unique=True)
    created_at: Mapped[datetime]
    saved_at: Mapped[datetime]
    ends_at: Mapped[datetime] = mapped_column(index=True)

    opportunity: Mapped[Opportunity] = relationship()
    application: Mapped[Application | None] = relationship()


class InquiryKind(StrEnum):
    """A question about an opportunity, or the wish to help where nothing fits."""

    QUESTION = "question"
    INTEREST = "interest"


class Inquiry(Versioned, Base):
    """What someone asked without applying. One about no program is for the coordinators of any.

    `answer_by` is the day by which we promised to answer; `reply` is what they were told. `owner_id` looks
    after it; `prospect_id` is the record that staff made of whoever asked. One whom an applicant named has the
    `together` of that application."""

    __tablename__ = "inquiry"
    __table_args__ = (
        partial_index("ix_inquiry_waits", "received_at", "id", where="answered_at IS NULL"),
        Index("ix_inquiry_source", "source"),
        partial_index("ix_inquiry_together", "together", where="together <> ''"),
        partial_index("ix_inquiry_erasing", "answered_at", where="name <> ''"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[InquiryKind] = mapped_column(Code(InquiryKind, 10))
    opportunity_id: Mapped[int | None] = mapped_column(ForeignKey("opportunity.id"), index=True)
    program_id: Mapped[int | None] = mapped_column(ForeignKey("program.id"), index=True)
    name: Mapped[str] = mapped_column(String(200))
    email: Mapped[str] = mapped_column(String(254), default="")
    phone: Mapped[str] = mapped_column(String(40), default="")
    language: Mapped[str] = mapped_column(String(5), default="en")
    words: Mapped[str] = mapped_column(Text)
    together: Mapped[str] = mapped_column(String(16), default="", server_default="")
    heard: Mapped[Heard | None] = mapped_column(Code(Heard, 16))
    source: Mapped[str] = mapped_column(String(20), default="")
    received_at: Mapped[datetime]
    answer_by: Mapped[date]
    reply: Mapped[str] = mapped_column(Text, default="")
    answered_at: Mapped[datetime | None]
    answered_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    prospect_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)

    person_id = None
    owner: Mapped[Person | None] = relationship(foreign_keys=owner_id)
    prospect: Mapped[Person | None] = relationship(foreign_keys=prospect_id)
    opportunity: Mapped[Opportunity | None] = relationship()
    answered_by: Mapped[Person | None] = relationship(foreign_keys=answered_by_id)
