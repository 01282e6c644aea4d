"""Proving that one reads an address: a link and a code go there, good for 15 minutes, five tries, and only
in the browser that asked (SECURITY A3, A6)."""

import hmac
import json
import secrets
from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import delete, insert, select, update
from sqlalchemy.orm import Session

from portal.act import Act, of_person
from portal.audit.log import record
from portal.messages.envelopes import code_hash, token_hash
from portal.messages.kinds import timing
from portal.messages.models import Channel, Message, State
from portal.people.addresses import normal_address
from portal.people.identity_models import EmailVerification, Invitation
from portal.people.notices import PROVE
from portal.people.tokens import hashed, new_token
from portal.permissions import NOBODY, Viewer
from portal.settings import Settings
from portal.web.errors import NotFound, Refused
from portal.words import text

LASTS = timedelta(minutes=15)
MOST_TRIES = 5
RESET_LASTS = timedelta(minutes=30)
WRONG = text("This code isn't right. Check it, or ask for a new one.")
OVER = text("This code no longer works. Ask for a new one.")
ELSEWHERE = text("Open the link in the browser where you asked for it, or enter the code there.")


class Purpose(StrEnum):
    """What a proof opens."""

    SIGN_IN = "sign_in"
    REGISTER = "register"
    RESET = "reset"
    SECOND = "second"
    CHANGE = "change"


def ask_proof(
    db: Session,
    purpose: Purpose,
    address: str,
    browser: str,
    data: Mapping[str, Any],
    language: str,
    at: datetime,
    *,
    send: bool = True,
    digits: int = 6,
) -> None:
    """Begin a proof for a browser; an earlier one ends. Without `send` no email goes out, since the code
    would let no one in; the answer is the same either way."""
    db.execute(delete(EmailVerification).where(EmailVerification.ends_at < at - timedelta(days=1)))
    db.execute(
        update(EmailVerification)
        .where(EmailVerification.browser_hash == hashed(browser))
        .values(ends_at=at)
    )
    proof = EmailVerification(
        purpose=purpose,
        address=normal_address(address),
        data=json.dumps(data),
        browser_hash=hashed(browser),
        created_at=at,
        ends_at=at + LASTS,
        mail_id=secrets.token_hex(16) if send else None,
    )
    db.add(proof)
    db.flush()
    record(Act(db, NOBODY, at), f"proof.{purpose}", proof)
    if send:
        db.execute(
            insert(Message).values(
                kind=PROVE.name,
                address=proof.address,
                subject_kind="proof",
                subject_id=proof.id,
                told=json.dumps({"language": language, "digits": digits}),
                channel=Channel.MAIL,
                state=State.QUEUED,
                created_at=at,
                mail_id=proof.mail_id,
                **timing(PROVE, None, at),
            )
        )


def open_proof(db: Session, browser: str, at: datetime) -> EmailVerification | None:
    """The proof that a browser waits for."""
    return db.scalar(
        select(EmailVerification)
        .where(
            EmailVerification.browser_hash == hashed(browser),
            EmailVerification.used_at.is_(None),
            EmailVerification.ends_at > at,
        )
        .order_by(EmailVerification.id.desc())
        .limit(1)
    )


def spend_try(db: Session, browser: str, at: datetime) -> None:
    """Count a guess before it is looked at, so that guesses made at once share the five, too.
    Raises Refused when none is left."""
    spent = db.execute(
        update(EmailVerification)
        .where(
            EmailVerification.browser_hash == hashed(browser),
            EmailVerification.used_at.is_(None),
            EmailVerification.ends_at > at,
            EmailVerification.tries < MOST_TRIES,
        )
        .values(tries=EmailVerification.tries + 1)
        .returning(EmailVerification.id)
    )
    if not spent.all():
        raise Refused(OVER)


def prove_by_code(
    db: Session, settings: Settings, browser: str, code: str, at: datetime
) -> EmailVerification:
    """The proof that a typed code completes, after `spend_try`. Raises Refused for a wrong one."""
    proof = open_proof(db, browser, at)
    if proof is None:
        raise Refused(OVER)
    sent = db.execute(
        select(Message.id, Message.code_hash).where(
            Message.kind == PROVE.name, Message.mail_id == proof.mail_id
        )
    ).one_or_none()
    good = code_hash(settings, sent.id, code) if sent else ""
    if not sent or not hmac.compare_digest(good, sent.code_hash or ""):
        raise Refused(fields={"code": WRONG})
    proof.used_at = at
    return proof


def proof_of_link(db: Session, token: str, at: datetime) -> EmailVerification:
    """The proof that a mail's link belongs to. Raises NotFound for an unknown, used or old one."""
    proof = db.scalar(
        select(EmailVerification)
        .join(Message, Message.mail_id == EmailVerification.mail_id)
        .where(
            Message.kind == PROVE.name,
            Message.token_hash == token_hash(token),
            EmailVerification.used_at.is_(None),
            EmailVerification.ends_at > at,
        )
    )
    if proof is None:
        raise NotFound
    return proof


def prove_by_link(db: Session, browser: str, token: str, at: datetime) -> EmailVerification:
    """The proof that pressing the button behind a link completes, in the browser that asked."""
    proof = proof_of_link(db, token, at)
    if not browser or proof.browser_hash != hashed(browser):
        raise Refused(ELSEWHERE)
    proof.used_at = at
    return proof


def proved(db: Session, browser: str, at: datetime) -> EmailVerification | None:
    """What a browser proved just now and has not used up: which of several people it is, is open."""
    return db.scalar(
        select(EmailVerification)
        .where(
            EmailVerification.browser_hash == hashed(browser),
            EmailVerification.used_at.is_not(None),
            EmailVerification.ends_at > at,
        )
        .order_by(EmailVerification.id.desc())
        .limit(1)
    )


def use_up(proof: EmailVerification, at: datetime) -> None:
    """It has opened what it was for."""
    proof.ends_at = at


def reset_token(db: Session, person_id: int, at: datetime) -> str:
    """A one-time token for a new password, after the address was proved; good for half an hour."""
    token, its_hash = new_token()
    db.execute(delete(Invitation).where(Invitation.person_id == person_id))
    db.execute(
        insert(Invitation).values(
            token_hash=its_hash, person_id=person_id, address="", ends_at=at + RESET_LASTS
        )
    )
    by = Viewer(person_id=person_id)
    record(Act(db, by, at), "password.reset", of_person(person_id))
    return token
