"""Programs, sites and positions: adding, changing, closing and opening them again."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.audit.log import record
from portal.permissions import COMMAND_LINE, Permission, Viewer
from portal.programs.models import Position, Program, Site, Visibility
from portal.web.errors import Refused, unless_stale
from portal.web.words import text

Added = TypeVar("Added", Program, Site, Position)
TAKEN = text("There is one with this name already. Please choose another name.")


def add_program(db: Session, by: Viewer, values: Mapping[str, Any], at: datetime) -> Program:
    """Add a program."""
    _check_program(db, None, values)
    return _added(db, by, Program(**values), at)


def edit_program(
    db: Session,
    by: Viewer,
    program: Program,
    values: Mapping[str, Any],
    version: int | None,
    at: datetime,
) -> None:
    """Change a program."""
    _check_program(db, program.id, values)
    _edited(db, by, program, values, version, at)


def add_site(db: Session, by: Viewer, values: Mapping[str, Any], at: datetime) -> Site:
    """Add a site. One for the whole agency takes an administrator."""
    _check_site(db, by, None, values)
    return _added(db, by, Site(**values), at)


def edit_site(
    db: Session,
    by: Viewer,
    site: Site,
    values: Mapping[str, Any],
    version: int | None,
    at: datetime,
) -> None:
    """Change a site."""
    _check_site(db, by, site.id, values)
    _edited(db, by, site, values, version, at)


def add_position(
    db: Session, by: Viewer, program: Program, values: Mapping[str, Any], at: datetime
) -> Position:
    """Add a position to a program."""
    _check_position(db, program.id, None, values)
    return _added(db, by, Position(program_id=program.id, **values), at)


def edit_position(
    db: Session,
    by: Viewer,
    position: Position,
    values: Mapping[str, Any],
    version: int | None,
    at: datetime,
) -> None:
    """Change a position."""
    _check_position(db, position.program_id, position.id, values)
    _edited(db, by, position, values, version, at)


def position_named(
    db: Session, program: Program, name: str, at: datetime, made: list[str] | None
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
    made.append(f"role: {name} in {program.name}")
    return add_position(db, COMMAND_LINE, program, values, at)


def close(db: Session, by: Viewer, row: Program | Site | Position, at: datetime) -> None:
    """Close a program, site or position: it takes nobody and nothing new; its history stays."""
    if row.closed_at is None:
        row.closed_at = at
        _record(db, by, row, "closed", at)


def reopen(db: Session, by: Viewer, row: Program | Site | Position, at: datetime) -> None:
    """Open a closed one again."""
    if row.closed_at is not None:
        row.closed_at = None
        _record(db, by, row, "reopened", at)


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
        raise Refused(fields={"program_id": text("Please choose one of your programs.")})
    if values["confidential"] and program_id is None:
        needed = text("A confidential place belongs to one program. Please choose it.")
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


def _taken(db: Session, same: Any, own_id: int | None) -> bool:
    return db.scalar(same) not in (None, own_id)


def _added(db: Session, by: Viewer, row: Added, at: datetime) -> Added:
    db.add(row)
    db.flush()
    _record(db, by, row, "added", at)
    return row


def _edited(
    db: Session, by: Viewer, row: Any, values: Mapping[str, Any], version: int | None, at: datetime
) -> None:
    unless_stale(values_of(row), version)
    for name, value in values.items():
        setattr(row, name, value)
    _record(db, by, row, "edited", at)


def _record(
    db: Session, by: Viewer, row: Program | Site | Position, done: str, at: datetime
) -> None:
    kind = row.__tablename__
    program_id = row.id if isinstance(row, Program) else row.program_id
    record(db, by, f"{kind}.{done}", (kind, row.id), at=at, program_id=program_id)
