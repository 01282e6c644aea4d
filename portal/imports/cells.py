"""The cells of a file that someone brings: days, numbers, addresses, as offices write them."""

import ast
import json
from collections.abc import Mapping
from datetime import date, datetime, time
from typing import NamedTuple

from portal.imports.report import BadLine
from portal.web.forms import clean
from portal.words import Words, text

DAYS = ("%Y-%m-%d", "%m/%d/%Y", "%m/%d/%y", "%B %d %Y", "%B %d, %Y", "%b %d %Y", "%b %d, %Y")


TIMES = ("%H:%M", "%H:%M:%S", "%I:%M %p", "%I:%M%p", "%I %p")


LONGEST_LITERAL = 2000


def too_long(column: str, most: int) -> Words:
    """What is said of a cell that is too long."""
    return text("“%(column)s” is longer than %(most)s characters.", column=column, most=most)


def day_and_time(typed: str) -> tuple[date, time | None]:
    """The day of a cell and, if it has one, the time. Raises BadLine for anything else."""
    try:
        found = datetime.fromisoformat(typed)
    except ValueError:
        pass
    else:
        has_time = len(typed) > 10
        return found.date(), found.timetz() if has_time else None
    for day_format in DAYS:
        for time_format in ("", *TIMES):
            try:
                found = datetime.strptime(typed, f"{day_format} {time_format}".strip())  # noqa: DTZ007
            except ValueError:
                continue
            return found.date(), found.time() if time_format else None
    raise BadLine(
        text("“%(cell)s” isn't a date and time like 12/1/2026 6:00 pm.", cell=typed[:100])
    )


def number_in(cells: Mapping[str, str], name: str, most: int) -> int | None:
    """The whole number of a cell, None if it is empty. Raises BadLine for one above `most`, or no number."""
    typed = cells.get(name, "")
    if not typed:
        return None
    if not typed.isascii() or not typed.isdecimal() or not int(typed[:9]) <= most or len(typed) > 9:
        raise BadLine(
            text(
                "“%(cell)s” isn't a number up to %(most)s (%(column)s).",
                cell=typed[:100],
                most=most,
                column=name,
            )
        )
    return int(typed)


class Address(NamedTuple):
    """An address in its parts, each "" if it is not there."""

    street: str
    city: str
    state: str
    postal_code: str

    @property
    def line(self) -> str:
        """The address as people write it on one line."""
        end = f"{self.state} {self.postal_code}".strip()
        return clean(", ".join(part for part in (self.street, self.city, end) if part))


def place_name(cell: str) -> str:
    """A place as people say it."""
    found = address_in(cell)
    return found.line if found else cell


def address_in(cell: str) -> Address | None:
    """The address that open-data files wrap in a Python literal around JSON; None for any other text."""
    if not cell.startswith("{") or len(cell) > LONGEST_LITERAL:
        return None
    try:
        address = json.loads(ast.literal_eval(cell)["human_address"])
        parts = [str(address.get(name, "")).strip() for name in ("address", "city", "state", "zip")]
    except (
        ValueError,
        SyntaxError,
        KeyError,
        TypeError,
        AttributeError,
        MemoryError,
        RecursionError,
    ):
        return None
    return Address(*map(clean, parts))
