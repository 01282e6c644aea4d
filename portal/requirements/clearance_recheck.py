"""Reach-back: when something changes that cleared people, their coming work is looked at again.

Verbs only note whose clearance may have changed. The worker takes those notes in batches, asks each domain
what these people are signed up for, and lists what they are not cleared for any more, for a coordinator to
decide. Nothing is removed by itself. The cost follows the changes, not the people.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import and_, delete, insert, or_, select, update
from sqlalchemy.orm import Session

from portal import clock
from portal.domain import ComingWork
from portal.requirements.change_models import Affected, Change, Decision
from portal.requirements.clearance import Clearance, Item
from portal.requirements.records import Question, clearances

AT_ONCE = 500


@dataclass(frozen=True)
class Work:
    """Coming work of a person, as its domain knows it, on its local day."""

    kind: str
    source_id: int
    person_id: int
    program_id: int
    position_id: int
    day: date
    trainee: bool = False

    @property
    def question(self) -> Question:
        return Question(self.person_id, self.position_id, self.day, self.trainee)


def due(db: Session) -> bool:
    """Whether there is something to look at."""
    return db.scalar(select(Change.id).limit(1)) is not None


def look(
    db: Session, touched_by: Sequence[ComingWork], zone: str, at: datetime, size: int = AT_ONCE
) -> int:
    """Look at one batch of what changed; gives how many changes it was."""
    changes = db.execute(
        select(Change.id, Change.person_id, Change.requirement_id, Change.cause)
        .order_by(Change.id)
        .limit(size)
        .with_for_update(skip_locked=True)
    ).all()
    if not changes:
        return 0
    people = {row.person_id for row in changes}
    work = [one for touched in touched_by for one in touched(db, people, at)]
    judged = clearances(db, {one.question for one in work})
    causes = {row.person_id: row.cause for row in changes} | {
        (row.person_id, row.requirement_id): row.cause for row in changes
    }
    today = clock.local_day(at, zone)
    missing = {question: _really_missing(found, today) for question, found in judged.items()}
    _list(db, people, work, missing, causes, at)
    db.execute(delete(Change).where(Change.id.in_([row.id for row in changes])))
    return len(changes)


Causes = Mapping[int | tuple[int, int | None], str]
"""Why to look at a person again: for a requirement of theirs, or for any."""


def _list(
    db: Session,
    people: Collection[int],
    work: Sequence[Work],
    missing: Mapping[Question, Sequence[Item]],
    causes: Causes,
    at: datetime,
) -> None:
    """Bring the list of affected work up to date for some people."""
    known = _known(db, people)
    open_now = {(row.kind, row.source_id): row for row in known if row.decision is None}
    kept = {(row.kind, row.source_id, row.day) for row in known if row.decision}
    bad: dict[tuple[str, int], tuple[Work, int | None]] = {}
    for one in work:
        if found := missing[one.question]:
            proof = found[0].proof or next(iter(found[0].options), None)
            proof = (
                proof if proof and proof.id else None
            )  # what the portal asks for by itself has no row
            if proof or (one.kind, one.source_id, one.day) not in kept:
                bad[one.kind, one.source_id] = one, proof.id if proof else None
    mended = [row.id for key, row in open_now.items() if key not in bad]
    if mended:
        _set(db, Affected.id.in_(mended), decision=Decision.MENDED, decided_at=at)
    for key, row in open_now.items():
        if key in bad and (row.day, row.requirement_id) != (bad[key][0].day, bad[key][1]):
            _set(db, Affected.id == row.id, day=bad[key][0].day, requirement_id=bad[key][1])
    new = [pair for key, pair in bad.items() if key not in open_now]
    if new:
        db.execute(insert(Affected), [_row(one, why, causes, at) for one, why in new])


def _known(db: Session, people: Collection[int]) -> Sequence[Any]:
    """What is listed of some people: undecided, or kept for something that has no exception."""
    columns = (
        Affected.id,
        Affected.kind,
        Affected.source_id,
        Affected.requirement_id,
        Affected.day,
        Affected.decision,
    )
    listed = or_(
        Affected.decision.is_(None),
        and_(Affected.decision == Decision.KEPT, Affected.requirement_id.is_(None)),
    )
    return db.execute(select(*columns).where(Affected.person_id.in_(people), listed)).all()


def _set(db: Session, which: Any, **values: Any) -> None:
    """Change what is listed and no one has decided on."""
    db.execute(update(Affected).where(which, Affected.decision.is_(None)).values(**values))


def _row(one: Work, requirement_id: int | None, causes: Causes, at: datetime) -> dict[str, object]:
    cause = causes.get((one.person_id, requirement_id)) or causes[one.person_id]
    return {
        "kind": one.kind,
        "source_id": one.source_id,
        "person_id": one.person_id,
        "program_id": one.program_id,
        "position_id": one.position_id,
        "day": one.day,
        "requirement_id": requirement_id,
        "cause": cause,
        "found_at": at,
    }


def _really_missing(found: Clearance, today: date) -> list[Item]:
    """What is in the way and not just still to be read: for that there is time until its day."""
    return [one for one in found.missing if one.notice is None or one.notice.due_on < today]
