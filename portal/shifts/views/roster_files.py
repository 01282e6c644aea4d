"""The roster of a shift as a file."""

from starlette.responses import Response

from portal import clock
from portal.act import Ref
from portal.audit.exports import note_export
from portal.shifts import roster
from portal.shifts.models import SignupState
from portal.shifts.views.shifts import managed_shift
from portal.web.request import Request
from portal.web.table_files import table_file
from portal.words import text

ROSTER_HEAD = (text("Name"), text("Role"), text("Status"), text("Since"))
STATE_WORDS = {
    SignupState.SIGNED_UP: text("signed up"),
    SignupState.WITHDRAWN: text("left the shift"),
    SignupState.REMOVED: text("removed"),
    SignupState.CANCELED: text("shift canceled"),
}


def download_roster(request: Request, shift_id: int) -> Response:
    """The roster as a table: name, role, state, since. That it was taken out is noted (SECURITY U1)."""
    shift = managed_shift(request, shift_id)
    program_id = shift.program_id
    note_export(request, "roster.exported", Ref("shift", shift_id, None, program_id))
    current, before = roster.roster(request.db, shift.id)
    rows = [
        (
            row.name,
            request.written(row.position, row.position_translations),
            request.said(STATE_WORDS[row.state]),
            f"{clock.to_local(row.since, shift.zone):%Y-%m-%d %H:%M}",
        )
        for row in (*current, *before)
    ]
    return table_file(request, f"roster-{shift.id}", ROSTER_HEAD, rows)
