"""Weighing moves against limits: once all shifts that move together have moved."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import NamedTuple

from sqlalchemy.orm import Session

from portal.shifts.companions import kept_apart
from portal.shifts.limits import Own, Work, bounds_of, work_around, worse
from portal.shifts.models import Shift, Signup
from portal.web.errors import Refused
from portal.words import text

MOVED = "moved_signups"
"""Under this name a session keeps where the signups were that move."""


class Moved(NamedTuple):
    """A signup whose shift moves, and when that was before. `apart`: a wish not to serve at the same time as
    another was broken already, or does not count."""

    own: Own
    shift: Shift
    person_id: int
    name: str
    starts_at: datetime
    ends_at: datetime
    apart: bool


@contextmanager
def weighed_together(db: Session) -> Iterator[None]:
    """Within it shifts move. At its end raises Refused, by name, where someone would break a limit further than
    before. What is inside another one is weighed by that."""
    if MOVED in db.info:
        yield
        return
    moved: dict[int, Moved] = {}
    db.info[MOVED] = moved
    try:
        yield
        _refuse_over(db, moved)
        _refuse_apart(db, moved)
    finally:
        del db.info[MOVED]


def note_move(db: Session, shift: Shift, signups: Sequence[Signup]) -> None:
    """Note where the signups of a shift are before it moves."""
    moved: dict[int, Moved] = db.info[MOVED]
    apart = kept_apart(db, [shift.id], {one.person_id for one in signups})
    for one in signups:
        own = Own(one.id, shift.program_id, one.person.adult_on, shift.zone)
        was = shift.starts_at, shift.ends_at
        kept = bool(one.over_limit) or (shift.id, one.person_id) in apart
        moved.setdefault(one.id, Moved(own, shift, one.person_id, one.person.name, *was, kept))


def _refuse_over(db: Session, moved: Mapping[int, Moved]) -> None:
    bounds = bounds_of(db, {one.own.program_id for one in moved.values()})
    if not bounds or not moved:
        return
    db.flush()
    first = min(min(one.starts_at, one.shift.starts_at) for one in moved.values())
    last = max(max(one.ends_at, one.shift.ends_at) for one in moved.values())
    work = work_around(db, {one.person_id for one in moved.values()}, first, last)
    over = set()
    for one in moved.values():
        now = work[one.person_id]
        before = [_as_it_was(row, moved) for row in now]
        then = bounds.broken_by(one.own, now, one.shift.starts_at, one.shift.ends_at)
        if worse(then, bounds.broken_by(one.own, before, one.starts_at, one.ends_at)):
            over.add(one.name)
    if over:
        raise Refused(
            text(
                "These people would be over a limit then: %(names)s. Choose another time, or remove "
                "them first.",
                names=", ".join(sorted(over)),
            )
        )


def _refuse_apart(db: Session, moved: Mapping[int, Moved]) -> None:
    """Refuse, by name, where people who are kept apart would serve at the same time, who don't now."""
    db.flush()
    shifts = {one.shift.id for one in moved.values()}
    then = kept_apart(db, sorted(shifts), {one.person_id for one in moved.values()})
    names = {
        one.name
        for one in moved.values()
        if not one.apart and (one.shift.id, one.person_id) in then
    }
    if names:
        words = text(
            "These people aren't scheduled at the same time as others then: %(names)s.",
            names=", ".join(sorted(names)),
        )
        raise Refused(words)


def _as_it_was(row: Work, moved: Mapping[int, Moved]) -> Work:
    was = moved.get(row.signup_id or 0)
    return row._replace(starts_at=was.starts_at, ends_at=was.ends_at) if was else row
