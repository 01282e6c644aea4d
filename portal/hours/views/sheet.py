"""Typing a paper sheet in: people down, days across."""

from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from sqlalchemy import select

from portal import clock
from portal.hours import reporting, sheets
from portal.hours.forms import SheetForm
from portal.permissions import Permission
from portal.programs.models import Position, Program
from portal.programs.scopes import in_viewers_programs, one
from portal.web.answers import Screen, See, screen
from portal.web.errors import NotFound, Refused
from portal.web.request import Request
from portal.words import count_text, text


def _sheet_position(request: Request) -> Position | None:
    position_id = request.asked_id("position")
    mine = select(Position).where(
        in_viewers_programs(Position.program_id, request.viewer, Permission.HOURS_APPROVE)
    )
    return one(request.db, mine, Position.id == position_id) if position_id else None


def _sheet_days(request: Request) -> list[date]:
    """The seven days of the sheet, the last one today unless the address says from when."""
    today = clock.local_day(request.at, request.settings.timezone)
    first = request.asked_day("from") or today - timedelta(days=6)
    return [first + timedelta(days=index) for index in range(7)]


def _positions(request: Request) -> Any:
    """The roles whose sheets the viewer may enter."""
    return request.db.execute(
        select(
            Position.id,
            Position.name,
            Position.translations,
            Program.name.label("program"),
            Program.translations.label("program_translations"),
        )
        .join(Program, Program.id == Position.program_id)
        .where(in_viewers_programs(Position.program_id, request.viewer, Permission.HOURS_APPROVE))
        .order_by(Program.name, Position.name)
    ).all()


def show_sheet(request: Request, form: SheetForm | None = None) -> Screen:
    """Typing a paper sheet in: people down, days across."""
    position, days = _sheet_position(request), _sheet_days(request)
    people = (
        sheets.people_with(request.db, position.id, days[0], days[-1], request.asked("q"))
        if position
        else []
    )
    there = (
        sheets.on_sheet(request.db, position.id, [row.id for row in people], days[0], days[-1])
        if position
        else {}
    )
    positions = _positions(request)
    wrong = dict(form.wrong) if form else {}
    if form and isinstance(form.refusal, reporting.WrongCells):
        wrong |= {f"h-{who}-{day}": words for (who, day), words in form.refusal.cells.items()}
    return screen(
        "hours/sheet.html",
        form=form or SheetForm(),
        wrong=wrong,
        position=position,
        positions=positions,
        days=days,
        today=clock.local_day(request.at, request.settings.timezone),
        people=people,
        there=there,
        query=request.asked("q"),
        most=sheets.SHEET_ROWS,
    )


def create_sheet(request: Request, form: SheetForm) -> See:
    """Save a sheet."""
    position, days = _sheet_position(request), _sheet_days(request)
    if position is None:
        raise NotFound
    people = sheets.people_with(request.db, position.id, days[0], days[-1], request.asked("q"))
    cells = form.cells({f"{day}": day for day in days}, {row.id for row in people})
    if form.wrong:
        raise reporting.WrongCells({})
    if not cells:
        raise Refused(text("Enter at least one time."))
    number = reporting.report_sheet(request.act, position, cells, zone=request.settings.timezone)
    said = count_text("%(n)s time entry was saved.", "%(n)s time entries were saved.", number)
    again = {"position": position.id, "from": days[0], "q": request.asked("q")[:80]}
    return See(f"/hours/sheet?{urlencode(again)}", said)
