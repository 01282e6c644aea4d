"""Trying to read what comes from outside three times, and then putting it aside (SECURITY I7)."""

import logging
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from portal.db import Database
from portal.imports.models import ReadingTry
from portal.reads import read
from portal.weather import is_weather

log = logging.getLogger(__name__)

MOST = 3
KEPT = timedelta(days=30)
AGAIN = timedelta(days=6)
"""What was put aside may be tried once more after this long."""


def begin(database: Database, key: str, at: datetime) -> bool:
    """Count a try before it begins; False for what was tried three times and is put aside."""
    with database.writing() as db:
        db.execute(delete(ReadingTry).where(ReadingTry.at < at - KEPT))
        row = db.get(ReadingTry, key, with_for_update=True)
        if row is None:
            db.add(ReadingTry(key=key, tries=1, at=at))
            return True
        if row.tries >= MOST and row.at > at - AGAIN:
            _put_aside(row, at)
            return False
        row.tries, row.at = row.tries + 1, at
        return True


def fail(database: Database, key: str, reason: str, at: datetime) -> bool:
    """Note why a try came to nothing; gives whether it was the last, so that it is put aside."""
    with database.writing() as db:
        row = db.get(ReadingTry, key, with_for_update=True)
        if row is None:
            return False
        row.reason = reason[:200]
        if row.tries >= MOST:
            _put_aside(row, at)
        return row.put_aside_at is not None


def succeed(db: Session, key: str) -> None:
    """Forget the tries of what was read."""
    db.execute(delete(ReadingTry).where(ReadingTry.key == key))


def give_back(database: Database, key: str) -> None:
    """Take a try back that came to nothing through no fault of what was read, if the database lets us."""
    try:
        with database.writing(1.0) as db:
            succeed(db, key)
    except Exception as error:
        if not is_weather(error):
            raise


class Try(NamedTuple):
    """A file that was put aside."""

    key: str
    reason: str
    put_aside_at: datetime | None


def put_aside(db: Session, size: int = 50) -> Sequence[Try]:
    """What was put aside, for the operator: key, reason and since when."""
    return read(
        db,
        Try,
        select(ReadingTry.key, ReadingTry.reason, ReadingTry.put_aside_at)
        .where(ReadingTry.put_aside_at.is_not(None))
        .order_by(ReadingTry.put_aside_at.desc())
        .limit(size),
    )


def _put_aside(row: ReadingTry, at: datetime) -> None:
    row.put_aside_at = row.put_aside_at or at
    row.reason = row.reason or "its reader was ended each time"
    log.warning("put aside", extra={"key": row.key, "why": row.reason})
