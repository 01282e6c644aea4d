"""Parts of a transaction that can be taken back alone."""

from collections.abc import Iterator, MutableMapping
from contextlib import contextmanager
from typing import Any

from sqlalchemy.orm import Session


@contextmanager
def savepoint(session: Session) -> Iterator[None]:
    """A part of a transaction that an error undoes alone, with what its session noted meanwhile: what is to be
    written last, who was told."""
    before = {name: (noted, _copied(noted)) for name, noted in session.info.items()}
    try:
        with session.begin_nested():
            yield
    except Exception:
        _put_back(session.info, before)
        raise


def _copied(noted: Any) -> Any:
    """Lists and mappings as they are now; anything else is not copied."""
    if isinstance(noted, list):
        return list(noted)
    if isinstance(noted, dict):
        return {name: _copied(value) for name, value in noted.items()}
    return noted


def _put_back(info: MutableMapping[Any, Any], before: dict[Any, tuple[Any, Any]]) -> None:
    """Fill lists and mappings as they were, in place: whoever holds one goes on looking at it."""
    info.clear()
    for name, (noted, copy) in before.items():
        if isinstance(noted, list):
            noted[:] = copy
        elif isinstance(noted, dict):
            noted.clear()
            noted.update(copy)
        info[name] = noted


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
