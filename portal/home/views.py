"""The front page, and the home of everyone who is signed in."""

from datetime import datetime
from typing import Any

from portal import clock
from portal.db import AnyRow
from portal.domain import Now
from portal.home.queues import Count, counts_of
from portal.outreach.events import KIND_WORDS
from portal.outreach.mine import own_talks
from portal.outreach.talk_models import OfferState, Presentation
from portal.permissions import Permission, Role
from portal.shifts import cover, schedule, waiting
from portal.shifts.coming import Coming, blocked_ahead, other_times
from portal.shifts.insight import insight_for
from portal.shifts.lines import ShiftLine
from portal.shifts.schedule import Wanted
from portal.shifts.views.lists import monday_of
from portal.shifts.views.regulars import own_regulars
from portal.web.page import Screen, See, screen
from portal.web.request import Request
from portal.web.words import Words, text

SUGGESTED = 5


def front(request: Request) -> Screen | See:
    """What this is, and the way in."""
    if request.viewer.signed_in:
        return See("/me")
    return screen("home/front.html")


def me(request: Request) -> Screen:
    """What is next, what needs me, what could I take — in one look."""
    db, viewer, at = request.db, request.viewer, request.at
    zone = request.settings.timezone
    assert viewer.person_id
    insight = insight_for(request)
    mine = schedule.my_shifts(db, viewer.person_id, insight, at)
    ahead = schedule.clearance_ahead(db, viewer, insight, at, zone) if insight.placements else None
    fitting = (
        schedule.coming_shifts(
            db, viewer, insight, Wanted(fits=True), at, zone, size=SUGGESTED, ahead=ahead
        )
        if ahead
        else None
    )
    staff = viewer.may(Permission.SHIFTS_MANAGE)
    today = clock.local_day(at, zone)
    monday = monday_of(today)
    queues = counts_of(db, viewer, request.portal.domains, Now(at, zone))
    return screen(
        "home/me.html",
        greeting=greeting(clock.to_local(at, zone).hour),
        mine=mine,
        coming=_in_one_order(request, mine),
        blocked=blocked_ahead(db, viewer.person_id, at) if mine else [],
        until_first=until(mine[0], at, zone) if mine else None,
        **_talks(request, queues, mine[0].starts_at if mine else None),
        fitting=fitting,
        has_roles=bool(insight.placements),
        lacking=ahead.lacking if ahead else 0,
        asked=queues["own"].number if "own" in queues else 0,
        lines=waiting.own_lines(db, viewer.person_id, at),
        regulars=own_regulars(request),
        asks=cover.open_asks(db, viewer.person_id, at),
        staff=staff,
        supervises=Role.SUPERVISOR in viewer.roles,
        totals=schedule.week_totals(db, insight, monday, at, zone) if staff else None,
        gaps=schedule.coming_gaps(db, insight, at, SUGGESTED) if staff else [],
        rosters=queues.get("rosters"),
        queues=[
            one
            for one in queues.values()
            if one.queue.listed
            and one.name not in ("rosters", "speak")
            and (one.name, one.number) != ("mytalks", 1)
        ],
    )


def _in_one_order(request: Request, mine: list[ShiftLine]) -> list[ShiftLine | Coming]:
    """Everything with a time that one is coming to, the soonest first: shifts, training, presentations."""
    zone, at = request.settings.timezone, request.at
    assert request.viewer.person_id
    others = other_times(
        request.db, request.viewer.person_id, at, clock.END_OF_TIME, zone, request.language
    )
    return sorted([*mine, *others], key=lambda one: one.starts_at)


def _talks(
    request: Request, queues: dict[str, Count], first_shift: datetime | None
) -> dict[str, Any]:
    """What one is asked to speak about, and the next talk one gives; whether that comes before every shift."""
    talks = _coming_talks(request, queues)
    gives = next((one for one in talks if one.state == OfferState.ACCEPTED), None)
    return {
        "asked_to_speak": [one for one in talks if one.state == OfferState.ASKED],
        "gives": gives,
        "talk_first": gives is not None and (first_shift is None or gives.starts_at <= first_shift),
        "until_talk": until(gives, request.at, request.settings.timezone) if gives else None,
        "kinds": KIND_WORDS,
    }


def _coming_talks(request: Request, queues: dict[str, Count]) -> list[AnyRow]:
    """The talks one is asked to give or gives, the soonest first, for those who have some."""
    if not queues.keys() & {"speak", "mytalks"}:
        return []
    ahead = Presentation.starts_at > request.at
    found = own_talks(request.db, request.viewer, ahead, soonest=True)
    return [one for one in found if one.state == OfferState.ACCEPTED or one.answer_by > request.at]


def until(line: ShiftLine | AnyRow, at: datetime, zone: str) -> Words:
    """How far away a shift, or a talk, is, in words."""
    if line.starts_at <= at:
        return text("Right now")
    days = (clock.local_day(line.starts_at, line.zone) - clock.local_day(at, zone)).days
    if days < 1:
        return text("Next, today")
    return text("Next, tomorrow") if days == 1 else text("Next, in %(days)s days", days=days)


def greeting(hour: int) -> Words:
    """What one says at an hour of the day; the name is put in by the page."""
    if 4 <= hour < 12:
        return text("Good morning")
    return text("Good afternoon") if 12 <= hour < 18 else text("Good evening")
