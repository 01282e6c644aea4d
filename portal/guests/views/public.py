"""Open events for everyone: the list, one event, coming, and one's own page."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from portal.guests import events, guests
from portal.guests.forms import ComeForm
from portal.guests.models import Guest, GuestState, OpenEvent
from portal.people.views.strangers import Guard
from portal.permissions import NOBODY
from portal.programs.models import Program, Site
from portal.programs.scopes import one
from portal.reads import read
from portal.recruitment.posters import known_source
from portal.shifts.models import Shift
from portal.web.answers import Screen, See, screen
from portal.web.errors import Refused
from portal.web.request import Request
from portal.words import text

GUARD = Guard("event", per_address=6, per_network=20, in_all=400, least_seconds=2)
SHOWN = 100
AGAIN = text(
    "You're signed up. We emailed you the link to your plan. No email? Call us to change it."
)


class Line(NamedTuple):
    """An open event as the list prints it."""

    id: int
    shift_id: int
    title: str
    starts_at: datetime
    ends_at: datetime
    zone: str
    program: str
    translations: Mapping[str, Any]
    site: str | None
    site_translations: Mapping[str, Any] | None
    left: int


def coming_events(request: Request, most: int = SHOWN) -> list[Line]:
    """The open events to come, the next one first."""
    taken = (
        select(func.count())
        .where(Guest.event_id == OpenEvent.id, Guest.state == GuestState.COMING)
        .scalar_subquery()
    )
    query: Any = (
        events.public_events(request.at)
        .outerjoin(Site, Site.id == Shift.site_id)
        .with_only_columns(
            OpenEvent.id,
            OpenEvent.shift_id,
            Shift.title,
            Shift.starts_at,
            Shift.ends_at,
            Shift.zone,
            Program.name.label("program"),
            Program.translations,
            Site.name.label("site"),
            Site.translations.label("site_translations"),
            (OpenEvent.places - taken).label("left"),
        )
        .order_by(OpenEvent.starts_at, OpenEvent.id)
        .limit(most)
    )
    rows = list(read(request.db, Line, query))
    named = events.titles(request.db, [row.shift_id for row in rows], request.language)
    return [row._replace(title=named[row.shift_id]) for row in rows]


def list_events(request: Request) -> Screen:
    """What anyone may come to."""
    return screen("guests/events.html", rows=coming_events(request))


def _event(request: Request, event_id: int) -> OpenEvent:
    scope = events.known_events(request.at).options(
        joinedload(OpenEvent.shift).joinedload(Shift.program)
    )
    return one(request.db, scope, OpenEvent.id == event_id)


def show(request: Request, event_id: int, form: Any = None) -> Screen:
    """One event: what, when, where, the agreement, and the form to come."""
    row = _event(request, event_id)
    wording = events.wording(request.db, row)
    return screen(
        "guests/event.html",
        row=row,
        shift=row.shift,
        title=events.title_of(request.db, row, request.language),
        site=request.db.get(Site, row.shift.site_id) if row.shift.site_id else None,
        left=0 if row.closed_at else row.places - events.coming(request.db, row.id),
        wording=wording,
        form=form if isinstance(form, ComeForm) else ComeForm(),
        problem=form,
        opened=GUARD.stamp(request),
    )


def guard(request: Request, form: ComeForm, **ids: Any) -> None:
    """Hold floods and bots off."""
    GUARD.check(request, form.opened.data)
    GUARD.spend(request, form.email.data)


def come(request: Request, form: ComeForm, event_id: int) -> See:
    """Come to an event; for a machine that filled in everything it looks the same."""
    row = _event(request, event_id)
    if form.website.data:
        return See(f"/events/{event_id}")
    wording = events.wording(request.db, row)
    if wording is None or str(wording.id) != form.shown.data:
        raise Refused(text("The wording changed since you opened this page. Read it again."))
    values = {name: form[name].data for name in ("name", "email", "phone")}
    guest, is_new = guests.come(
        request.act.but(by=NOBODY),
        row,
        values | {"language": request.language},
        request.settings,
        text_id=wording.id,
        source=known_source(request.asked("from")),
    )
    if not is_new:  # whoever types another's name and address gets no link of theirs
        return See(f"/events/{event_id}", AGAIN)
    return See(
        guests.guest_path(request.settings, guest.link_id), text("Thank you! See you there.")
    )


def _guest(request: Request, token: str) -> Guest:
    row = guests.by_token(request.db, token, request.at)
    request.read_by(row.language)
    return row


def show_guest(request: Request, token: str, form: Any = None) -> Screen:
    """One's own plan: when and where, and the button for not coming."""
    row = _guest(request, token)
    shift = row.event.shift
    site = request.db.get(Site, shift.site_id) if shift.site_id else None
    told = not shift.program.sensitive and not (site is not None and site.confidential)
    return screen(
        "guests/guest.html",
        row=row,
        shift=shift,
        title=events.title_of(request.db, row.event, request.language) if told else None,
        site=site if told else None,
        coming=row.state == GuestState.COMING,
        form=form,
        path=f"/guest/{token}",
    )


def cancel(request: Request, form: Any, token: str) -> See:
    """Not come after all."""
    guests.cancel(request.act.but(by=NOBODY), _guest(request, token))
    return See(f"/guest/{token}", text("Thank you for telling us."))


def follow_short_link(request: Request, event_id: int, source: str) -> See:
    """The address that a poster says. Nothing is counted until someone comes."""
    _event(request, event_id)
    return See(f"/events/{event_id}" + (f"?from={source}" if known_source(source) else ""))
