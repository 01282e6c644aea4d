"""Pages of patterns: writing one, what a change does, pausing, carrying on, ending."""

from datetime import date

from sqlalchemy import func, select

from portal import clock
from portal.permissions import Permission
from portal.programs.models import Position, Program, Site
from portal.programs.scopes import in_viewers_programs, managed_programs, one
from portal.shifts import pattern_days, patterns, settings
from portal.shifts.models import Shift, Slot
from portal.shifts.pattern_forms import PatternEndForm, PatternForm, PatternUntilForm
from portal.shifts.pattern_models import Pattern, PatternSlot
from portal.shifts.recurrence import rule_words
from portal.shifts.views.shifts import chosen_program, shift_choices
from portal.web.answers import Screen, See, screen
from portal.web.errors import Preview
from portal.web.request import Request
from portal.words import Words, count_text, text

SHOWN = 30


def horizon(request: Request) -> date:
    """How far ahead shifts are written."""
    today = clock.local_day(request.at, request.settings.timezone)
    return today + settings.horizon(request.db, request.settings)


def managed_pattern(request: Request, pattern_id: int) -> Pattern:
    """A pattern of a program one coordinates, or NotFound."""
    mine = select(Pattern).where(
        in_viewers_programs(Pattern.program_id, request.viewer, Permission.SHIFTS_MANAGE)
    )
    return one(request.db, mine, Pattern.id == pattern_id)


def list_patterns(request: Request) -> Screen:
    """The patterns of one's programs that are not over."""
    today = clock.local_day(request.at, request.settings.timezone)
    roles = (
        select(func.min(Position.name))
        .join(PatternSlot, PatternSlot.position_id == Position.id)
        .where(PatternSlot.pattern_id == Pattern.id)
        .scalar_subquery()
    )
    rows = request.db.execute(
        select(
            roles.label("role"),
            Pattern.id,
            Pattern.title,
            Pattern.rule,
            Pattern.starts,
            Pattern.ends,
            Pattern.first_day,
            Pattern.last_day,
            Pattern.paused_at,
            Pattern.written_until,
            Program.name.label("program"),
            Program.translations,
            Site.name.label("site"),
        )
        .join(Program, Program.id == Pattern.program_id)
        .outerjoin(Site, Site.id == Pattern.site_id)
        .where(
            in_viewers_programs(Pattern.program_id, request.viewer, Permission.SHIFTS_MANAGE),
            (Pattern.last_day.is_(None)) | (Pattern.last_day >= today),
        )
        .order_by(Program.name, Pattern.title, Pattern.id)
        .limit(500)
    ).all()
    return screen("shifts/patterns.html", patterns=[(row, rule_words(row.rule)) for row in rows])


def new_pattern(request: Request, form: PatternForm | None = None) -> Screen:
    """Write a pattern: choose the program if one has several, then the rest."""
    program, programs = chosen_program(request)
    if program is None:
        return screen("shifts/choose_program.html", programs=programs, to="/patterns/new")
    form = form or PatternForm(
        data={
            "rhythm": "1",
            "zone": request.settings.timezone,
            "withdrawal_hours": program.withdrawal_hours,
            "closes_hours": 0,
            "first_day": clock.local_day(request.at, request.settings.timezone),
        }
    )
    return _form_screen(request, form, program, None)


def _form_screen(
    request: Request, form: PatternForm, program: Program, pattern: Pattern | None
) -> Screen:
    preview = form.refusal if isinstance(form.refusal, Preview) else None
    form.seen.data = preview.seen if preview else ""
    choices = shift_choices(request, program, form.zone.data)
    form.offer(len(choices["roles"]))
    return screen(
        "shifts/pattern_edit.html",
        form=form,
        program=program,
        pattern=pattern,
        changes=preview.changes if preview else None,
        counts=_counts(preview) if preview else {},
        shown=SHOWN,
        **choices,
    )


def _counts(preview: Preview) -> dict[str, int]:
    return {
        does.value: sum(change.does is does for change in preview.changes)
        for does in pattern_days.Does
    }


def create_pattern(request: Request, form: PatternForm) -> See:
    """Write the pattern and its shifts, once its days were looked at."""
    program = one(
        request.db, managed_programs(request.viewer), Program.id == request.asked_id("program")
    )
    pattern = patterns.add_pattern(
        request.act, program, form.columns, form.wishes, horizon(request), form.seen.data or ""
    )
    return See(
        f"/patterns/{pattern.id}",
        text("The recurring shift was saved and its shifts were published."),
    )


def show_pattern(request: Request, pattern_id: int, form: PatternUntilForm | None = None) -> Screen:
    """A pattern, its next shifts, and what one can do with it."""
    pattern = managed_pattern(request, pattern_id)
    coming = request.db.execute(
        select(
            Shift.id,
            Shift.starts_at,
            Shift.ends_at,
            Shift.zone,
            Shift.apart,
            Shift.canceled_at,
            func.sum(Slot.filled).label("filled"),
            func.sum(Slot.minimum).label("minimum"),
            func.sum(Slot.maximum).label("maximum"),
        )
        .join(Slot, Slot.shift_id == Shift.id)
        .where(Shift.pattern_id == pattern_id, Shift.starts_at > request.at)
        .group_by(
            Shift.id, Shift.starts_at, Shift.ends_at, Shift.zone, Shift.apart, Shift.canceled_at
        )
        .order_by(Shift.starts_at)
        .limit(SHOWN)
    ).all()
    return screen(
        "shifts/pattern.html",
        pattern=pattern,
        words=rule_words(pattern.rule),
        coming=coming,
        extending=form or PatternUntilForm(data={"until": pattern.written_until}),
        form=form,
    )


def edit_pattern(request: Request, pattern_id: int, form: PatternForm | None = None) -> Screen:
    """Change a pattern."""
    pattern = managed_pattern(request, pattern_id)
    if form is None:
        form = PatternForm.showing(pattern)
        form.from_day.data = request.asked_day("from")
    return _form_screen(request, form, pattern.program, pattern)


def update_pattern(request: Request, form: PatternForm, pattern_id: int) -> See:
    """Save a pattern, once what it changes was looked at."""
    saved = patterns.edit_pattern(
        request.act,
        managed_pattern(request, pattern_id),
        form.columns,
        form.wishes,
        form.version.data,
        form.seen.data or "",
        form.from_day.data,
    )
    return See(f"/patterns/{saved.id}", text("The recurring shift and its shifts were saved."))


def pause(request: Request, form: object, pattern_id: int) -> See:
    """Write nothing new for a while."""
    patterns.pause(request.act, managed_pattern(request, pattern_id))
    return See(
        f"/patterns/{pattern_id}",
        text("The recurring shift was paused. Shifts already published stay."),
    )


def go_on(request: Request, form: object, pattern_id: int) -> See:
    """End the pause."""
    pattern = managed_pattern(request, pattern_id)
    added = patterns.go_on(request.act, pattern, horizon(request))
    return See(f"/patterns/{pattern_id}", _added(added))


def extend(request: Request, form: PatternUntilForm, pattern_id: int) -> See:
    """Write shifts further ahead than the horizon."""
    pattern = managed_pattern(request, pattern_id)
    added = patterns.extend(request.act, pattern, form.until.data)
    return See(f"/patterns/{pattern_id}", _added(added))


def _added(number: int) -> Words:
    return count_text("%(n)s shift was added.", "%(n)s shifts were added.", number)


def ask_to_end(request: Request, pattern_id: int, form: PatternEndForm | None = None) -> Screen:
    """Ask for the last day."""
    pattern = managed_pattern(request, pattern_id)
    today = clock.local_day(request.at, pattern.zone)
    return screen(
        "shifts/pattern_end.html",
        pattern=pattern,
        words=rule_words(pattern.rule),
        form=form or PatternEndForm(data={"last_day": today}),
    )


def end_pattern(request: Request, form: PatternEndForm, pattern_id: int) -> See:
    """End a pattern."""
    pattern = managed_pattern(request, pattern_id)
    gone, kept = patterns.end_pattern(request.act, pattern, form.last_day.data, form.reason.data)
    said = text(
        "The recurring shift ended. Later shifts removed: %(gone)s. Kept: %(kept)s.",
        gone=gone,
        kept=kept,
    )
    return See(f"/patterns/{pattern_id}", said)
