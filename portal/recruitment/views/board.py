"""The pipeline as a board: a column for each stage, the longest wait first."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from portal import clock
from portal.programs.application_models import OPEN_APPLICATIONS, ApplicationState
from portal.recruitment import pipeline, steps
from portal.recruitment.pipeline import HOLD_WORDS, Line
from portal.web.answers import Screen, screen
from portal.web.request import Request, today_of

SHOWN = 25
"""How many cards of a stage; the list has them all."""


@dataclass(frozen=True)
class Column:
    """One stage: how many wait in it, the first of them, and since which day each is there."""

    state: ApplicationState
    count: int
    rows: Sequence[Line]
    since: Mapping[int, date]


def show(request: Request) -> Screen:
    """The open applications to one's programs by stage, with the filters of the list."""
    asked = pipeline.filter_of(request, today_of(request))
    counts = pipeline.counts(request.db, request.viewer, asked)
    columns = [_column(request, asked, state, counts.get(state, 0)) for state in OPEN_APPLICATIONS]
    every = [row for column in columns for row in column.rows]
    return screen(
        "recruitment/board.html",
        columns=columns,
        missing=steps.missing_for_staff(request.db, every, today_of(request)),
        states=pipeline.STATE_WORDS,
        holds=HOLD_WORDS,
        today=today_of(request),
    )


def _column(
    request: Request, asked: pipeline.Filter, state: ApplicationState, count: int
) -> Column:
    stage = replace(asked, stage=state.value)
    rows = pipeline.lines(request.db, request.viewer, stage, "").rows[:SHOWN]
    zone = request.settings.timezone
    return Column(
        state, count, rows, {row.id: clock.local_day(row.state_since, zone) for row in rows}
    )
