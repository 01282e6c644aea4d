"""Tables about people: who they are, how they sign in, and which staff roles they hold."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Index,
    SmallInteger,
    String,
    UniqueConstraint,
)
from sqlalchemy import text as sql
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.columns import Base, Code, Versioned, Word, partial_index
from portal.permissions import Role


class Status(StrEnum):
    """Where a person stands with the agency. All else about them is derived."""

    PROSPECT = "prospect"
    APPLICANT = "applicant"
    ACTIVE = "active"
    ON_LEAVE = "on_leave"
    ENDED = "ended"


class Person(Versioned, Base):
    """Anyone with a record. E-mail is optional, may be shared, and is never a key.

    `placed_at` is when a program first had to do with them; until then they are in the pool
    from which every coordinator may choose. `mail_off` are the topics they switched off, `remind_hours`
    how many hours before a shift they are reminded, both separated by commas; `mail_refused_at` is
    since when a mail server will not take mail for their address. `vehicle_seats` is how many people
    fit into their own car besides them; None for those who drive but have no car.
    """

    __tablename__ = "person"
    __table_args__ = (
        CheckConstraint("vehicle_seats IS NULL OR vehicle_seats >= 0", name="vehicle_seats"),
        Index("ix_person_name", "name", "id"),
        Index("ix_person_email", sql("lower(email)")),
        partial_index("ix_person_unplaced", "name", "id", where="placed_at IS NULL"),
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
    added_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    created_at: Mapped[datetime]
    placed_at: Mapped[datetime | None]
    mail_off: Mapped[str] = mapped_column(String(100), default="")
    remind_hours: Mapped[str] = mapped_column(String(40), default="48,3")
    mail_refused_at: Mapped[datetime | None]
    drives: Mapped[bool] = mapped_column(default=False)
    vehicle_seats: Mapped[int | None] = mapped_column(SmallInteger)
    vehicle_note: Mapped[str] = mapped_column(String(200), default="")

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
    """The end of a word of a person's name, phone or e-mail, from every letter on.

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


class Identity(Base):
    """A way for a person to sign in: an address and a password. People may share the address."""

    __tablename__ = "identity"
    __table_args__ = (UniqueConstraint("person_id", "address"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    address: Mapped[str] = mapped_column(String(254), index=True)
    password_hash: Mapped[str] = mapped_column(String(200))
    created_at: Mapped[datetime]


class SignIn(Base):
    """A signed-in browser. Only the hash of its cookie is stored (SECURITY S1). One that was signed out stays
    for two days, so that a form that was open there comes back to its owner; it lets nobody in."""

    __tablename__ = "session"

    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    browser: Mapped[str] = mapped_column(String(60), default="")
    created_at: Mapped[datetime]
    used_at: Mapped[datetime]
    idle_seconds: Mapped[int]
    ends_at: Mapped[datetime] = mapped_column(index=True)
    ended_at: Mapped[datetime | None]


class ProvedHow(StrEnum):
    """How a person proved that they read an address. UPGRADE: by the audit, when proofs became data."""

    CODE = "code"
    INVITATION = "invitation"
    OFFICE = "office"
    UPGRADE = "upgrade"


class ProvedAddress(Base):
    """An address that a person proved to read: only these admit anyone by email (SECURITY A10).

    `address` is kept in lower case. It counts while it is also the person's own address.
    """

    __tablename__ = "proved_address"
    __table_args__ = (UniqueConstraint("person_id", "address"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    address: Mapped[str] = mapped_column(String(254), index=True)
    how: Mapped[ProvedHow] = mapped_column(Code(ProvedHow, 10))
    proved_at: Mapped[datetime]


class AddressChange(Base):
    """A new email address of somebody with an account: proposed, in effect, or stopped (SECURITY A9).

    Until `effective_at` it is a proposal that only the person can confirm. For seven days after that
    whoever reads `old_address` can stop it. `old_how` is how the old address had been proved, if it was.
    """

    __tablename__ = "address_change"
    __table_args__ = (
        partial_index(
            "uq_address_change_open", "person_id", where="effective_at IS NULL", unique=True
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    address: Mapped[str] = mapped_column(String(254))
    old_address: Mapped[str] = mapped_column(String(254), default="")
    old_how: Mapped[ProvedHow | None] = mapped_column(Code(ProvedHow, 10))
    by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    asked: Mapped[str | None] = mapped_column(Word(10))
    created_at: Mapped[datetime]
    effective_at: Mapped[datetime | None]
    stopped_at: Mapped[datetime | None]


class KnownPlace(Base):
    """A browser or a network from which a person signed in, so that strangers' failures elsewhere do not
    lock them out (SECURITY A4). `place_hash` is a keyed hash; `seen_at` is the last sign-in from there.
    `second_at` is when the browser last passed the second step."""

    __tablename__ = "known_place"

    person_id: Mapped[int] = mapped_column(
        ForeignKey("person.id", ondelete="CASCADE"), primary_key=True
    )
    place_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    seen_at: Mapped[datetime] = mapped_column(index=True)
    second_at: Mapped[datetime | None]


class Invitation(Base):
    """A one-time link with which a person sets their password, kept as a hash.

    `address` is where it was emailed, so that following it proves that address; it is empty for a link
    that was printed on the command line, and for one that an emailed code or the office opened.
    """

    __tablename__ = "invitation"

    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    address: Mapped[str] = mapped_column(String(254), default="")
    ends_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class OfficeCode(Base):
    """An eight-digit code that the office reads out to a person, in person or after calling them back.

    Good once, for half an hour and twenty tries; kept as a keyed hash, one for each person.
    """

    __tablename__ = "office_code"

    person_id: Mapped[int] = mapped_column(
        ForeignKey("person.id", ondelete="CASCADE"), primary_key=True
    )
    code_hash: Mapped[str] = mapped_column(String(64))
    made_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    asked: Mapped[str] = mapped_column(Word(10))
    tries: Mapped[int] = mapped_column(default=0)
    ends_at: Mapped[datetime]


class Proof(Base):
    """Somebody proves that they read an address: a link and a code went there, good for one browser.

    `purpose` is what it opens (signing in, registering, a new password), `data` what was typed. `mail_id`
    names the one message that carries its link and code: proofs are deleted after a day and SQLite gives
    their ids out again, so an id would let an old mail open somebody else's proof.
    """

    __tablename__ = "proof"

    id: Mapped[int] = mapped_column(primary_key=True)
    purpose: Mapped[str] = mapped_column(Word(10))
    address: Mapped[str] = mapped_column(String(254))
    data: Mapped[str] = mapped_column(String(2000), default="")
    browser_hash: Mapped[str] = mapped_column(String(64), index=True)
    tries: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime]
    ends_at: Mapped[datetime] = mapped_column(index=True)
    used_at: Mapped[datetime | None]
    mail_id: Mapped[str | None] = mapped_column(String(64), index=True)


class Attempts(Base):
    """How often something was tried in one window of time (SECURITY A4): from `window` until `ends_at`, both
    in seconds of Unix time."""

    __tablename__ = "attempts"

    bucket: Mapped[str] = mapped_column(String(80), primary_key=True)
    window: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    tries: Mapped[int]
    ends_at: Mapped[int] = mapped_column(BigInteger)


class Leaving(StrEnum):
    """Why somebody is on nothing any more: they ended, are on leave, or lost a role or a staff role."""

    ENDED = "ended"
    ON_LEAVE = "on_leave"
    ROLE = "role"
    STAFF_ROLE = "staff_role"


class Departure(Base):
    """Somebody leaves from a day on: all, or one program and position. The worker takes them off what is
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
