"""Pages of incidents: reporting one, one's own reports, the receivers' room, and setting it up."""

from typing import Any, NamedTuple

from sqlalchemy import select

from portal.agency.settings import change, value_of
from portal.incidents import handling, receivers, reporting
from portal.incidents.forms import (
    CALLED_WORDS,
    KIND_WORDS,
    CloseForm,
    EntryForm,
    HideForm,
    IncidentForm,
    OwnerForm,
    SetupForm,
)
from portal.incidents.lists import WHICH, list_incidents
from portal.incidents.models import Incident, IncidentState
from portal.incidents.settings import ADULT_HOTLINE, CHILD_HOTLINE, WITHIN, hotlines
from portal.people.models import Person
from portal.permissions import Permission
from portal.programs.models import Program
from portal.programs.scopes import one, visible_people
from portal.web.answers import Screen, See, screen
from portal.web.errors import NotFound
from portal.web.forms import form_of
from portal.web.ids import as_id
from portal.web.request import Request
from portal.words import Words, text

NO_PROGRAM = "none"
STATE_WORDS: dict[str, Words] = {
    IncidentState.NEW: text("Received"),
    IncidentState.OPEN: text("Someone is on it"),
    IncidentState.CLOSED: text("Closed"),
}
ACTION_WORDS: dict[str, Words] = {
    "taken": text("Took the report"),
    "noted": text("Noted"),
    "called": text("Called them"),
    "hidden": text("Hid the report from someone"),
    "assigned": text("Assigned the report"),
    "unassigned": text("The owner left; no one has the report"),
    "closed": text("Closed the report"),
    "reopened": text("Reopened the report"),
}


class Reporting(NamedTuple):
    """Who reports, and about which of their programs."""

    person: Person
    programs: list[Program]
    program: Program | None
    chosen: bool


def _reporting(request: Request, person: str, program: str) -> Reporting:
    """What the address or the form says of it. NotFound for a person or program that is not the viewer's."""
    number = as_id(person) or request.viewer.person_id
    if number == request.viewer.person_id:
        who = request.db.get_one(Person, number)
    else:
        if not request.viewer.may(Permission.PEOPLE_MANAGE):
            raise NotFound
        who = one(request.db, visible_people(request.viewer), Person.id == number)
    programs = reporting.programs_of(request.db, who.id, request.viewer)
    if program in ("", NO_PROGRAM):
        return Reporting(who, programs, None, program == NO_PROGRAM)
    found = next((it for it in programs if it.id == as_id(program)), None)
    if found is None:
        raise NotFound
    return Reporting(who, programs, found, True)


def new(request: Request, form: IncidentForm | None = None) -> Screen:
    """Emergency numbers first; then which program; then what happened."""
    person = form.person.data if form else request.asked("for")
    program = form.program.data if form else request.asked("program")
    it = _reporting(request, person or "", program or "")
    child, adult = hotlines(request.db, request.settings)
    facts = {
        "it": it,
        "child": child,
        "adult": adult,
        "other": it.person.id != request.viewer.person_id,
        "own": reporting.own_reports(request.db, request.viewer),
    }
    number = it.program.id if it.program else None
    if not it.chosen:
        off = None if all((child, adult)) else reporting.why_off(request.db, request.settings, None)
        return screen("incidents/new.html", off=off, **facts)
    sensitive = reporting.is_told_by_phone(request.db, it.person.id, it.program)
    shown = form or IncidentForm()
    flags: Any = shown.callback.flags
    flags.required = sensitive
    return screen(
        "incidents/report.html",
        form=form,
        reporting=shown,
        off=reporting.why_off(request.db, request.settings, number),
        readers=receivers.possible_parties(request.db, number),
        sensitive=sensitive,
        **facts,
    )


def send(request: Request, form: IncidentForm) -> See:
    """Send a report."""
    it = _reporting(request, form.person.data or "", form.program.data or "")
    if not it.chosen:
        raise NotFound
    other = it.person.id != request.viewer.person_id
    act = request.act.but(asked=(form.asked.data or "phone") if other else None)
    reporting.report(act, it.person.id, it.program, form.values, form.about.data, request.settings)
    said = text("Your report was sent. Someone will read it soon.")
    if other:
        return See(
            f"/people/{it.person.id}", text("The report was sent. Only its receivers see it.")
        )
    return See("/incidents/own", said)


def list_own(request: Request) -> Screen:
    """What one reported, and where it stands."""
    rows = reporting.own_reports(request.db, request.viewer)
    return screen("incidents/own.html", rows=rows, states=STATE_WORDS)


def index(request: Request) -> Screen:
    """The reports one receives: those that wait, all open ones, or the closed ones."""
    which = request.asked("which") if request.asked("which") in WHICH else ""
    page = list_incidents(request.db, request.viewer, which, request.asked("after"))
    return screen(
        "incidents/list.html",
        page=page,
        which=which,
        kinds=KIND_WORDS,
        states=STATE_WORDS,
        now=request.at,
    )


def _visible(request: Request, incident_id: int) -> Incident:
    scope = receivers.visible_incidents(request.viewer)
    return one(request.db, scope, Incident.id == incident_id)


def show(request: Request, incident_id: int, form: Any = None) -> Screen:
    """A report, its log, and what comes next."""
    row = _visible(request, incident_id)
    owners = [(it.id, it.name) for it in receivers.receivers_of(request.db, row.program_id, row.id)]
    return screen(
        "incidents/show.html",
        row=row,
        form=form,
        log=handling.log_of(request.db, row.id),
        hidden=handling.hidden_from(request.db, row.id),
        noting=form_of(form, EntryForm),
        hiding=form_of(form, HideForm),
        assigning=form_of(form, OwnerForm, {"owner": row.owner_id}),
        closing=form_of(form, CloseForm),
        owners=owners,
        staff=receivers.possible_parties(request.db, row.program_id),
        kinds=KIND_WORDS,
        states=STATE_WORDS,
        called=CALLED_WORDS,
        actions=ACTION_WORDS,
        sensitive=reporting.is_told_by_phone(request.db, row.reporter_id, row.program),
        now=request.at,
    )


def acknowledge(request: Request, form: Any, incident_id: int) -> See:
    """Take a report."""
    handling.acknowledge(request.act, _visible(request, incident_id))
    return See(f"/incidents/{incident_id}", text("You have this report now."))


def add_entry(request: Request, form: EntryForm, incident_id: int) -> See:
    """Log what was done."""
    handling.add_entry(request.act, _visible(request, incident_id), form.words.data or "")
    return See(f"/incidents/{incident_id}", text("Added to the log."))


def hide(request: Request, form: HideForm, incident_id: int) -> See:
    """Hide a report from whom it is about."""
    row = _visible(request, incident_id)
    handling.hide_from(request.act, row, form.person.data)
    path = "/incidents" if form.person.data == request.viewer.person_id else f"/incidents/{row.id}"
    return See(path, text("The report is hidden from them."))


def assign(request: Request, form: OwnerForm, incident_id: int) -> See:
    """Pass a report on."""
    handling.assign(request.act, _visible(request, incident_id), form.owner.data)
    return See(f"/incidents/{incident_id}", text("The report was assigned."))


def close(request: Request, form: CloseForm, incident_id: int) -> See:
    """Close a report."""
    handling.close(request.act, _visible(request, incident_id), form.outcome.data or "")
    return See("/incidents", text("The report was closed."))


def reopen(request: Request, form: Any, incident_id: int) -> See:
    """Open a report again."""
    handling.reopen(request.act, _visible(request, incident_id))
    return See(f"/incidents/{incident_id}", text("The report is open again."))


def setup(request: Request, form: SetupForm | None = None) -> Screen:
    """The hotlines, the hours, and who reads the reports of each program."""
    db, settings = request.db, request.settings
    child, adult = hotlines(db, settings)
    hours = {f"{kind}_hours": value_of(db, it, settings) for kind, it in WITHIN.items()}
    programs = db.scalars(
        select(Program).where(Program.closed_at.is_(None)).order_by(Program.name).limit(500)
    ).all()
    return screen(
        "incidents/setup.html",
        form=form,
        setting=form or SetupForm(data={"child_hotline": child, "adult_hotline": adult} | hours),
        programs=programs,
        named=receivers.by_program(db),
        short={it.id for it in db.scalars(receivers.uncovered(request.viewer))},
        least=receivers.LEAST,
        on=bool(child and adult),
    )


def save_setup(request: Request, form: SetupForm) -> See:
    """Save the hotlines and the hours."""
    settings = request.settings
    for setting, value in (
        (CHILD_HOTLINE, form.child_hotline.data or ""),
        (ADULT_HOTLINE, form.adult_hotline.data or ""),
    ):
        if value != value_of(request.db, setting, settings):
            change(request.act, setting, value, settings)
    for kind, hours in WITHIN.items():
        number = form[f"{kind}_hours"].data
        if number != value_of(request.db, hours, settings):
            change(request.act, hours, number, settings)
    return See("/incidents/setup", text("Saved."))
