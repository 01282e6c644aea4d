"""Pages of closures: what is closed when, and what becomes of everything that falls into it."""

from typing import Any

from sqlalchemy import select, union

from portal import clock
from portal.closing import Closable, Do
from portal.closings import closing
from portal.closings.forms import MINE, PROGRAM, SITE, WORDS, ClosingForm
from portal.closings.places import places
from portal.permissions import Permission
from portal.programs.closures import liftable
from portal.programs.models import Closure
from portal.programs.scopes import one
from portal.shifts.models import Shift
from portal.shifts.pattern_models import Pattern
from portal.web.answers import Screen, See, screen
from portal.web.errors import Preview
from portal.web.request import Request
from portal.words import text


def list_closures(request: Request) -> Screen:
    """What is closed, now and ahead."""
    today = clock.local_day(request.at, request.settings.timezone)
    own = set(request.db.scalars(liftable(request.viewer).with_only_columns(Closure.id)))
    found = request.db.scalars(closing.open_closures(request.viewer, today)).all()
    return screen("closings/list.html", closures=found, own=own)


def new_closing(request: Request, form: ClosingForm | None = None) -> Screen:
    """Close something; what falls into it is shown before anything happens."""
    where = request.asked("where")
    tomorrow = clock.local_day(request.at, request.settings.timezone) + clock.ONE_DAY
    form = form or ClosingForm(
        data={
            "what": Do.CANCEL,
            "days": 7,
            "where": where,
            "first_day": request.asked_day("day") or (tomorrow if where else None),
        }
    )
    if where and not form.refusal:  # all that is left to type
        form.reason.render_kw = {**(form.reason.render_kw or {}), "autofocus": True}
    preview = form.refusal if isinstance(form.refusal, Preview) else None
    form.seen.data = preview.seen if preview else form.seen.data if form.refused else ""
    return screen(
        "closings/new.html",
        form=form,
        places=places(request),
        items=preview.changes[1:] if preview else _items(request, form),
        words=WORDS,
        ONLINE=Do.ONLINE,
    )


def _items(request: Request, form: ClosingForm) -> Any:
    """What the page listed when the form was refused after its preview; nothing before."""
    if not (form.seen.data and form.first_day.data):
        return None
    zone = request.settings.timezone
    span = _closing(request, form).span(zone)
    return closing.found(request.db, request.viewer, span, _closables(request), request.at)


def _closables(request: Request) -> list[Closable]:
    return [one for domain in request.portal.domains for one in domain.closables]


def _closing(request: Request, form: ClosingForm) -> closing.Closing:
    """What the form asks to close. A location for one's programs is closed for each of them."""
    kind, number = form.place
    programs: tuple[int, ...] | None = None
    if kind == PROGRAM:
        programs = (number,) if number else ()
    elif kind == MINE:
        programs = _programs_at(request, number)
    return closing.Closing(
        form.first_day.data,
        form.last_day.data or form.first_day.data,
        form.reason.data or "",
        number if kind in (SITE, MINE) else None,
        programs,
        form.starts.data,
        form.ends.data,
    )


def _programs_at(request: Request, site_id: int | None) -> tuple[int, ...]:
    """Those of the viewer's programs that have something at a location, now or ahead; all where none has."""
    own = request.viewer.programs_with(Permission.SHIFTS_MANAGE)
    there = union(
        select(Shift.program_id).where(Shift.site_id == site_id, Shift.ends_at > request.at),
        select(Pattern.program_id).where(Pattern.site_id == site_id),
    )
    found = set(request.db.scalars(there)) & own
    return tuple(sorted(found or own))


def create_closing(request: Request, form: ClosingForm) -> See:
    """Close it, and do with each item what was decided."""
    done = closing.close(
        request.act,
        _closing(request, form),
        form.decisions,
        form.otherwise,
        _closables(request),
        request.settings.timezone,
        request.portal.gives,
        form.seen.data or "",
    )
    said = text(
        "The closure was saved. Canceled: %(canceled)s. Moved: %(moved)s. Online: %(online)s. Kept: %(kept)s.",
        canceled=done[Do.CANCEL],
        moved=done[Do.MOVE],
        online=done[Do.ONLINE],
        kept=done[Do.KEEP],
    )
    return See("/closures", said)


def lift_closure(request: Request, form: object, closure_id: int) -> See:
    """Open closed days again."""
    closure = one(request.db, liftable(request.viewer), Closure.id == closure_id)
    closing.lift(request.act, closure)
    return See("/closures", text("The closure was removed. What was canceled or moved stays so."))
