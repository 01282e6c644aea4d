"""Reading lists of people."""

from collections.abc import Mapping, Sequence

from sqlalchemy import select, tuple_
from sqlalchemy.orm import Session

from portal.db import AnyRow
from portal.people.finding import ANYONE, Wish
from portal.people.models import Person
from portal.people.people import BEST_PHONE
from portal.permissions import Permission, Viewer
from portal.programs.models import Placement, PlacementState, Position
from portal.programs.scopes import held, listed_people
from portal.web.ids import as_id
from portal.web.paging import PAGE_SIZE, PageOf, cut


def list_people(
    db: Session,
    viewer: Viewer,
    query: str,
    which: str,
    after: str,
    wish: Wish = ANYONE,
    size: int = PAGE_SIZE,
) -> PageOf[AnyRow]:
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
    name, _, number = after.rpartition("~")
    if (last_id := as_id(number)) is not None:
        people = people.where(tuple_(Person.name, Person.id) > (name, last_id))
    rows = db.execute(people.order_by(Person.name, Person.id).limit(size + 1)).all()
    return cut(rows, lambda row: f"{row.name}~{row.id}", size)


def roles_by_person(
    db: Session, viewer: Viewer, person_ids: Sequence[int]
) -> Mapping[int, list[AnyRow]]:
    """The positions people hold in the viewer's programs, for one page of a list."""
    rows = db.execute(
        select(Placement.person_id, Position.name, Position.translations)
        .join(Position, Position.id == Placement.position_id)
        .where(
            Placement.person_id.in_(person_ids),
            Placement.state == PlacementState.ACTIVE,
            held(Placement.program_id, viewer, Permission.PEOPLE_MANAGE),
        )
        .order_by(Position.name)
    )
    found: dict[int, list[AnyRow]] = {}
    for row in rows:
        found.setdefault(row.person_id, []).append(row)
    return found
