"""Pages of the on-call schedule: who is on call, planning it, and covering for each other."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from itertools import groupby
from operator import attrgetter
from typing import Any

from sqlalchemy import Select, or_, select

from portal import clock
from portal.agency.settings import value_of
from portal.domain import Panel
from portal.people import on_call, on_call_reading
from portal.people.on_call_reading import OnCallLine
from portal.permissions import Permission
from portal.programs.models import Placement, Program
from portal.programs.placements import counts_on
from portal.programs.scopes import in_viewers_programs, managed_programs, one
from portal.programs.settings import WEEK_STARTS
from portal.programs.views.choices import program_options
from portal.web.answers import Screen, See, screen
from portal.web.choices import check_field, chosen_field
from portal.web.errors import NotFound
from portal.web.fields import day_field, number_field
from portal.web.forms import Form, form_of
from portal.web.request import Request
from portal.words import text

PEOPLE = Permission.PEOPLE_MANAGE
NOW = timedelta(0)
MOST_WEEKS = 53


class OnCallForm(Form):
    """Whose turn it is, for one week or every few weeks."""

    person = chosen_field(text("On call"))
    first_day = day_field(text("Any day of their first week"))
    every = number_field(
        text("Every how many weeks?"),
        least=1,
        most=26,
        required=False,
        help=text("Leave blank for this week only."),
    )
    last_day = day_field(text("Until"), required=False)
    replace = check_field(text("Replace who is on call on these days"))


class ClearForm(Form):
    """The days to take out of the schedule."""

    first_day = day_field(text("First day"))
    last_day = day_field(text("Last day"))


class AskCoverForm(ClearForm):
    """Ask someone to cover some of one's days."""

    cover = chosen_field(text("Covered by"))


def _today(request: Request) -> date:
    return clock.local_day(request.at, request.settings.timezone)


def _served(request: Request) -> Select[int]:
    """The programs in which the viewer serves today, or is staff by name."""
    viewer = request.viewer
    served = select(Placement.program_id).where(
        Placement.person_id == viewer.person_id, counts_on(_today(request))
    )
    staff = sorted({program for _, program in viewer.memberships if program is not None})
    return select(Program.id).where(or_(Program.id.in_(served), Program.id.in_(staff)))


def _names(request: Request, rows: Sequence[OnCallLine]) -> dict[int, str]:
    """The programs of some days, by id, in the viewer's language."""
    found = request.db.execute(
        select(Program.id, Program.name, Program.translations).where(
            Program.id.in_({row.program_id for row in rows})
        )
    )
    return {row.id: request.written(row.name, row.translations) for row in found}


def _runs(request: Request, rows: Sequence[OnCallLine]) -> list[dict[str, Any]]:
    """Days one after the other with the same person, as one line each."""
    horizon = request.at + on_call_reading.AHEAD
    found: list[dict[str, Any]] = []
    for row in rows:
        last = found[-1] if found else None
        same = last and (last["row"].program_id, last["row"].person_id, last["row"].asked_id) == (
            row.program_id,
            row.person_id,
            row.asked_id,
        )
        if last and same and last["last"] + clock.ONE_DAY == row.day:
            last["last"] = row.day
        else:
            found.append({"row": row, "first": row.day, "last": row.day})
        found[-1]["goes_on"] = row.ends_at > horizon
    return found


def show(request: Request) -> Screen:
    """Who is on call in one's programs today and in the coming weeks."""
    me = request.viewer.person_id
    programs = dict(program_options(request, PEOPLE))
    mine = in_viewers_programs(Program.id, request.viewer, PEOPLE)
    seen = select(Program.id).where(or_(mine, Program.id.in_(_served(request))))
    rows = on_call_reading.schedule(request.db, seen, request.at)
    names = _names(request, rows)
    asked = [row for row in rows if row.asked_id == me]
    return screen(
        "directory/on_call.html",
        groups=[
            (program, names[program], _runs(request, list(days)))
            for program, days in groupby(rows, attrgetter("program_id"))
        ],
        manages=programs,
        unplanned=[one for one in programs.items() if one[0] not in names],
        asked=_runs(request, asked),
        asked_days=asked,
        open_days=[row for row in rows if row.person_id is None and row.program_id in programs],
        names=names,
        me=me,
    )


def plan_page(request: Request, program_id: int, form: Any = None) -> Screen:
    """Plan who is on call for a program, and clear days."""
    program = _managed(request, program_id)
    today = _today(request)
    rows = on_call_reading.schedule(
        request.db, select(Program.id).where(Program.id == program_id), request.at
    )
    return screen(
        "directory/on_call_plan.html",
        program=program,
        runs=_runs(request, rows),
        options=[(row.id, row.name) for row in on_call_reading.possible(request.db, program_id)],
        planning=form_of(form, OnCallForm, {"first_day": today + clock.ONE_DAY}),
        clearing=form_of(form, ClearForm),
    )


def _managed(request: Request, program_id: int) -> Program:
    return one(request.db, managed_programs(request.viewer), Program.id == program_id)


def plan(request: Request, form: OnCallForm, program_id: int) -> See:
    """Put someone on call."""
    _managed(request, program_id)
    first = clock.week_start(
        form.first_day.data, value_of(request.db, WEEK_STARTS, request.settings)
    )
    every, last = form.every.data, form.last_day.data or first
    weeks = [first]
    while every and len(weeks) < MOST_WEEKS and weeks[-1] + every * on_call.WEEK <= last:
        weeks.append(weeks[-1] + every * on_call.WEEK)
    on_call.plan(
        request.act,
        program_id,
        form.person.data,
        weeks,
        request.settings.timezone,
        replace=form.replace.data,
    )
    return See(f"/on-call/{program_id}", text("The on-call schedule was saved."))


def clear(request: Request, form: ClearForm, program_id: int) -> See:
    """Take days out of the schedule."""
    _managed(request, program_id)
    on_call.clear(request.act, program_id, form.first_day.data, form.last_day.data)
    return See(f"/on-call/{program_id}", text("The days were cleared."))


def cover_page(request: Request, program_id: int, form: Any = None) -> Screen:
    """Ask someone to cover some of one's own days."""
    rows = on_call_reading.schedule(
        request.db, select(Program.id).where(Program.id == program_id), request.at
    )
    me = request.viewer.person_id
    own = [run for run in _runs(request, rows) if run["row"].person_id == me]
    if not own:
        raise NotFound
    return screen(
        "directory/on_call_cover.html",
        program_id=program_id,
        own=own,
        options=[
            (row.id, row.name)
            for row in on_call_reading.possible(request.db, program_id)
            if row.id != me
        ],
        form=form_of(
            form, AskCoverForm, {"first_day": own[0]["first"], "last_day": own[0]["last"]}
        ),
    )


def ask_cover(request: Request, form: AskCoverForm, program_id: int) -> See:
    """Ask them."""
    on_call.ask_cover(
        request.act, program_id, form.first_day.data, form.last_day.data, form.cover.data
    )
    return See("/on-call", text("They were asked. You stay on call until they agree."))


def agree(request: Request, form: Any, program_id: int) -> See:
    """Take over the days one was asked for."""
    on_call.answer_cover(request.act, program_id, agrees=True)
    return See("/on-call", text("Thank you! You're on call on these days."))


def decline(request: Request, form: Any, program_id: int) -> See:
    """Say that one can't."""
    on_call.answer_cover(request.act, program_id, agrees=False)
    return See("/on-call", text("We told them that you can't cover these days."))


def home(request: Request) -> Iterator[Panel]:
    """Who is on call today, for whoever serves in the program."""
    rows = on_call_reading.schedule(request.db, _served(request), request.at, NOW)
    named = [row for row in rows if row.name]
    if named:
        facts = {
            "rows": named,
            "names": _names(request, named),
            "me": request.viewer.person_id,
        }
        yield Panel(76, "directory/home/_on_call.html", facts)
