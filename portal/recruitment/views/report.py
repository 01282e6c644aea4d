"""The recruitment report: what became of applications, and the same as a table to download."""

from datetime import date
from typing import Any

from starlette.responses import Response

from portal.act import Ref
from portal.audit.exports import note_export
from portal.languages import LANGUAGES
from portal.recruitment import funnel
from portal.recruitment.funnel import By, Funnel
from portal.recruitment.pipeline import HEARD_WORDS
from portal.web.answers import Screen, screen
from portal.web.request import Request, today_of
from portal.web.table_files import table_file
from portal.words import Words, text

BY_WORDS = {
    By.PROGRAM: text("Program"),
    By.ROLE: text("Role"),
    By.HEARD: text("How they heard about us"),
    By.SOURCE: text("Poster or link"),
    By.LANGUAGE: text("Language"),
}
SOURCE_WORDS = {
    "poster": text("Poster"),
    "flyer": text("Flyer"),
    "email": text("Email"),
    "social": text("Social media"),
    "web": text("Website"),
    "talk": text("Presentation"),
}
NOT_SAID = text("Not said")
HEAD = (
    text("Applied"),
    text("Answered"),
    text("Offered"),
    text("Placed"),
    text("Not selected"),
    text("Withdrawn"),
    text("Open"),
    text("Days to first answer (median)"),
    text("Days to role (median)"),
)


def _asked(request: Request) -> tuple[By, date, date]:
    """What the address asks for; the last year by program, unless it says more."""
    today = today_of(request)
    by = request.asked("by")
    first = request.asked_day("from") or today.replace(day=1, year=today.year - 1)
    last = request.asked_day("to") or today
    return By(by) if by in set(By) else By.PROGRAM, min(first, last), max(first, last)


def _funnel(request: Request) -> tuple[By, date, date, Funnel]:
    by, first, last = _asked(request)
    found = funnel.funnel(
        request.db, request.viewer, by, first, last, request.at, request.settings.timezone
    )
    return by, first, last, found


def _names(request: Request, by: By, found: Funnel) -> dict[Any, str | Words]:
    """What each line is called, in the viewer's language."""
    keys = [line.count.key for line in found.lines]
    rows = funnel.names_of(request.db, by, keys)
    words: dict[Any, str | Words] = {
        key: request.written(row.name, row.translations) for key, row in rows.items()
    }
    if by == By.HEARD:
        words = dict(HEARD_WORDS)
    elif by == By.SOURCE:
        words = dict(SOURCE_WORDS)
    elif by == By.LANGUAGE:
        words = dict(LANGUAGES)
    return {key: words.get(key, NOT_SAID) for key in keys}


def show_report(request: Request) -> Screen:
    """How many applied, reached each stage, and how long it took."""
    by, first, last, found = _funnel(request)
    return screen(
        "recruitment/report.html",
        by=by,
        first=first,
        last=last,
        found=found,
        names=_names(request, by, found),
        choices=BY_WORDS,
        head=HEAD,
    )


def _cells(line: funnel.Line) -> list[Any]:
    medians = [one if one is not None else "" for one in (line.answer_days, line.days)]
    return [*line.count[1:], line.open, *medians]


def _said(request: Request, name: str | Words) -> str:
    return name if isinstance(name, str) else request.said(name)


def download_report(request: Request) -> Response:
    """The same as a table, with a line for all."""
    by, _, _, found = _funnel(request)
    names = _names(request, by, found)
    rows = [[_said(request, names[line.count.key]), *_cells(line)] for line in found.lines]
    rows.append([request.said(text("Total")), *_cells(found.total)])
    note_export(request, "report.exported", Ref("report", None), "applications")
    return table_file(request, "applications", [BY_WORDS[by], *HEAD], rows)
