"""Tables in and out: CSV that a spreadsheet cannot be tricked by, and files that people bring."""

import codecs
import csv
import io
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import xlsxwriter

from portal.words import Words, text

RISKY = ("=", "+", "-", "@", "\t", "\r")
"""What makes a spreadsheet take a cell for a formula (SECURITY F1)."""

LARGEST_CELL = 100_000
DELIMITERS = ",;\t"


class WrongFile(Exception):
    """A file that cannot be read as asked; `words` say what to change, `hint` how on the command line."""

    hint = ""

    def __init__(self, words: Words | str) -> None:
        super().__init__(words)
        self.words = words


def safe_cell(value: Any) -> Any:
    """A cell that stays text in a spreadsheet: one that looks like a formula gets an apostrophe. Full-width
    signs count as what they look like, and what cannot be seen does not hide one."""
    if isinstance(value, str) and value and _bare(value).startswith(RISKY):
        return "'" + value
    return value


def _bare(value: str) -> str:
    """The beginning of a cell as some spreadsheets read it."""
    plain = unicodedata.normalize("NFKC", value[:50])
    kept = (one for one in plain if one in RISKY or unicodedata.category(one)[0] not in "CZ")
    return "".join(kept)


def csv_text(header: Sequence[str], rows: Iterable[Sequence[Any]]) -> str:
    """A table as CSV with Windows line ends, as RFC 4180 has it, and a byte order mark: without one, Excel
    reads UTF-8 as Latin letters and garbles names like José."""
    out = io.StringIO()
    out.write("\ufeff")
    writer = csv.writer(out)
    writer.writerow([safe_cell(name) for name in header])
    writer.writerows([safe_cell(value) for value in row] for row in rows)
    return out.getvalue()


WIDEST = 40
"""Letters of a column of a workbook, at most."""


def workbook(header: Sequence[str], rows: Iterable[Sequence[Any]]) -> bytes:
    """A table as an Excel workbook of one sheet, its head in bold and always in sight. Text stays text: nothing
    becomes a formula or a link (SECURITY F1)."""
    out = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(out, options) as book:
        sheet, bold = book.add_worksheet(), book.add_format({"bold": True})
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        wide = [len(name) for name in header]
        sheet.write_row(0, 0, header, bold)
        sheet.freeze_panes(1, 0)
        for number, row in enumerate(rows, 1):
            for at, value in enumerate(row):
                if isinstance(value, date):
                    sheet.write_datetime(number, at, datetime(*value.timetuple()[:3]), day)  # noqa: DTZ001
                else:
                    sheet.write(number, at, safe_cell(value))
                wide[at] = max(wide[at], len(str(value)))
        for at, letters in enumerate(wide):
            sheet.set_column(at, at, min(letters, WIDEST) + 2)
    return out.getvalue()


@dataclass(frozen=True)
class Line:
    """A row of a file: the number of its line, its cells by our names, and all of it as it stood.

    `wrong` is set instead of the cells when the line could not be read.
    """

    number: int
    cells: Mapping[str, str]
    whole: tuple[str, ...] = ()
    wrong: Words | str = ""


def header_of(data: bytes) -> list[str]:
    """The headings of a CSV file."""
    decoded = _decoded(data)
    csv.field_size_limit(LARGEST_CELL)
    try:
        return [
            name.strip()
            for name in next(csv.reader(io.StringIO(decoded), delimiter=_delimiter(decoded)), [])
        ]
    except csv.Error as error:
        raise WrongFile(text("We couldn't read the first line.")) from error


def lines_of(
    data: bytes,
    ours: Sequence[str],
    needed: str,
    renamed: Mapping[str, str],
    only: Mapping[str, str],
) -> list[Line]:
    """Read a CSV file. `renamed` says which of their headings is which of ours.

    Lines that differ from `only` are passed over. Raises WrongFile for headings that do not fit,
    and when no column is the `needed` one.
    """
    decoded = _decoded(data)
    csv.field_size_limit(LARGEST_CELL)
    reader = csv.reader(io.StringIO(decoded, newline=""), delimiter=_delimiter(decoded))
    header = [name.strip() for name in next(reader, [])]
    columns = _columns(header, ours, renamed)
    if needed not in columns:
        wrong = WrongFile(
            text(
                "Select the column for “%(needed)s”. The file has: %(header)s.",
                needed=needed,
                header=", ".join(header),
            )
        )
        wrong.hint = f" Name it with --map THEIRS={needed}."
        raise wrong
    wanted = {_place(header, name): value for name, value in only.items()}
    return list(_lines(reader, columns, wanted))


def _lines(reader: Any, columns: Mapping[str, int], wanted: Mapping[int, str]) -> Iterator[Line]:
    while True:
        number = reader.line_num + 1
        try:
            row = next(reader)
        except StopIteration:
            return
        except csv.Error:
            yield Line(number, {}, wrong=text("We couldn't read this line."))
            continue
        if not any(cell.strip() for cell in row):
            continue
        cells = {name: row[at].strip() if at < len(row) else "" for name, at in columns.items()}
        if all(at < len(row) and row[at].strip() == value for at, value in wanted.items()):
            yield Line(number, cells, tuple(row))


def _decoded(data: bytes) -> str:
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return data.decode("utf-16", errors="replace")  # "Unicode text" of a spreadsheet
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", errors="replace")  # what older spreadsheets write


def _delimiter(decoded: str) -> str:
    first = decoded.partition("\n")[0]
    return max(DELIMITERS, key=first.count)


def _columns(
    header: Sequence[str], ours: Sequence[str], renamed: Mapping[str, str]
) -> dict[str, int]:
    unknown = sorted(set(renamed.values()) - set(ours))
    if unknown:
        raise WrongFile(
            text(
                "The portal has no column “%(name)s”. It has: %(ours)s.",
                name=", ".join(unknown),
                ours=", ".join(ours),
            )
        )
    columns = {name.lower(): at for at, name in enumerate(header)}
    found = {name: columns[name] for name in ours if name in columns}
    found |= {name: _place(header, theirs) for theirs, name in renamed.items()}
    return found


def _place(header: Sequence[str], name: str) -> int:
    if name not in header:
        raise WrongFile(
            text(
                "The file has no column “%(name)s”. It has: %(header)s.",
                name=name,
                header=", ".join(header),
            )
        )
    return header.index(name)
