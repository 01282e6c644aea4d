"""Buddies: an experienced volunteer of the same program whom someone new may ask anything."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from sqlalchemy import Select, exists, select
from sqlalchemy.orm import Session

from portal.act import Act
from portal.audit.log import record
from portal.people.models import Person, Status
from portal.people.notify import notify
from portal.people.people import lock_people, short_name
from portal.programs.application_models import Application, ApplicationState
from portal.programs.models import Placement, PlacementState, Position
from portal.reads import read
from portal.recruitment.message_kinds import BUDDY, BUDDY_OF
from portal.web.errors import Refused
from portal.words import text

SHOWN = 300


def _candidates(application: Application) -> Select[Person]:
    """Who may be the buddy of an applicant: active volunteers of the program, but not they."""
    serves = exists().where(
        Placement.person_id == Person.id,
        Placement.program_id == application.program_id,
        Placement.state == PlacementState.ACTIVE,
    )
    return select(Person).where(
        serves, Person.status == Status.ACTIVE, Person.id.is_distinct_from(application.person_id)
    )


def candidates(db: Session, application: Application) -> list[tuple[int, str]]:
    """Their ids and names, by name."""
    found = _candidates(application).with_only_columns(Person.id, Person.name)
    rows = db.execute(found.order_by(Person.name, Person.id).limit(SHOWN))
    options = {row.id: row.name for row in rows}
    chosen = application.placement.buddy_id if application.placement else None
    if chosen is not None and chosen not in options:
        options[chosen] = db.get_one(Person, chosen).name
    return list(options.items())


def set_buddy(act: Act, application: Application, buddy_id: int | None) -> None:
    """Give someone new a buddy, another one, or none. Both are told; mail names neither."""
    placement = application.placement
    if application.state != ApplicationState.PLACED or placement is None:
        raise Refused(text("They don't have the role yet."))
    lock_people(act.db, sorted({placement.person_id, *([buddy_id] if buddy_id else [])}))
    act.db.refresh(placement)
    if placement.state != PlacementState.ACTIVE:
        raise Refused(text("This role already ended."))
    if buddy_id is not None:
        found = act.db.scalar(_candidates(application).where(Person.id == buddy_id))
        if found is None:
            raise Refused(fields={"buddy": text("Select one of these.")})
    if placement.buddy_id == buddy_id:
        return
    placement.buddy_id = buddy_id
    record(act, "placement.buddy", placement)
    if buddy_id is not None:
        notify(act, BUDDY, application, [placement.person_id])
        notify(act, BUDDY_OF, placement, [buddy_id])


def buddy_name(db: Session, application: Application) -> str:
    """What the new volunteer reads: the short name of their buddy, "" without one who is still active."""
    placement = application.placement
    if placement is None or placement.buddy_id is None:
        return ""
    buddy = db.get_one(Person, placement.buddy_id)
    return short_name(buddy.name, buddy.goes_by) if buddy.status == Status.ACTIVE else ""


class Line(NamedTuple):
    """Someone new, as their buddy's page prints them."""

    name: str
    goes_by: str
    position: str
    translations: Mapping[str, Any]


def new_ones(db: Session, person_id: int) -> Sequence[Line]:
    """Whose buddy someone is now."""
    found: Any = (
        select(Person.name, Person.goes_by, Position.name.label("position"), Position.translations)
        .join(Placement, Placement.person_id == Person.id)
        .join(Position, Position.id == Placement.position_id)
        .where(
            Placement.buddy_id == person_id,
            Placement.state == PlacementState.ACTIVE,
            Person.status == Status.ACTIVE,
        )
        .order_by(Person.name)
        .limit(100)
    )
    return read(db, Line, found)
