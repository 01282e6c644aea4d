"""Answers from calendar programs, read back from a mailbox or a pasted message (CALENDARS 19).

An answer only notes: anyone can write one. It is matched by UID and, ignoring case, by the address that was
invited; an older SEQUENCE is ignored; a stranger's waits for a person to look at it.
"""

import contextlib
import hashlib
import imaplib
import re
import ssl
from collections.abc import Iterator, Sequence
from typing import Any
from urllib.parse import unquote, urlsplit

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from portal.act import Act
from portal.audit.log import record
from portal.ical_replies import Reply
from portal.outreach.booking import offers_of
from portal.outreach.request_events import note_event
from portal.outreach.talk_models import (
    CalendarReply,
    OfferState,
    Presentation,
    Replied,
    SpeakerOffer,
)
from portal.people.models import Person
from portal.reading import reader
from portal.reading.mail import MOST_BYTES
from portal.settings import Settings
from portal.web.errors import Refused
from portal.words import text

AT_ONCE = 50
SECONDS = 20
KNOWN = ("ACCEPTED", "DECLINED", "TENTATIVE")
_UID = re.compile(r"talk-(\d{1,9})@(.{1,200})")


def take(act: Act, found: Sequence[Reply], settings: Settings) -> list[CalendarReply]:
    """Note the answers that were read from a mail; the same mail twice is once. Gives what is new."""
    return [made for reply in found if (made := _note(act, reply, settings)) is not None]


def _note(act: Act, reply: Reply, settings: Settings) -> CalendarReply | None:
    key = hashlib.sha256(repr(reply).encode()).hexdigest()
    if act.db.scalar(select(CalendarReply.id).where(CalendarReply.mail_key == key)):
        return None
    talk = _talk_of(act.db, reply.uid, settings)
    if talk and reply.sequence < talk.told_sequence:
        return None  # it answers how the talk was before
    who, offer = _who(act.db, talk, reply.attendee) if talk else (Replied.STRANGER, None)
    if reply.said not in KNOWN:
        return None
    row = CalendarReply(
        presentation_id=talk.id if talk else None,
        who=who,
        offer_id=offer and offer.id,
        address=reply.attendee,
        said=reply.said,
        sequence=reply.sequence,
        mail_key=key,
        at=act.at,
    )
    if reply.said == "ACCEPTED" and who != Replied.STRANGER:
        row.seen_at = act.at  # nothing to look at
    act.db.add(row)
    if offer:
        offer.reply, offer.reply_at = reply.said.lower(), act.at
    act.db.flush()
    if talk and who != Replied.STRANGER:
        note_event(act, talk.request, f"reply_{reply.said.lower()[:6]}")
    record(act, "talk.reply", row, who)
    return row


def _talk_of(db: Session, uid: str, settings: Settings) -> Presentation | None:
    found = _UID.fullmatch(uid)
    if found is None or found[2].lower() != settings.host.lower():
        return None
    return db.get(Presentation, int(found[1]))


def _who(db: Session, talk: Presentation, address: str) -> tuple[Replied, SpeakerOffer | None]:
    for offer in offers_of(db, talk.id):
        if offer.state == OfferState.ACCEPTED and offer.person.email.lower() == address:
            return Replied.SPEAKER, offer
    if talk.request.contact_email.lower() == address:
        return Replied.HOST, None
    clerk = db.get(Person, talk.clerk_id) if talk.clerk_id else None
    if clerk and clerk.email.lower() == address:
        return Replied.CLERK, None
    return Replied.STRANGER, None


def read_pasted(words: str) -> list[Reply]:
    """The answers in a message that someone pasted, read outside every transaction. Raises Refused for
    none."""
    try:
        found = reader.mail(words.encode())
    except reader.Unreadable:
        found = []
    if not found:
        nothing = text("We found no calendar reply in it. Paste the whole message.")
        raise Refused(fields={"words": nothing})
    return found


def to_look_at(seen: Any) -> Select[CalendarReply]:
    """What a person should look at of some talks (a query for their ids; None for all, and for what belongs to
    none): who can't come, who may not, and strangers."""
    found = select(CalendarReply).where(CalendarReply.seen_at.is_(None))
    return found if seen is None else found.where(CalendarReply.presentation_id.in_(seen))


def see(act: Act, row: CalendarReply) -> None:
    """Someone has looked at it. Twice is once."""
    if row.seen_at is None:
        row.seen_at = act.at
        record(act, "talk.reply_seen", row)


class Mailbox:
    """A mailbox to read answers from, by its address: imaps://user:password@host/INBOX, or imap:// on
    loopback. Mails that were read are marked as seen and stay there."""

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        self._safe = parts.scheme == "imaps"
        self._host, self._port = parts.hostname or "", parts.port
        self._user, self._password = unquote(parts.username or ""), unquote(parts.password or "")
        self._folder = unquote(parts.path.strip("/")) or "INBOX"

    def unread(self) -> Iterator[bytes]:
        """The mails that no one read, some at a time. Raises OSError or imaplib.IMAP4.error when it is not
        there."""
        box = self._connected()
        try:
            box.login(self._user, self._password)
            box.select(f'"{self._folder}"')
            _, found = box.search(None, "UNSEEN")
            for number in (found[0] or b"").split()[:AT_ONCE]:
                _, parts = box.fetch(number.decode(), f"(BODY.PEEK[]<0.{MOST_BYTES}>)")
                for part in parts:
                    if isinstance(part, tuple):
                        yield part[1]
                box.store(number.decode(), "+FLAGS", "\\Seen")
        finally:
            with contextlib.suppress(OSError, imaplib.IMAP4.error):
                box.logout()

    def _connected(self) -> imaplib.IMAP4:
        if self._safe:
            return imaplib.IMAP4_SSL(
                self._host,
                self._port or 993,
                ssl_context=ssl.create_default_context(),
                timeout=SECONDS,
            )
        return imaplib.IMAP4(self._host, self._port or 143, timeout=SECONDS)
