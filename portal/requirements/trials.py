"""Trial periods: who is on trial in which position, and how it ended. The outcome is a credential: passed,
extended until a day, or ended, which ends the placement too."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session, aliased

from portal.act import Act
from portal.audit.log import record
from portal.languages import OTHERS
from portal.people.models import Person, Status
from portal.people.people import lock_people
from portal.permissions import Permission, Viewer
from portal.programs.models import Placement, PlacementState, Position, Program
from portal.programs.placements import end_placement
from portal.programs.scopes import in_viewers_programs
from portal.reads import AnySelect, read
from portal.requirements.credentials import Paper, months_after, write_down
from portal.requirements.decisions import decide_against, extend_until
from portal.requirements.evidence_models import Credential, Outcome
from portal.requirements.models import Kind, Requirement, Trial, Validity
from portal.web.errors import Refused
from portal.words import CATALOGS, in_language, text

MOST = 100
MOST_LETTERS = 120
"""The longest name of a requirement."""


def configure(act: Act, position: Position, months: int, shifts: int) -> None:
    """Say how long the trial period of a position is; 0 of both is none any more."""
    trial = act.db.get(Trial, position.id)
    if trial is None and (months or shifts):
        requirement = Requirement(
            program_id=position.program_id,
            kind=Kind.TRIAL,
            name=_name(position, "en"),
            validity=Validity.NONE,
            translations={one: {"name": _name(position, one)} for one in OTHERS},
        )
        act.db.add(requirement)
        act.db.flush()
        trial = Trial(position_id=position.id, requirement_id=requirement.id, months=0, shifts=0)
        act.db.add(trial)
    if trial is not None:
        trial.months, trial.shifts = months, shifts
    record(act, "trial.configured", position)


def _name(position: Position, language: str) -> str:
    role = in_language(language, position.name, position.translations, "name")
    whole = CATALOGS[language].say(text("Trial period: %(role)s", role=role))
    return whole[:MOST_LETTERS]


@dataclass(frozen=True)
class OnTrial:
    """Someone on trial: since when, until which day, beside how many shifts with a supervisor."""

    row: "TrialLine"
    due: date


_passed, _extended = aliased(Credential), aliased(Credential)
_later = aliased(Credential)
ON_TRIAL = (
    select(
        Placement.id,
        Placement.person_id,
        Placement.position_id,
        Placement.program_id,
        Placement.starts_on,
        Person.name,
        Position.name.label("position"),
        Position.translations,
        Trial.months,
        Trial.shifts,
        Trial.requirement_id,
        Program.name.label("program"),
        select(_extended.expires_on)
        .where(
            _extended.person_id == Placement.person_id,
            _extended.requirement_id == Trial.requirement_id,
            _extended.outcome == Outcome.EXTENDED,
            _extended.effective_on >= Placement.starts_on,
        )
        .order_by(_extended.id.desc())
        .limit(1)
        .scalar_subquery()
        .label("extended"),
    )
    .select_from(Placement)
    .join(Trial, Trial.position_id == Placement.position_id)
    .join(Person, Person.id == Placement.person_id)
    .join(Position, Position.id == Placement.position_id)
    .join(Program, Program.id == Placement.program_id)
    .where(
        Placement.state == PlacementState.ACTIVE,
        Person.status != Status.ENDED,
        or_(Trial.months > 0, Trial.shifts > 0),
        ~select(_passed.id)
        .outerjoin(_later, _later.supersedes_id == _passed.id)
        .where(
            _passed.person_id == Placement.person_id,
            _passed.requirement_id == Trial.requirement_id,
            _passed.outcome == Outcome.ACCEPTED,
            _later.id.is_(None),
        )
        .exists(),
    )
)
"""Who holds a position with a trial period and has not passed it."""


def trials_of(viewer: Viewer, looked_after: Collection[int] = ()) -> AnySelect:
    """Who is on trial: for coordinators in their programs, for supervisors those they look after."""
    theirs = and_(
        in_viewers_programs(Placement.program_id, viewer, Permission.SUPERVISION_SEE),
        Placement.person_id.in_(looked_after),
    )
    return ON_TRIAL.where(
        or_(in_viewers_programs(Placement.program_id, viewer, Permission.PEOPLE_MANAGE), theirs)
    )


class TrialLine(NamedTuple):
    """Someone who holds a position on trial."""

    id: int
    person_id: int
    position_id: int
    program_id: int
    starts_on: date
    name: str
    position: str
    translations: Mapping[str, Any]
    months: int
    shifts: int
    requirement_id: int
    program: str
    extended: date | None


def on_trial(db: Session, scope: AnySelect, size: int = MOST) -> list[OnTrial]:
    """Those of a scope, whose trial ends first before the others."""
    rows = read(db, TrialLine, scope.order_by(Placement.starts_on, Placement.id).limit(size))
    return sorted((OnTrial(row, due_of(row)) for row in rows), key=lambda one: one.due)


def due_of(row: TrialLine) -> date:
    """Until when a trial period runs."""
    if row.extended:
        return row.extended
    return months_after(row.starts_on, row.months)


@dataclass(frozen=True)
class Review:
    """How a trial period is judged: `outcome` pass, extend (until a day) or end, and why."""

    outcome: str
    reason: str = ""
    until: date | None = None


def review(act: Act, placement: Placement, judged: Review, today: date) -> Credential:
    """Judge someone's trial period, for someone else (SECURITY Z8)."""
    lock_people(act.db, [placement.person_id])
    trial = act.db.get(Trial, placement.position_id)
    running = read(act.db, TrialLine, ON_TRIAL.where(Placement.id == placement.id))
    if trial is None or not running:
        raise Refused(text("This trial period already ended."))
    requirement, person_id = trial.requirement, placement.person_id
    if judged.outcome == "pass":
        return write_down(act, person_id, requirement, Paper(today))
    if not judged.reason:
        raise Refused(fields={"reason": text("Enter a reason.")})
    if judged.outcome == "extend":
        if judged.until is None or judged.until <= max(today, due_of(running[0])):
            raise Refused(
                fields={"until": text("Enter a date after the planned end of the trial.")}
            )
        paper = Paper(today, judged.until)
        return extend_until(act, person_id, requirement, paper, judged.reason)
    end_placement(act, placement, today, judged.reason)
    return decide_against(act, person_id, requirement, today, reason=judged.reason)
