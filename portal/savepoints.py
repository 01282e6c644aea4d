"""Parts of a transaction that can be taken back alone."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy.orm import Session


@contextmanager
def savepoint(session: Session) -> Iterator[None]:
    """A part of a transaction that an error undoes alone, with what its session noted meanwhile: what is to be
    written last, who was told."""
    before = {name: _copied(noted) for name, noted in session.info.items()}
    try:
        with session.begin_nested():
            yield
    except Exception:
        session.info.clear()
        session.info.update(before)
        raise


def _copied(noted: Any) -> Any:
    """Lists and mappings as they are now; anything else is not copied."""
    if isinstance(noted, list):
        return list(noted)
    if isinstance(noted, dict):
        return {name: _copied(value) for name, value in noted.items()}
    return noted


class _Tried(Exception):
    """What was tried went well."""


@contextmanager
def tried(session: Session) -> Iterator[None]:
    """A part of a transaction that is taken back again, so that only what it raises is learned."""
    try:
        with savepoint(session):
            yield
            session.flush()
            raise _Tried
    except _Tried:
        session.expire_all()
