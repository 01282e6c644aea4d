"""The calendar of all talks, and days on which nothing goes."""

from datetime import date, timedelta
from typing import Any

from portal import clock
from portal.agency.settings import value_of
from portal.occasions.blocks import blocks_of
from portal.outreach import booking, moving_talks, talk_lists
from portal.outreach.forms import (
    SnowForm,
)
from portal.outreach.scopes import visible_talks
from portal.outreach.talk_models import (
    Presentation,
)
from portal.outreach.views.words import (
    TALK_WORDS,
)
from portal.programs.closures import closures_between
from portal.programs.settings import WEEK_STARTS
from portal.web.answers import Screen, See, screen
from portal.web.errors import Refused
from portal.web.request import Request
from portal.words import count_text, text

VIEWS = ("month", "week", "list")


def show_calendar(request: Request) -> Screen:
    """All talks by month, week, or as a list."""
    zone = request.settings.timezone
    today = clock.local_day(request.at, zone)
    view = request.asked("view") if request.asked("view") in VIEWS else "month"
    day = request.asked_day("day") or today
    week_starts = value_of(request.db, WEEK_STARTS, request.settings)
    first, last, before, after = _span(view, day, week_starts)
    starts, ends = (clock.start_of_day(one, zone) for one in (first, last + clock.ONE_DAY))
    rows = talk_lists.talks_between(request.db, request.viewer, starts, ends)
    by_day: dict[date, list[Any]] = {}
    for row in rows:
        by_day.setdefault(clock.local_day(row.starts_at, zone), []).append(row)
    return screen(
        "outreach/calendar.html",
        view=view,
        first=first,
        shown=day,
        days=[first + number * clock.ONE_DAY for number in range((last - first).days + 1)],
        by_day=by_day,
        before=before,
        after=after,
        today=today,
        states=TALK_WORDS,
        number=len(rows),
    )


def _span(view: str, day: date, week_starts: int) -> tuple[date, date, date, date]:
    """The first and last day shown, and the days that show what is before and after."""
    if view == "week":
        first = clock.week_start(day, week_starts)
        week = timedelta(days=7)
        return first, first + timedelta(days=6), first - week, first + week
    first = day.replace(day=1)
    following = (first + timedelta(days=32)).replace(day=1)
    before = (first - clock.ONE_DAY).replace(day=1)
    if view == "list":
        return first, following - clock.ONE_DAY, before, following
    last = clock.week_start(following - clock.ONE_DAY, week_starts) + timedelta(days=6)
    return clock.week_start(first, week_starts), last, before, following


def show_snow(request: Request, form: SnowForm | None = None) -> Screen:
    """A snow day or a closure: every talk it touches, in one list with one action."""
    zone = request.settings.timezone
    today = clock.local_day(request.at, zone)
    first = request.asked_day("first") or today
    last = max(first, request.asked_day("last") or first)
    last = min(last, first + timedelta(days=60))
    found = _touched(request, first, last)
    rows = request.db.execute(talk_lists.talk_lines(found.order_by(None)).limit(200)).all()
    return screen(
        "outreach/snow.html",
        rows=rows,
        first=first,
        last=last,
        form=form or SnowForm(data={"days": 7, "talks": [row.id for row in rows]}),
        closed=closures_between(request.db, first, last),
    )


def _touched(request: Request, first: date, last: date) -> Any:
    zone = request.settings.timezone
    starts = max(clock.start_of_day(first, zone), request.at)
    return booking.affected_by(
        visible_talks(request.viewer), starts, clock.start_of_day(last + clock.ONE_DAY, zone)
    )


def settle_snow(request: Request, form: SnowForm) -> See:
    """Cancel or move what was checked."""
    talks = request.db.scalars(
        visible_talks(request.viewer)
        .where(Presentation.id.in_(form.talks.data), Presentation.starts_at > request.at)
        .order_by(Presentation.id)
    ).all()
    if not talks:
        raise Refused(text("Select at least one presentation."))
    move = form.what.data == "move"
    if move and not form.days.data:
        raise Refused(fields={"days": text("Enter a number of days.")})
    if move:
        moving_talks.move_all(
            request.act,
            talks,
            form.days.data,
            form.clash_reason.data or "",
            blocks_of(request),
            why=form.reason.data,
        )
    else:
        booking.hold(request.db, [talk.id for talk in talks], blocks_of(request))
        for talk in talks:
            booking.cancel(request.act, talk, form.reason.data, blocks_of(request))
    said = (
        count_text("%(n)s presentation was moved.", "%(n)s presentations were moved.", len(talks))
        if move
        else count_text(
            "%(n)s presentation was canceled.", "%(n)s presentations were canceled.", len(talks)
        )
    )
    days = [clock.local_day(talk.starts_at, talk.zone) for talk in talks]
    return See(f"/outreach/calendar?view=list&day={min(days)}", said)
