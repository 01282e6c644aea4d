"""The page of the audit."""

from portal.act import Ref
from portal.audit.log import record
from portal.oversight import lines
from portal.web.answers import Screen, screen
from portal.web.request import Request


def show(request: Request) -> Screen:
    """Who did what, the newest first. That it is read is noted, too (SECURITY U1)."""
    about = Ref("audit", None)
    request.trail(lambda db: record(request.act.but(db=db), "audit.read", about), must=True)
    upto = request.asked_day("upto")
    after, zone = request.asked("after"), request.settings.timezone
    return screen(
        "oversight/audit.html",
        page=lines.page(request.db, after, upto=upto, zone=zone),
        upto=upto,
    )
