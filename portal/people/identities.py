"""Signing in with an address and a password, and setting that password through a one-time link."""

import time
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, insert, select, update
from sqlalchemy.orm import Session

from portal.audit.log import record
from portal.people import notices, passwords
from portal.people.models import Identity, Invitation, Person, Status
from portal.people.sessions import end_sessions, roles_of
from portal.people.telling import tell
from portal.people.tokens import hashed, new_token
from portal.permissions import Permission, Viewer
from portal.web.errors import NotFound, Refused
from portal.web.words import text

FLOOR_SECONDS = 0.5
"""A sign-in is answered no sooner than this, whether or not the address is known (SECURITY A3)."""

SHARING = 2
"""How many people with one address are tried; the same number of hashes is always computed."""

INVITATION_LASTS = timedelta(days=7)


@dataclass(frozen=True)
class Proved:
    """An identity whose password was right, and a new hash if the stored one is too light."""

    identity_id: int
    person_id: int
    new_hash: str | None = None


def normal_address(address: str) -> str:
    """An address as it is compared: mailboxes are not told apart by capitals."""
    return address.strip().lower()


def floor() -> float:
    """The monotonic moment before which a sign-in started now is not answered."""
    return time.monotonic() + FLOOR_SECONDS


def candidates(db: Session, address: str) -> list[tuple[int, int, str]]:
    """Who may be signing in with an address: (identity, person, hash) of those not ended."""
    rows = db.execute(
        select(Identity.id, Identity.person_id, Identity.password_hash)
        .join(Person, Person.id == Identity.person_id)
        .where(Identity.address == normal_address(address), Person.status != Status.ENDED)
        .order_by(Identity.id)
        .limit(SHARING)
    )
    return list(rows)


def prove(found: list[tuple[int, int, str]], password: str) -> Proved | None:
    """Which of the candidates has this password. Computes as many hashes for none as for some.

    Two people who share an address and also a password cannot be told apart, so neither is let in.
    """
    padded = [*found, *[(0, 0, passwords.dummy_hash())] * (SHARING - len(found))]
    good = [row for row in padded if passwords.verify(password, row[2]) and row[0]]
    if len(good) != 1:
        return None
    identity_id, person_id, stored = good[0]
    lighter = passwords.is_weaker(stored)
    return Proved(identity_id, person_id, passwords.hash_password(password) if lighter else None)


def keep_stronger_hash(db: Session, proved: Proved) -> None:
    """Replace a hash that was made with lighter settings than today's (SECURITY A1)."""
    if proved.new_hash:
        db.execute(
            update(Identity)
            .where(Identity.id == proved.identity_id)
            .values(password_hash=proved.new_hash)
        )


def invite(db: Session, by: Viewer, person: Person, at: datetime) -> str:
    """Make a one-time link's token with which a person sets a password; earlier ones stop working.

    Raises Refused for someone without e-mail, and when a coordinator tries it on a person who
    can already sign in or holds a staff role: that would be taking over an account.
    """
    if not person.email:
        raise Refused(text("Signing in takes an e-mail address. Add one first."))
    if person.status == Status.ENDED:
        raise Refused(text("This person has ended. Set their status first."))
    if not by.everywhere(Permission.AGENCY_MANAGE) and has_account(db, person.id):
        raise Refused(
            text("This person can sign in already. An administrator can send a new link.")
        )
    token, token_hash = new_token()
    db.execute(delete(Invitation).where(Invitation.person_id == person.id))
    db.execute(
        insert(Invitation).values(
            token_hash=token_hash,
            person_id=person.id,
            created_by_id=by.person_id,
            ends_at=at + INVITATION_LASTS,
        )
    )
    record(db, by, "invitation.made", ("person", person.id), at=at, person_id=person.id)
    return token


def has_account(db: Session, person_id: int) -> bool:
    """Whether a person can sign in already, or holds a staff role."""
    known = db.scalar(select(Identity.id).where(Identity.person_id == person_id).limit(1))
    return known is not None or bool(roles_of(db, person_id))


def invited(db: Session, token: str, at: datetime) -> Person:
    """Whom an invitation is for. Raises NotFound for a used, ended or unknown one."""
    person = db.scalar(
        select(Person)
        .join(Invitation, Invitation.person_id == Person.id)
        .where(
            Invitation.token_hash == hashed(token),
            Invitation.used_at.is_(None),
            Invitation.ends_at > at,
            Person.status != Status.ENDED,
        )
    )
    if person is None:
        raise NotFound
    return person


def accept_invitation(db: Session, token: str, password_hash: str, at: datetime) -> Person:
    """Set the password of an invited person. The link works once, and other browsers are signed out."""
    used = db.execute(
        update(Invitation)
        .where(
            Invitation.token_hash == hashed(token),
            Invitation.used_at.is_(None),
            Invitation.ends_at > at,
        )
        .values(used_at=at)
        .returning(Invitation.person_id)
    ).scalar()
    person = db.get(Person, used) if used else None
    if person is None or person.status == Status.ENDED:
        raise NotFound
    by = Viewer(person_id=person.id)
    db.execute(delete(Identity).where(Identity.person_id == person.id))
    db.execute(
        insert(Identity).values(
            person_id=person.id,
            address=normal_address(person.email),
            password_hash=password_hash,
            created_at=at,
        )
    )
    end_sessions(db, by, person.id, at)
    record(db, by, "invitation.accepted", ("person", person.id), at=at, person_id=person.id)
    tell(db, by, notices.PASSWORD, ("person", person.id), [person.id], at)
    return person


def stored_hash(db: Session, person_id: int) -> str:
    """The hash of a person's password. Raises NotFound for someone who has none."""
    found = db.scalar(select(Identity.password_hash).where(Identity.person_id == person_id))
    if found is None:
        raise NotFound
    return found


def change_password(db: Session, by: Viewer, password_hash: str, at: datetime) -> None:
    """Set one's own password anew; the old one was proved before. Other browsers are signed out."""
    assert by.person_id
    db.execute(
        update(Identity)
        .where(Identity.person_id == by.person_id)
        .values(password_hash=password_hash)
    )
    record(db, by, "password.changed", ("person", by.person_id), at=at, person_id=by.person_id)
    tell(db, by, notices.PASSWORD, ("person", by.person_id), [by.person_id], at)
    end_sessions(db, by, by.person_id, at, keep=by.session_id)
