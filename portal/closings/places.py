"""What someone may close."""

from typing import Any

from sqlalchemy import Select

from portal.closings.forms import MINE, PROGRAM, SITE
from portal.permissions import Permission
from portal.programs.models import Program, Site
from portal.programs.scopes import managed_programs, managed_sites, usable_sites
from portal.web.request import Request
from portal.words import text


def places(request: Request) -> list[tuple[str, Any]]:
    """What one may close, as the form names it."""
    viewer, found = request.viewer, []
    if everywhere := viewer.everywhere(Permission.SITES_MANAGE):
        found.append(("agency", text("The whole agency")))
    owned = managed_sites(viewer)
    found += [(f"{SITE}-{row.id}", row.name) for row in _open(request, owned, Site)]
    if not everywhere:
        shared = usable_sites(viewer).where(Site.id.not_in(owned.with_only_columns(Site.id)))
        found += [
            (f"{MINE}-{row.id}", text("%(place)s, for my programs", place=row.name))
            for row in _open(request, shared, Site)
        ]
    programs = _open(request, managed_programs(viewer), Program)
    return found + [
        (f"{PROGRAM}-{row.id}", text("Program: %(name)s", name=row.name)) for row in programs
    ]


def _open(request: Request, rows: Select[Any], table: Any) -> Any:
    return request.db.execute(
        rows.with_only_columns(table.id, table.name)
        .where(table.closed_at.is_(None))
        .order_by(table.name)
        .limit(1000)
    )
