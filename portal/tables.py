"""Tables in and out: CSV that a spreadsheet cannot be tricked by, and files people bring."""

import csv
import io
from collections.abc import Iterable, Sequence
from typing import Any

RISKY = ("=", "+", "-", "@", "\t", "\r")
"""What makes a spreadsheet take a cell for a formula (SECURITY F1)."""


def safe_cell(value: Any) -> Any:
    """A cell that stays text in a spreadsheet: one that looks like a formula gets an apostrophe."""
    if isinstance(value, str) and value.lstrip(" ").startswith(RISKY):
        return "'" + value
    return value


def csv_text(header: Sequence[str], rows: Iterable[Sequence[Any]]) -> str:
    """A table as CSV with Windows line ends, as RFC 4180 has it."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(header)
    writer.writerows([safe_cell(value) for value in row] for row in rows)
    return out.getvalue()
