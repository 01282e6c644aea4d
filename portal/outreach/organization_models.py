"""Organizations, who speaks for them, and what was said with them."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.columns import Base, Code, Translated, Versioned
from portal.outreach.intake_models import Topic


class OrganizationKind(StrEnum):
    """What kind of group asks."""

    FAITH = "faith"
    SENIORS = "seniors"
    SCHOOL = "school"
    AGENCY = "agency"
    BUSINESS = "business"
    LIBRARY = "library"
    NEIGHBORS = "neighbors"
    OTHER = "other"


class Organization(Versioned, Base):
    """A group that asks for talks, or that we offer some to; with what is worth remembering about it.

    `name_key` is the name as it is compared: lower case, letters and digits alone.
    """

    __tablename__ = "organization"
    __table_args__ = (
        Index("uq_organization_name_key", "name_key", unique=True),
        Index("ix_organization_name", "name", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(200))
    name_key: Mapped[str] = mapped_column(String(200))
    kind: Mapped[OrganizationKind] = mapped_column(
        Code(OrganizationKind, 10), default=OrganizationKind.OTHER
    )
    address: Mapped[str] = mapped_column(String(300), default="")
    town: Mapped[str] = mapped_column(String(80), default="")
    district_id: Mapped[int | None] = mapped_column(ForeignKey("skill.id"))
    parking: Mapped[str] = mapped_column(Text, default="")
    access: Mapped[str] = mapped_column(Text, default="")
    notes: Mapped[str] = mapped_column(Text, default="")
    created_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]


class OrganizationContact(Base):
    """Someone to speak with at an organization. They have no record as a person of ours."""

    __tablename__ = "organization_contact"

    id: Mapped[int] = mapped_column(primary_key=True)
    organization_id: Mapped[int] = mapped_column(ForeignKey("organization.id"), index=True)
    name: Mapped[str] = mapped_column(String(120))
    email: Mapped[str] = mapped_column(String(254), default="")
    phone: Mapped[str] = mapped_column(String(40), default="")
    language: Mapped[str] = mapped_column(String(5), default="en")
    added_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class Said(StrEnum):
    """What an organization said to a talk that we offered."""

    NOTHING = "nothing"
    YES = "yes"
    LATER = "later"
    NO = "no"


class Approach(Base):
    """A talk that we offered: whom we asked, when, and what they said."""

    __tablename__ = "approach"
    __table_args__ = (Index("ix_approach_organization", "organization_id", "asked_on"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    organization_id: Mapped[int] = mapped_column(ForeignKey("organization.id"))
    topic_id: Mapped[int | None] = mapped_column(ForeignKey("topic.id"))
    whom: Mapped[str] = mapped_column(String(120), default="")
    asked_on: Mapped[date]
    asked_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    said: Mapped[Said] = mapped_column(Code(Said, 7), default=Said.NOTHING)
    said_on: Mapped[date | None]
    note: Mapped[str] = mapped_column(String(300), default="")

    topic: Mapped["Topic | None"] = relationship()


class Pledge(Translated, Base):
    """One version of the sentence that a request is no guarantee; its id is the version."""

    __tablename__ = "pledge"

    id: Mapped[int] = mapped_column(primary_key=True)
    words: Mapped[str] = mapped_column(Text)
    since: Mapped[datetime]
    written_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
