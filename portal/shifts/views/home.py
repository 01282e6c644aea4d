"""What shifts show on Home and on a person's page."""

from collections.abc import Collection, Iterator

from portal import clock
from portal.domain import Panel
from portal.occasions.away import away
from portal.permissions import Permission
from portal.programs.scopes import in_viewers_programs, is_managed
from portal.shifts import (
    cover,
    groups,
    leads,
    own_schedule,
    schedule,
    shift_calls,
    still_coming,
    waiting,
    week,
)
from portal.shifts.coming import Coming, blocked_ahead, other_times
from portal.shifts.lines import ShiftLine
from portal.shifts.models import Shift
from portal.shifts.schedule import Wanted
from portal.shifts.viewer_scope import Insight, insight_for
from portal.shifts.views.lists import first_of_week
from portal.shifts.views.regulars import own_regulars
from portal.web.request import Request, today_of

SUGGESTED = 5
COMING_SHOWN = 8


def panels(request: Request, queues: Collection[str]) -> Iterator[Panel]:
    """What is next, what needs an answer, and what one could take; for coordinators, the gaps."""
    insight = insight_for(request)
    person_id = request.viewer.person_id
    assert person_id
    mine = own_schedule.my_shifts(request.db, person_id, insight, request.at)
    for shift in leads.led_today(request.db, request.viewer, request.at):
        yield Panel(15, "shifts/home/_lead.html", {"shift": shift}, shift.starts_at)
    yield from _questions(request, person_id)
    yield from _next(request, insight, mine)
    for group in groups.own_coming(request.db, request.viewer, request.at):
        yield Panel(70, "shifts/home/_group.html", {"spots": group}, group.starts_at)
    yield from _short(request, insight)
    if len(coming := _in_one_order(request, mine)) > 1:
        facts = {"coming": coming[:COMING_SHOWN], "more": len(coming) > COMING_SHOWN}
        yield Panel(110, "shifts/home/_coming.html", facts)
    if regulars := own_regulars(request):
        yield Panel(120, "shifts/home/_regulars.html", {"regulars": regulars})
    yield from _could_take(request, insight)


def _questions(request: Request, person_id: int) -> Iterator[Panel]:
    """What waits for an answer: asks, and spots that came free; and the lines one stands in."""
    for ask in cover.open_asks(request.db, person_id, request.at):
        template = "shifts/home/_ask_gone.html" if ask.gone else "shifts/home/_ask.html"
        yield Panel(20, template, {"row": ask})
    for asked in still_coming.asked_oneself(request.db, person_id, request.at):
        yield Panel(18, "shifts/home/_still_coming.html", {"row": asked}, asked.starts_at)
    lines = waiting.own_lines(request.db, person_id, request.at)
    for row in lines:
        if row.state == "offered" and row.answer_by:
            yield Panel(30, "shifts/home/_offered.html", {"row": row})
    in_line = [row for row in lines if row.state != "offered"]
    if in_line:
        yield Panel(130, "shifts/home/_lines.html", {"lines": in_line})


def _next(request: Request, insight: Insight, mine: list[ShiftLine]) -> Iterator[Panel]:
    """One's next shift, or that there is none, and what is missing for those ahead."""
    has_roles = bool(insight.placements)
    if mine:
        first, zone = mine[0], request.settings.timezone
        facts = {"shift": first, "away": away(first.starts_at, first.zone, request.at, zone)}
        yield Panel(50, "shifts/home/_next.html", facts, first.starts_at)
        assert request.viewer.person_id
        for one in blocked_ahead(request.db, request.viewer.person_id, request.at):
            yield Panel(60, "shifts/home/_blocked.html", {"ahead": one})
    elif has_roles or not request.viewer.staff:
        yield Panel(50, "shifts/home/_no_next.html", {"has_roles": has_roles}, alone=True)
    if has_roles:
        yield Panel(75, "shifts/home/_own.html", {})


def _short(request: Request, insight: Insight) -> Iterator[Panel]:
    """The shifts of a coordinator's programs that are short of people, and how full this week is."""
    if not request.viewer.may(Permission.SHIFTS_MANAGE):
        return
    zone = request.settings.timezone
    first_day = first_of_week(request, clock.local_day(request.at, zone))
    facts = {
        "totals": week.week_totals(request.db, insight, first_day, request.at, zone),
        "gaps": own_schedule.coming_gaps(
            request.db, request.viewer, insight, request.at, zone, SUGGESTED
        ),
    }
    yield Panel(100, "shifts/home/_gaps.html", facts)


def _in_one_order(request: Request, mine: list[ShiftLine]) -> list[ShiftLine | Coming]:
    """Everything with a time that one is coming to, the soonest first: shifts, training, presentations."""
    zone, at = request.settings.timezone, request.at
    assert request.viewer.person_id
    others = other_times(
        request.db, request.viewer.person_id, at, clock.END_OF_TIME, zone, request.language
    )
    return sorted([*mine, *others], key=lambda one: one.starts_at)


def _could_take(request: Request, insight: Insight) -> Iterator[Panel]:
    """Shifts that one could take, and whether something is missing for one of one's roles."""
    if not insight.placements:
        return
    db, viewer, at, zone = request.db, request.viewer, request.at, request.settings.timezone
    ahead = schedule.clearance_ahead(db, viewer, insight, at, zone)
    if ahead.lacking:
        yield Panel(70, "shifts/home/_lacking.html", {"lacking": ahead.lacking})
    wanted = Wanted(fits=True)
    fitting = schedule.coming_shifts(
        db, viewer, insight, wanted, at, zone, size=SUGGESTED, ahead=ahead
    )
    yield Panel(140, "shifts/home/_fitting.html", {"fitting": fitting})


def of_person(request: Request, person_id: int) -> Iterator[Panel]:
    """A person's coming shifts in the viewer's programs, and what they are not asked for there."""
    theirs = in_viewers_programs(Shift.program_id, request.viewer, Permission.PEOPLE_MANAGE)
    yield Panel(
        10,
        "shifts/_of_person.html",
        {
            "shifts": own_schedule.coming_of(request.db, person_id, request.at, theirs),
            "person_id": person_id,
            "managed": is_managed(request.db, request.viewer, person_id),
            "pauses": shift_calls.pauses_of(
                request.db, request.viewer, person_id, today_of(request)
            ),
        },
    )
