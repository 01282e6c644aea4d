"""Proved addresses, and changing an email address: what admits a person by email (SECURITY A9, A10)."""

from datetime import datetime, timedelta

from sqlalchemy import delete, insert, select, update
from sqlalchemy.orm import Session

from portal.act import Act, of_person
from portal.audit.log import record
from portal.audit.models import AuditEntry
from portal.messages.envelopes import token_hash
from portal.messages.models import Message
from portal.messages.outside import Outsider, tell_outsider
from portal.people import search
from portal.people.identity_models import (
    AddressChange,
    EmailVerification,
    Identity,
    Invitation,
    KnownPlace,
    OfficeCode,
    ProvedAddress,
    ProvedHow,
)
from portal.people.models import Membership, Person
from portal.people.notices import EMAIL_CHANGED
from portal.people.sessions import end_sessions
from portal.permissions import Viewer
from portal.web.errors import NotFound

STOPPABLE = timedelta(days=7)
"""How long the old address can stop a change."""


def normal_address(address: str) -> str:
    """An address as it is compared: mailboxes are not told apart by capitals."""
    return address.strip().lower()


def has_account(db: Session, person_id: int) -> bool:
    """Whether a person can sign in, ever did, or holds a staff role."""
    ever = ("session.started", "invitation.accepted")
    found = (
        select(AddressChange.id).where(
            AddressChange.person_id == person_id, AddressChange.effective_at.is_not(None)
        ),
        select(AuditEntry.id).where(
            AuditEntry.person_id == person_id,
            AuditEntry.actor_id == person_id,
            AuditEntry.action.in_(ever),
        ),
        select(Identity.id).where(Identity.person_id == person_id),
        select(ProvedAddress.id).where(ProvedAddress.person_id == person_id),
        select(Membership.id).where(Membership.person_id == person_id, Membership.until.is_(None)),
    )
    return any(db.scalar(one.limit(1)) is not None for one in found)


def prove_address(act: Act, person_id: int, address: str, how: ProvedHow) -> None:
    """Note that a person reads an address. Proving it again changes nothing."""
    address = normal_address(address)
    if not address or is_proved(act.db, person_id, address):
        return
    act.db.execute(
        insert(ProvedAddress).values(
            person_id=person_id, address=address, how=how, proved_at=act.at
        )
    )
    record(act, "address.proved", of_person(person_id), how)


def is_proved(db: Session, person_id: int, address: str) -> bool:
    """Whether a person has proved that they read an address."""
    return _how(db, person_id, address) is not None


def _how(db: Session, person_id: int, address: str) -> str | None:
    return db.scalar(
        select(ProvedAddress.how).where(
            ProvedAddress.person_id == person_id, ProvedAddress.address == normal_address(address)
        )
    )


def proposed(db: Session, person_id: int) -> AddressChange | None:
    """The new address that waits for a person to confirm it, if there is one."""
    return db.scalar(
        select(AddressChange).where(
            AddressChange.person_id == person_id, AddressChange.effective_at.is_(None)
        )
    )


def propose(act: Act, person: Person, address: str) -> None:
    """Note a new address for a person who has an account; an earlier proposal ends. Email goes on to the
    old one until the person confirms the new one."""
    withdraw_proposal(act.db, person.id)
    act.db.add(
        AddressChange(
            person_id=person.id,
            address=address,
            by_id=act.by.person_id,
            asked=act.asked or None,
            created_at=act.at,
        )
    )
    record(act, "address.proposed", person)


def withdraw_proposal(db: Session, person_id: int) -> None:
    """Drop the address that waits for a person to confirm it."""
    open_one = (AddressChange.person_id == person_id, AddressChange.effective_at.is_(None))
    db.execute(delete(AddressChange).where(*open_one))


def decline_proposal(act: Act, person: Person) -> None:
    """Say for oneself that a proposed address is not one's own."""
    withdraw_proposal(act.db, person.id)
    record(act, "address.declined", person)


def change_address(act: Act, person: Person, address: str, how: ProvedHow | None) -> None:
    """Put a new address into effect for a person with an account. `how` is how they proved it; None for
    one that an administrator typed, which admits no one yet.

    Other browsers are signed out, open codes and links end, and the old address is told with a link
    that stops the change for seven days.
    """
    old = person.email
    has_password = (
        act.db.scalar(select(Identity.id).where(Identity.person_id == person.id)) is not None
    )
    change = AddressChange(
        person_id=person.id,
        address=address,
        old_address=old,
        old_how=_how(act.db, person.id, old),
        by_id=act.by.person_id,
        asked=act.asked or None,
        created_at=act.at,
        effective_at=act.at,
    )
    withdraw_proposal(act.db, person.id)
    act.db.add(change)
    set_address(act.db, person, address)
    act.db.execute(delete(ProvedAddress).where(ProvedAddress.person_id == person.id))
    if how:
        prove_address(act, person.id, address, how)
    _end_ways_in(act, person.id, old)
    record(act, "address.changed", person)
    if old and (change.old_how or has_password):
        _tell_old(act, change, person.language)


def set_address(db: Session, person: Person, address: str) -> None:
    """Give a person without an account another address, or none. It admits no one yet."""
    person.email, person.mail_refused_at = address, None
    db.flush()
    end_invitations(db, person.id)  # what was emailed to the address before opens nothing any more
    if address:
        username = update(Identity).where(Identity.person_id == person.id)
        db.execute(username.values(address=normal_address(address)))
    else:  # what is on no record any more lets no one in
        db.execute(delete(Identity).where(Identity.person_id == person.id))
    search.reindex(db, person)


def end_invitations(db: Session, person_id: int) -> None:
    """Make links and office codes with which a person could set a password stop working."""
    for table in (Invitation, OfficeCode):
        db.execute(delete(table).where(table.person_id == person_id))


def _end_ways_in(act: Act, person_id: int, old: str) -> None:
    """End what was opened with the old address: sessions, codes and links."""
    keep = act.by.session_id if act.by.person_id == person_id else None
    end_sessions(act, person_id, keep=keep)
    end_invitations(act.db, person_id)
    codes = (EmailVerification.address == normal_address(old), EmailVerification.ends_at > act.at)
    act.db.execute(update(EmailVerification).where(*codes).values(ends_at=act.at))


def _tell_old(act: Act, change: AddressChange, language: str) -> None:
    """The old address is told without anyone's name: it may be someone else's by now (SECURITY F6)."""
    subject = ("address_change", change.id)
    tell_outsider(act, EMAIL_CHANGED, subject, Outsider("", language, change.old_address))


def stoppable(db: Session, token: str, at: datetime) -> AddressChange:
    """The change that the link in the email to the old address stops. Raises NotFound for a link that is
    unknown, used, or older than seven days."""
    change = db.scalar(
        select(AddressChange)
        .join(Message, Message.subject_id == AddressChange.id)
        .where(
            Message.kind == EMAIL_CHANGED.name,
            Message.token_hash == token_hash(token),
            AddressChange.stopped_at.is_(None),
            AddressChange.effective_at > at - STOPPABLE,
        )
    )
    if change is None:
        raise NotFound
    return change


def stop_change(db: Session, token: str, at: datetime) -> None:
    """Bring the old address back, sign everyone out and drop the password, for whoever reads the old address.

    Later changes are undone with it, so a second change does not outrun the link.
    """
    change = stoppable(db, token, at)
    person = db.get_one(Person, change.person_id)
    by = Viewer(person_id=person.id)
    later = (AddressChange.person_id == person.id, AddressChange.id >= change.id)
    db.execute(update(AddressChange).where(*later).values(stopped_at=at))
    withdraw_proposal(db, person.id)
    taken = person.email
    set_address(db, person, change.old_address)
    # A password set since, and the browsers used since, may be those of whoever made the change.
    for table in (Identity, KnownPlace):
        db.execute(delete(table).where(table.person_id == person.id))
    db.execute(delete(ProvedAddress).where(ProvedAddress.person_id == person.id))
    if change.old_how:
        prove_address(Act(db, by, at), person.id, change.old_address, ProvedHow(change.old_how))
    _end_ways_in(Act(db, by, at), person.id, taken)
    record(Act(db, by, at), "address.stopped", person)
