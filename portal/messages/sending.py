"""Sending what waits in the outbox: after the commit, by the worker, each mail to one person.

A worker claims some messages for a while (several share the work with SKIP LOCKED), looks again
whether each is still true and wanted, hands it to the mail server outside every transaction, and
marks it. Killed between the server's yes and the mark, the mail goes out once more with the same
Message-ID; killed anywhere else, it simply waits for the next worker.
"""

import json
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import and_, func, or_, select, update
from sqlalchemy.orm import Session

from portal.db import Database
from portal.messages.caps import normal, over_the_cap
from portal.messages.compose import ADDRESS, Mail, compose, words_of
from portal.messages.envelopes import (
    code_hash,
    code_of,
    envelope_of,
    token_hash,
    token_of,
    told_of,
    wording_of,
)
from portal.messages.kinds import Envelope, Notice, Recipient, Saying, Urgency
from portal.messages.mime import mail_message
from portal.messages.models import Channel, Message, State
from portal.messages.posting import Post
from portal.messages.smtp import Dropped, NotNow, NotThisAddress, NotThisMail, Unreachable
from portal.reads import AnyRow
from portal.settings import Settings
from portal.weather import Busy

log = logging.getLogger(__name__)

AT_ONCE = 20
CLAIM_LASTS = timedelta(minutes=10)
PAUSES = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 240, 480, 960, 960))
"""How long to wait after each try that failed; about two days in all."""

NO_ADDRESS = "not an address"
UNTRUE = "not true any more"
OVER_THE_CAP = timedelta(hours=1)


@dataclass(frozen=True)
class _Claimed:
    row: AnyRow
    token: str
    code: str


def send_due(
    database: Database, post: Post, at: datetime, stopped: Callable[[], bool] = lambda: False
) -> int:
    """Send what is due, some at a time; gives how many were dealt with. Ends when nothing is left, or
    when the cap of an hour is reached. Raises Unreachable when the mail server is not there; then
    nothing has changed for the messages that wait."""
    done = 0
    if not _anything_due(database, at):
        return done
    while claimed := [] if stopped() else _claim(database, post.settings, at):
        for index, one in enumerate(claimed):
            try:
                if stopped():
                    raise _Stopped
                _deal_with_or_put_off(database, post, one, at)
            except (Unreachable, _Stopped) as error:
                _release(database, claimed[index:])
                if isinstance(error, Unreachable):
                    raise
                return done
            done += 1
    return done


def _deal_with_or_put_off(database: Database, post: Post, one: _Claimed, at: datetime) -> None:
    """One message that breaks our own code must not keep the others from being sent."""
    try:
        _deal_with(database, post, one, at)
    except (Unreachable, Busy):
        raise
    except Exception as error:
        log.exception("a message could not be made", extra={"message_id": one.row.id})
        _put_off(
            database, post.notices.get(one.row.kind), one, at, f"our fault: {type(error).__name__}"
        )


class _Stopped(Exception):
    """The worker was asked to stop."""


def _due(at: datetime) -> Any:
    """The condition that a message is to be sent now, and no one else is at it."""
    return and_(
        Message.state == State.QUEUED,
        Message.channel == Channel.MAIL,
        Message.next_at <= at,
        or_(Message.claimed_until.is_(None), Message.claimed_until < at),
    )


def _anything_due(database: Database, at: datetime) -> bool:
    """Asked on a reading session, so that an idle worker does not take the writers' turn."""
    with database.reading() as db:
        return db.scalar(select(Message.id).where(_due(at)).limit(1)) is not None


def _claim(database: Database, settings: Settings, at: datetime) -> Sequence[_Claimed]:
    """Take some due messages for ourselves; of each one's token the hash alone is stored."""
    with database.writing() as db:
        sent = db.scalar(select(func.count()).where(Message.sent_at > at - timedelta(hours=1))) or 0
        room = min(AT_ONCE, max(0, settings.mail_per_hour - sent))
        ids: list[int] = []
        for urgency in Urgency:  # the hour's cap holds back only what can wait
            most = AT_ONCE - len(ids)
            most = min(most, max(0, room - len(ids))) if urgency is Urgency.CAN_WAIT else most
            ids += db.scalars(
                select(Message.id)
                .where(_due(at), Message.urgency == urgency)
                .order_by(Message.next_at, Message.id)
                .limit(most)
                .with_for_update(skip_locked=True)
            )
        rows = db.execute(select(*Message.__table__.c).where(Message.id.in_(ids))).all()
        claimed = [
            _Claimed(
                row,
                token_of(settings, row.mail_id),
                code_of(settings, row.mail_id, told_of(row).get("digits", 6)),
            )
            for row in sorted(rows, key=lambda row: (ids.index(row.id), row.id))
        ]
        if claimed:
            db.execute(
                update(Message),
                [
                    {
                        "id": one.row.id,
                        "claimed_until": at + CLAIM_LASTS,
                        "tries": one.row.tries + 1,
                        "token_hash": token_hash(one.token),
                        "code_hash": code_hash(settings, one.row.id, one.code),
                    }
                    for one in claimed
                ],
            )
    return claimed


def _deal_with(database: Database, post: Post, one: _Claimed, at: datetime) -> None:
    """Send, drop or put off one message."""
    notice = post.notices.get(one.row.kind)
    if notice is None:
        return _set(database, one, state=State.DROPPED, why="unknown kind")
    with database.reading() as db:
        ready, why = _ready(db, post, notice, one, at)
        over = ready is not None and over_the_cap(db, post, notice, one.row, ready[0], at)
    if why == NO_ADDRESS:
        return _refused(database, post, notice, one, at, why)
    if ready is None:
        return _set(database, one, state=State.DROPPED, why=why)
    if over:
        return _set(database, one, next_at=at + OVER_THE_CAP, why="many mails today", tries=0)
    to, envelope, saying, mail = ready
    if post.mailer is None and notice.kind.secret and not post.settings.demo:
        return _set(database, one, state=State.FAILED, why="no mail server is set")
    if post.mailer is None:
        shown = json.dumps({"subject": mail.subject, "text": mail.text})
        where = normal(to.address)
        return _set(
            database, one, state=State.SENT, why="shown", sent_at=at, shown=shown, address=where
        )
    message = mail_message(mail, notice, saying, to, envelope, post.settings, at)
    try:
        post.mailer.send(message, to.address)
    except NotThisAddress as error:
        return _refused(database, post, notice, one, at, f"address refused: {error}")
    except NotThisMail as error:
        return _set(database, one, state=State.FAILED, why=f"mail refused: {error}")
    except (NotNow, Dropped) as error:
        return _put_off(database, notice, one, at, f"put off: {error}")
    return _set(database, one, state=State.SENT, why="", sent_at=at, address=normal(to.address))


def _ready(
    db: Session, post: Post, notice: Notice, one: _Claimed, at: datetime
) -> tuple[tuple[Recipient, Envelope, Saying, Mail] | None, str]:
    """A message in words, or why it is not sent after all."""
    row = one.row
    if row.person_id is None:
        told = told_of(row)
        to: Recipient | None = Recipient(
            None, told.get("name", ""), row.address, told.get("language", "en")
        )
    else:
        to = post.readers.of(db, row.person_id)
    if to is None:
        return None, "the person has ended"
    if notice.kind.topic and notice.kind.topic in to.off:
        return None, "not wanted"
    if not ADDRESS.fullmatch(to.address):
        return None, NO_ADDRESS
    envelope = envelope_of(row, to.language, one.token, one.code)
    saying = notice.say(db, envelope, post.settings, at)
    if saying is None:
        return None, UNTRUE
    wording = wording_of(db, row.kind, to.language)
    words = words_of(notice, saying, to, envelope, wording, post.settings)
    return (to, envelope, saying, compose(words, post.renderer, post.settings)), ""


def _put_off(
    database: Database, notice: Notice | None, one: _Claimed, at: datetime, why: str
) -> None:
    """Try again later; after the last pause it is a call, or has failed."""
    if one.row.tries < len(PAUSES):
        return _set(database, one, next_at=at + PAUSES[one.row.tries], why=why[:200])
    return _set(database, one, why=why[:200], **_otherwise(notice))


def _refused(
    database: Database, post: Post, notice: Notice, one: _Claimed, at: datetime, why: str
) -> None:
    with database.writing() as db:
        if one.row.person_id:
            post.readers.refused(db, one.row.person_id, at)
        _write(db, one, why=why[:200], **_otherwise(notice))


def _otherwise(notice: Notice | None) -> dict[str, Any]:
    return {"channel": Channel.CALL} if notice and notice.kind.calls else {"state": State.FAILED}


def _set(database: Database, one: _Claimed, **values: Any) -> None:
    with database.writing() as db:
        _write(db, one, **values)


def _write(db: Session, one: _Claimed, **values: Any) -> None:
    db.execute(update(Message).where(Message.id == one.row.id).values(claimed_until=None, **values))


def _release(database: Database, claimed: Sequence[_Claimed]) -> None:
    """Leave messages to whoever comes next, as if they had not been claimed."""
    with database.writing() as db:
        for one in claimed:
            _write(db, one, tries=one.row.tries)
