"""Programs and roles to select from, by name in the viewer's language."""

from typing import Any

from sqlalchemy import select, true

from portal.permissions import Permission
from portal.programs.models import Position, Program
from portal.programs.scopes import in_viewers_programs
from portal.web.request import Request

MOST = 500


def program_options(
    request: Request, permission: Permission, *, closed: bool = False
) -> list[tuple[int, str]]:
    """The open programs for which the viewer holds a permission, and the `closed` ones where their past is
    meant."""
    rows = request.db.execute(
        select(Program.id, Program.name, Program.translations)
        .where(
            in_viewers_programs(Program.id, request.viewer, permission),
            true() if closed else Program.closed_at.is_(None),
        )
        .order_by(Program.name)
        .limit(MOST)
    )
    return [(row.id, request.written(row.name, row.translations)) for row in rows]


def role_options(request: Request, permission: Permission) -> list[tuple[int, str]]:
    """The open roles of the open programs for which the viewer holds a permission."""
    rows = request.db.execute(
        select(
            Position.id,
            Position.name,
            Position.translations,
            Program.name.label("program"),
            Program.translations.label("program_translations"),
        )
        .join(Program, Program.id == Position.program_id)
        .where(
            in_viewers_programs(Position.program_id, request.viewer, permission),
            Position.closed_at.is_(None),
            Program.closed_at.is_(None),
        )
        .order_by(Program.name, Position.name)
        .limit(MOST)
    )
    return [(row.id, role_name(request, row)) for row in rows]


def role_name(request: Request, row: Any) -> str:
    """A role with its program, in the viewer's language."""
    program = request.written(row.program, row.program_translations)
    return f"{request.written(row.name, row.translations)} · {program}"
