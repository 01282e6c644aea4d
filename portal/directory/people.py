"""Reading lists of people."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.people.finding import ANYONE, Wish
from portal.people.models import Person, Status
from portal.people.people import BEST_PHONE
from portal.permissions import Permission, Viewer
from portal.programs.models import Placement, PlacementState, Position
from portal.programs.scopes import in_viewers_programs, listed_people
from portal.reads import read
from portal.web.paging import PAGE_SIZE, Listing, PageOf


class PersonLine(NamedTuple):
    """A person as the list prints them."""

    id: int
    name: str
    goes_by: str
    email: str
    status: Status
    phone: str | None


PEOPLE = Listing(PersonLine, (Person.name, Person.id))


def list_people(
    db: Session,
    viewer: Viewer,
    query: str,
    which: str,
    after: str,
    wish: Wish = ANYONE,
    size: int = PAGE_SIZE,
) -> PageOf[PersonLine]:
    """A page of the people a viewer may see, by name; see `listed_people`."""
    scope = listed_people(viewer, query, which).where(*wish.conditions())
    people = scope.with_only_columns(
        Person.id,
        Person.name,
        Person.goes_by,
        Person.email,
        Person.status,
        BEST_PHONE.label("phone"),
    )
    return replace(PEOPLE, size=size).page(db, people, after)


class RoleOf(NamedTuple):
    """A position that a person holds."""

    person_id: int
    name: str
    translations: Mapping[str, Any]


def roles_by_person(
    db: Session, viewer: Viewer, person_ids: Sequence[int]
) -> Mapping[int, list[RoleOf]]:
    """The positions people hold in the viewer's programs, for one page of a list."""
    rows = read(
        db,
        RoleOf,
        select(Placement.person_id, Position.name, Position.translations)
        .join(Position, Position.id == Placement.position_id)
        .where(
            Placement.person_id.in_(person_ids),
            Placement.state == PlacementState.ACTIVE,
            in_viewers_programs(Placement.program_id, viewer, Permission.PEOPLE_MANAGE),
        )
        .order_by(Position.name),
    )
    found: dict[int, list[RoleOf]] = {}
    for row in rows:
        found.setdefault(row.person_id, []).append(row)
    return found
