"""An iCalendar file cut into its blocks of lines (RFC 5545, 3.1)."""

import codecs
from collections.abc import Iterator
from dataclasses import dataclass, field

from portal.words import Words, text

MOST_EVENTS = 5_000
LONGEST_ZONE = 500


LARGEST_FILE = 5 * 1024 * 1024


LONGEST_LINE = 100_000


DEEPEST = 4


class WrongCalendar(Exception):
    """A file that is not a calendar we can read; `words` say why."""

    def __init__(self, words: Words | str) -> None:
        super().__init__(words)
        self.words = words


@dataclass
class Block:
    line: int
    text: list[str] = field(default_factory=list)


def decoded(data: bytes) -> str:
    """The text of a calendar file. Raises WrongCalendar if it is no UTF-8, or too long."""
    if len(data) > LARGEST_FILE:
        raise WrongCalendar(text("Select a file under %(most)s MB.", most=LARGEST_FILE // 2**20))
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return data.decode("utf-16", errors="replace")
    source = data.decode("utf-8-sig", errors="replace")
    if "BEGIN:VCALENDAR" not in source[:2000].upper():
        raise WrongCalendar(
            text("This isn't a calendar file: it doesn't begin with BEGIN:VCALENDAR.")
        )
    return source


def cut_blocks(source: str) -> tuple[list[Block], list[Block], str]:
    """The blocks of all zones, those of all events, and the calendar's own zone."""
    zones: list[Block] = []
    blocks: list[Block] = []
    nest: list[str] = []
    own_zone = ""
    for number, line in _unfolded(source):
        upper = line[:60].upper().rstrip()
        if upper.startswith("BEGIN:"):
            nest.append(upper[6:])
            if len(nest) > DEEPEST:
                raise WrongCalendar(text("Line %(line)s is nested too deeply.", line=number))
            if nest[1:] == ["VEVENT"]:
                blocks.append(Block(number))
                if len(blocks) > MOST_EVENTS:
                    raise WrongCalendar(
                        text("The file has more than %(most)s events.", most=MOST_EVENTS)
                    )
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


def _unfolded(source: str) -> Iterator[tuple[int, str]]:
    """Logical lines with the number of their first physical one (RFC 5545, 3.1)."""
    number, parts, length = 0, [""], 0
    for at, line in enumerate(source.splitlines(), 1):
        if line.startswith((" ", "\t")) and number:
            parts.append(line[1:])
            length += len(line)
        else:
            if number:
                yield number, "".join(parts)
            number, parts, length = at, [line], len(line)
        if length > LONGEST_LINE:
            raise WrongCalendar(
                text(
                    "Line %(line)s is longer than %(most)s characters.", line=at, most=LONGEST_LINE
                )
            )
    if number:
        yield number, "".join(parts)
