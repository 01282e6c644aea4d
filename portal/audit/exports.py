"""Noting that something was taken out of the portal as a file (SECURITY U1)."""

from portal.act import Ref
from portal.audit.log import record
from portal.web.request import Request


def note_export(request: Request, action: str, about: Ref, detail: str | None = None) -> None:
    """Keep that the viewer takes out a file; without the note there is no answer."""
    request.trail(
        lambda db: record(request.act.but(db=db), action, about, detail),
        must=True,
    )
