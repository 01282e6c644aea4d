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
from portal.web.errors import NotFound, Refused
from portal.web.fields import day_field, number_field
from portal.web.forms import Form, form_of
from portal.web.request import Request
from portal.words import count_text, text

PEOPLE = Permission.PEOPLE_MANAGE
NOW, HALF_A_YEAR, ENDLESS = timedelta(0), timedelta(weeks=26), timedelta(weeks=500)
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


class AnswerForm(ClearForm):
    """The days that someone asked one to cover, as they were shown."""

    asker = chosen_field(text("Asked by"))


def _today(request: Request) -> date:
    return clock.local_day(request.at, request.settings.timezone)


def _served(request: Request) -> Select[int]:
    """The programs in which the viewer serves today, or is staff by name."""
    viewer = request.viewer
    served = select(Placement.program_id).where(
        Placement.person_id == viewer.person_id, counts_on(_today(request))
    )
    staff = sorted({program for _, program in viewer.memberships if program is not None})
    mine = or_(Program.id.in_(served), Program.id.in_(staff))
    return select(Program.id).where(mine, Program.closed_at.is_(None))


def _names(request: Request, rows: Sequence[OnCallLine]) -> dict[int, str]:
    """The programs of some days, by id, in the viewer's language."""
    found = request.db.execute(
        select(Program.id, Program.name, Program.translations).where(
            Program.id.in_({row.program_id for row in rows})
        )
    )
    return {row.id: request.written(row.name, row.translations) for row in found}


def _runs(
    request: Request,
    rows: Sequence[OnCallLine],
    span: timedelta = on_call_reading.AHEAD,
    *,
    gaps: bool = False,
) -> list[dict[str, Any]]:
    """Days of a program one after the other with the same person, as one line each; with `gaps` also the days
    between that aren't planned."""
    horizon = request.at + span
    found: list[dict[str, Any]] = []
    for row in rows:
        last = found[-1] if found else None
        next_day = last["last"] + clock.ONE_DAY if last else row.day
        if last and gaps and next_day < row.day:
            nobody = row._replace(person_id=None, name=None, phone=None, asked_id=None, asked=None)
            last = {"row": nobody, "first": next_day, "last": row.day - clock.ONE_DAY}
            found.append(last | {"goes_on": False})
            next_day = row.day
        who = (row.program_id, row.person_id, row.asked_id)
        same = last and who == (
            last["row"].program_id,
            last["row"].person_id,
            last["row"].asked_id,
        )
        if same and next_day == row.day:
            found[-1]["last"] = row.day
        else:
            found.append({"row": row, "first": row.day, "last": row.day})
        found[-1]["goes_on"] = row.ends_at > horizon
    return found


def show(request: Request, form: Any = None) -> Screen:
    """Who is on call in one's programs today and in the coming weeks."""
    me = request.viewer.person_id
    programs = dict(program_options(request, PEOPLE))
    mine = in_viewers_programs(Program.id, request.viewer, PEOPLE)
    own = on_call_reading.named_in(me, request.at)
    seen = select(Program.id).where(
        or_(mine, Program.id.in_(_served(request)), Program.id.in_(own))
    )
    rows = on_call_reading.schedule(request.db, seen, request.at)
    asked = on_call_reading.lines(request.db, on_call_reading.asked_of(me, request.at))
    names = _names(request, [*rows, *asked])
    planned = on_call_reading.planned(request.db, list(programs), request.at)
    return screen(
        "directory/on_call.html",
        groups=[
            (program, names[program], _runs(request, list(days), gaps=True))
            for program, days in groupby(rows, attrgetter("program_id"))
        ],
        manages=programs,
        unplanned=[one for one in programs.items() if one[0] not in planned],
        asked=_runs(request, asked, ENDLESS),
        asked_days=asked,
        open_days=[row for row in rows if row.person_id is None and row.program_id in programs],
        names=names,
        me=me,
        form=form,
    )


def plan_page(request: Request, program_id: int, form: Any = None) -> Screen:
    """Plan who is on call for a program, and clear days."""
    program = _managed(request, program_id)
    today = _today(request)
    rows = on_call_reading.schedule(
        request.db, select(Program.id).where(Program.id == program_id), request.at, HALF_A_YEAR
    )
    return screen(
        "directory/on_call_plan.html",
        program=program,
        runs=_runs(request, rows, HALF_A_YEAR, gaps=True),
        options=[(row.id, row.name) for row in on_call_reading.possible(request.db, program_id)],
        planning=form_of(form, OnCallForm, {"first_day": today + clock.ONE_DAY}),
        clearing=form_of(form, ClearForm).apart("clearing"),
    )


def _managed(request: Request, program_id: int) -> Program:
    open_ones = managed_programs(request.viewer).where(Program.closed_at.is_(None))
    return one(request.db, open_ones, Program.id == program_id)


def plan(request: Request, form: OnCallForm, program_id: int) -> See:
    """Put someone on call."""
    _managed(request, program_id)
    first = clock.week_start(
        form.first_day.data, value_of(request.db, WEEK_STARTS, request.settings)
    )
    weeks = _weeks(first, form.every.data, form.last_day.data)
    rows = on_call.plan(
        request.act,
        program_id,
        form.person.data,
        weeks,
        request.settings.timezone,
        replace=form.replace.data,
    )
    said = count_text(
        "The on-call schedule was saved: %(n)s day, until %(last)s.",
        "The on-call schedule was saved: %(n)s days, until %(last)s.",
        len(rows),
        last=clock.day_text(rows[-1].day, request.language, rows[-1].day.year),
    )
    return See(f"/on-call/{program_id}", said)


def _weeks(first: date, every: int | None, last: date | None) -> list[date]:
    """The first day of each week of someone's turns. Raises Refused for turns without an end, or an end without
    turns."""
    if every and last is None:
        raise Refused(fields={"last_day": text("Enter the day until which the turns go on.")})
    if last is not None and not every:
        raise Refused(fields={"every": text("Enter every how many weeks their turn comes.")})
    if last is not None and last < first:
        raise Refused(fields={"last_day": text("This is before the first week.")})
    weeks = [first]
    while every and last and len(weeks) < MOST_WEEKS and weeks[-1] + every * on_call.WEEK <= last:
        weeks.append(weeks[-1] + every * on_call.WEEK)
    return weeks


def clear(request: Request, form: ClearForm, program_id: int) -> See:
    """Take days out of the schedule."""
    _managed(request, program_id)
    first, last = form.first_day.data, form.last_day.data
    if last < first:
        raise Refused(fields={"last_day": text("This is before the first day.")})
    done = on_call.clear(request.act, program_id, first, last)
    if not done:
        raise Refused(fields={"first_day": text("No one is on call on these days.")})
    said = count_text("%(n)s day was cleared.", "%(n)s days were cleared.", done)
    return See(f"/on-call/{program_id}", said)


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
        manages=request.viewer.may_in(PEOPLE, program_id),
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


def _answer(request: Request, form: AnswerForm, program_id: int, *, agrees: bool) -> None:
    first, last = form.first_day.data, form.last_day.data
    on_call.answer_cover(request.act, program_id, form.asker.data, first, last, agrees=agrees)


def agree(request: Request, form: AnswerForm, program_id: int) -> See:
    """Take over the days one was asked for."""
    _answer(request, form, program_id, agrees=True)
    return See("/on-call", text("Thank you! You're on call on these days."))


def decline(request: Request, form: AnswerForm, program_id: int) -> See:
    """Say that one can't."""
    _answer(request, form, program_id, agrees=False)
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
