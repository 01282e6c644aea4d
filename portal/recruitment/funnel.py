"""What became of the applications of a span of days: how many reached each stage, and how long it took."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from statistics import median
from typing import Any, NamedTuple

from sqlalchemy import Select, String, case, exists, func, literal_column, select
from sqlalchemy.orm import Session

from portal import clock
from portal.permissions import Viewer
from portal.programs.application_models import (
    Application,
    ApplicationEvent,
    ApplicationState,
)
from portal.programs.models import Position, Program
from portal.programs.scopes import counted_applications
from portal.reads import read
from portal.recruitment import waits
from portal.recruitment.waits import Case

MOST_CASES = 5000
"""From how many applications, the newest, the medians are worked out."""


class By(StrEnum):
    """What the lines of the report are about."""

    PROGRAM = "program"
    ROLE = "role"
    HEARD = "heard"
    SOURCE = "source"
    LANGUAGE = "language"


TALK = literal_column("'talk'", String())
"""Every presentation together; the page of each says what came of it."""
_START = func.substr(Application.source, literal_column("1"), literal_column("4"))
_KEYS: Mapping[By, Any] = {
    By.PROGRAM: Application.program_id,
    By.ROLE: Application.position_id,
    By.HEARD: Application.heard,
    By.SOURCE: case((_START == TALK, TALK), else_=Application.source),
    By.LANGUAGE: Application.language,
}


class Count(NamedTuple):
    """How many applications of a line reached what."""

    key: Any
    applied: int
    answered: int
    offered: int
    placed: int
    declined: int
    withdrawn: int


@dataclass
class Line:
    """A line of the report: its counts, and its medians in days, where five or more are done."""

    count: Count
    cases: list[Case] = field(default_factory=list)
    answers: list[Case] = field(default_factory=list)

    @property
    def open(self) -> int:
        """How many wait yet."""
        return self.count.applied - self.count.placed - self.count.declined - self.count.withdrawn

    @property
    def days(self) -> int | None:
        return waits.median(self.cases)

    @property
    def answer_days(self) -> int | None:
        return waits.median(self.answers)


@dataclass(frozen=True)
class Funnel:
    """The report: its lines, their sum, and by how many days what applicants were told was off."""

    lines: Sequence[Line]
    total: Line
    told: int
    within: int
    off_by: int | None


def funnel(
    db: Session, viewer: Viewer, by: By, first: date, last: date, at: datetime, zone: str
) -> Funnel:
    """What became of the applications that came in from one local day to another, for what a viewer may see."""
    start, end = (clock.start_of_day(day, zone) for day in (first, last + clock.ONE_DAY))
    scope = counted_applications(viewer).where(
        Application.received_at >= start, Application.received_at < end
    )
    counts = read(db, Count, _counted(scope, _KEYS[by]))
    lines = {count.key: Line(count) for count in counts}
    sums = [sum(getattr(count, name) for count in counts) for name in Count._fields[1:]]
    total = Line(Count(None, *sums))
    told: list[int] = []
    within = 0
    rows: Any = db.execute(_cases(scope, _KEYS[by]))
    for row in rows:
        answer, whole = waits.cases_of(row, at)
        for line in (lines[row.key], total):
            line.answers.append(answer)
            line.cases.append(whole)
        if whole.done and row.expected_from and row.expected_to:
            day = clock.local_day(row.state_since, zone)
            middle = row.expected_from + (row.expected_to - row.expected_from) / 2
            told.append(abs((day - middle).days))
            within += row.expected_from <= day <= row.expected_to
    off_by = round(median(told)) if len(told) >= waits.LEAST_CASES else None
    ordered = sorted(lines.values(), key=lambda line: -line.count.applied)
    return Funnel(ordered, total, len(told), within, off_by)


def _counted(scope: Select[Application], key: Any) -> Any:
    offered = exists().where(
        ApplicationEvent.application_id == Application.id, ApplicationEvent.done == "accepted"
    )

    def how_many(condition: Any) -> Any:
        return func.sum(case((condition, 1), else_=0))

    return scope.with_only_columns(
        key.label("key"),
        func.count().label("applied"),
        how_many(Application.answered_at.is_not(None)).label("answered"),
        how_many(offered | (Application.state == ApplicationState.PLACED)).label("offered"),
        how_many(Application.state == ApplicationState.PLACED).label("placed"),
        how_many(Application.state == ApplicationState.DECLINED).label("declined"),
        how_many(Application.state == ApplicationState.WITHDRAWN).label("withdrawn"),
    ).group_by(key)


def _cases(scope: Select[Application], key: Any) -> Any:
    return (
        scope.with_only_columns(
            key.label("key"),
            Application.state,
            Application.received_at,
            Application.answered_at,
            Application.state_since,
            Application.expected_from,
            Application.expected_to,
        )
        .order_by(Application.received_at.desc())
        .limit(MOST_CASES)
    )


class Named(NamedTuple):
    """A program or a role by its id."""

    id: int
    name: str
    translations: Mapping[str, Any]


def names_of(db: Session, by: By, keys: Sequence[Any]) -> dict[Any, Named]:
    """The programs or roles that lines are about."""
    table: Any = Program if by == By.PROGRAM else Position
    if by not in (By.PROGRAM, By.ROLE):
        return {}
    found = select(table.id, table.name, table.translations).where(table.id.in_(keys))
    return {row.id: row for row in read(db, Named, found)}
