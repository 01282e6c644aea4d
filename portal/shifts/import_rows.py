"""The rows of a file of shifts, understood."""

import ast
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta

from portal import clock
from portal.imports.report import BadLine, Outcome, Report, key_of
from portal.permissions import COMMAND_LINE, Viewer
from portal.shifts.forms import MOST_SPOTS
from portal.tables import Line
from portal.web.forms import clean

COLUMNS = (
    "title", "program", "site", "position", "start", "end", "minimum", "maximum", "note", "key",
)  # fmt: skip


ANY_POSITION = "Volunteer"
"""The role of a line that names none."""


DAYS = ("%Y-%m-%d", "%m/%d/%Y", "%m/%d/%y", "%B %d %Y", "%B %d, %Y", "%b %d %Y", "%b %d, %Y")


TIMES = ("%H:%M", "%H:%M:%S", "%I:%M %p", "%I:%M%p", "%I %p")


LONGEST_LITERAL = 2000


@dataclass(frozen=True)
class Reading:
    """How to read a file: its zone, hours for lines that have only a day, days to move it by, and for whom it
    is written."""

    zone: str
    program: str = ""
    hours: tuple[time, time] | None = None
    move_days: int = 0
    create: bool = True
    by: Viewer = COMMAND_LINE


@dataclass(frozen=True)
class ShiftRow:
    """A line understood: local times became moments, nothing was looked up yet."""

    line: int
    group: str
    key: str
    program: str
    title: str
    site: str
    position: str
    starts_at: datetime
    ends_at: datetime
    minimum: int
    maximum: int
    note: str

    @property
    def digest(self) -> str:
        return key_of(
            self.program,
            self.title,
            self.site,
            self.position,
            self.starts_at,
            self.ends_at,
            self.minimum,
            self.maximum,
            self.note,
        )


def read_hours(text: str) -> tuple[time, time]:
    """Hours written as 09:00-12:00. Raises ValueError for anything else."""
    first, _, last = text.partition("-")
    return time.fromisoformat(first.strip()), time.fromisoformat(last.strip())


def understood(lines: Iterable[Line], reading: Reading, report: Report) -> list[ShiftRow]:
    """The lines that make sense; the others go to the report with their reason."""
    rows: list[ShiftRow] = []
    seen: dict[tuple[str, ...], int] = {}
    times_said: dict[str, int] = {}
    for line in lines:
        try:
            if line.wrong:
                raise BadLine(line.wrong)
            if (first := seen.setdefault(line.whole, line.number)) != line.number:
                raise BadLine(f"it is the same as line {first}")
            row = _row(line, reading)
        except BadLine as error:
            report.add(line.number, Outcome.LEFT_OUT, str(error))
            continue
        said = times_said[row.key] = times_said.get(row.key, 0) + 1
        if said > 1:  # another line that says the same: a shift of its own
            row = replace(row, key=key_of(row.key, said), group=key_of(row.group, said))
        rows.append(row)
    return rows


def _row(line: Line, reading: Reading) -> ShiftRow:
    cells = {name: clean(value) for name, value in line.cells.items()}
    starts_at, ends_at = _span(cells, reading)
    program = cells.get("program") or reading.program
    title, position = cells.get("title", ""), cells.get("position") or ANY_POSITION
    site = _place_name(cells.get("site", ""))
    for name, value, most in (
        ("title", title, 200),
        ("position", position, 120),
        ("site", site, 200),
    ):
        if len(value) > most:
            raise BadLine(f"the {name} is longer than {most} characters")
    own_key = cells.get("key", "")
    group = key_of("shift", program, own_key or (title, site, starts_at, ends_at))
    maximum = _number(cells, "maximum")
    minimum = _number(cells, "minimum")
    return ShiftRow(
        line=line.number,
        group=group,
        key=key_of(group, position),
        program=program,
        title=title,
        site=site,
        position=position,
        starts_at=starts_at,
        ends_at=ends_at,
        minimum=min(1, maximum or 1) if minimum is None else minimum,
        maximum=max(1, minimum or 1) if maximum is None else maximum,
        note=cells.get("note", "")[:2000],
    )


def _span(cells: Mapping[str, str], reading: Reading) -> tuple[datetime, datetime]:
    start, end = cells.get("start", ""), cells.get("end", "")
    if not start:
        raise BadLine("it says no start")
    day, first = _day_and_time(start)
    last_day, last = _day_and_time(end) if end else (day, None)
    if first is None:
        if reading.hours is None:
            raise BadLine(
                f"{start!r} has no time; give all such lines one with --hours 09:00-12:00"
            )
        first, last = reading.hours
        last_day = day if last > first else day + clock.ONE_DAY
    elif last is None:
        raise BadLine("it says no end")
    moved = timedelta(days=reading.move_days)
    try:
        starts_at = _moment(day + moved, first, reading.zone)
        ends_at = _moment(last_day + moved, last, reading.zone)
    except OverflowError:
        raise BadLine("its day is out of range") from None
    if not starts_at < ends_at:
        raise BadLine("it ends before it starts")
    return starts_at, ends_at


def _moment(day: date, at: time, zone: str) -> datetime:
    if not 2000 <= day.year <= 2100:
        raise BadLine(f"its day, {day}, is not between 2000 and 2100")
    if at.tzinfo:
        return datetime.combine(day, at).astimezone(UTC)
    try:
        return clock.from_local(day, at, zone, fold=0)
    except clock.SkippedHour:
        raise BadLine(f"the clocks jump over {at:%H:%M} on {day}") from None


def _day_and_time(text: str) -> tuple[date, time | None]:
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        pass
    else:
        has_time = len(text) > 10
        return found.date(), found.timetz() if has_time else None
    for day_format in DAYS:
        for time_format in ("", *TIMES):
            try:
                found = datetime.strptime(text, f"{day_format} {time_format}".strip())  # noqa: DTZ007
            except ValueError:
                continue
            return found.date(), found.time() if time_format else None
    raise BadLine(f"{text!r} is not a day and time like 2026-12-01T18:00")


def _number(cells: Mapping[str, str], name: str) -> int | None:
    text = cells.get(name, "")
    if not text:
        return None
    if (
        not text.isascii()
        or not text.isdecimal()
        or not int(text[:9]) <= MOST_SPOTS
        or len(text) > 9
    ):
        raise BadLine(f"the {name}, {text!r}, is not a number up to {MOST_SPOTS}")
    return int(text)


def _place_name(text: str) -> str:
    """A place as people say it. Open-data files wrap the address in a Python literal around JSON."""
    if not text.startswith("{") or len(text) > LONGEST_LITERAL:
        return text
    try:
        address = json.loads(ast.literal_eval(text)["human_address"])
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
        return text
    street, city, state, code = parts
    return clean(", ".join(part for part in (street, city, f"{state} {code}".strip()) if part))
