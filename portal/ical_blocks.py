"""An iCalendar file cut into its blocks of lines (RFC 5545, 3.1)."""

import codecs
from collections.abc import Iterator
from dataclasses import dataclass, field

MOST_EVENTS = 5_000
LONGEST_ZONE = 500


LARGEST_FILE = 5 * 1024 * 1024


LONGEST_LINE = 100_000


DEEPEST = 4


class WrongCalendar(Exception):
    """A file that is not a calendar we can read; the message says why."""


@dataclass
class Block:
    line: int
    text: list[str] = field(default_factory=list)


def decoded(data: bytes) -> str:
    """The text of a calendar file. Raises WrongCalendar if it is no UTF-8, or too long."""
    if len(data) > LARGEST_FILE:
        raise WrongCalendar(f"The file is larger than {LARGEST_FILE // 2**20} MiB.")
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return data.decode("utf-16", errors="replace")
    text = data.decode("utf-8-sig", errors="replace")
    if "BEGIN:VCALENDAR" not in text[:2000].upper():
        raise WrongCalendar("This is not a calendar file: it does not begin with BEGIN:VCALENDAR.")
    return text


def cut_blocks(text: str) -> tuple[list[Block], list[Block], str]:
    """The blocks of all zones, those of all events, and the calendar's own zone."""
    zones: list[Block] = []
    blocks: list[Block] = []
    nest: list[str] = []
    own_zone = ""
    for number, line in _unfolded(text):
        upper = line[:60].upper().rstrip()
        if upper.startswith("BEGIN:"):
            nest.append(upper[6:])
            if len(nest) > DEEPEST:
                raise WrongCalendar(f"Line {number}: parts are nested too deeply.")
            if nest[1:] == ["VEVENT"]:
                blocks.append(Block(number))
                if len(blocks) > MOST_EVENTS:
                    raise WrongCalendar(f"The file has more than {MOST_EVENTS} events.")
            if nest[1:] == ["VTIMEZONE"]:
                zones.append(Block(number))
        if "VTIMEZONE" in nest[1:2]:
            if len(zones[-1].text) < LONGEST_ZONE:
                zones[-1].text.append(line)
        elif "VEVENT" in nest[1:2]:
            blocks[-1].text.append(line)
        elif upper.startswith("X-WR-TIMEZONE"):
            own_zone = line.partition(":")[2].strip()
        if upper.startswith("END:") and nest and nest[-1] == upper[4:]:
            nest.pop()
    return zones, blocks, own_zone


def _unfolded(text: str) -> Iterator[tuple[int, str]]:
    """Logical lines with the number of their first physical one (RFC 5545, 3.1)."""
    number, parts, length = 0, [""], 0
    for at, line in enumerate(text.splitlines(), 1):
        if line.startswith((" ", "\t")) and number:
            parts.append(line[1:])
            length += len(line)
        else:
            if number:
                yield number, "".join(parts)
            number, parts, length = at, [line], len(line)
        if length > LONGEST_LINE:
            raise WrongCalendar(f"Line {at} is longer than {LONGEST_LINE} characters.")
    if number:
        yield number, "".join(parts)
