"""Pages of sites."""

from typing import Any

from portal.permissions import Permission
from portal.programs import programs
from portal.programs.forms import SiteForm
from portal.programs.models import Program, Site
from portal.programs.scopes import (
    in_viewers_programs,
    managed_programs,
    managed_sites,
    one,
    usable_sites,
)
from portal.web.answers import Screen, See, screen
from portal.web.request import Request
from portal.words import text


def list_sites(request: Request) -> Screen:
    """The places one may send people to."""
    own = in_viewers_programs(Site.program_id, request.viewer, Permission.SITES_MANAGE)
    rows = request.db.execute(
        usable_sites(request.viewer)
        .outerjoin(Program, Program.id == Site.program_id)
        .with_only_columns(
            Site.id,
            Site.name,
            Site.address,
            Site.confidential,
            Site.closed_at,
            Program.name.label("program"),
            own.label("own"),
        )
        .order_by(Site.name, Site.id)
        .limit(1000)
    )
    return screen("programs/sites.html", sites=rows.all())


def _form_screen(request: Request, form: SiteForm, site: Site | None) -> Screen:
    rows = request.db.execute(
        managed_programs(request.viewer)
        .with_only_columns(Program.id, Program.name)
        .order_by(Program.name)
    )
    agency_wide = request.viewer.everywhere(Permission.SITES_MANAGE)
    return screen(
        "programs/site.html",
        form=form,
        site=site,
        agency_wide=agency_wide,
        programs=rows.all(),
    )


def new_site(request: Request, form: SiteForm | None = None) -> Screen:
    """Write a new site."""
    return _form_screen(
        request, form or SiteForm(data={"program_id": request.asked_id("program")}), None
    )


def create_site(request: Request, form: SiteForm) -> See:
    """Add a site."""
    programs.add_site(request.act, form.values)
    return See("/sites", text("The location was added."))


def site_of(request: Request, site_id: int) -> Site:
    """A site one may change, or NotFound."""
    return one(request.db, managed_sites(request.viewer), Site.id == site_id)


def edit_site(request: Request, site_id: int, form: SiteForm | None = None) -> Screen:
    """Change a site."""
    site = site_of(request, site_id)
    form = form or SiteForm.showing(programs.values_of(site))
    return _form_screen(request, form, site)


def update_site(request: Request, form: SiteForm, site_id: int) -> See:
    """Save a site."""
    site = site_of(request, site_id)
    programs.edit_site(request.act, site, form.values, form.version.data)
    return See("/sites", text("The location was saved."))


def close_site(request: Request, form: Any, site_id: int) -> See:
    """Close a site."""
    programs.close(request.act, site_of(request, site_id))
    return See("/sites", text("The location was closed."))


def reopen_site(request: Request, form: Any, site_id: int) -> See:
    """Open a site again."""
    programs.reopen(request.act, site_of(request, site_id))
    return See("/sites", text("The location was reopened."))
