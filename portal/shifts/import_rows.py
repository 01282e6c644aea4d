"""The rows of a file of shifts, understood."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta

from portal import clock
from portal.imports.cells import day_and_time, number_in, place_name, too_long
from portal.imports.report import BadLine, Outcome, Report, key_of
from portal.permissions import COMMAND_LINE, Viewer
from portal.shifts.forms import MOST_SPOTS
from portal.tables import Line
from portal.typed import read_time
from portal.web.forms import clean
from portal.words import On, Words, text

COLUMNS = (
    "title", "program", "site", "position", "start", "end", "minimum", "maximum", "note", "key",
)  # fmt: skip


ANY_POSITION = "Volunteer"
"""The role of a line that names none."""


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


def read_hours(typed: str) -> tuple[time, time]:
    """Hours written as 9:00 am-12:00 pm or 09:00-12:00. Raises ValueError for anything else."""
    first, _, last = typed.replace("–", "-").partition("-")
    return read_time(first), read_time(last)


def no_time(said: str) -> Words:
    """What is said of a date without a time."""
    return text(
        "“%(cell)s” has no time. Enter hours for lines that have only a date.", cell=said[:100]
    )


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
                raise BadLine(text("It's the same as line %(line)s.", line=first))
            row = _row(line, reading)
        except BadLine as error:
            report.add(line.number, Outcome.LEFT_OUT, error.words)
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
    site = place_name(cells.get("site", ""))
    for name, value, most in (
        ("title", title, 200),
        ("position", position, 120),
        ("site", site, 200),
    ):
        if len(value) > most:
            raise BadLine(too_long(name, most))
    own_key = cells.get("key", "")
    group = key_of("shift", program, own_key or (title, site, starts_at, ends_at))
    maximum = number_in(cells, "maximum", MOST_SPOTS)
    minimum = number_in(cells, "minimum", MOST_SPOTS)
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
        raise BadLine(text("It has no start date and time."))
    day, first = day_and_time(start)
    last_day, last = day_and_time(end) if end else (day, None)
    if first is None:
        if reading.hours is None:
            raise BadLine(no_time(start))
        first, last = reading.hours
        last_day = day if last > first else day + clock.ONE_DAY
    elif last is None:
        raise BadLine(text("It has no end date and time."))
    moved = timedelta(days=reading.move_days)
    try:
        starts_at = _moment(day + moved, first, reading.zone)
        ends_at = _moment(last_day + moved, last, reading.zone)
    except OverflowError:
        raise BadLine(text("Its date is out of range.")) from None
    if not starts_at < ends_at:
        raise BadLine(text("It ends before it starts."))
    return starts_at, ends_at


def _moment(day: date, at: time, zone: str) -> datetime:
    if not 2000 <= day.year <= 2100:
        raise BadLine(text("Its date isn't between 2000 and 2100."))
    if at.tzinfo:
        return datetime.combine(day, at).astimezone(UTC)
    try:
        return clock.from_local(day, at, zone, fold=0)
    except clock.SkippedHour:
        raise BadLine(
            text(
                "The clocks skip %(time)s on %(day)s.",
                time=f"{at:%-I:%M %p}".lower(),
                day=On(day.isoformat()),
            )
        ) from None
