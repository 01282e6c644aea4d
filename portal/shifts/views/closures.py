"""Pages of closures: which days are closed, and what that does to shifts."""

from portal import clock
from portal.permissions import Permission
from portal.programs.closures import liftable
from portal.programs.models import Closure, Site
from portal.programs.scopes import managed_sites, one
from portal.shifts import closures
from portal.shifts.pattern_forms import ClosureForm
from portal.web.answers import Screen, See, screen
from portal.web.errors import Preview
from portal.web.request import Request
from portal.words import text


def list_closures(request: Request) -> Screen:
    """The days that are closed, now and ahead."""
    today = clock.local_day(request.at, request.settings.timezone)
    own = set(request.db.scalars(liftable(request.viewer).with_only_columns(Closure.id)))
    found = request.db.scalars(closures.open_closures(request.viewer, today)).all()
    return screen("shifts/closures.html", closures=found, own=own)


def new_closure(request: Request, form: ClosureForm | None = None) -> Screen:
    """Close some days; what they touch is shown before it happens."""
    form = form or ClosureForm(data={"what": closures.CANCEL, "days": 7})
    preview = form.refusal if isinstance(form.refusal, Preview) else None
    form.seen.data = preview.seen if preview else ""
    sites = request.db.execute(
        managed_sites(request.viewer)
        .with_only_columns(Site.id, Site.name)
        .where(Site.closed_at.is_(None))
        .order_by(Site.name)
        .limit(1000)
    )
    return screen(
        "shifts/closure_edit.html",
        form=form,
        sites=[(row.id, row.name) for row in sites],
        agency_wide=request.viewer.everywhere(Permission.SITES_MANAGE),
        touched=preview.changes[2:] if preview else None,
    )


def create_closure(request: Request, form: ClosureForm) -> See:
    """Close the days, and cancel or move what is on them."""
    closures.close(
        request.act,
        form.columns,
        form.what.data,
        form.days.data or 0,
        request.settings.timezone,
        form.seen.data or "",
    )
    return See("/closures", text("The closure was saved."))


def lift_closure(request: Request, form: object, closure_id: int) -> See:
    """Open closed days again."""
    closure = one(request.db, liftable(request.viewer), Closure.id == closure_id)
    closures.lift(request.act, closure)
    return See("/closures", text("The closure was removed. Canceled shifts stay canceled."))
