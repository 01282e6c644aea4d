"""Who may take part in a talk: speakers who are placed and cleared on its day, or staff who present."""

from typing import Any

from sqlalchemy import ColumnElement, Select, exists, select
from sqlalchemy.orm import Session

from portal import clock
from portal.outreach.talk_models import Presentation, Speaker, Speaks
from portal.people.models import Membership, Person, Status
from portal.permissions import Role
from portal.programs.placements import has_role
from portal.requirements.records import clearance_of
from portal.words import Words, text


def speakers() -> Select[Person]:
    """The people who speak for us."""
    return (
        select(Person)
        .join(Speaker, Speaker.person_id == Person.id)
        .where(Speaker.ended_at.is_(None), Person.status == Status.ACTIVE)
    )


def presents(person_id: Any) -> ColumnElement[bool]:
    """The condition that someone is staff who present: they need no role for a topic."""
    return exists().where(
        Membership.person_id == person_id,
        Membership.role == Role.PRESENTER,
        Membership.until.is_(None),
    )


def ineligible_reason(db: Session, talk: Presentation, person: Person, role: str) -> Words | None:
    """Why someone may not take part in a talk on its day: not a speaker, not placed in the role, or not
    cleared for it. Staff who present need no role."""
    if db.scalar(speakers().where(Person.id == person.id)) is None:
        return text("%(name)s isn't a speaker right now.", name=person.name)
    position_id = talk.topic.position_id if talk.topic else None
    if position_id is None or db.scalar(select(presents(person.id))):
        return None
    day = clock.local_day(talk.starts_at, talk.zone)
    if not has_role(db, person.id, position_id, day):
        return text("%(name)s doesn't have the role for this topic on that day.", name=person.name)
    found = clearance_of(db, person.id, position_id, day, trainee=role == Speaks.SHADOW)
    if not found.clear:
        return text("%(name)s isn't cleared for that day.", name=person.name)
    return None
