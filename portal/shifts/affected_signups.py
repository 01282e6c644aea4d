"""Reach-back on shifts: coming signups of people who are not cleared for them any more, and what a
coordinator decides about each: keep with an exception, remove and tell, or an exception for longer."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import Select, and_, bindparam, select
from sqlalchemy.orm import Session

from portal import clock
from portal.act import Act
from portal.audit.log import record
from portal.commitments.kinds import SHIFT
from portal.images import watch
from portal.people.models import Person
from portal.people.people import lock_people
from portal.permissions import Permission, Viewer
from portal.programs.models import Position, Program
from portal.programs.scopes import in_viewers_programs
from portal.reads import among, read, rows
from portal.requirements import waivers
from portal.requirements.change_models import Affected, Cause, Decision
from portal.requirements.clearance import Clearance
from portal.requirements.clearance_recheck import Work
from portal.requirements.models import Requirement
from portal.requirements.records import Question, clearances
from portal.shifts import signups
from portal.shifts.models import Shift, Signup, SignupState, Slot
from portal.shifts.undoable import SHIFTS
from portal.web.errors import Refused
from portal.words import text

MOST = 200

_COMING = (
    select(
        Signup.id,
        Signup.person_id,
        Shift.program_id,
        Slot.position_id,
        Shift.starts_at,
        Shift.zone,
        Signup.trainee,
    )
    .join(Shift, Shift.id == Signup.shift_id)
    .join(Slot, Slot.id == Signup.slot_id)
    .where(
        among(Signup.person_id, "people"),
        Signup.state == SignupState.SIGNED_UP,
        Shift.starts_at > bindparam("at"),
    )
)


def coming_work(db: Session, people: Collection[int], at: datetime) -> Sequence[Work]:
    """What some people are signed up for from a moment on, for the sweep."""
    found = rows(db, _COMING, {"people": sorted(people), "at": at})
    return [
        Work(
            SHIFT,
            row.id,
            row.person_id,
            row.program_id,
            row.position_id,
            clock.local_day(row.starts_at, row.zone),
            row.trainee,
        )
        for row in found
    ]


def affected(viewer: Viewer, at: datetime) -> Select[Affected]:
    """The affected signups a coordinator has to decide on, of shifts that have not begun."""
    return (
        select(Affected)
        .join(
            Signup,
            and_(
                Affected.kind == SHIFT,
                Signup.id == Affected.source_id,
                Signup.state == SignupState.SIGNED_UP,
            ),
        )
        .join(Shift, Shift.id == Signup.shift_id)
        .where(
            Affected.decision.is_(None),
            in_viewers_programs(Affected.program_id, viewer, Permission.SHIFTS_MANAGE),
            Affected.person_id.is_distinct_from(viewer.person_id),
            Shift.starts_at > at,
        )
    )


@dataclass(frozen=True)
class Line:
    """One affected signup, with how its person stands now on its day."""

    row: "AffectedLine"
    clearance: Clearance


class AffectedLine(NamedTuple):
    """A signup whose person is not cleared any more."""

    id: int
    person_id: int
    position_id: int
    day: date
    cause: Cause
    found_at: datetime
    shift_id: int
    starts_at: datetime
    ends_at: datetime
    zone: str
    title: str
    trainee: bool
    name: str
    position: str
    translations: Mapping[str, Any]
    program: str
    program_translations: Mapping[str, Any]


def list_affected(db: Session, viewer: Viewer, at: datetime, size: int = MOST) -> list[Line]:
    """The queue, soonest shift first."""
    found = read(
        db,
        AffectedLine,
        affected(viewer, at)
        .join(Person, Person.id == Affected.person_id)
        .join(Position, Position.id == Affected.position_id)
        .join(Program, Program.id == Affected.program_id)
        .with_only_columns(
            Affected.id,
            Affected.person_id,
            Affected.position_id,
            Affected.day,
            Affected.cause,
            Affected.found_at,
            Shift.id.label("shift_id"),
            Shift.starts_at,
            Shift.ends_at,
            Shift.zone,
            Shift.title,
            Signup.trainee,
            Person.name,
            Position.name.label("position"),
            Position.translations,
            Program.name.label("program"),
            Program.translations.label("program_translations"),
        )
        .order_by(Shift.starts_at, Affected.id)
        .limit(size),
    )
    judged = clearances(db, {_question(row) for row in found})
    return [Line(row, judged[_question(row)]) for row in found]


def _question(row: AffectedLine) -> Question:
    return Question(row.person_id, row.position_id, row.day, row.trainee)


def keep(act: Act, ids: Collection[int], reason: str, until: date | None) -> int:
    """Keep people on shifts they are not cleared for, with an exception each: for the shift's day or, with
    `until`, from then until another one. What no exception is possible from (a background check, an age) is
    refused, all of it. Gives how many were kept."""
    chosen = _taken(act, ids)
    judged = clearances(act.db, {_ask(one, signup) for one, signup in chosen})
    requirements = _requirements(act.db, judged.values())
    for one, signup in chosen:
        last = max(until, one.day) if until else one.day
        for item in judged[_ask(one, signup)].missing:
            proof = item.proof or next(iter(item.options), None)
            if proof is None:
                # something to read: it is kept with the reason alone, and the sweep knows it by that
                one.requirement_id = None
                continue
            if not proof.id:
                raise Refused(waivers.NO_EXCEPTION)
            terms = waivers.Terms(one.day, last, reason, one.position_id)
            waiver = waivers.give(act, one.person_id, requirements[proof.id], terms)
            one.waiver_id = waiver.id
        _decide(act, one, Decision.KEPT, reason)
    return len(chosen)


def remove(act: Act, ids: Collection[int], reason: str) -> int:
    """Take people off shifts they are not cleared for, and tell them. Gives how many."""
    chosen = _taken(act, ids)
    watch(act, SHIFTS, sorted({signup.shift_id for _, signup in chosen}))
    for one, signup in chosen:
        signups.remove(act, signup, reason)
        _decide(act, one, Decision.REMOVED, reason)
    return len(chosen)


def _taken(act: Act, ids: Collection[int]) -> list[tuple[Affected, Signup]]:
    """The chosen rows that no one decided on meanwhile, held until the end, with their people locked."""
    wanted = affected(act.by, act.at).where(Affected.id.in_(ids))
    lock_people(act.db, act.db.scalars(wanted.with_only_columns(Affected.person_id)).all())
    found = act.db.execute(
        wanted.add_columns(Signup)
        .order_by(Signup.slot_id, Affected.id)
        .with_for_update(of=Affected)
        .execution_options(populate_existing=True)
    ).all()
    if not found:
        raise Refused(text("Select at least one person who still needs a decision."))
    return [(row[0], row[1]) for row in found]


def _ask(one: Affected, signup: Signup) -> Question:
    return Question(one.person_id, one.position_id, one.day, signup.trainee)


def _requirements(db: Session, judged: Collection[Clearance]) -> dict[int, Requirement]:
    ids = {proof.id for one in judged for item in one.missing for proof in item.options}
    found = db.scalars(select(Requirement).where(Requirement.id.in_(ids)))
    return {one.id: one for one in found}


def _decide(act: Act, one: Affected, decision: Decision, reason: str) -> None:
    one.decision, one.decided_at, one.decided_by_id, one.reason = (
        decision,
        act.at,
        act.by.person_id,
        reason,
    )
    act.db.flush()
    record(act, f"affected.{decision.value}", one)
