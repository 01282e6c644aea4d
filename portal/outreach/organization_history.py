"""Reading what we know of organizations: past talks, people, talks that we offered."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from portal.outreach.intake_models import RequestKind
from portal.outreach.organization_models import (
    Approach,
    Organization,
    OrganizationContact,
    OrganizationKind,
)
from portal.outreach.outcome_models import Held, TalkOutcome
from portal.outreach.scopes import visible_talks
from portal.outreach.talk_lists import talk_lines
from portal.outreach.talk_models import Presentation, TalkState
from portal.permissions import Viewer
from portal.reads import read
from portal.web.paging import Listing, PageOf

SIZE = 50


class PastTalk(NamedTuple):
    """A talk that an organization had, and how it went."""

    id: int
    state: TalkState
    starts_at: datetime
    ends_at: datetime
    zone: str
    town: str
    place: str
    wants_at: datetime | None
    request_id: int
    kind: RequestKind
    reference: str
    organization: str | None
    contact_name: str
    topic: str | None
    translations: Mapping[str, Any]
    speaker: str | None
    has_speaker: bool
    is_asked: bool
    held: Held | None
    people: int | None
    counted: bool | None
    went_well: str | None


def past_talks(db: Session, viewer: Viewer, organization_id: int) -> Sequence[PastTalk]:
    """The talks at an organization, the newest first, with how many came and what went well."""
    return read(
        db,
        PastTalk,
        talk_lines(visible_talks(viewer).where(Presentation.organization_id == organization_id))
        .add_columns(
            TalkOutcome.held, TalkOutcome.people, TalkOutcome.counted, TalkOutcome.went_well
        )
        .outerjoin(TalkOutcome, TalkOutcome.presentation_id == Presentation.id)
        .order_by(None)
        .order_by(Presentation.starts_at.desc())
        .limit(50),
    )


def contacts(db: Session, organization_id: int) -> Sequence[OrganizationContact]:
    """Who speaks for an organization."""
    return db.scalars(
        select(OrganizationContact)
        .where(
            OrganizationContact.organization_id == organization_id,
            OrganizationContact.ended_at.is_(None),
        )
        .order_by(OrganizationContact.id)
        .limit(50)
    ).all()


def approaches(db: Session, organization_id: int) -> Sequence[Approach]:
    """The talks that we offered to an organization, the newest first."""
    return db.scalars(
        select(Approach)
        .where(Approach.organization_id == organization_id)
        .order_by(Approach.asked_on.desc(), Approach.id.desc())
        .limit(50)
    ).all()


def group_names(db: Session) -> Sequence[str]:
    """The names of organizations, to choose from while typing."""
    found = select(Organization.name).where(Organization.closed_at.is_(None))
    return db.scalars(found.order_by(Organization.name).limit(1000)).all()


class OrganizationLine(NamedTuple):
    """An organization as the list prints it."""

    id: int
    name: str
    kind: OrganizationKind
    town: str
    closed_at: datetime | None
    talks: int


ORGANIZATIONS = Listing(OrganizationLine, (Organization.name, Organization.id), size=SIZE)


def organizations(db: Session, viewer: Viewer, query: str, after: str) -> PageOf[OrganizationLine]:
    """A page of organizations by name, with how many talks in one's sight they had."""
    seen = visible_talks(viewer).with_only_columns(Presentation.id).correlate(None)
    talks = (
        select(func.count())
        .where(
            Presentation.organization_id == Organization.id,
            Presentation.state != TalkState.CANCELED,
            Presentation.id.in_(seen),
        )
        .scalar_subquery()
    )
    found = select(
        Organization.id,
        Organization.name,
        Organization.kind,
        Organization.town,
        Organization.closed_at,
        talks.label("talks"),
    )
    if query:
        found = found.where(
            or_(
                Organization.name.icontains(query, autoescape=True),
                Organization.town.icontains(query, autoescape=True),
            )
        )
    return ORGANIZATIONS.page(db, found, after)
