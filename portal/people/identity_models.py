"""Who someone is to the portal: passwords, addresses, sessions, proofs."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import (
    BigInteger,
    ForeignKey,
    String,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from portal.columns import Base, Code, Word, partial_index


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
    for two days, so that a form that was open there comes back to its owner; it lets no one in."""

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
    """A new email address of someone with an account: proposed, in effect, or stopped (SECURITY A9).

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


class EmailVerification(Base):
    """Someone proves that they read an address: a link and a code went there, good for one browser.

    `purpose` is what it opens (signing in, registering, a new password), `data` what was typed. `mail_id`
    names the one message that carries its link and code: proofs are deleted after a day and SQLite gives
    their ids out again, so an id would let an old mail open someone else's proof.
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
