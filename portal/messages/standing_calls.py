"""Calls that became untrue leave the call lists."""

from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from portal.db import Database
from portal.messages.envelopes import (
    envelope_of,
)
from portal.messages.models import Channel, Message, State
from portal.messages.posting import Post
from portal.messages.sending import CLAIM_LASTS
from portal.reads import AnyRow

CALLS_AT_ONCE = 100


def drop_untrue_calls(database: Database, post: Post, at: datetime) -> int:
    """Take cancels the call lists that have become untrue; gives how many were looked at."""
    with database.reading() as db:
        rows = db.execute(
            select(*Message.__table__.c)
            .where(
                Message.state == State.QUEUED,
                Message.channel.in_((Channel.CALL, Channel.POST)),
                (Message.claimed_until.is_(None)) | (Message.claimed_until < at),
            )
            .order_by(Message.id)
            .limit(CALLS_AT_ONCE)
        ).all()
        untrue = [row.id for row in rows if not _is_true(db, post, row, at)]
    if rows:
        with database.writing() as db:
            looked_at = update(Message).where(Message.id.in_([row.id for row in rows]))
            db.execute(looked_at.values(claimed_until=at + CLAIM_LASTS))
            gone = update(Message).where(Message.id.in_(untrue), Message.state == State.QUEUED)
            db.execute(gone.values(state=State.DROPPED, why="not true any more"))
    return len(rows)


def _is_true(db: Session, post: Post, row: AnyRow, at: datetime) -> bool:
    notice = post.notices.get(row.kind)
    return bool(notice and notice.say(db, envelope_of(row, "en"), post.settings, at))
