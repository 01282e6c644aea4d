"""Reading paperwork: what a person's roles ask and how they stand, their papers, and the queues."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import Select, and_, select
from sqlalchemy.orm import Session, aliased

from portal.people.models import Person, Status
from portal.permissions import Permission, Viewer
from portal.programs.applications import engagements
from portal.programs.models import Position, Program
from portal.programs.scopes import in_viewers_programs
from portal.reads import read
from portal.requirements.clearance import Clearance, clearance, cleared_days
from portal.requirements.evidence_models import Credential, Outcome, Waiver
from portal.requirements.models import Kind, Requirement, Verifier
from portal.requirements.records import asking_of, records_of
from portal.requirements.scopes import CURRENT, LASTS_LONGER, papers, waiting_papers
from portal.web.paging import PAGE_SIZE, Listing, PageOf

LOOKS_AHEAD = timedelta(days=365)
ENDING_DAYS = 60


@dataclass(frozen=True)
class Standing:
    """How a person stands in one position: today, and until which day if they are cleared and it ends
    within a year. `asked`: they asked to join, and are not placed yet."""

    position_id: int
    position: str
    translations: Any
    program: str
    program_translations: Any
    asked: bool
    today: Clearance
    until: date | None


_engaged = engagements()
_ROLES = (
    select(
        _engaged.c.person_id,
        _engaged.c.position_id,
        _engaged.c.program_id,
        _engaged.c.applied,
        Position.name,
        Position.translations,
        Program.name.label("program"),
        Program.translations.label("program_translations"),
    )
    .select_from(_engaged)
    .join(Position, Position.id == _engaged.c.position_id)
    .join(Program, Program.id == _engaged.c.program_id)
    .order_by(Program.name, Position.name)
)


def standings_of(
    db: Session, person_id: int, today: date, viewer: Viewer | None = None
) -> list[Standing]:
    """How a person stands in each position they have or asked for; with `viewer`, in those of the
    programs whose paperwork that one sees."""
    mine = _ROLES.where(_engaged.c.person_id == person_id)
    if viewer is not None:
        mine = mine.where(
            in_viewers_programs(_engaged.c.program_id, viewer, Permission.CREDENTIALS_SEE)
        )
    roles = db.execute(mine).all()
    asking = asking_of(db, {row.position_id: row.program_id for row in roles})
    record = records_of(db, [person_id], asking.values())[person_id]
    found = []
    for row in roles:
        asked = asking[row.position_id]
        judged = clearance(record, asked, today)
        spans = cleared_days(record, asked, today, today + LOOKS_AHEAD) if judged.clear else []
        until = spans[0][1] if spans and spans[0][1] < today + LOOKS_AHEAD else None
        found.append(
            Standing(
                row.position_id,
                row.name,
                row.translations,
                row.program,
                row.program_translations,
                bool(row.applied),
                judged,
                until,
            )
        )
    return found


_verifier, _recorder = aliased(Person), aliased(Person)
_PAPERS = (
    Credential.id, Credential.person_id, Credential.requirement_id, Credential.outcome,
    Credential.issued_on, Credential.effective_on, Credential.expires_on, Credential.reason,
    Credential.evidence_id, Credential.recorded_at, Credential.asked, Credential.signed_name,
    Credential.supersedes_id, CURRENT.label("current"), Requirement.name, Requirement.kind,
    Requirement.verifier, Requirement.translations, _verifier.name.label("verified_by"),
    _recorder.name.label("recorded_by"),
)  # fmt: skip


def _with_names(scope: Select[Credential]) -> Select[Any]:
    return (
        scope.outerjoin(_verifier, _verifier.id == Credential.verified_by_id)
        .outerjoin(_recorder, _recorder.id == Credential.recorded_by_id)
        .with_only_columns(*_PAPERS)
    )


class Paper(NamedTuple):
    """A credential as lists print it; in the queue of reviews with its `person`'s name."""

    id: int
    person_id: int
    requirement_id: int
    outcome: Outcome
    issued_on: date
    effective_on: date
    expires_on: date | None
    reason: str
    evidence_id: int | None
    recorded_at: datetime
    asked: str | None
    signed_name: str
    supersedes_id: int | None
    current: bool
    name: str
    kind: Kind
    verifier: Verifier
    translations: Mapping[str, Any]
    verified_by: str | None
    recorded_by: str | None
    person: str = ""


def papers_of(db: Session, scope: Select[Credential], person_id: int) -> Sequence[Paper]:
    """A person's papers within a scope, the newest first; `current` where nothing came after."""
    return read(
        db,
        Paper,
        _with_names(scope)
        .where(Credential.person_id == person_id)
        .order_by(Credential.id.desc())
        .limit(200),
    )


def own_papers(person_id: int) -> Select[Credential]:
    """One's own papers."""
    return (
        select(Credential)
        .join(Requirement, Requirement.id == Credential.requirement_id)
        .where(Credential.person_id == person_id)
    )


class WaiverLine(NamedTuple):
    """An exception as lists print it."""

    id: int
    first_day: date
    last_day: date
    reason: str
    ended_on: date | None
    name: str
    translations: Mapping[str, Any]
    position: str | None
    position_translations: Mapping[str, Any]
    approved_by: str | None


def waivers_of(db: Session, scope: Select[Waiver], person_id: int) -> Sequence[WaiverLine]:
    """A person's exceptions within a scope, the newest first."""
    return read(
        db,
        WaiverLine,
        scope.outerjoin(Position, Position.id == Waiver.position_id)
        .outerjoin(_verifier, _verifier.id == Waiver.approved_by_id)
        .with_only_columns(
            Waiver.id,
            Waiver.first_day,
            Waiver.last_day,
            Waiver.reason,
            Waiver.ended_on,
            Requirement.name,
            Requirement.translations,
            Position.name.label("position"),
            Position.translations.label("position_translations"),
            _verifier.name.label("approved_by"),
        )
        .where(Waiver.person_id == person_id)
        .order_by(Waiver.id.desc())
        .limit(100),
    )


REVIEWS = Listing(Paper, (Credential.id,))


def review_queue(db: Session, viewer: Viewer, after: str, size: int = PAGE_SIZE) -> PageOf[Paper]:
    """What waits for review, the oldest first."""
    waiting = (
        _with_names(waiting_papers(viewer))
        .join(Person, Person.id == Credential.person_id)
        .add_columns(Person.name.label("person"))
    )
    return replace(REVIEWS, size=size).page(db, waiting, after)


class EndingLine(NamedTuple):
    """A document that ends soon."""

    id: int
    person_id: int
    expires_on: date | None
    name: str
    requirement: str
    translations: Mapping[str, Any]


ENDINGS = Listing(EndingLine, (Credential.expires_on, Credential.id))


def ending_soon(
    db: Session, viewer: Viewer, today: date, after: str, size: int = PAGE_SIZE
) -> PageOf[EndingLine]:
    """What ends within 60 days and has nothing that lasts longer beside it, the soonest first."""
    ending = (
        papers(viewer)
        .join(Person, and_(Person.id == Credential.person_id, Person.status != Status.ENDED))
        .with_only_columns(
            Credential.id,
            Credential.person_id,
            Credential.expires_on,
            Person.name,
            Requirement.name.label("requirement"),
            Requirement.translations,
        )
        .where(
            Credential.outcome == Outcome.ACCEPTED,
            CURRENT,
            Credential.expires_on >= today,
            Credential.expires_on <= today + timedelta(days=ENDING_DAYS),
            ~LASTS_LONGER,
        )
    )
    return replace(ENDINGS, size=size).page(db, ending, after)
