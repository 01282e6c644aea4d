"""The page of one shift, and writing, changing and canceling shifts."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select

from portal.act import Ref
from portal.commitments.models import Commitment
from portal.domain import in_order
from portal.occasions.obstacles import Obstacle
from portal.programs.confidential import is_told, note_reading, told_from
from portal.programs.models import Position, Program, Site
from portal.programs.scopes import managed_programs, one, usable_sites
from portal.shifts import drafts, own_check_in
from portal.shifts import shifts as verbs
from portal.shifts.facts import Facts, facts_of
from portal.shifts.forms import CancelForm, ShiftForm
from portal.shifts.headings import said_of
from portal.shifts.models import Shift
from portal.shifts.obstacles import clash_of, signup_obstacles, too_late
from portal.shifts.roster import fellows, history, roster
from portal.shifts.roster_forms import CantForm
from portal.shifts.viewer_scope import managed_shifts
from portal.shifts.views.in_draft import asked_draft, drafted, proposed
from portal.web.answers import Screen, See, screen
from portal.web.choices import ZONES
from portal.web.errors import NotFound
from portal.web.request import Request, today_of
from portal.words import text


def show_shift(request: Request, shift_id: int, form: Any = None) -> Screen:
    """One shift: what, when, where, and what stands between the viewer and a spot."""
    db, viewer, at = request.db, request.viewer, request.at
    facts = facts_of(db, viewer, shift_id, viewer.person_id, at)
    if facts is None:
        raise NotFound
    row, person = facts.row, facts.person
    mine = person.own_slot_id if person else None
    clash = None if mine else clash_of(db, facts)
    if facts.place and facts.place.confidential and not row.runs:
        note_reading(request, Ref("shift", shift_id, None, row.program_id))
    return screen(
        "shifts/show.html",
        row=row,
        contact_of=("", request.settings.agency_phone)
        if facts.outside  # whose program it is, its contact would say (SECURITY P2)
        else (row.contact_name, row.contact_phone),
        said=said_of(facts, request.language, today_of(request).year),
        place=facts.place,
        told_from=told_from(row.starts_at, row.zone),
        place_due=is_told(row.starts_at, row.zone, at),
        spots=facts.spots,
        outside=facts.outside,
        neutral=request.written(row.public_label, row.program_translations, "public_label")
        if facts.sensitive
        else "",
        obstacles={} if mine else _obstacles(facts, clash, at),
        learning=_obstacles(facts, clash, at, trainee=True) if _may_learn(facts, at) else {},
        **_for_oneself(request, facts),
        too_late=too_late(row.withdraw_until, row.zone, row.contact_name, row.contact_phone)
        if at > row.withdraw_until and not row.learns
        else None,
        running=row.starts_at <= at,
        at=at,
        **_for_staff(request, facts),
        form=form,
        cant_form=form if isinstance(form, CantForm) else CantForm(),
    )


def _for_oneself(request: Request, facts: Facts) -> dict[str, Any]:
    """What whoever is on a shift sees of it: check-in, who else comes, and what other domains draw."""
    db, shift_id, person = request.db, facts.row.shift_id, facts.person
    found = own_check_in.own_part(db, facts, request.at) | {"fellows": [], "own_panels": []}
    if person and person.own_slot_id:
        draw = [domain.own_shift for domain in request.portal.domains if domain.own_shift]
        found["own_panels"] = in_order(panel for one_ in draw for panel in one_(request, shift_id))
        if not facts.sensitive:
            found["fellows"] = fellows(db, shift_id, person.id)
    return found


def _for_staff(request: Request, facts: Facts) -> dict[str, Any]:
    """What only staff sees of a shift: what happened, when sign-up opens, and what other domains draw."""
    row = facts.row
    shift_id, runs, opens = row.shift_id, row.runs, row.opens_at
    draw = [domain.shift for domain in request.portal.domains if domain.shift and runs]
    return {
        "staff": runs,
        "opens_at": opens if opens and opens > request.at else None,
        "history": history(request.db, shift_id) if runs else [],
        "panels": in_order(panel for one_ in draw for panel in one_(request, shift_id)),
    }


def _may_learn(facts: Facts, at: datetime) -> bool:
    """Whether to offer the viewer to come along and learn: they are neither on the shift nor its staff."""
    row, person = facts.row, facts.person
    outside = person is not None and person.own_slot_id is None and not row.runs
    return outside and row.canceled_at is None and at < row.starts_at


def _obstacles(
    facts: Facts, clash: Commitment | None, at: datetime, *, trainee: bool = False
) -> dict[int, list[Obstacle]]:
    """What is in the viewer's way, by slot; as a `trainee`, of the slots that take any."""
    if facts.person is None:
        return {}
    return {
        spot.id: signup_obstacles(facts, spot, at, clash, trainee=trainee)
        for spot in facts.spots
        if spot.trainees or not trainee
    }


def managed_shift(request: Request, shift_id: int) -> Shift:
    """A shift of a program one coordinates, or NotFound."""
    return one(request.db, managed_shifts(request.viewer), Shift.id == shift_id)


def chosen_program(request: Request) -> tuple[Program | None, Sequence[Program]]:
    """The program to write something for: the one asked for, or the only one; and all there are."""
    open_ones = managed_programs(request.viewer).where(Program.closed_at.is_(None))
    programs = request.db.scalars(open_ones.order_by(Program.name).limit(200)).all()
    chosen = request.asked_id("program")
    program = next((program for program in programs if program.id == chosen), None)
    if program is None and len(programs) == 1:
        program = programs[0]
    return program, programs


def new_shift(request: Request, form: ShiftForm | None = None) -> Screen:
    """Write a shift: choose the program if one has several, then the rest."""
    program, programs = chosen_program(request)
    if program is None:
        return screen("shifts/choose_program.html", programs=programs, to="/shifts/new")
    form = form or ShiftForm(
        data={
            "zone": request.settings.timezone,
            "withdrawal_hours": program.withdrawal_hours,
            "closes_hours": 0,
            "day": request.asked_day("day"),
        }
    )
    return _form_screen(request, form, program, None)


def _form_screen(
    request: Request, form: ShiftForm, program: Program, shift: Shift | None
) -> Screen:
    choices = shift_choices(request, program, form.zone.data)
    form.offer(len(choices["roles"]))
    return screen(
        "shifts/edit.html",
        form=form,
        program=program,
        shift=shift,
        **drafted(request),
        **choices,
    )


def shift_choices(request: Request, program: Program, zone: str | None) -> dict[str, Any]:
    """What there is to choose from when writing shifts of a program: roles, places, zones."""
    positions = request.db.execute(
        select(Position.id, Position.name, Position.translations)
        .where(Position.program_id == program.id, Position.closed_at.is_(None))
        .order_by(Position.name)
    ).all()
    sites = request.db.execute(
        usable_sites(request.viewer)
        .with_only_columns(Site.id, Site.name)
        .where(
            (Site.program_id == program.id) | Site.program_id.is_(None), Site.closed_at.is_(None)
        )
        .order_by(Site.name)
        .limit(1000)
    ).all()
    zone = zone or request.settings.timezone
    return {
        "positions": positions,
        "roles": [(row.id, request.written(row.name, row.translations)) for row in positions],
        "sites": [(row.id, row.name) for row in sites],
        "zones": ZONES if zone in ZONES else {zone: text(zone), **ZONES},
    }


def create_shift(request: Request, form: ShiftForm) -> See:
    """Publish a shift."""
    program = one(
        request.db, managed_programs(request.viewer), Program.id == request.asked_id("program")
    )
    if draft := asked_draft(request):
        drafts.add_shift(request.act, draft, program, form.columns, form.wishes)
        return proposed(draft)
    shift = verbs.add_shift(request.act, program, form.columns, form.wishes)
    return See(f"/shifts/{shift.id}", text("The shift was published."))


def edit_shift(request: Request, shift_id: int, form: ShiftForm | None = None) -> Screen:
    """Change a shift."""
    shift = managed_shift(request, shift_id)
    return _form_screen(request, form or ShiftForm.showing(shift), shift.program, shift)


def update_shift(request: Request, form: ShiftForm, shift_id: int) -> See:
    """Save a shift."""
    verbs.edit_shift(
        request.act, managed_shift(request, shift_id), form.columns, form.wishes, form.version.data
    )
    return See(f"/shifts/{shift_id}", text("The shift was saved."))


def ask_to_cancel(request: Request, shift_id: int, form: CancelForm | None = None) -> Screen:
    """Ask for the reason, and say whom it will touch."""
    shift = managed_shift(request, shift_id)
    current, _ = roster(request.db, shift_id)
    return screen(
        "shifts/cancel.html",
        form=form or CancelForm(),
        shift=shift,
        people=current,
        **drafted(request),
    )


def cancel(request: Request, form: CancelForm, shift_id: int) -> See:
    """Call a shift off."""
    shift = managed_shift(request, shift_id)
    if draft := asked_draft(request):
        drafts.cancel(request.act, draft, shift, form.reason.data)
        return proposed(draft)
    verbs.cancel(request.act, shift, form.reason.data)
    return See(f"/shifts/{shift_id}", text("The shift was canceled."))
