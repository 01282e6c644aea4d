"""Whose paperwork a viewer may see, and which of it they decide on. Checks live in the query."""

from datetime import date

from sqlalchemy import ColumnElement, Select, and_, false, or_, select, true
from sqlalchemy.orm import aliased

from portal.people.models import Person
from portal.permissions import Permission, Viewer
from portal.programs.models import Position
from portal.programs.scopes import held, people_seen_with, pool
from portal.requirements.models import (
    BackgroundCheck,
    Credential,
    Outcome,
    Requirement,
    Verifier,
    Waiver,
)

_later = aliased(Credential)
CURRENT = ~select(_later.id).where(_later.supersedes_id == Credential.id).exists()
"""The condition that nothing came after a credential."""


def counting_on(day: date) -> Select[int]:
    """The ids of the accepted credentials that count on a local day: whoever revoked one from a day on
    lets it count until then."""
    return (
        select(Credential.id)
        .outerjoin(_later, _later.supersedes_id == Credential.id)
        .where(
            Credential.outcome == Outcome.ACCEPTED,
            Credential.effective_on <= day,
            or_(Credential.expires_on.is_(None), Credential.expires_on >= day),
            or_(
                _later.id.is_(None),
                and_(_later.outcome == Outcome.REVOKED, _later.effective_on > day),
            ),
        )
    )


def people_with_papers(viewer: Viewer) -> Select[Person]:
    """The people whose paperwork a viewer sees: those of their programs, and the pool."""
    seen = people_seen_with(viewer, Permission.CREDENTIALS_SEE).with_only_columns(Person.id)
    return select(Person).where(or_(Person.id.in_(seen), pool()))


def in_sight(viewer: Viewer) -> ColumnElement[bool]:
    """The condition that a requirement is the agency's or one of the viewer's programs'."""
    return or_(
        Requirement.program_id.is_(None),
        held(Requirement.program_id, viewer, Permission.CREDENTIALS_SEE),
    )


def decides_on(viewer: Viewer) -> ColumnElement[bool]:
    """The condition that a viewer decides on a requirement: coordinators on some, screeners on others."""
    coordinator = and_(
        Requirement.verifier == Verifier.COORDINATOR,
        true() if viewer.may(Permission.PEOPLE_MANAGE) else false(),
    )
    screener = and_(
        Requirement.verifier == Verifier.SCREENER,
        true() if viewer.may(Permission.SCREENING_HANDLE) else false(),
    )
    return and_(in_sight(viewer), or_(coordinator, screener))


def papers(viewer: Viewer) -> Select[Credential]:
    """The credentials a viewer sees: what they say, not the files behind them."""
    people = people_with_papers(viewer).with_only_columns(Person.id)
    return (
        select(Credential)
        .join(Requirement, Requirement.id == Credential.requirement_id)
        .where(Credential.person_id.in_(people), in_sight(viewer))
    )


def decided_papers(viewer: Viewer) -> Select[Credential]:
    """The credentials a viewer decides on, whose files they may open."""
    return papers(viewer).where(decides_on(viewer))


def waiting_papers(viewer: Viewer) -> Select[Credential]:
    """What waits for a viewer's review: never their own."""
    return decided_papers(viewer).where(
        Credential.outcome == Outcome.SUBMITTED,
        CURRENT,
        Credential.person_id.is_distinct_from(viewer.person_id),
    )


def waivers_seen(viewer: Viewer) -> Select[Waiver]:
    """The exceptions a viewer sees."""
    people = people_with_papers(viewer).with_only_columns(Person.id)
    positions = select(Position.id).where(
        held(Position.program_id, viewer, Permission.CREDENTIALS_SEE)
    )
    return (
        select(Waiver)
        .join(Requirement, Requirement.id == Waiver.requirement_id)
        .where(
            Waiver.person_id.in_(people),
            in_sight(viewer),
            or_(Waiver.position_id.is_(None), Waiver.position_id.in_(positions.correlate(None))),
        )
    )


def ended_by(viewer: Viewer) -> Select[Waiver]:
    """The exceptions a viewer may end: in positions of their programs; in all positions takes the agency."""
    positions = select(Position.id).where(
        held(Position.program_id, viewer, Permission.WAIVERS_GRANT)
    )
    scope = waivers_seen(viewer)
    if viewer.everywhere(Permission.WAIVERS_GRANT):
        return scope
    return scope.where(Waiver.position_id.in_(positions.correlate(None)))


def checks_seen(viewer: Viewer) -> Select[BackgroundCheck]:
    """The checks of which a viewer may know that they are under way."""
    return (
        select(BackgroundCheck)
        .join(Requirement, Requirement.id == BackgroundCheck.requirement_id)
        .where(in_sight(viewer))
    )


def own_checks(viewer: Viewer) -> Select[BackgroundCheck]:
    """One's own background checks."""
    return select(BackgroundCheck).where(BackgroundCheck.person_id == viewer.person_id)
