"""Addresses of programs, sites, positions and placements."""

from portal.permissions import Permission
from portal.programs.forms import (
    EndPlacementForm,
    FundingForm,
    PositionForm,
    ProgramForm,
    SiteForm,
)
from portal.programs.views import funding, placements, programs, settings, sites
from portal.web.page import Post, get

PROGRAMS, SITES = Permission.PROGRAMS_MANAGE, Permission.SITES_MANAGE
AGENCY, DECIDE = Permission.AGENCY_MANAGE, Permission.PLACEMENTS_DECIDE

program_list = get("/programs", programs.list_programs, PROGRAMS)
program_new = get("/programs/new", programs.new_program, AGENCY)
program = get("/programs/{program_id:id}", programs.show_program, PROGRAMS)
program_edit = get("/programs/{program_id:id}/edit", programs.edit_program, PROGRAMS)
program_settings = get("/programs/{program_id:id}/settings", settings.show_program, PROGRAMS)
agency_settings = get("/settings", settings.show_agency, AGENCY)
paying = get("/programs/{program_id:id}/funding", funding.show, PROGRAMS)
position_new = get("/programs/{program_id:id}/positions/new", programs.new_position, PROGRAMS)
position_edit = get("/positions/{position_id:id}/edit", programs.edit_position, PROGRAMS)
site_list = get("/sites", sites.list_sites, SITES)
site_new = get("/sites/new", sites.new_site, SITES)
site_edit = get("/sites/{site_id:id}/edit", sites.edit_site, SITES)
placement_end = get("/placements/{placement_id:id}/end", placements.edit_end, DECIDE)

pages = [
    program_list,
    program_new,
    Post("/programs", programs.create_program, AGENCY, form=ProgramForm, again=program_new),
    program,
    program_edit,
    Post(
        "/programs/{program_id:id}",
        programs.update_program,
        PROGRAMS,
        form=ProgramForm,
        again=program_edit,
    ),
    Post("/programs/{program_id:id}/closing", programs.close_program, PROGRAMS, again=program),
    Post("/programs/{program_id:id}/reopening", programs.reopen_program, PROGRAMS, again=program),
    program_settings,
    Post(
        "/programs/{program_id:id}/settings",
        settings.save_program,
        PROGRAMS,
        form=settings.SettingsForm,
        again=program_settings,
        shape=settings.with_settings,
    ),
    agency_settings,
    Post(
        "/settings",
        settings.save_agency,
        AGENCY,
        form=settings.SettingsForm,
        again=agency_settings,
        shape=settings.with_settings,
    ),
    paying,
    Post(
        "/programs/{program_id:id}/funding",
        funding.create,
        PROGRAMS,
        form=FundingForm,
        again=paying,
    ),
    Post(
        "/programs/{program_id:id}/funding/{funding_id:id}",
        funding.update,
        PROGRAMS,
        form=FundingForm,
        again=paying,
    ),
    Post(
        "/programs/{program_id:id}/funding/{funding_id:id}/removal",
        funding.remove,
        PROGRAMS,
        again=paying,
    ),
    position_new,
    Post(
        "/programs/{program_id:id}/positions",
        programs.create_position,
        PROGRAMS,
        form=PositionForm,
        again=position_new,
    ),
    position_edit,
    Post(
        "/positions/{position_id:id}",
        programs.update_position,
        PROGRAMS,
        form=PositionForm,
        again=position_edit,
    ),
    Post(
        "/positions/{position_id:id}/closing",
        programs.close_position,
        PROGRAMS,
        again=position_edit,
    ),
    Post(
        "/positions/{position_id:id}/reopening",
        programs.reopen_position,
        PROGRAMS,
        again=position_edit,
    ),
    site_list,
    site_new,
    Post("/sites", sites.create_site, SITES, form=SiteForm, again=site_new),
    site_edit,
    Post("/sites/{site_id:id}", sites.update_site, SITES, form=SiteForm, again=site_edit),
    Post("/sites/{site_id:id}/closing", sites.close_site, SITES, again=site_edit),
    Post("/sites/{site_id:id}/reopening", sites.reopen_site, SITES, again=site_edit),
    placement_end,
    Post(
        "/placements/{placement_id:id}/end",
        placements.end,
        DECIDE,
        form=EndPlacementForm,
        again=placement_end,
    ),
]
