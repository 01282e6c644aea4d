"""Documents as PDF: a Typst page of ours and facts to tagged PDF (PDF/UA-1). The only importer of typst.

Facts travel as JSON, so nothing that someone typed is read as markup.
"""

import json
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import typst

PAGES = Path(__file__).parent / "templates"
_WAYS: tuple[Mapping[str, Any], ...] = (
    {"ignore_system_fonts": True, "pdf_standards": "ua-1"},
    {"pdf_standards": "ua-1"},
    {},
)
"""The fonts that come with typst, which look the same everywhere; for letters they lack, those of the
machine; and if nothing here can show one, a tagged page with an empty box rather than none."""


def render(page: str, data: Mapping[str, Any], at: datetime) -> bytes:
    """A page of portal/templates, filled with facts. `data` has at least a "title" and a "language".

    It takes some milliseconds, so never inside a write transaction.
    """
    source = (PAGES / page).read_bytes()
    given = {"data": json.dumps(data, ensure_ascii=False)}
    timestamp = int(at.timestamp())
    for way in _WAYS[:-1]:
        try:
            return bytes(_compiled(source, given, timestamp, way))
        except typst.TypstError:
            continue
    return bytes(_compiled(source, given, timestamp, _WAYS[-1]))


def _compiled(source: bytes, given: dict[str, str], timestamp: int, way: Mapping[str, Any]) -> Any:
    return typst.compile(
        source, root=str(PAGES), format="pdf", sys_inputs=given, timestamp=timestamp, **way
    )
