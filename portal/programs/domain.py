"""What programs offer the rest of the portal."""

from sqlalchemy import Select, func, select

from portal.domain import Domain, Now, Queue, Texts
from portal.permissions import Permission, Viewer
from portal.programs import routes
from portal.programs.forms import PositionForm, ProgramForm, SiteForm
from portal.programs.models import Placement, PlacementState, Position, Program, Site
from portal.programs.scopes import (
    decidable_placements,
    managed_positions,
    managed_programs,
    managed_sites,
)
from portal.programs.settings import FISCAL_YEAR_STARTS, WEEK_STARTS
from portal.web.shared import Entry
from portal.words import text


def _asks(viewer: Viewer, now: Now) -> Select[Placement]:
    return decidable_placements(viewer).where(Placement.state == PlacementState.ASKED)


def _own(viewer: Viewer, now: Now) -> Select[Placement]:
    return select(Placement).where(
        Placement.state == PlacementState.ASKED, Placement.person_id == viewer.person_id
    )


OWN_REQUESTS = Queue(
    "own",
    text("Ways to help"),
    "/positions",
    "heart",
    0,
    _own,
    oldest=func.min(Placement.asked_at),
    card=("programs/home/_requests.html", 80),
)
"""One's own requests to join that wait for an answer."""

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
        Entry(text("Ways to help"), "/positions", "heart", Permission.PUBLIC, rank=120),
    ),
    queues=(
        OWN_REQUESTS,
        Queue(
            "requests",
            text("Volunteer applications"),
            "/placements",
            "person-plus",
            180,
            _asks,
            oldest=func.min(Placement.asked_at),
            may=Permission.PLACEMENTS_DECIDE,
        ),
    ),
)
