"""Calendar files as answers. One that a program has already is not sent again."""

import hashlib
from datetime import datetime
from email.utils import format_datetime

from starlette.responses import Response

from portal import ical
from portal.web.request import Request

CALENDAR = "text/calendar; charset=utf-8"


def calendar_file(
    request: Request, body: bytes, changed: datetime, name: str, shown: str = "attachment"
) -> Response:
    """A calendar as a file; 304 for whoever has this one already."""
    tag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
    headers = {
        "etag": tag,
        "last-modified": format_datetime(changed.replace(microsecond=0), usegmt=True),
        "cache-control": "private, max-age=0, must-revalidate",
        "content-disposition": f'{shown}; filename="{name}"',
        "content-type": CALENDAR,
    }
    if tag in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    return Response(body, headers=headers)


def download(request: Request, happening: ical.Happening, name: str) -> Response:
    """One event as a file."""
    body = ical.download(happening).encode()
    return calendar_file(request, body, happening.revised_at, name)
