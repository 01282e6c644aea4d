"""What programs offer the rest of the portal."""

from sqlalchemy import func

from portal.domain import Domain, Queue, Texts
from portal.permissions import Permission
from portal.programs import exits, routes
from portal.programs.forms import PositionForm, ProgramForm, SiteForm
from portal.programs.models import Position, Program, Site
from portal.programs.people_list import COLUMNS, FILTER
from portal.programs.person_models import PersonExit
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
    people_filter=FILTER,
    people_columns=COLUMNS,
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
    queues=(
        Queue(
            "equipment",
            text("Keys, badges, and equipment to get back"),
            "/people/exits?which=owing",
            "key",
            189,
            lambda viewer, now: exits.outstanding(viewer),
            oldest=func.min(PersonExit.recorded_at),
            may=Permission.PEOPLE_MANAGE,
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
