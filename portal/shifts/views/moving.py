"""Moving a shift to another day, and copying a week."""

from functools import partial
from typing import Any

from portal import clock
from portal.programs.closures import closures_between
from portal.programs.models import Program
from portal.programs.scopes import one, scheduled_programs
from portal.shifts import copying, drafts, week_templates
from portal.shifts import shifts as verbs
from portal.shifts.moving_forms import CopyForm, MoveForm, TemplateForm
from portal.shifts.roster import roster
from portal.shifts.template_models import WeekTemplate
from portal.shifts.views.in_draft import asked_draft, drafted, proposed
from portal.shifts.views.lists import first_of_week
from portal.shifts.views.shifts import managed_shift
from portal.web.answers import Screen, See, screen
from portal.web.errors import Preview
from portal.web.forms import form_of
from portal.web.request import Request
from portal.words import Words, count_text, text


def ask_to_move(request: Request, shift_id: int, form: MoveForm | None = None) -> Screen:
    """Ask for the new day and time."""
    shift = managed_shift(request, shift_id)
    local = clock.to_local(shift.starts_at, shift.zone)
    current, _ = roster(request.db, shift_id)
    day = request.asked_day("day") or local.date()
    form = form or MoveForm(data={"day": day, "starts": local.time()})
    form.was.data = local.date().isoformat()
    to = form.day.data or day
    closed = [
        one.reason
        for one in closures_between(request.db, to, to)
        if one.covers(to, shift.site_id, shift.program_id)
    ]
    return screen(
        "shifts/move.html",
        form=form,
        shift=shift,
        people=current,
        day_to=to,
        closed=closed,
        **drafted(request),
    )


def move_shift(request: Request, form: MoveForm, shift_id: int) -> See:
    """Move a shift to another day, and go back to the week it is in then."""
    shift = managed_shift(request, shift_id)
    if draft := asked_draft(request):
        drafts.move(request.act, draft, shift, form.day.data, form.starts.data)
        return proposed(draft)
    verbs.move_shift(request.act, shift, form.day.data, form.starts.data, was=form.was.data or "")
    moved = partial(clock.moment_text, shift.starts_at, shift.zone, this_year=request.at.year)
    return See(
        f"/schedule?week={form.day.data.isoformat()}",
        text("The shift was moved to %(when)s.", when=moved(request.language)),
    )


def ask_to_copy(request: Request, form: CopyForm | TemplateForm | None = None) -> Screen:
    """Copy a week: which one, to which one; what will be written is shown first. A template fills it in."""
    today = clock.local_day(request.at, request.settings.timezone)
    first_day = first_of_week(request, request.asked_day("week") or today)
    given: dict[str, Any] = {"week": first_day, "to": first_day + 7 * clock.ONE_DAY}
    if number := request.asked_id("template"):
        row = _template(request, number)
        next_one = first_of_week(request, today) + 7 * clock.ONE_DAY
        given = {
            "week": row.first_day,
            "to": max(next_one, row.first_day + 7 * clock.ONE_DAY),
        }
        given["program"] = row.program_id
    copying_form = form_of(form, CopyForm, given)
    preview = copying_form.refusal if isinstance(copying_form.refusal, Preview) else None
    copying_form.seen.data = preview.seen if preview else ""
    programs = scheduled_programs(request.viewer).order_by(Program.name)
    return screen(
        "shifts/copy.html",
        form=copying_form,
        refused=form,
        copies=preview.changes if preview else None,
        programs=[
            (row.id, request.written(row.name, row.translations))
            for row in request.db.scalars(programs.limit(200))
        ],
        templates=week_templates.templates(request.db, request.viewer),
        keeping=form_of(form, TemplateForm, {"template_week": first_day}),
    )


def copy_week(request: Request, form: CopyForm) -> See:
    """Write the copies."""
    first_day, to = (first_of_week(request, day) for day in (form.week.data, form.to.data))
    made = copying.copy_week(
        request.act,
        first_day,
        to,
        request.settings.timezone,
        form.seen.data or "",
        copying.With(form.people.data or "no"),
        form.program.data or None,
    )
    said: Words = count_text("%(n)s shift was copied.", "%(n)s shifts were copied.", made.shifts)
    if made.left:
        said = text(
            "Copied: %(n)s. These people can't come then: %(names)s.",
            n=made.shifts,
            names=", ".join(made.left),
        )
    return See(f"/schedule?week={to.isoformat()}", said)


def _template(request: Request, template_id: int) -> WeekTemplate:
    """A template of one's programs, or NotFound."""
    mine = week_templates.managed_templates(request.viewer)
    return one(request.db, mine, WeekTemplate.id == template_id)


def add_template(request: Request, form: TemplateForm) -> See:
    """Keep a week under a name."""
    programs = scheduled_programs(request.viewer)
    program: Program = one(request.db, programs, Program.id == form.template_program.data)
    first_day = first_of_week(request, form.template_week.data)
    zone = request.settings.timezone
    row = week_templates.add_template(request.act, program, form.name.data, first_day, zone)
    said = text("%(name)s was added.", name=row.name)
    return See(f"/schedule/copy?template={row.id}", said)


def show_template(request: Request, template_id: int, form: object = None) -> Screen:
    """A template is used on the page that copies."""
    _template(request, template_id)
    return ask_to_copy(request)


def end_template(request: Request, form: object, template_id: int) -> See:
    """Offer it no more."""
    row = _template(request, template_id)
    week_templates.end_template(request.act, row)
    return See("/schedule/copy", text("%(name)s was ended.", name=row.name))
