"""Warnings about documents that end soon."""

from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, aliased

from portal import clock
from portal.act import Act
from portal.messages.marks import held
from portal.messages.models import Mark
from portal.people.models import Membership, Person, Status
from portal.people.notify import To, tell_all
from portal.permissions import COMMAND_LINE, Role
from portal.programs.models import Placement, PlacementState
from portal.reads import among, read, rows
from portal.requirements import notices
from portal.requirements.acknowledgements import unread_by
from portal.requirements.change_models import Cause
from portal.requirements.credentials import note_change
from portal.requirements.evidence_models import Credential, Outcome, Waiver
from portal.requirements.models import Rule, RuleOption, RuleVersion
from portal.requirements.scopes import CURRENT, LASTS_LONGER

WARN_DAYS = (60, 30, 7)


MOST_DAYS = 14
MARK = "paperwork"


def each_day(db: Session, zone: str, at: datetime) -> int:
    """Once on each local day: warn those whose proof ends in 60, 30 or 7 days and tell coordinators, and
    have the worker look at those whose proof ended. Days that were missed are made up for."""
    mark = held(db, MARK)
    today = clock.local_day(at, zone)
    if mark is None:
        mark = Mark(name=MARK, at=at - clock.ONE_DAY)
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
