"""The report of requests, and what volunteers gave to clients."""

from collections.abc import Mapping, Sequence
from datetime import date

from starlette.responses import Response

from portal import clock
from portal.act import Ref
from portal.agency.settings import value_of
from portal.audit.exports import note_export
from portal.cases import report
from portal.cases.forms import UNMET_WORDS
from portal.cases.settings import LEAST_SHOWN
from portal.web.answers import Screen, screen
from portal.web.request import Request, today_of
from portal.web.table_files import table_file
from portal.words import Words, text

SPAN_WORDS: Mapping[str, Words] = {
    "last": text("Last month"),
    "quarter": text("Last 3 months"),
    "year": text("This year to last month"),
    "before": text("Last year"),
}
"""Only whole months: the difference of two spans that one can choose freely would tell of one client."""

HIDDEN_WORD = text("hidden")


def _span(request: Request) -> tuple[str, date, date]:
    today, which = today_of(request), request.asked("span")
    month = today.replace(day=1)
    end = month - clock.ONE_DAY
    spans = {
        "last": (end.replace(day=1), end),
        "quarter": (_months_before(month, 3), end),
        "year": (end.replace(month=1, day=1), end),
        "before": (date(today.year - 1, 1, 1), date(today.year - 1, 12, 31)),
    }
    which = which if which in spans else "quarter"
    return which, *spans[which]


def _months_before(month: date, number: int) -> date:
    place = month.year * 12 + month.month - 1 - number
    return date(place // 12, place % 12 + 1, 1)


def _lines(request: Request, first: date, last: date, least: int) -> Sequence[report.Line]:
    zone = request.settings.timezone
    return report.lines(request.db, request.viewer, first, last, zone, least)


def show(request: Request) -> Screen:
    """Requests and visits by program and function."""
    which, first, last = _span(request)
    least = value_of(request.db, LEAST_SHOWN, request.settings)
    return screen(
        "cases/report.html",
        which=which,
        first=first,
        last=last,
        spans=SPAN_WORDS,
        lines=_lines(request, first, last, least),
        unmet=UNMET_WORDS,
        hidden=report.HIDDEN,
        under=HIDDEN_WORD,
        least=least,
    )


def download(request: Request) -> Response:
    """The same as a table, with the same numbers hidden. That it was taken out is noted (SECURITY U1)."""
    _, first, last = _span(request)
    least = value_of(request.db, LEAST_SHOWN, request.settings)
    note_export(request, "report.exported", Ref("report", None), "help")
    under = request.said(HIDDEN_WORD)
    names = ("requested", "filled", "days", "withdrawn", *(f"unmet_{one}" for one in UNMET_WORDS))
    head = (
        text("Program"),
        text("What is needed"),
        text("Requested"),
        text("Filled"),
        text("Days to fill"),
        text("Withdrawn"),
        *UNMET_WORDS.values(),
        text("Visits and calls"),
        text("Minutes"),
        text("Miles"),
    )

    def shown(number: int) -> object:
        return under if number == report.HIDDEN else number

    rows = [
        (
            request.written(line.program, line.program_translations),
            request.written(line.function, line.translations),
            *(
                "" if name == "days" and not line.numbers["filled"] else shown(line.numbers[name])
                for name in (*names, "visits", "minutes")
            ),
            shown(line.numbers["tenths"])
            if line.numbers["tenths"] == report.HIDDEN
            else line.numbers["tenths"] / 10,
        )
        for line in _lines(request, first, last, least)
        if line.function is not None
    ]
    return table_file(request, f"help-{first}-{last}", head, rows)
