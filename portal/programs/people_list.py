"""What lists of people know from programs: who serves in which program and role."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, exists, select

from portal.people.models import Person
from portal.people_lists import Control, PeopleColumn, PeopleFilter
from portal.permissions import Permission
from portal.programs.models import Placement, PlacementState, Position, Program
from portal.programs.scopes import in_viewers_programs
from portal.reads import read
from portal.web.request import Request
from portal.words import text

MOST = 500


def _controls(request: Request) -> list[Control]:
    """The open programs and roles of the viewer, to choose from."""
    rows = request.db.execute(
        select(
            Program.id.label("program_id"),
            Program.name.label("program"),
            Program.translations.label("program_translations"),
            Position.id,
            Position.name,
            Position.translations,
        )
        .outerjoin(Position, (Position.program_id == Program.id) & Position.closed_at.is_(None))
        .where(
            in_viewers_programs(Program.id, request.viewer, Permission.PEOPLE_MANAGE),
            Program.closed_at.is_(None),
        )
        .order_by(Program.name, Position.name)
        .limit(MOST)
    ).all()
    programs = {
        str(row.program_id): request.written(row.program, row.program_translations) for row in rows
    }
    roles = [
        (
            str(row.id),
            f"{request.written(row.name, row.translations)} · {programs[str(row.program_id)]}",
        )
        for row in rows
        if row.id is not None
    ]
    return [
        Control(
            "program", text("Program"), request.asked("program"), list(programs.items()), usual=True
        ),
        Control("role", text("Role"), request.asked("role"), roles, usual=True),
    ]


def _conditions(request: Request) -> list[ColumnElement[bool]]:
    serves = [
        Placement.person_id == Person.id,
        Placement.state == PlacementState.ACTIVE,
        in_viewers_programs(Placement.program_id, request.viewer, Permission.PEOPLE_MANAGE),
    ]
    asked = [
        column == number
        for column, number in (
            (Placement.program_id, request.asked_id("program")),
            (Placement.position_id, request.asked_id("role")),
        )
        if number is not None
    ]
    return [exists().where(*serves, *asked)] if asked else []


class RoleOf(NamedTuple):
    """A position that a person holds."""

    person_id: int
    name: str
    translations: Mapping[str, Any]


def _roles(request: Request, people: Sequence[int]) -> Mapping[int, str]:
    """The roles that people hold in the viewer's programs."""
    rows = read(
        request.db,
        RoleOf,
        select(Placement.person_id, Position.name, Position.translations)
        .join(Position, Position.id == Placement.position_id)
        .where(
            Placement.person_id.in_(people),
            Placement.state == PlacementState.ACTIVE,
            in_viewers_programs(Placement.program_id, request.viewer, Permission.PEOPLE_MANAGE),
        )
        .order_by(Position.name),
    )
    found: dict[int, list[str]] = {}
    for row in rows:
        found.setdefault(row.person_id, []).append(request.written(row.name, row.translations))
    return {person: ", ".join(names) for person, names in found.items()}


FILTER = PeopleFilter(("program", "role"), _controls, _conditions)
COLUMNS = (PeopleColumn("roles", text("Roles"), _roles, usual=True),)
