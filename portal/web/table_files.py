"""Tables as files to download."""

from collections.abc import Iterable, Sequence
from typing import Any

from starlette.responses import Response

from portal.tables import csv_text, workbook
from portal.web.request import Request
from portal.words import Words


def table_file(
    request: Request, name: str, head: Sequence[Words | str], rows: Iterable[Sequence[Any]]
) -> Response:
    """Rows as a CSV file, with a head in the viewer's language."""
    return Response(
        csv_text([request.said(words) for words in head], rows),
        media_type="text/csv; charset=utf-8",
        headers={"content-disposition": f'attachment; filename="{name}.csv"'},
    )


def sheet_file(
    request: Request, name: str, head: Sequence[Words | str], rows: Iterable[Sequence[Any]]
) -> Response:
    """Rows as an Excel workbook, with a head in the viewer's language."""
    return Response(
        workbook([request.said(words) for words in head], rows),
        media_type="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        headers={"content-disposition": f'attachment; filename="{name}.xlsx"'},
    )
