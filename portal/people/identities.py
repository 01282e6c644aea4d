"""Signing in with an address and a password, and setting that password through a one-time link."""

import hmac
import secrets
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.orm import Session

from portal.act import Act, of_person
from portal.audit.log import record
from portal.messages.envelopes import code_hash, token_of
from portal.messages.kinds import timing
from portal.messages.models import Channel, Message, State
from portal.people import notices, passwords
from portal.people.addresses import normal_address, prove_address
from portal.people.identity_models import Identity, Invitation, OfficeCode, ProvedHow
from portal.people.models import Person, Status
from portal.people.notify import notify
from portal.people.sessions import end_sessions
from portal.people.tokens import hashed, new_token
from portal.permissions import Viewer
from portal.reads import read
from portal.settings import Settings
from portal.web.errors import NotFound, Refused
from portal.words import text

FLOOR_SECONDS = 0.5
"""A sign-in is answered no sooner than this, whether or not the address is known (SECURITY A3)."""

SHARING = 4
"""How many people with one address are tried; the same number of hashes is always computed."""

INVITATION_LASTS = timedelta(days=7)
OFFICE_DIGITS, OFFICE_TRIES = 8, 20
OFFICE_CODE_LASTS = timedelta(minutes=30)
WRONG_CODE = text("This email and code don't match. Check both, or call the office for a new code.")


@dataclass(frozen=True)
class Proved:
    """An identity whose password was right, and a new hash if the stored one is too light."""

    identity_id: int
    person_id: int
    new_hash: str | None = None


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


def invite(act: Act, person: Person, lasts: timedelta = INVITATION_LASTS) -> str:
    """Make the token of a one-time link with which a person sets a password; earlier ones stop working.

    Whoever holds the link is let in, so it goes to no one but the person: who may make one is decided in
    `programs.authority`. Raises Refused for someone without an email address, or who has ended.
    """
    token, token_hash = new_token()
    _make_invitation(act, person, token_hash, lasts)
    return token


def send_invitation(act: Act, person: Person, settings: Settings) -> None:
    """Email such a link to the person's address, which following it proves; good for seven days."""
    mail_id = secrets.token_hex(16)
    token_hash = hashed(token_of(settings, mail_id))
    invitation_id = _make_invitation(
        act, person, token_hash, INVITATION_LASTS, normal_address(person.email)
    )
    act.db.execute(
        insert(Message).values(
            kind=notices.INVITED.name,
            person_id=person.id,
            actor_id=act.by.person_id,
            subject_kind="invitation",
            subject_id=invitation_id,
            channel=Channel.MAIL,
            state=State.QUEUED,
            created_at=act.at,
            mail_id=mail_id,
            **timing(notices.INVITED, None, act.at),
        )
    )


def _unless_reachable(person: Person) -> None:
    """Refuse someone without an email address, or who has ended."""
    if not person.email:
        raise Refused(text("To sign in, this person needs an email address. Add one first."))
    if person.status == Status.ENDED:
        raise Refused(text("This person is inactive. Change their status first."))


def _make_invitation(
    act: Act, person: Person, token_hash: str, lasts: timedelta, address: str = ""
) -> int:
    _unless_reachable(person)
    act.db.execute(delete(Invitation).where(Invitation.person_id == person.id))
    made = insert(Invitation).values(
        token_hash=token_hash,
        person_id=person.id,
        created_by_id=act.by.person_id,
        address=address,
        ends_at=act.at + lasts,
    )
    invitation_id: int = act.db.scalars(made.returning(Invitation.id)).one()
    record(act, "invitation.made", person)
    return invitation_id


def make_office_code(act: Act, person: Person, settings: Settings, how: str) -> str:
    """Make the code that the office reads out to a person; an earlier one stops working. Good once, for
    half an hour and twenty tries."""
    _unless_reachable(person)
    code = f"{secrets.randbelow(10**OFFICE_DIGITS):0{OFFICE_DIGITS}}"
    act.db.execute(delete(OfficeCode).where(OfficeCode.person_id == person.id))
    act.db.execute(
        insert(OfficeCode).values(
            person_id=person.id,
            code_hash=code_hash(settings, person.id, code),
            made_by_id=act.by.person_id,
            asked=how,
            tries=0,
            ends_at=act.at + OFFICE_CODE_LASTS,
        )
    )
    record(act.but(asked=how), "code.made", person)
    return code


class OfficeTry(NamedTuple):
    """A code of the office that one try was spent on."""

    person_id: int
    code_hash: str


def spend_office_try(db: Session, address: str, at: datetime) -> Sequence[OfficeTry]:
    """Count a guess for everyone with an address before it is looked at; gives the codes it may be, each as
    person_id and code_hash."""
    same = select(Person.id).where(
        func.lower(Person.email) == normal_address(address), Person.status != Status.ENDED
    )
    return read(
        db,
        OfficeTry,
        update(OfficeCode)
        .where(
            OfficeCode.person_id.in_(same), OfficeCode.ends_at > at, OfficeCode.tries < OFFICE_TRIES
        )
        .values(tries=OfficeCode.tries + 1)
        .returning(OfficeCode.person_id, OfficeCode.code_hash),
    )


def use_office_code(
    db: Session, settings: Settings, found: Sequence[OfficeTry], code: str, at: datetime
) -> str:
    """Let a person in by the code that the office read out; gives the token of the link with which they set a
    password, good for half an hour. It proves an address that they hold alone; in a household an emailed code
    does, once they are in. Raises Refused for a code that is none of these."""
    good = [
        row.person_id
        for row in found
        if hmac.compare_digest(row.code_hash, code_hash(settings, row.person_id, code))
    ]
    used = delete(OfficeCode).where(OfficeCode.person_id.in_(good[:1]), OfficeCode.ends_at > at)
    person_id = db.scalar(used.returning(OfficeCode.person_id))
    person = db.get(Person, person_id) if person_id else None
    if person is None:
        raise Refused(fields={"code": WRONG_CODE})
    by = Viewer(person_id=person.id)
    same = select(func.count()).where(
        func.lower(Person.email) == normal_address(person.email), Person.status != Status.ENDED
    )
    if db.scalar(same) == 1:
        prove_address(Act(db, by, at), person.id, person.email, ProvedHow.OFFICE)
    return invite(Act(db, by, at), person, OFFICE_CODE_LASTS)


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
        .returning(Invitation.person_id, Invitation.address)
    ).one_or_none()
    if used is None:
        raise NotFound
    person = db.get_one(Person, used.person_id)
    if person.status == Status.ENDED:
        raise NotFound
    if used.address not in ("", normal_address(person.email)):
        raise NotFound
    by = Viewer(person_id=person.id)
    if used.address:
        prove_address(Act(db, by, at), person.id, used.address, ProvedHow.INVITATION)
    db.execute(delete(Identity).where(Identity.person_id == person.id))
    db.execute(
        insert(Identity).values(
            person_id=person.id,
            address=normal_address(person.email),
            password_hash=password_hash,
            created_at=at,
        )
    )
    end_sessions(Act(db, by, at), person.id)
    record(Act(db, by, at), "invitation.accepted", person)
    notify(Act(db, by, at), notices.PASSWORD, person, [person.id])
    return person


def stored_hash(db: Session, person_id: int) -> str | None:
    """The hash of a person's password; None for someone who signs in by email alone."""
    return db.scalar(select(Identity.password_hash).where(Identity.person_id == person_id))


def change_password(act: Act, password_hash: str) -> None:
    """Set one's own password anew; the old one was proved before. Other browsers are signed out."""
    assert act.by.person_id
    act.db.execute(
        update(Identity)
        .where(Identity.person_id == act.by.person_id)
        .values(password_hash=password_hash)
    )
    record(act, "password.changed", of_person(act.by.person_id))
    notify(act, notices.PASSWORD, of_person(act.by.person_id), [act.by.person_id])
    end_sessions(act, act.by.person_id, keep=act.by.session_id)
