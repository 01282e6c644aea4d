"""Moving a shift to another day, and copying a week."""

from functools import partial

from portal import clock
from portal.programs.closures import closures_between
from portal.shifts import copying, drafts
from portal.shifts import shifts as verbs
from portal.shifts.forms import CopyForm, MoveForm
from portal.shifts.roster import roster
from portal.shifts.views.in_draft import asked_draft, drafted, proposed
from portal.shifts.views.lists import first_of_week
from portal.shifts.views.shifts import managed_shift
from portal.web.answers import Screen, See, screen
from portal.web.errors import Preview
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


def ask_to_copy(request: Request, form: CopyForm | None = None) -> Screen:
    """Copy a week: which one, to which one; what will be written is shown first."""
    today = clock.local_day(request.at, request.settings.timezone)
    first_day = first_of_week(request, request.asked_day("week") or today)
    form = form or CopyForm(data={"week": first_day, "to": first_day + 7 * clock.ONE_DAY})
    preview = form.refusal if isinstance(form.refusal, Preview) else None
    form.seen.data = preview.seen if preview else ""
    return screen("shifts/copy.html", form=form, copies=preview.changes if preview else None)


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
    )
    said: Words = count_text("%(n)s shift was copied.", "%(n)s shifts were copied.", made.shifts)
    if made.left:
        said = text(
            "Copied: %(n)s. These people can't come then: %(names)s.",
            n=made.shifts,
            names=", ".join(made.left),
        )
    return See(f"/schedule?week={to.isoformat()}", said)
