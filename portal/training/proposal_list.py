"""What passes propose and someone has to confirm."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import func
from sqlalchemy.orm import Session

from portal.people.models import Person
from portal.permissions import Viewer
from portal.programs.models import Position
from portal.reads import read
from portal.requirements.models import Requirement
from portal.training.models import (
    Course,
    Enrolment,
)
from portal.training.proposal_models import Proposal, ProposalKind, ProposalState
from portal.training.scopes import (
    decidable_proposals,
)


class ProposalLine(NamedTuple):
    """What a pass proposes, for whoever confirms it."""

    id: int
    kind: ProposalKind
    state: ProposalState
    reason: str
    made_at: datetime
    person_id: int
    day: date
    note: str
    asked: str | None
    name: str
    course: str
    translations: Mapping[str, Any]
    requirement: str | None
    requirement_translations: Mapping[str, Any]
    position: str | None
    position_translations: Mapping[str, Any]


def waiting_proposals(db: Session, viewer: Viewer) -> Sequence[ProposalLine]:
    """What passes propose and someone has to confirm, the oldest first."""
    return read(
        db,
        ProposalLine,
        decidable_proposals(viewer)
        .join(Course, Course.id == Enrolment.course_id)
        .join(Person, Person.id == Enrolment.person_id)
        .outerjoin(Requirement, Requirement.id == Proposal.requirement_id)
        .outerjoin(Position, Position.id == Proposal.position_id)
        .with_only_columns(
            Proposal.id,
            Proposal.kind,
            Proposal.state,
            Proposal.reason,
            Proposal.made_at,
            Enrolment.person_id,
            Enrolment.day,
            Enrolment.note,
            Enrolment.asked,
            Person.name,
            Course.name.label("course"),
            Course.translations,
            Requirement.name.label("requirement"),
            Requirement.translations.label("requirement_translations"),
            Position.name.label("position"),
            Position.translations.label("position_translations"),
        )
        .order_by(Proposal.made_at, Proposal.id)
        .limit(100),
    )


def number_of_proposals(db: Session, viewer: Viewer) -> int:
    """How many those are."""
    return db.scalar(decidable_proposals(viewer).with_only_columns(func.count())) or 0
