"""Tables about people: who they are, how they sign in, and which staff roles they hold."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    Index,
    SmallInteger,
    String,
    UniqueConstraint,
)
from sqlalchemy import text as sql
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.columns import Base, Code, Versioned, partial_index
from portal.permissions import Role


class Status(StrEnum):
    """Where a person stands with the agency. All else about them is derived."""

    PROSPECT = "prospect"
    APPLICANT = "applicant"
    ACTIVE = "active"
    ON_LEAVE = "on_leave"
    ENDED = "ended"


class Person(Versioned, Base):
    """Anyone with a record. Email is optional, may be shared, and is never a key.

    `placed_at` is when a program first had to do with them; until then they are in the pool
    from which every coordinator may choose. `mail_off` are the topics they switched off, `remind_hours`
    how many hours before a shift they are reminded, both separated by commas; `mail_refused_at` is
    since when a mail server will not take mail for their address. `vehicle_seats` is how many people
    fit into their own car besides them; None for those who drive but have no car. `counted_from` is the day
    from which their time without activity counts: they came back from leave, or said that they stay.
    `adult_on` is the day on which a minor turns 18; of adults no birthday is kept. `agency_job` is what
    someone who works for the agency does there, asked last on `job_asked_on`.
    """

    __tablename__ = "person"
    __table_args__ = (
        CheckConstraint("vehicle_seats IS NULL OR vehicle_seats >= 0", name="vehicle_seats"),
        Index("ix_person_name", "name", "id"),
        Index("ix_person_email", sql("lower(email)")),
        partial_index("ix_person_unplaced", "name", "id", where="placed_at IS NULL"),
        partial_index("ix_person_minor", "adult_on", "id", where="adult_on IS NOT NULL"),
        partial_index("ix_person_employee", "id", where="agency_job <> ''"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(200))
    goes_by: Mapped[str] = mapped_column(String(100), default="")
    email: Mapped[str] = mapped_column(String(254), default="")
    language: Mapped[str] = mapped_column(String(5), default="en")
    status: Mapped[Status] = mapped_column(Code(Status, 12), default=Status.ACTIVE)
    emergency_name: Mapped[str] = mapped_column(String(200), default="")
    emergency_relation: Mapped[str] = mapped_column(String(100), default="")
    emergency_phone: Mapped[str] = mapped_column(String(40), default="")
    counted_from: Mapped[date | None]
    mailing_address: Mapped[str] = mapped_column(String(300), default="")
    added_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    created_at: Mapped[datetime]
    placed_at: Mapped[datetime | None]
    mail_off: Mapped[str] = mapped_column(String(100), default="")
    remind_hours: Mapped[str] = mapped_column(String(40), default="48,3")
    mail_refused_at: Mapped[datetime | None]
    drives: Mapped[bool] = mapped_column(default=False)
    vehicle_seats: Mapped[int | None] = mapped_column(SmallInteger)
    vehicle_note: Mapped[str] = mapped_column(String(200), default="")
    adult_on: Mapped[date | None]
    agency_job: Mapped[str] = mapped_column(String(120), default="", server_default="")
    job_asked_on: Mapped[date | None]

    @property
    def person_id(self) -> int:
        """Themselves, as a subject of acts."""
        return self.id

    phones: Mapped[list["Phone"]] = relationship(
        order_by="Phone.id", cascade="all, delete-orphan", lazy="selectin"
    )

    @property
    def mailable(self) -> bool:
        """Whether mail reaches them, as far as we know."""
        return bool(self.email) and self.mail_refused_at is None


class Phone(Base):
    """One of a person's phone numbers, the best one first."""

    __tablename__ = "phone"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    number: Mapped[str] = mapped_column(String(40))
    label: Mapped[str] = mapped_column(String(40), default="")


class SearchKey(Base):
    """The end of a word of a person's name, phone or email, from every letter on.

    "Reyes" is kept as reyes, eyes, yes, es: so any part of a word is found by a range of this
    table's index, on both databases, however many people there are (decision 0005).
    """

    __tablename__ = "search_key"

    key: Mapped[str] = mapped_column(
        String(40).with_variant(String(40, collation="C"), "postgresql"), primary_key=True
    )
    person_id: Mapped[int] = mapped_column(
        ForeignKey("person.id", ondelete="CASCADE"), primary_key=True, index=True
    )


class Leaving(StrEnum):
    """Why someone is on nothing any more: they ended, are on leave, or lost a role or a staff role."""

    ENDED = "ended"
    ON_LEAVE = "on_leave"
    ROLE = "role"
    STAFF_ROLE = "staff_role"


class Departure(Base):
    """Someone leaves from a day on: all, or one program and position. The worker takes them off what is
    coming, domain by domain, and tells the coordinators; then the row is gone."""

    __tablename__ = "departure"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    cause: Mapped[Leaving] = mapped_column(Code(Leaving, 10))
    program_id: Mapped[int | None] = mapped_column(ForeignKey("program.id"))
    position_id: Mapped[int | None] = mapped_column(ForeignKey("position.id"))
    from_day: Mapped[date]
    noted_at: Mapped[datetime]


class Membership(Base):
    """A staff role, held for one program or (program None) for the agency, from one moment until another."""

    __tablename__ = "membership"
    __table_args__ = (
        CheckConstraint(
            "CASE role WHEN 'administrator' THEN program_id IS NULL "
            "WHEN 'coordinator' THEN program_id IS NOT NULL ELSE 1 = 1 END",
            name="role_scope",
        ),
        partial_index(
            "uq_membership_current",
            "person_id",
            "role",
            sql("coalesce(program_id, 0)"),
            where="until IS NULL",
            unique=True,
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    role: Mapped[Role] = mapped_column(Code(Role, 20))
    program_id: Mapped[int | None] = mapped_column(ForeignKey("program.id"), index=True)
    since: Mapped[datetime]
    until: Mapped[datetime | None]
    granted_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))


class SavedView(Base):
    """A filter of a list that someone named, to come back to: the list, and the query of its address."""

    __tablename__ = "saved_view"
    __table_args__ = (UniqueConstraint("person_id", "page", "name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    page: Mapped[str] = mapped_column(String(40))
    name: Mapped[str] = mapped_column(String(60))
    query: Mapped[str] = mapped_column(String(1000))
    saved_at: Mapped[datetime]
