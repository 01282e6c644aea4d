"""Last year's volunteers: who is still to be asked whether they come back, by whom, and what came of it."""

from typing import Any

from portal.lifecycle import past_years, reengagements
from portal.lifecycle.reengagement_models import Back, Reengagement
from portal.people.forms import STATUS_WORDS
from portal.people.models import Person
from portal.permissions import Permission
from portal.programs.models import Program
from portal.programs.scopes import managed_programs, one
from portal.programs.views.choices import program_options
from portal.recruitment.applications import owners_of
from portal.web.answers import Screen, See, screen
from portal.web.choices import choice_field, chosen_field, ids_field
from portal.web.errors import NotFound, Refused
from portal.web.fields import day_field
from portal.web.forms import Form
from portal.web.ids import as_id
from portal.web.request import Request, today_of
from portal.words import Words, count_text, text

BACK_WORDS: dict[str, Words] = {
    Back.YES: text("Coming back"),
    Back.LATER: text("Ask again on a later day"),
    Back.NO: text("Not coming back"),
    Back.UNREACHED: text("Couldn't reach them"),
}


class OwnerForm(Form):
    """Who asks the selected people."""

    ids = ids_field(text("People"))
    owner = chosen_field(text("Who asks them"), required=False)


class BackForm(Form):
    """What came of asking someone."""

    outcome = choice_field(text("What they said"), BACK_WORDS)
    ask_on = day_field(text("Ask again on"), required=False)


def show(
    request: Request,
    program_id: int | None = None,
    year: int | None = None,
    reengagement_id: int | None = None,
    form: Any = None,
) -> Screen:
    """Those whom the viewer has to ask, and the people of one program and year."""
    db, today, zone = request.db, today_of(request), request.settings.timezone
    programs = program_options(request, Permission.PEOPLE_MANAGE)
    years = past_years.past_years(today)
    asked = year or request.asked_id("year")
    year = asked if asked in years else years[0]
    rows = reengagements.own_lines(db, request.viewer, today, zone)
    wanted = program_id or request.asked_id("program") or next((row.program_id for row in rows), 0)
    program = wanted if wanted in dict(programs) else next((number for number, _ in programs), None)
    done = request.asked("which") == "done"
    found = program and past_years.Year(request.viewer, program, year, zone)
    return screen(
        "lifecycle/last_year.html",
        rows=rows,
        people=reengagements.lines(db, found, done=done, today=today) if found else [],
        sums=reengagements.sums(db, found) if found else reengagements.Sums(0, 0),
        programs=programs,
        program=program,
        years=years,
        year=year,
        done=done,
        owners=owners_of(db, program) if program else {},
        form=form,
        chosen=form.ids.data if isinstance(form, OwnerForm) else (),
        noting={reengagement_id: form} if isinstance(form, BackForm) else {},
        words=BACK_WORDS,
        statuses=STATUS_WORDS,
        most=reengagements.SHOWN,
    )


def take_on(request: Request, form: OwnerForm, program_id: int, year: int) -> See:
    """Have someone ask the selected people, or no one."""
    program = one(request.db, managed_programs(request.viewer), Program.id == program_id)
    if year not in past_years.past_years(today_of(request)):
        raise NotFound
    if not form.ids.data:
        raise Refused(fields={"ids": text("Select at least one.")})
    owner = form.owner.data
    if owner is None and request.form_data.get("owner"):
        raise Refused(fields={"owner": text("Select someone from the list.")})
    found = past_years.Year(request.viewer, program.id, year, request.settings.timezone)
    had = {number: as_id(request.form_data.get(f"had-{number}", "")) for number in form.ids.data}
    taken = reengagements.take_on(request.act, found, had, owner)
    if taken:
        said = text("Someone else took these on since: %(names)s.", names=", ".join(taken[:5]))
    else:
        said = count_text("%(n)s person was assigned.", "%(n)s people were assigned.", len(had))
    return See(f"/people/last-year?program={program.id}&year={year}", said)


def note(request: Request, form: BackForm, reengagement_id: int) -> See:
    """Keep what came of asking someone whom the viewer took on."""
    today = today_of(request)
    mine = past_years.own_to_ask(request.viewer, today, request.settings.timezone)
    row = one(request.db, mine, Reengagement.id == reengagement_id)
    reengagements.note(request.act, row, Back(form.outcome.data), form.ask_on.data, today)
    name = request.db.get_one(Person, row.person_id).name
    return See("/people/last-year", text("We noted it for %(name)s.", name=name))
