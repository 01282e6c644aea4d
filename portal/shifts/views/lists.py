"""The lists: open shifts for the public and for volunteers, and a coordinator's week."""

from collections.abc import Iterable
from datetime import date, timedelta
from itertools import groupby
from operator import attrgetter

from portal import clock
from portal.permissions import Permission
from portal.shifts import options, schedule
from portal.shifts.insight import insight_for
from portal.shifts.lines import ShiftLine
from portal.shifts.schedule import Wanted
from portal.web.page import Screen, screen
from portal.web.request import Request


def list_shifts(request: Request) -> Screen:
    """Coming shifts. A volunteer sees first what they can take; the public sees no names."""
    zone = request.settings.timezone
    insight = insight_for(request)
    fits = bool(insight.placements) and request.asked("show") != "all"
    wanted = wanted_of(request, fits=fits)
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
        address="/shifts",
    )


def by_day(lines: Iterable[ShiftLine]) -> list[tuple[str, list[ShiftLine]]]:
    """Lines under the days they are on."""
    return [(day, list(found)) for day, found in groupby(lines, key=attrgetter("day"))]


def narrowing(request: Request) -> bool:
    """Whether the choices for narrowing the list are open: somebody asked for them, or used one."""
    return any(request.asked(name) for name in ("narrow", "program", "position", "site", "day"))


def show_schedule(request: Request) -> Screen:
    """A coordinator's week as one list, gaps first."""
    zone = request.settings.timezone
    today = clock.local_day(request.at, zone)
    insight = insight_for(request)
    wanted, monday = wanted_of(request), monday_of(request.asked("week"), today)
    page = schedule.week_of_shifts(
        request.db,
        request.viewer,
        insight,
        wanted,
        monday,
        request.at,
        zone,
        request.asked("after"),
    )
    return screen(
        "shifts/schedule.html",
        page=page,
        wanted=wanted,
        options=options.options(request.db, insight, managed=True),
        totals=schedule.week_totals(request.db, insight, monday, request.at, zone),
        monday=monday,
        before=monday - timedelta(days=7),
        after=monday + timedelta(days=7),
        this_week=monday == monday_of("", today),
        address="/schedule",
    )


def wanted_of(request: Request, *, fits: bool = False) -> Wanted:
    """What the address narrows the list to; nonsense narrows nothing."""
    return Wanted(
        program=request.asked_id("program"),
        position=request.asked_id("position"),
        site=request.asked_id("site"),
        day=read_day(request.asked("day")),
        fits=fits,
    )


def read_day(value: str) -> date | None:
    """A day written as 2027-03-14, of this century; None for anything else."""
    try:
        day = date.fromisoformat(value)
    except ValueError:
        return None
    return day if 2000 <= day.year <= 2100 else None


def monday_of(value: str, today: date) -> date:
    """The Monday of the week of a day, of today if none is given."""
    day = read_day(value) or today
    return day - timedelta(days=day.weekday())
