"""Reach-back: when something changes that cleared people, their coming work is looked at again.

Verbs only note whose clearance may have changed. The worker takes those notes in batches, asks each domain
what these people are signed up for, and lists what they are not cleared for any more, for a coordinator to
decide. Nothing is removed by itself. The cost follows the changes, not the people.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import and_, delete, insert, or_, select, update
from sqlalchemy.orm import Session, aliased

from portal import clock
from portal.act import Act
from portal.domain import ComingWork
from portal.messages.models import Mark
from portal.people.models import Membership, Person, Status
from portal.people.telling import To, tell_all
from portal.permissions import COMMAND_LINE, Role
from portal.programs.models import Placement, PlacementState
from portal.reads import among, read, rows
from portal.requirements import notices
from portal.requirements.clearance import Clearance, Item
from portal.requirements.credentials import note_change
from portal.requirements.models import (
    Affected,
    Cause,
    Change,
    Credential,
    Decision,
    Outcome,
    Rule,
    RuleOption,
    RuleVersion,
    Waiver,
)
from portal.requirements.readings import unread_by
from portal.requirements.records import Question, clearances
from portal.requirements.scopes import CURRENT, LASTS_LONGER

AT_ONCE = 500
WARN_DAYS = (60, 30, 7)
MOST_DAYS = 14


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
    known = db.execute(
        select(
            Affected.id,
            Affected.kind,
            Affected.source_id,
            Affected.requirement_id,
            Affected.day,
            Affected.decision,
        ).where(
            Affected.person_id.in_(people),
            or_(
                Affected.decision.is_(None),
                and_(Affected.decision == Decision.KEPT, Affected.requirement_id.is_(None)),
            ),
        )
    ).all()
    open_now = {(row.kind, row.source_id): row for row in known if row.decision is None}
    kept = {(row.kind, row.source_id, row.day) for row in known if row.decision}
    bad: dict[tuple[str, int], tuple[Work, int | None]] = {}
    for one in work:
        if found := missing[one.question]:
            proof = found[0].proof or next(iter(found[0].options), None)
            if proof or (one.kind, one.source_id, one.day) not in kept:
                bad[one.kind, one.source_id] = one, proof.id if proof else None
    mended = [row.id for key, row in open_now.items() if key not in bad]
    if mended:
        db.execute(
            update(Affected)
            .where(Affected.id.in_(mended), Affected.decision.is_(None))
            .values(decision=Decision.MENDED, decided_at=at)
        )
    for key, row in open_now.items():
        if key in bad and (row.day, row.requirement_id) != (bad[key][0].day, bad[key][1]):
            db.execute(
                update(Affected)
                .where(Affected.id == row.id, Affected.decision.is_(None))
                .values(day=bad[key][0].day, requirement_id=bad[key][1])
            )
    new = [pair for key, pair in bad.items() if key not in open_now]
    if new:
        db.execute(insert(Affected), [_row(one, why, causes, at) for one, why in new])


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


def is_new_day(db: Session, zone: str, at: datetime) -> bool:
    """Whether the day's warnings are still to be written."""
    mark = db.get(Mark, "paperwork")
    return mark is None or clock.local_day(mark.at, zone) < clock.local_day(at, zone)


def each_day(db: Session, zone: str, at: datetime) -> int:
    """Once on each local day: warn those whose proof ends in 60, 30 or 7 days and tell coordinators, and
    have the worker look at those whose proof ended. Days that were missed are made up for."""
    mark = db.scalar(select(Mark).where(Mark.name == "paperwork").with_for_update())
    today = clock.local_day(at, zone)
    if mark is None:
        mark = Mark(name="paperwork", at=at - clock.ONE_DAY)
        db.add(mark)
    last = max(clock.local_day(mark.at, zone), today - MOST_DAYS * clock.ONE_DAY)
    mark.at = at
    db.flush()
    if last >= today:
        return 0
    ended = {row.person_id for row in _ending(db, last, today - clock.ONE_DAY)}
    ended |= set(
        db.scalars(select(Waiver.person_id).where(Waiver.last_day >= last, Waiver.last_day < today))
    )
    note_change(db, ended, Cause.LAPSE, at)
    note_change(db, unread_by(db, last, today - clock.ONE_DAY), Cause.READING, at)
    return sum(_warn(db, last, today, days, at) for days in WARN_DAYS)


_ENDING = select(
    Credential.id, Credential.person_id, Credential.requirement_id, Credential.expires_on
).where(Credential.outcome == Outcome.ACCEPTED, CURRENT)


class Ending(NamedTuple):
    """A credential that ends on a day."""

    id: int
    person_id: int
    requirement_id: int
    expires_on: date | None


def _ending(db: Session, first: date, last: date) -> Sequence[Ending]:
    """The credentials that end in a span of days, both included."""
    return read(
        db, Ending, _ENDING.where(Credential.expires_on >= first, Credential.expires_on <= last)
    )


def _warn(db: Session, last: date, today: date, days: int, at: datetime) -> int:
    """Warn about what ends so many days ahead, of all days since the last time."""
    ahead = days * clock.ONE_DAY
    first = last + ahead + clock.ONE_DAY
    found = db.execute(
        _ENDING.where(
            Credential.expires_on >= first,
            Credential.expires_on <= today + ahead,
            ~LASTS_LONGER,
        )
    ).all()
    needed = _needed(db, {(row.person_id, row.requirement_id) for row in found}, today)
    whom = [row for row in found if (row.person_id, row.requirement_id) in needed]
    tell_all(
        Act(db, COMMAND_LINE, at),
        notices.ENDS,
        "credential",
        [
            To(
                row.person_id,
                row.id,
                min(needed[row.person_id, row.requirement_id]),
                key=f"ends:{row.id}:{days}",
            )
            for row in whom
        ],
    )
    programs = {one for row in whom for one in needed[row.person_id, row.requirement_id]}
    _tell_coordinators(db, programs, today, at)
    return len(whom)


def _needed(
    db: Session, pairs: Collection[tuple[int, int]], today: date
) -> dict[tuple[int, int], set[int]]:
    """For which programs people need a requirement, by the rules as they are today."""
    if not pairs:
        return {}
    latest = aliased(RuleVersion)
    newer = select(latest.id).where(
        latest.rule_id == RuleVersion.rule_id,
        latest.effective_on <= today,
        latest.effective_on > RuleVersion.effective_on,
    )
    statement = (
        select(Placement.person_id, RuleOption.requirement_id, Placement.program_id)
        .select_from(Placement)
        .join(Person, Person.id == Placement.person_id)
        .join(Rule, or_(Rule.program_id.is_(None), Rule.program_id == Placement.program_id))
        .join(RuleVersion, RuleVersion.rule_id == Rule.id)
        .join(RuleOption, RuleOption.rule_version_id == RuleVersion.id)
        .where(
            Placement.state == PlacementState.ACTIVE,
            Person.status != Status.ENDED,
            or_(Rule.position_id.is_(None), Rule.position_id == Placement.position_id),
            RuleVersion.effective_on <= today,
            ~newer.exists(),
            among(Placement.person_id, "people"),
            among(RuleOption.requirement_id, "requirements"),
        )
    )
    parameters = {
        "people": sorted({person for person, _ in pairs}),
        "requirements": sorted({requirement for _, requirement in pairs}),
    }
    found: dict[tuple[int, int], set[int]] = {}
    for row in rows(db, statement, parameters):
        if (row.person_id, row.requirement_id) in pairs:
            found.setdefault((row.person_id, row.requirement_id), set()).add(row.program_id)
    return found


def _tell_coordinators(db: Session, programs: Collection[int], today: date, at: datetime) -> None:
    """One message a day to each coordinator of some programs."""
    people = db.scalars(
        select(Membership.person_id)
        .where(
            Membership.role == Role.COORDINATOR,
            Membership.until.is_(None),
            Membership.program_id.in_(programs),
        )
        .distinct()
    ).all()
    to = [To(one, one, key=f"ending:{today:%Y%m%d}:{one}") for one in sorted(people)]
    tell_all(Act(db, COMMAND_LINE, at), notices.ENDING, "person", to)
