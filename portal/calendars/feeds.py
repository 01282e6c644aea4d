"""Calendar feeds: an address of a person's own, which their calendar program asks again and again."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.act import Act
from portal.audit.log import record
from portal.calendars.models import Feed
from portal.people.models import Person, Status
from portal.people.tokens import hashed, new_token
from portal.reads import read
from portal.web.errors import NotFound, Refused
from portal.words import text

MOST = 5


def add_feed(act: Act) -> str:
    """Make a calendar address for oneself; gives its token, which is stored nowhere."""
    assert act.by.person_id
    if len(feeds_of(act.db, act.by.person_id)) >= MOST:
        raise Refused(text("You already have several calendar links. Turn one off first."))
    token, token_hash = new_token()
    feed = Feed(person_id=act.by.person_id, token_hash=token_hash, created_at=act.at)
    act.db.add(feed)
    act.db.flush()
    record(act, "feed.added", feed)
    return token


def end_feed(act: Act, feed_id: int) -> None:
    """End one of one's own calendar addresses, at once and for good."""
    feed = act.db.scalar(select(Feed).where(Feed.id == feed_id, Feed.person_id == act.by.person_id))
    if feed is None:
        raise NotFound
    if feed.revoked_at is None:
        feed.revoked_at = act.at
        record(act, "feed.ended", feed)


class FeedLine(NamedTuple):
    """A calendar address of a person."""

    id: int
    created_at: datetime


def feeds_of(db: Session, person_id: int) -> Sequence[FeedLine]:
    """The calendar addresses of a person that work: id, and since when."""
    return read(
        db,
        FeedLine,
        select(Feed.id, Feed.created_at)
        .where(Feed.person_id == person_id, Feed.revoked_at.is_(None))
        .order_by(Feed.id),
    )


def reader_of(db: Session, token: str) -> tuple[int, str, datetime]:
    """Whose feed a token opens: person, language, since when. Raises NotFound for a revoked or unknown
    one, and when the person has ended (SECURITY A7)."""
    row = db.execute(
        select(Person.id, Person.language, Feed.created_at)
        .join(Feed, Feed.person_id == Person.id)
        .where(
            Feed.token_hash == hashed(token),
            Feed.revoked_at.is_(None),
            Person.status != Status.ENDED,
        )
    ).one_or_none()
    if row is None:
        raise NotFound
    return row.id, row.language, row.created_at
