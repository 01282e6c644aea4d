"""Near misses: a row that a query finds, and the single changes after which it must not."""

from collections.abc import Callable, Collection
from typing import Any

from sqlalchemy.orm import Session


def found_unless(
    db: Session, found: Callable[[], Collection[Any]], row: Any, /, **changes: Any
) -> None:
    """A row is found by its id, and with each single change to it, or each of a list, it is not."""
    db.flush()
    _each(db, found, row.id, row, changes, wanted=False)


def found_also(
    db: Session, found: Callable[[], Collection[Any]], row: Any, /, **changes: Any
) -> None:
    """A row is found by its id, also with each single change to it, or each of a list."""
    db.flush()
    _each(db, found, row.id, row, changes, wanted=True)


def holds_unless(db: Session, holds: Callable[[], Any], row: Any, /, **changes: Any) -> None:
    """Something is true, and with each single change to a row, or each of a list, it is not."""
    _each(db, lambda: [True] if holds() else [], True, row, changes, wanted=False)


def holds_also(db: Session, holds: Callable[[], Any], row: Any, /, **changes: Any) -> None:
    """Something is true, also with each single change to a row, or each of a list."""
    _each(db, lambda: [True] if holds() else [], True, row, changes, wanted=True)


def reads_after(
    db: Session, read: Callable[[], Any], what: Any, row: Any, /, **changes: Any
) -> None:
    """Something else is read to begin with and in the end, and `what` after each single change to a row."""
    db.flush()
    whole = read()
    assert whole != what, "read to begin with"
    for field, values in changes.items():
        before = getattr(row, field)
        for value in values if isinstance(values, list) else [values]:
            setattr(row, field, value)
            db.flush()
            assert read() == what, f"{field} = {value!r}"
            setattr(row, field, before)
            db.flush()
    assert read() == whole


def _each(
    db: Session,
    found: Callable[[], Collection[Any]],
    key: Any,
    row: Any,
    changes: dict[str, Any],
    *,
    wanted: bool,
) -> None:
    db.flush()
    assert key in found(), "not found to begin with"
    for field, values in changes.items():
        before = getattr(row, field)
        for value in values if isinstance(values, list) else [values]:
            setattr(row, field, value)
            db.flush()
            assert (key in found()) is wanted, f"{field} = {value!r}"
            setattr(row, field, before)
            db.flush()
    assert key in found(), "not found in the end"
