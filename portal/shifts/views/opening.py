"""Pages of when sign-up opens: at one moment for many shifts, and earlier for people on a list."""

from datetime import datetime
from typing import Any

from portal import clock
from portal.programs.models import Program
from portal.programs.naming import the_one
from portal.programs.scopes import one, scheduled_programs
from portal.shifts import early, opening
from portal.shifts.early_models import EarlyList
from portal.shifts.group_forms import WhoForm
from portal.shifts.opening_forms import EARLY, EarlyListForm, OpeningForm
from portal.shifts.pattern_models import MORNING
from portal.web.answers import Screen, See, screen
from portal.web.errors import Preview
from portal.web.forms import form_of
from portal.web.request import Request, today_of
from portal.words import count_text, text


def _program(request: Request, number: Any) -> Program:
    """An open program that one schedules, or NotFound."""
    return one(request.db, scheduled_programs(request.viewer), Program.id == number)


def index(request: Request, form: Any = None) -> Screen:
    """Opening sign-up at a set time, and the lists of people who sign up early."""
    first = today_of(request).replace(day=1)
    later = (first + 32 * clock.ONE_DAY).replace(day=1)
    last = (later + 32 * clock.ONE_DAY).replace(day=1) - clock.ONE_DAY
    opening_form = form_of(form, OpeningForm, {"first": later, "last": last, "opens_time": MORNING})
    preview = opening_form.refusal if isinstance(opening_form.refusal, Preview) else None
    opening_form.seen.data = preview.seen if preview else ""
    return screen(
        "shifts/opening.html",
        programs=[
            (row.id, request.written(row.name, row.translations))
            for row in request.db.scalars(
                scheduled_programs(request.viewer).order_by(Program.name).limit(200)
            )
        ],
        opening=opening_form,
        openings=preview.changes if preview else None,
        lists=early.lists_of(request.db, request.viewer),
        ahead=opening.set_openings(request.db, request.viewer, request.at),
        opens_at=_moment(request, opening_form) if preview else None,
        hours=EARLY,
        adding=form_of(form, EarlyListForm),
        form=form,
    )


def set_opening(request: Request, form: OpeningForm) -> See:
    """Set it."""
    zone, opens_at = request.settings.timezone, _moment(request, form)
    number = opening.set_opening(
        request.act,
        _program(request, form.program.data),
        (form.first.data, form.last.data),
        opens_at,
        zone,
        form.seen.data or "",
    )
    said = count_text(
        "Sign-up for %(n)s shift opens %(when)s.",
        "Sign-up for %(n)s shifts opens %(when)s.",
        number,
        when=clock.moment_text(opens_at, zone, request.language, request.at.year),
    )
    return See("/opening", said)


def _moment(request: Request, form: OpeningForm) -> datetime:
    """The moment that was typed, in the agency's zone."""
    zone = request.settings.timezone
    return clock.as_calendars_do(form.opens_on.data, form.opens_time.data, zone)


def add_list(request: Request, form: EarlyListForm) -> See:
    """Write a list."""
    program = _program(request, form.of_program.data)
    row = early.add_list(request.act, program, form.name.data, int(form.hours.data))
    return See(f"/early-lists/{row.id}", text("%(name)s was added.", name=row.name))


def _list(request: Request, early_list_id: int) -> EarlyList:
    """A list of one's programs that didn't end, or NotFound."""
    found = early.managed_lists(request.viewer).where(EarlyList.ended_at.is_(None))
    return one(request.db, found, EarlyList.id == early_list_id)


def show_list(request: Request, early_list_id: int, form: Any = None) -> Screen:
    """Who is on a list."""
    return screen(
        "shifts/opening/list.html",
        row=_list(request, early_list_id),
        hours=EARLY,
        adding=form_of(form, WhoForm),
        form=form,
    )


def add_person(request: Request, form: WhoForm, early_list_id: int) -> See:
    """Put someone on a list."""
    row = _list(request, early_list_id)
    person = the_one(request, form.who.data)
    early.add_person(request.act, row, person.id)
    return See(f"/early-lists/{row.id}", text("%(name)s is on the list.", name=person.name))


def take_off(request: Request, form: Any, early_list_id: int, person_id: int) -> See:
    """Take someone off a list."""
    early.take_off(request.act, _list(request, early_list_id), person_id)
    return See(f"/early-lists/{early_list_id}", text("They're off the list."))


def end_list(request: Request, form: Any, early_list_id: int) -> See:
    """End a list; a second press is harmless."""
    every = early.managed_lists(request.viewer)
    row: EarlyList = one(request.db, every, EarlyList.id == early_list_id)
    early.end_list(request.act, row)
    return See("/opening", text("%(name)s was ended.", name=row.name))
