"""Pages of notices that people have to read."""

from typing import Any

from portal.permissions import Permission
from portal.programs.models import Position
from portal.programs.scopes import managed_positions, one
from portal.requirements import acknowledgements
from portal.requirements.forms import (
    ReadingForm,
)
from portal.requirements.models import Reading
from portal.requirements.views.admin import program_options, role_options
from portal.web.answers import Screen, See, screen
from portal.web.request import Request, today_of
from portal.words import text


def new_reading(request: Request, form: ReadingForm | None = None) -> Screen:
    """Write something to read."""
    return screen(
        "requirements/reading_new.html",
        form=form or ReadingForm(),
        programs=program_options(request),
        roles=role_options(request),
        agency_wide=request.viewer.everywhere(Permission.REQUIREMENTS_MANAGE),
    )


def send_reading(request: Request, form: ReadingForm) -> See:
    """Send it."""
    program_id, position_id = form.program.data, form.position.data
    if position_id:
        position = one(request.db, managed_positions(request.viewer), Position.id == position_id)
        program_id = position.program_id
    page = acknowledgements.Page(
        form.title.data,
        form.body.data,
        form.due_on.data,
        program_id,
        position_id,
        form.translations,
    )
    acknowledgements.send(request.act, page, today_of(request))
    return See("/requirements", text("The reading was sent."))


def end_reading(request: Request, form: Any, reading_id: int) -> See:
    """Ask no one any more to read it."""
    mine = acknowledgements.managed_readings(request.viewer)
    acknowledgements.end(request.act, one(request.db, mine, Reading.id == reading_id))
    return See("/requirements", text("The reading is no longer required."))
