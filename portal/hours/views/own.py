"""Pages of one's own hours: month by month, reporting, asking."""

from datetime import date, timedelta
from typing import Any

from portal import clock
from portal.hours import entries, ledger, own_hours, questions, reporting
from portal.hours.forms import STATE_WORDS, QuestionForm, ReportForm
from portal.hours.models import HoursEntry, HoursState, Source
from portal.programs.scopes import one
from portal.web.answers import Screen, See, screen
from portal.web.errors import NotFound, Refused
from portal.web.forms import form_of
from portal.web.request import Request
from portal.words import text

SAVED = text("Your hours were submitted. Thank you!")
KEPT = text("Draft saved. When it's ready, select “Edit or submit”.")


def _month(request: Request) -> tuple[date, date]:
    """First and last day of the month that the address names, or of this one."""
    today = clock.local_day(request.at, request.settings.timezone)
    asked = request.asked("month")
    try:
        first = date.fromisoformat(f"{asked}-01") if asked else today.replace(day=1)
    except ValueError:
        first = today.replace(day=1)
    if not 2000 <= first.year <= 2100:
        first = today.replace(day=1)
    return first, (first + timedelta(days=32)).replace(day=1) - clock.ONE_DAY


def show_own(request: Request, form: Any = None, entry_id: int | None = None) -> Screen:
    """My hours, month by month."""
    first, last = _month(request)
    rows = own_hours.month_of(request.db, request.viewer, first, last)
    before = own_hours.before_of(request.db, request.viewer, first, last)
    approved, waiting = own_hours.own_sum(request.db, request.viewer, first, last)
    year, _ = own_hours.own_sum(request.db, request.viewer, first.replace(month=1, day=1), last)
    return screen(
        "hours/own.html",
        rows=rows,
        asked=own_hours.questions_of(
            request.db,
            [row.id for row in rows] + [one.id for some in before.values() for one in some],
        ),
        before_of=before,
        first=first,
        before=first - clock.ONE_DAY,
        after=last + clock.ONE_DAY,
        approved=approved,
        waiting=waiting,
        year=year,
        states=STATE_WORDS,
        form=form,
        entry_id=entry_id,
        asking=form_of(form, QuestionForm),
        mine=(Source.OWN, (HoursState.DRAFT, HoursState.SUBMITTED)),
    )


def _own(request: Request, entry_id: int) -> HoursEntry:
    return one(request.db, ledger.own(request.viewer), HoursEntry.id == entry_id)


def new_report(request: Request, form: ReportForm | None = None) -> Screen:
    """Tell of hours that come from no shift."""
    today = clock.local_day(request.at, request.settings.timezone)
    return _report_screen(request, form or ReportForm(data={"day": today}), None)


def _report_screen(request: Request, form: ReportForm, entry: HoursEntry | None) -> Screen:
    places = places_for(request, request.viewer.person_id)
    if not form.position.data and len(places) == 1:
        form.position.data = places[0].id
    return screen(
        "hours/report.html",
        form=form,
        places=places,
        travel=any(row.counts_travel for row in places),
        entry=entry,
        action=f"/me/hours/{entry.id}" if entry else "/me/hours",
        person=None,
        back="/me/hours",
    )


def places_for(request: Request, person_id: int | None) -> Any:
    """The roles that someone's hours can be for."""
    today = clock.local_day(request.at, request.settings.timezone)
    return own_hours.places_of(request.db, person_id, today - entries.REPORT_SINCE)


def work_for(request: Request, form: ReportForm, person_id: int, places: Any) -> entries.Work:
    """What a report says, for one of these roles; raises Refused beside the fields."""
    place = next((row for row in places if row.id == form.position.data), None)
    if place is None:
        raise Refused(fields={"position": text("Select one.")})
    zone = request.settings.timezone
    return form.work(person_id, place.program_id, zone, travel=place.counts_travel)


def create_report(request: Request, form: ReportForm) -> See:
    """Hand one's own hours in, or keep them for later."""
    assert request.viewer.person_id
    places = places_for(request, request.viewer.person_id)
    reporting.report(
        request.act,
        work_for(request, form, request.viewer.person_id, places),
        zone=request.settings.timezone,
        draft=_later(request),
    )
    said = KEPT if _later(request) else SAVED
    return See(f"/me/hours?month={form.day.data:%Y-%m}", said)


def _later(request: Request) -> bool:
    return bool(request.form_data.get("later"))


def edit_report(request: Request, entry_id: int, form: ReportForm | None = None) -> Screen:
    """Change hours one told of."""
    entry = _own(request, entry_id)
    if entry.source != Source.OWN:
        raise NotFound
    form = form or ReportForm.showing(entry, request.settings.timezone)
    return _report_screen(request, form, entry)


def update_report(request: Request, form: ReportForm, entry_id: int) -> See:
    """Save that."""
    entry = _own(request, entry_id)
    places = places_for(request, request.viewer.person_id)
    entries.change(
        request.act,
        entry,
        work_for(request, form, entry.person_id, places),
        zone=request.settings.timezone,
        draft=_later(request),
    )
    said = KEPT if _later(request) else SAVED
    return See(f"/me/hours?month={form.day.data:%Y-%m}", said)


def take_own_back(request: Request, form: Any, entry_id: int) -> See:
    """Take back what one told of, before it is approved."""
    entry = _own(request, entry_id)
    day = entry.day
    entries.take_own_back(request.act, entry)
    return See(f"/me/hours?month={day:%Y-%m}", text("The time entry was deleted."))


def ask(request: Request, form: QuestionForm, entry_id: int) -> See:
    """Say that an entry is wrong."""
    entry = _own(request, entry_id)
    questions.ask(request.act, entry, form.words.data)
    said = text("Thank you. The coordinator will answer you here.")
    return See(f"/me/hours?month={entry.day:%Y-%m}", said)
