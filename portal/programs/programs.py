"""Programs, sites and positions: adding, changing, closing and opening them again."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.act import Act
from portal.audit.log import record
from portal.people import on_call
from portal.permissions import COMMAND_LINE, Permission, Viewer
from portal.programs.models import Position, Program, Site, Visibility
from portal.web.errors import Refused, unless_stale
from portal.words import Words, text

Added = TypeVar("Added", Program, Site, Position)
TAKEN = text("This name is already in use. Choose another.")


def add_program(act: Act, values: Mapping[str, Any]) -> Program:
    """Add a program."""
    _check_program(act.db, None, values)
    return _added(act, Program(**values))


def edit_program(
    act: Act, program: Program, values: Mapping[str, Any], version: int | None
) -> None:
    """Change a program."""
    _check_program(act.db, program.id, values)
    _edited(act, program, values, version)


def add_site(act: Act, values: Mapping[str, Any]) -> Site:
    """Add a site. One for the whole agency takes an administrator."""
    _check_site(act.db, act.by, None, values)
    return _added(act, Site(**values))


def edit_site(act: Act, site: Site, values: Mapping[str, Any], version: int | None) -> None:
    """Change a site."""
    _check_site(act.db, act.by, site.id, values)
    _edited(act, site, values, version)


def add_position(act: Act, program: Program, values: Mapping[str, Any]) -> Position:
    """Add a position to a program."""
    _check_position(act.db, program.id, None, values)
    return _added(act, Position(program_id=program.id, **values))


def edit_position(
    act: Act, position: Position, values: Mapping[str, Any], version: int | None
) -> None:
    """Change a position."""
    _check_position(act.db, position.program_id, position.id, values)
    _edited(act, position, values, version)


def position_named(
    db: Session, program: Program, name: str, at: datetime, made: list[Words] | None
) -> Position:
    """The position of that name, for an import; a new one is named in `made`, None refuses it."""
    found = db.scalar(
        select(Position).where(Position.program_id == program.id, Position.name == name)
    )
    if found is not None:
        return found
    if made is None:
        raise Refused(
            text("There is no role %(name)s in %(program)s.", name=name, program=program.name)
        )
    values = {
        "name": name,
        "description": "",
        "color": "teal",
        "icon": "person",
        "translations": {},
    }
    made.append(text("Role: %(name)s (%(program)s)", name=name, program=program.name))
    return add_position(Act(db, COMMAND_LINE, at), program, values)


def site_named(act: Act, program: Program, name: str, made: list[Words] | None) -> Site:
    """The site of that name, of the program or the agency, for an import; a new one is named in `made`, None
    refuses it. One whose name is an address has it as its own."""
    own_or_shared = (Site.program_id == program.id) | Site.program_id.is_(None)
    found = act.db.scalars(select(Site).where(Site.name == name, own_or_shared)).first()
    if found is not None:
        return found
    if made is None:
        raise Refused(
            text("There is no location %(name)s in %(program)s.", name=name, program=program.name)
        )
    made.append(text("Location: %(name)s", name=name))
    values = {
        "name": name,
        "address": name if any(character.isdigit() for character in name) else "",
        "directions": "",
        "access_notes": "",
        "program_id": program.id,
        "confidential": False,
        "translations": {},
    }
    return add_site(act, values)


def close(act: Act, row: Program | Site | Position) -> None:
    """Close a program, site or position: it takes no one and nothing new; its history stays."""
    if row.closed_at is None:
        row.closed_at = act.at
        if isinstance(row, Program):
            on_call.end_all(act, row.id)
        _record(act, row, "closed")


def reopen(act: Act, row: Program | Site | Position) -> None:
    """Open a closed one again."""
    if row.closed_at is not None:
        row.closed_at = None
        _record(act, row, "reopened")


def values_of(row: Program | Site | Position) -> dict[str, Any]:
    """A row's columns as its form holds them."""
    return {column.key: getattr(row, column.key) for column in type(row).__mapper__.column_attrs}


def _check_program(db: Session, own_id: int | None, values: Mapping[str, Any]) -> None:
    if _taken(db, select(Program.id).where(Program.name == values["name"]), own_id):
        raise Refused(fields={"name": TAKEN})
    if values["visibility"] != Visibility.PUBLIC and not values["public_label"]:
        needed = text("A sensitive program needs a neutral name for everyone outside it.")
        raise Refused(fields={"public_label": needed})


def _check_site(db: Session, by: Viewer, own_id: int | None, values: Mapping[str, Any]) -> None:
    program_id = values["program_id"]
    if not by.may_in(Permission.SITES_MANAGE, program_id):
        raise Refused(fields={"program_id": text("Select one of your programs.")})
    if values["confidential"] and program_id is None:
        needed = text("A confidential location belongs to one program. Select it.")
        raise Refused(fields={"program_id": needed})
    same = select(Site.id).where(
        Site.name == values["name"], Site.program_id.is_not_distinct_from(program_id)
    )
    if _taken(db, same, own_id):
        raise Refused(fields={"name": TAKEN})


def _check_position(
    db: Session, program_id: int, own_id: int | None, values: Mapping[str, Any]
) -> None:
    same = select(Position.id).where(
        Position.program_id == program_id, Position.name == values["name"]
    )
    if _taken(db, same, own_id):
        raise Refused(fields={"name": TAKEN})
    first, last = values.get("season_from"), values.get("season_to")
    if bool(first) != bool(last):
        missing = "season_to" if first else "season_from"
        raise Refused(fields={missing: text("Select both months, or none.")})
    if not {first, last} <= {None, *range(1, 13)}:
        raise Refused(fields={"season_from": text("Select one of these.")})


def _taken(db: Session, same: Any, own_id: int | None) -> bool:
    return db.scalar(same) not in (None, own_id)


def _added(act: Act, row: Added) -> Added:
    act.db.add(row)
    act.db.flush()
    _record(act, row, "added")
    return row


def _edited(act: Act, row: Any, values: Mapping[str, Any], version: int | None) -> None:
    unless_stale(values_of(row), version)
    for name, value in values.items():
        setattr(row, name, value)
    _record(act, row, "edited")


def _record(act: Act, row: Program | Site | Position, done: str) -> None:
    record(act, f"{row.noun}.{done}", row)
