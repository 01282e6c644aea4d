"""The lists: open shifts for the public and for volunteers, and a coordinator's week."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, time
from itertools import groupby
from operator import attrgetter
from typing import Any

from portal import clock
from portal.agency.settings import value_of
from portal.people.saved_views import views_of
from portal.permissions import Permission
from portal.programs.settings import WEEK_STARTS
from portal.shifts import (
    cover,
    drafts,
    grid,
    grid_queries,
    options,
    own_schedule,
    roster,
    schedule,
    week,
)
from portal.shifts.coming import other_times
from portal.shifts.draft_grid import DraftedWeek
from portal.shifts.draft_models import Draft
from portal.shifts.lines import ShiftLine
from portal.shifts.schedule import Wanted
from portal.shifts.viewer_scope import Insight, insight_for, managed_signup, managed_slot
from portal.shifts.views.in_draft import asked_draft
from portal.web.answers import Screen, screen
from portal.web.request import Request
from portal.words import text

DAYS_AHEAD = 28
"""How far a volunteer's list of what they can take goes, unless they ask for more."""

MOST_OF_A_WEEK = 200


def list_shifts(request: Request) -> Screen:
    """Coming shifts. A volunteer sees first what they can take; the public sees no names."""
    zone = request.settings.timezone
    insight = insight_for(request)
    if insight.placements and request.asked("show") == "week":
        return _my_week(request, insight)
    fits = bool(insight.placements) and request.asked("show") != "all"
    wanted = wanted_of(request, fits=fits)
    far = request.asked("far") == "yes"
    if fits and not far and wanted.day is None:
        today = clock.local_day(request.at, zone)
        wanted = replace(wanted, day=today, days=DAYS_AHEAD)
    page = schedule.coming_shifts(
        request.db, request.viewer, insight, wanted, request.at, zone, request.asked("after")
    )
    return screen(
        "shifts/list.html",
        page=page,
        days=by_day(page.rows),
        wanted=wanted,
        options=options.options(request.db, insight) if narrowing(request) else None,
        has_roles=bool(insight.placements),
        may_add=request.viewer.may(Permission.SHIFTS_MANAGE),
        far=far,
        show="fits" if fits else "all",
        address="/shifts",
    )


def _my_week(request: Request, insight: Insight) -> Screen:
    """A volunteer's week: what they could take beside what they have."""
    db, viewer, at, zone = request.db, request.viewer, request.at, request.settings.timezone
    assert viewer.person_id
    today = clock.local_day(at, zone)
    first_day = max(
        first_of_week(request, request.asked_day("week") or today), first_of_week(request, today)
    )
    bounds = week.week_bounds(first_day, zone)
    mine = own_schedule.my_shifts(
        db, viewer.person_id, insight, bounds["week_first"], MOST_OF_A_WEEK, bounds["week_last"]
    )
    wanted = Wanted(day=first_day, days=7, fits=True)
    fitting = schedule.coming_shifts(
        db, viewer, insight, wanted, at, zone, size=MOST_OF_A_WEEK
    ).rows
    others = other_times(
        db, viewer.person_id, bounds["week_first"], bounds["week_last"], zone, request.language
    )
    lines: list[Any] = sorted([*mine, *fitting, *others], key=attrgetter("starts_at"))
    lines = [line for line in lines if clock.local_day(line.starts_at, zone) >= first_day]
    return screen(
        "shifts/week.html",
        board=week.by_local_day(lines, first_day, 7, zone),
        days=[first_day + index * clock.ONE_DAY for index in range(7)],
        first_day=first_day,
        today=today,
        before=first_day - 7 * clock.ONE_DAY if first_day > today else None,
        after=first_day + 7 * clock.ONE_DAY,
        show="week",
    )


def by_day(lines: Iterable[ShiftLine]) -> list[tuple[str, list[ShiftLine]]]:
    """Lines under the days they are on."""
    return [(day, list(found)) for day, found in groupby(lines, key=attrgetter("day"))]


def narrowing(request: Request) -> bool:
    """Whether the choices for narrowing the list are open: someone asked for them, or used one."""
    return any(request.asked(name) for name in ("narrow", "program", "position", "site", "day"))


VIEWS = {"week": text("Week"), "day": text("Day"), "month": text("Month"), "list": text("List")}
"""How a coordinator may look at the schedule."""


def show_schedule(
    request: Request,
    form: Any = None,
    slot_id: int | None = None,
    signup_id: int | None = None,
) -> Screen:
    """A coordinator's week as a grid, one day of it, or all of it in one list with gaps first. `form` was
    refused, for a slot or a signup of theirs if one is given."""
    db, viewer, at, zone = request.db, request.viewer, request.at, request.settings.timezone
    if slot_id is not None:
        managed_slot(db, viewer, slot_id)
    if signup_id is not None:
        managed_signup(db, viewer, signup_id)
    insight, wanted = insight_for(request), wanted_of(request)
    draft = asked_draft(request)
    shown = _shown(request, in_draft=draft is not None)
    return screen(
        "shifts/schedule.html",
        saved=views_of(request.db, request.viewer, "schedule", request.url.query),
        cover=cover.wanted(db, insight, at),
        wanted=wanted,
        options=options.options(db, insight, managed=True),
        totals=week.week_totals(db, insight, shown["first_day"], at, zone),
        address="/schedule",
        at=at,
        form=form,
        refused_slot=slot_id,
        draft=draft,
        drafts=db.scalars(drafts.own(viewer).order_by(Draft.first_day)).all(),
        one_day=clock.ONE_DAY,
        **shown,
        **_found(request, insight, wanted, shown),
    )


def _found(
    request: Request, insight: Insight, wanted: Wanted, shown: dict[str, Any]
) -> dict[str, Any]:
    """The shifts of the days shown: a list, numbers by day, or a grid."""
    db, viewer, at, zone = request.db, request.viewer, request.at, request.settings.timezone
    if shown["view"] == "list":
        first, after = shown["first_day"], request.asked("after")
        return {"page": week.week_of_shifts(db, viewer, insight, wanted, first, at, zone, after)}
    if shown["view"] == "month":
        days = shown["days"]
        return {"numbers": week.days_in_numbers(db, viewer, insight, wanted, days, at, zone)}
    return _grid(request, insight, wanted, shown)


def _shown(request: Request, *, in_draft: bool) -> dict[str, Any]:
    """Which days the schedule shows, and how. A draft is laid over a week or a day."""
    today = clock.local_day(request.at, request.settings.timezone)
    views = {name: words for name, words in VIEWS.items() if not in_draft or name in grid.VIEWS}
    view = request.asked("view") if request.asked("view") in views else "week"
    day = request.asked_day("week") or today
    first_day = first_of_week(request, day)
    first, after = _span(request, view, day)
    before = first - clock.ONE_DAY if view == "month" else first - (after - first)
    shown_from = first_of_week(request, first) if view == "month" else first
    number = -(-(after - shown_from).days // 7) * 7 if view == "month" else (after - first).days
    return {
        "view": view,
        "views": views,
        "first_day": first_day,
        "first": first,
        "days": [shown_from + index * clock.ONE_DAY for index in range(number)],
        "today": today,
        "before": before,
        "after": after,
        "this_week": first <= today < after,
    }


def _span(request: Request, view: str, day: date) -> tuple[date, date]:
    """The first day of the day, week or month that is shown, and the first one after it."""
    if view == "day":
        return day, day + clock.ONE_DAY
    if view == "month":
        first = day.replace(day=1)
        return first, (first + 31 * clock.ONE_DAY).replace(day=1)
    first = first_of_week(request, day)
    return first, first + 7 * clock.ONE_DAY


def _grid(
    request: Request, insight: Insight, wanted: Wanted, shown: dict[str, Any]
) -> dict[str, Any]:
    """The grid of the days shown, and how its rows are chosen."""
    db, viewer, zone = request.db, request.viewer, request.settings.timezone
    gaps_first = request.asked("first") == "gaps"
    by, days = rows_by(request), shown["days"]
    found = grid.grid_of(
        db, viewer, insight, wanted, days, request.at, zone, by, gaps_first=gaps_first
    )
    draft = asked_draft(request)
    if draft is not None:
        DraftedWeek(db, viewer, found, days, insight, by, zone).lay(drafts.acts_of(db, draft.id))
    return {
        "grid": found,
        "clock_hour": time,
        "mark": grid_queries.mark_of(db, viewer, shown["first_day"], zone),
        "most": grid_queries.MOST,
        "most_rows": grid.MOST_ROWS,
        "rows_by": by,
        "rows_words": ROWS_WORDS,
        "gaps_first": gaps_first,
    }


ROWS_WORDS = {
    "position": text("By role"),
    "site": text("By location"),
    "program": text("By program"),
}


def rows_by(request: Request) -> str:
    """What a row of the grid stands for."""
    asked = request.asked("rows")
    return asked if asked in grid.BY else grid.BY[0]


def show_now(request: Request) -> Screen:
    """Who is on now, with a number to call; and who comes next today."""
    zone = request.settings.timezone
    insight = insight_for(request)
    return screen("shifts/now.html", shifts=roster.on_now(request.db, insight, request.at, zone))


def wanted_of(request: Request, *, fits: bool = False) -> Wanted:
    """What the address narrows the list to; nonsense narrows nothing."""
    return Wanted(
        program=request.asked_id("program"),
        position=request.asked_id("position"),
        site=request.asked_id("site"),
        day=request.asked_day("day"),
        fits=fits,
    )


def first_of_week(request: Request, day: date) -> date:
    """The first day of the week of a day, as the agency counts its weeks."""
    starts = value_of(request.db, WEEK_STARTS, request.settings)
    return clock.week_start(day, starts)
