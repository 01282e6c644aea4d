"""Shifts and patterns as calendar files."""

from starlette.responses import Response

from portal.shifts.events import ABOUT, happening_of
from portal.shifts.models import Signup, SignupState
from portal.shifts.series import pattern_calendar
from portal.shifts.views.patterns import managed_pattern
from portal.web.calendar_files import calendar_file, download
from portal.web.errors import NotFound
from portal.web.request import Request


def download_shift(request: Request, shift_id: int) -> Response:
    """One's own shift as a calendar file."""
    row = request.db.execute(
        ABOUT.where(
            Signup.shift_id == shift_id,
            Signup.person_id == request.viewer.person_id,
            Signup.state == SignupState.SIGNED_UP,
        )
    ).one_or_none()
    if row is None:
        raise NotFound
    happening = happening_of(row, request.settings, request.language)
    return download(request, happening, f"shift-{shift_id}.ics")


def download_pattern(request: Request, pattern_id: int) -> Response:
    """A pattern as one recurring event in its own zone; days that differ stand beside it."""
    pattern = managed_pattern(request, pattern_id)
    body = pattern_calendar(request.db, pattern, request.settings).encode()
    return calendar_file(request, body, request.at, f"pattern-{pattern_id}.ics")
