"""What coordinators do for people who call, come by, or write: the same verbs, with how they asked."""

from datetime import timedelta
from typing import Any

from sqlalchemy import or_, select

from portal.people.forms import AskedForm
from portal.people.models import Person
from portal.people.traits import Absence
from portal.permissions import Permission
from portal.programs.scopes import in_viewers_programs, managed_people, one
from portal.shifts import absences, own_schedule, regulars, waiting
from portal.shifts.answers import give_answer
from portal.shifts.dates import absences_of
from portal.shifts.facts import facts_of
from portal.shifts.forms import AwayForForm, RegularForForm
from portal.shifts.models import Shift, Slot
from portal.shifts.pattern_models import Pattern, Regular
from portal.shifts.roster_forms import LineAnswerForm, RosterForm
from portal.shifts.views.regulars import (
    given_back,
    regular_screen,
    regulars_where,
    take_dates,
    taken_again,
)
from portal.shifts.views.shifts import managed_shift
from portal.shifts.waiting_models import IN_LINE, Waiting
from portal.web.answers import Screen, See, screen
from portal.web.errors import NotFound
from portal.web.forms import form_of
from portal.web.request import Request
from portal.words import text

SHOWN = 12
UNDO_FOR = timedelta(days=7)
"""How long a stop is shown with its undo."""


def _person(request: Request, person_id: int | None) -> Person:
    return one(request.db, managed_people(request.viewer), Person.id == person_id)


def join_line(request: Request, form: RosterForm, shift_id: int) -> See:
    """Put a person in line for a full role."""
    shift = managed_shift(request, shift_id)
    person = _person(request, form.person.data)
    slot = one(request.db, select(Slot), (Slot.id == form.slot.data) & (Slot.shift_id == shift.id))
    waiting.join(request.act.but(asked=form.asked.data or ""), person.id, slot.id)
    return See(f"/shifts/{shift_id}/roster", text("%(name)s is on the waitlist.", name=person.name))


def answer_offer(request: Request, form: LineAnswerForm, shift_id: int, waiting_id: int) -> See:
    """Write down what someone in line said."""
    shift = managed_shift(request, shift_id)
    row = one(
        request.db,
        select(Waiting),
        (Waiting.id == waiting_id) & (Waiting.shift_id == shift.id) & Waiting.state.in_(IN_LINE),
    )
    give_answer(request.act.but(asked=form.asked.data), row, form.answer.data, staff=True)
    return See(f"/shifts/{shift_id}/roster", text("Their reply was recorded."))


def ask_regular(request: Request, shift_id: int, form: RegularForForm | None = None) -> Screen:
    """Take a pattern's shifts for a person: how often, until when, then date by date."""
    shift = managed_shift(request, shift_id)
    person = _person(request, request.asked_id("person"))
    facts = facts_of(request.db, request.viewer, shift.id, person.id, request.at)
    if facts is None or shift.pattern_id is None:
        raise NotFound
    return regular_screen(
        request,
        facts,
        person.id,
        form or RegularForForm(data={"every": "1"}),
        person=person,
        action=f"/shifts/{shift_id}/roster/regular?person={person.id}",
    )


def take_regular(request: Request, form: RegularForForm, shift_id: int) -> See:
    """Take the dates that were looked at, for a person."""
    shift = managed_shift(request, shift_id)
    person = _person(request, request.asked_id("person"))
    said = take_dates(request, form, shift.id, person.id, form.asked.data)
    return See(f"/people/{person.id}/regulars", said)


def show_regulars(request: Request, person_id: int, form: Any = None) -> Screen:
    """When a person comes, in one's programs: regularly, next, and when they are away."""
    person = _person(request, person_id)
    mine = in_viewers_programs(Shift.program_id, request.viewer, Permission.SHIFTS_MANAGE)
    return screen(
        "directory/regulars.html",
        person=person,
        regulars=regulars_where(
            request,
            Regular.person_id == person_id,
            in_viewers_programs(Pattern.program_id, request.viewer, Permission.SHIFTS_MANAGE),
            or_(Regular.ended_at.is_(None), Regular.ended_at > request.at - UNDO_FOR),
        ),
        shifts=own_schedule.coming_of(request.db, person_id, request.at, mine, SHOWN),
        absences=absences_of(request.db, person_id),
        form=form,
        away=form_of(form, AwayForForm),
        asking=AskedForm(),
    )


def go_away(request: Request, form: AwayForForm, person_id: int) -> See:
    """Write down that a person is away."""
    person = _person(request, person_id)
    given, stay = absences.go_away(
        request.act.but(asked=form.asked.data), person.id, form.first_day.data, form.last_day.data
    )
    return See(f"/people/{person_id}/regulars", given_back(given, stay))


def come_back(request: Request, form: AskedForm, person_id: int, absence_id: int) -> See:
    """Take an absence back for a person."""
    person = _person(request, person_id)
    theirs = select(Absence).where(Absence.person_id == person.id)
    absence = one(request.db, theirs, Absence.id == absence_id)
    taken = absences.come_back(request.act.but(asked=form.asked.data), absence)
    return See(f"/people/{person_id}/regulars", taken_again(taken))


def _regular(request: Request, person_id: int, regular_id: int) -> Regular:
    theirs = (
        select(Regular)
        .join(Pattern, Pattern.id == Regular.pattern_id)
        .where(
            Regular.person_id == _person(request, person_id).id,
            in_viewers_programs(Pattern.program_id, request.viewer, Permission.SHIFTS_MANAGE),
        )
    )
    return one(request.db, theirs, Regular.id == regular_id)


def stop(request: Request, form: AskedForm, person_id: int, regular_id: int) -> See:
    """Stop a person's regular shift."""
    given, stay = regulars.stop(
        request.act.but(asked=form.asked.data), _regular(request, person_id, regular_id)
    )
    return See(f"/people/{person_id}/regulars", given_back(given, stay))


def resume(request: Request, form: AskedForm, person_id: int, regular_id: int) -> See:
    """Take that stop back."""
    taken = regulars.resume(
        request.act.but(asked=form.asked.data), _regular(request, person_id, regular_id)
    )
    return See(f"/people/{person_id}/regulars", taken_again(taken))
