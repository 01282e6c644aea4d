"""Open events for staff: opening a shift, its guests, and those who came again."""

from typing import Any

from sqlalchemy import select
from starlette.responses import Response

from portal import clock, pdf
from portal.guests import events, guests
from portal.guests.forms import AgainForm, CameForm, OpenForm, WalkInForm
from portal.guests.models import Guest, GuestState, OpenEvent
from portal.guests.posters import event_poster, short_link
from portal.languages import LANGUAGES
from portal.programs.lookalikes import Description, lookalikes, recognized
from portal.programs.scopes import one
from portal.recruitment.posters import POSTER
from portal.requirements.models import Requirement
from portal.shifts.views.shifts import managed_shift
from portal.web.answers import Screen, See, screen
from portal.web.errors import NotFound
from portal.web.forms import form_of
from portal.web.request import Request
from portal.words import text

SHOWN = 2000


def show(request: Request, shift_id: int, form: Any = None) -> Screen:
    """The guests of a shift; or the form that opens it to everyone."""
    shift = managed_shift(request, shift_id)
    db, row = request.db, events.event_of(request.db, shift_id)
    rows = []
    if row is not None:
        found = select(Guest).where(Guest.event_id == row.id).order_by(Guest.name, Guest.id)
        rows = list(db.scalars(found.limit(SHOWN)))
    agreements = events.agreements(shift.program_id).order_by(Requirement.name)
    given = {"agreement": row and row.agreement_id, "places": row.places if row else 10}
    return screen(
        "guests/staff.html",
        shift=shift,
        row=row,
        rows=[one_ for one_ in rows if one_.state == GuestState.COMING],
        canceled=sum(one_.state == GuestState.CANCELED for one_ in rows),
        by_poster=sum(one_.source == POSTER for one_ in rows),
        begun=shift.starts_at <= request.at,
        over=shift.ends_at <= request.at,
        agreements=[
            (one_.id, request.written(one_.name, one_.translations))
            for one_ in db.scalars(agreements)
        ],
        opening=form_of(form, OpenForm, given),
        walking=form_of(form, WalkInForm).apart("walk-in"),
        link=short_link(request.settings, row.id) if row else "",
        languages=LANGUAGES,
        problem=form,
    )


def open_event(request: Request, form: OpenForm, shift_id: int) -> See:
    """Open a shift to everyone."""
    shift = managed_shift(request, shift_id)
    events.open_event(
        request.act,
        shift,
        form.agreement.data,
        form.places.data,
        no_clients=form.no_clients.data,
    )
    return See(f"/shifts/{shift_id}/guests", text("The shift is open to everyone now."))


def _event(request: Request, shift_id: int) -> OpenEvent:
    managed_shift(request, shift_id)
    return one(request.db, events.managed_events(request.viewer), OpenEvent.shift_id == shift_id)


def close_event(request: Request, form: Any, shift_id: int) -> See:
    """Take no more guests."""
    events.close_event(request.act, _event(request, shift_id))
    return See(f"/shifts/{shift_id}/guests", text("No more guests are taken."))


def add(request: Request, form: WalkInForm, shift_id: int) -> See:
    """Add someone who stands there, or called."""
    row = _event(request, shift_id)
    values = {name: form[name].data for name in ("name", "email", "phone")}
    guests.come(
        request.act.but(asked="in_person"), row, values | {"language": request.language},
        request.settings, text_id=None, how="paper",
    )  # fmt: skip
    return See(f"/shifts/{shift_id}/guests", text("The guest was added."))


def mark(request: Request, form: CameForm, shift_id: int) -> See:
    """Note who came."""
    guests.mark(request.act, _event(request, shift_id), set(form.came.data))
    return See(f"/shifts/{shift_id}/guests", text("Saved who came."))


def download_poster(request: Request, shift_id: int, language: str) -> Response:
    """A poster of an open event, to print."""
    row = _event(request, shift_id)
    if language not in LANGUAGES or row.closed_at is not None:
        raise NotFound
    this_year = clock.local_day(request.at, request.settings.timezone).year
    found = event_poster(request.db, row, request.settings, language, this_year)
    file = pdf.render("recruitment/poster.typ", found, request.at)
    name = f'attachment; filename="poster-event-{row.id}-{language}.pdf"'
    return Response(file, media_type="application/pdf", headers={"content-disposition": name})


def list_again(request: Request, form: Any = None) -> Screen:
    """Guests who came again, each with who they may be already."""
    rows = request.db.scalars(
        guests.came_again(request.viewer).order_by(Guest.marked_at, Guest.id).limit(50)
    ).all()
    return screen(
        "guests/again.html",
        rows=[(row, guests.times_came(request.db, row), _likely(request, row)) for row in rows],
        form=form,
    )


def _likely(request: Request, row: Guest) -> Any:
    described = Description(row.name, row.email, row.phone)
    return lookalikes(request.db, request.viewer, described)


def _again(request: Request, guest_id: int) -> Guest:
    return one(request.db, guests.visible_guests(request.viewer), Guest.id == guest_id)


def become(request: Request, form: AgainForm, guest_id: int) -> See:
    """Give a guest a record. Where someone with a record looks alike, it is said who it is."""
    row = _again(request, guest_id)
    known = recognized(request, form, _likely(request, row))
    person = guests.become(request.act, row, known)
    return See(f"/people/{person.id}", text("The guest has a record now."))


def pass_by(request: Request, form: Any, guest_id: int) -> See:
    """Make no record."""
    guests.pass_by(request.act, _again(request, guest_id))
    return See("/guests", text("No record was made."))
