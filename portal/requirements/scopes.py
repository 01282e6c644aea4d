"""Whose paperwork a viewer may see, and which of it they decide on. Checks live in the query."""

from datetime import date

from sqlalchemy import ColumnElement, Select, SQLColumnExpression, and_, false, or_, select
from sqlalchemy.orm import aliased

from portal.people.models import Person
from portal.permissions import Permission, Viewer
from portal.programs.models import Position
from portal.programs.scopes import in_viewers_programs, people_seen_with, pool
from portal.requirements.check_models import BackgroundCheck
from portal.requirements.evidence_models import Credential, Outcome, Waiver
from portal.requirements.models import Requirement, Verifier

_later = aliased(Credential)
CURRENT = ~select(_later.id).where(_later.supersedes_id == Credential.id).exists()
"""The condition that nothing came after a credential."""

_longer, _after = aliased(Credential), aliased(Credential)
LASTS_LONGER = (
    select(_longer.id)
    .where(
        _longer.person_id == Credential.person_id,
        _longer.requirement_id == Credential.requirement_id,
        _longer.outcome.in_((Outcome.ACCEPTED, Outcome.SUBMITTED)),
        ~select(_after.id).where(_after.supersedes_id == _longer.id).exists(),
        or_(_longer.expires_on.is_(None), _longer.expires_on > Credential.expires_on),
    )
    .exists()
)
"""The condition that the same person has something of the same kind that lasts longer, or handed it in."""


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
    return select(Person).where(_theirs(viewer, Permission.CREDENTIALS_SEE))


def _theirs(viewer: Viewer, permission: Permission) -> ColumnElement[bool]:
    seen = people_seen_with(viewer, permission).with_only_columns(Person.id)
    return or_(Person.id.in_(seen), pool())


def _is_theirs(
    viewer: Viewer, permission: Permission, whose: SQLColumnExpression[int]
) -> ColumnElement[bool]:
    # One look by id for each row asked about, instead of a list of everyone.
    theirs = select(Person.id).where(Person.id == whose, _theirs(viewer, permission))
    return theirs.correlate_except(Person).exists()


def in_sight(viewer: Viewer) -> ColumnElement[bool]:
    """The condition that a requirement is the agency's or one of the viewer's programs'."""
    return _asked_for(viewer, Permission.CREDENTIALS_SEE)


def _asked_for(viewer: Viewer, permission: Permission) -> ColumnElement[bool]:
    return or_(
        Requirement.program_id.is_(None),
        in_viewers_programs(Requirement.program_id, viewer, permission),
    )


_DECIDES = {
    Verifier.COORDINATOR: Permission.PEOPLE_MANAGE,
    Verifier.SCREENER: Permission.SCREENING_HANDLE,
}


def decides_on(viewer: Viewer, whose: SQLColumnExpression[int]) -> ColumnElement[bool]:
    """The condition that a viewer decides on a requirement of someone, by role. Holding both roles in
    different programs does not combine them."""
    return or_(
        false(),
        *(
            and_(
                Requirement.verifier == verifier,
                _asked_for(viewer, permission),
                _is_theirs(viewer, permission, whose),
            )
            for verifier, permission in _DECIDES.items()
            if viewer.may(permission)
        ),
    )


def papers(viewer: Viewer) -> Select[Credential]:
    """The credentials a viewer sees: what they say, not the files behind them."""
    seen = _is_theirs(viewer, Permission.CREDENTIALS_SEE, Credential.person_id)
    return (
        select(Credential)
        .join(Requirement, Requirement.id == Credential.requirement_id)
        .where(seen, in_sight(viewer))
    )


def decided_papers(viewer: Viewer) -> Select[Credential]:
    """The credentials a viewer decides on, whose files they may open."""
    return papers(viewer).where(decides_on(viewer, Credential.person_id))


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
        in_viewers_programs(Position.program_id, viewer, Permission.CREDENTIALS_SEE)
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
        in_viewers_programs(Position.program_id, viewer, Permission.WAIVERS_GRANT)
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
