"""The list of people as a page, as a file to download, and as a sheet to phone from; views of it to keep."""

from collections.abc import Sequence
from typing import Any

from starlette.responses import Response

from portal.act import Ref
from portal.audit.exports import note_export
from portal.directory import people
from portal.directory.people import Column, PersonLine
from portal.people import saved_views
from portal.people.finding import finding
from portal.people.forms import STATUS_WORDS
from portal.people.models import Status
from portal.people.skills import vocabulary
from portal.people_lists import Shown
from portal.web.answers import Screen, See, screen
from portal.web.request import Request
from portal.web.table_files import sheet_file, table_file
from portal.words import Words, text

WHICH_WORDS: dict[str, Words] = {
    "new": text("New: no role yet"),
    **{status: words for status, words in STATUS_WORDS.items() if status != Status.ENDED},
    Status.ENDED.value: STATUS_WORDS[Status.ENDED],
}
TOO_MANY = text(
    "This list is too long for a file. Filter it to at most %(most)s people.",
    most=people.MOST_IN_FILE,
)


def index(request: Request) -> Screen:
    """People one may see, by what one looks for."""
    page = people.page_of(request, request.asked("after"))
    columns = people.columns_of(request)
    query = request.query_without("after").removesuffix("&")
    return screen(
        "directory/list.html",
        page=page,
        columns=columns,
        cells=people.cells_of(request, columns, page.rows),
        all_columns=people.all_columns(request),
        chosen={column.name for column in columns},
        controls=people.controls(request),
        query=request.asked("q"),
        which=request.asked("which"),
        which_words=WHICH_WORDS,
        finding=finding(request, vocabulary(request.db)),
        saved=saved_views.views_of(request.db, request.viewer, "people", query),
        address=query,
    )


def download_csv(request: Request) -> Response | See:
    """What the list shows, as CSV."""
    return _file(request, "csv")


def download_sheet(request: Request) -> Response | See:
    """What the list shows, as a workbook."""
    return _file(request, "xlsx")


def _file(request: Request, kind: str) -> Response | See:
    columns = people.columns_of(request)
    found = people.everyone(request, columns)
    if found is None:
        return See(f"/people?{request.url.query}", TOO_MANY)
    note_export(request, "people.exported", Ref("people", None), kind)
    head = [text("Name"), *(column.words for column in columns)]
    rows = [
        (row.name, *(_cell(request, column, cells[column.name].get(row.id)) for column in columns))
        for row, cells in found
    ]
    make = table_file if kind == "csv" else sheet_file
    return make(request, "people", head, rows)


def _cell(request: Request, column: Column, value: Any) -> Any:
    if value is None:
        return ""
    if column.shown is Shown.MINUTES:
        return round(value / 60, 2)
    return request.said(value) if isinstance(value, Words) else value


def phone_list(request: Request) -> Screen | See:
    """The people of the list with their phones, to print and call from."""
    columns: Sequence[Column] = [
        column
        for column in people.all_columns(request)
        if column.name in ("roles", "phone", "language")
    ]
    found = people.everyone(request, columns)
    if found is None:
        return See(f"/people?{request.url.query}", TOO_MANY)
    note_export(request, "people.exported", Ref("people", None), "phones")
    rows: list[tuple[PersonLine, people.Cells]] = list(found)
    return screen("directory/phones.html", rows=rows, columns=columns, address=request.url.query)
