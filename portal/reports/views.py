"""Pages of reports, and the same as tables to download."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from starlette.responses import Response

from portal import clock
from portal.act import Ref
from portal.agency.settings import value_of
from portal.audit.exports import note_export
from portal.domain import Domain, Figure
from portal.periods import MOST_MONTHS, Asked, By, Per
from portal.programs.settings import FISCAL_YEAR_STARTS
from portal.programs.totals import Line
from portal.reports.forms import BY_WORDS, PER_WORDS
from portal.web.answers import Screen, screen
from portal.web.request import Request
from portal.web.table_files import table_file
from portal.words import text

MOST_LINES = 1000


def _asked(request: Request) -> Asked:
    """What the address asks for; last month by program, unless it says more."""
    today = clock.local_day(request.at, request.settings.timezone)
    end = today.replace(day=1) - clock.ONE_DAY
    first = request.asked_day("from") or end.replace(day=1)
    last = request.asked_day("to") or max(first, end)
    first, last = min(first, last), max(first, last)
    longest = first.replace(year=first.year + MOST_MONTHS // 12, day=1)
    per, by = request.asked("per"), request.asked("by")
    return Asked(
        first,
        min(last, longest),
        Per(per) if per in set(Per) else Per.MONTH,
        By(by) if by in set(By) else By.PROGRAM,
        value_of(request.db, FISCAL_YEAR_STARTS, request.settings),
        request.language,
    )


def _presets(request: Request) -> list[tuple[str, date, date]]:
    """Spans that people ask for again and again."""
    today = clock.local_day(request.at, request.settings.timezone)
    month = today.replace(day=1)
    before = month - clock.ONE_DAY
    starts = value_of(request.db, FISCAL_YEAR_STARTS, request.settings)
    year = date(today.year - (today.month < starts), starts, 1)
    return [
        ("last", before.replace(day=1), before),
        ("quarter", *_quarter_before(month, starts)),
        ("this", month, today),
        ("year", year, today),
        ("before", year.replace(year=year.year - 1), year - clock.ONE_DAY),
    ]


def _quarter_before(month: date, starts: int) -> tuple[date, date]:
    """The last whole quarter of the fiscal year before a month."""
    number = (month.year * 12 + month.month - starts) // 3 * 3 + starts - 1
    first, after = (date(one // 12, one % 12 + 1, 1) for one in (number - 3, number))
    return first, after - clock.ONE_DAY


def _figure(request: Request, name: str) -> Figure:
    """The sums of this name, from the domain that has them."""
    domains: Sequence[Domain] = request.portal.domains
    return next(one for domain in domains for one in domain.figures if one.name == name)


def _lines(request: Request, figure: Figure, asked: Asked) -> Sequence[Line[Any]]:
    return figure.lines(request.db, request.viewer, asked, request.settings.timezone)


def show_hours(request: Request) -> Screen:
    """The monthly number: who gave how many hours."""
    return _report(request, _figure(request, "hours"))


def show_attendance(request: Request) -> Screen:
    """How full shifts were, and who did not come."""
    return _report(request, _figure(request, "attendance"))


def _shown(lines: Sequence[Line[Any]]) -> Sequence[Line[Any]]:
    """As many lines as a page takes, and the last total; the table to download has all."""
    return [*lines[:MOST_LINES], lines[-1]] if len(lines) > MOST_LINES else lines


def _report(request: Request, figure: Figure) -> Screen:
    asked = _asked(request)
    lines = _lines(request, figure, asked)
    return screen(
        figure.template,
        asked=asked,
        periods=asked.periods,
        lines=_shown(lines),
        hidden=max(0, len(lines) - MOST_LINES),
        by_words=BY_WORDS,
        per_words=PER_WORDS,
        presets=_presets(request),
        people=asked.by is By.PERSON,
    )


def download_hours(request: Request) -> Response:
    """The same as a table."""
    return _table(request, _figure(request, "hours"))


def download_attendance(request: Request) -> Response:
    """The same as a table."""
    return _table(request, _figure(request, "attendance"))


def _table(request: Request, figure: Figure) -> Response:
    """Lines as CSV, without totals, which a spreadsheet would count again. That it was taken out is noted
    (SECURITY U1)."""
    asked = _asked(request)
    lines, name, columns = _lines(request, figure, asked), figure.name, figure.columns
    note_export(request, "report.exported", Ref("report", None), f"{name} by {asked.by}")
    periods = asked.periods
    more = [text("Approved hours")] if "minutes" in columns else []
    rows = [
        (
            periods[line.period or 0].first,
            periods[line.period or 0].last,
            line.name,
            *(getattr(line.numbers, column) for column in columns),
            *(round(line.numbers.minutes / 60, 2) for _ in more),
        )
        for line in lines
        if not line.total
    ]
    head = (text("From"), text("To"), BY_WORDS[asked.by], *columns.values(), *more)
    return table_file(request, f"{name}-{asked.first}-{asked.last}", head, rows)
