"""What programs offer the rest of the portal."""

from portal.domain import Domain, Texts
from portal.permissions import Permission
from portal.programs import routes
from portal.programs.forms import PositionForm, ProgramForm, SiteForm
from portal.programs.models import Position, Program, Site
from portal.programs.scopes import (
    managed_positions,
    managed_programs,
    managed_sites,
)
from portal.programs.settings import FISCAL_YEAR_STARTS, WEEK_STARTS
from portal.web.shared import Entry
from portal.words import text

DOMAIN = Domain(
    "programs",
    pages=routes.pages,
    settings=(FISCAL_YEAR_STARTS, WEEK_STARTS),
    texts=(
        Texts(
            text("Programs"),
            lambda viewer: managed_programs(viewer).where(Program.closed_at.is_(None)),
            ProgramForm.translated,
            lambda row: f"/programs/{row.id}/edit",
        ),
        Texts(
            text("Roles"),
            lambda viewer: managed_positions(viewer).where(Position.closed_at.is_(None)),
            PositionForm.translated,
            lambda row: f"/positions/{row.id}/edit",
        ),
        Texts(
            text("Locations"),
            lambda viewer: managed_sites(viewer).where(Site.closed_at.is_(None)),
            SiteForm.translated,
            lambda row: f"/sites/{row.id}/edit",
        ),
    ),
    navigation=(
        Entry(
            text("Programs"),
            "/programs",
            "collection",
            Permission.PROGRAMS_MANAGE,
            also=("/requirements", "/rules", "/readings", "/courses", "/proposals"),
            rank=110,
        ),
    ),
)
