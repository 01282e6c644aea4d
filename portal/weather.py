"""What the database says when it is busy, full or away."""

from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout


class Busy(Exception):
    """The database did not give a writer its turn in time."""


def is_conflict(error: DBAPIError) -> bool:
    """Whether another transaction got in the way, so that a second try makes sense.

    Broken constraints are not meant here; these are PostgreSQL's serialization failure
    (40001), deadlock (40P01) and lock timeout (55P03), and SQLite's "database is locked".
    """
    state = getattr(error.orig, "sqlstate", None)
    return state in ("40001", "40P01", "55P03") or "database is locked" in str(error.orig)


def not_had_in_time(error: BaseException) -> bool:
    """Whether a lock was waited for in vain: the database is busy, and no one else changed the same."""
    orig = getattr(error, "orig", None)
    return getattr(orig, "sqlstate", None) == "55P03" or "database is locked" in str(orig)


WEATHER_STATES = ("08", "53", "57P")
"""PostgreSQL's classes of errors for a connection that broke, a lack of space or memory, and a server that
goes down or comes up."""


WEATHER_WORDS = ("database is locked", "disk is full", "disk I/O error", "unable to open database")
"""How SQLite says the same."""


def is_weather(error: BaseException) -> bool:
    """Whether the database is busy, full or away for a while, which is no one's mistake and passes."""
    if isinstance(error, Busy | PoolTimeout):
        return True
    if not isinstance(error, DBAPIError):
        return False
    state = getattr(error.orig, "sqlstate", None) or ""
    return (
        error.connection_invalidated
        or is_conflict(error)
        or state.startswith(WEATHER_STATES)
        or any(words in str(error.orig) for words in WEATHER_WORDS)
        or (isinstance(error, OperationalError) and not state and "connection" in str(error.orig))
    )
