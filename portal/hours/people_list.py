"""What lists of people know from the hours ledger: when they last served, and how much."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, exists, func, select

from portal import clock
from portal.hours.models import WAITING, HoursEntry, HoursState
from portal.people.models import Person
from portal.people_lists import Control, PeopleColumn, PeopleFilter, Shown
from portal.permissions import Permission
from portal.programs.scopes import in_viewers_programs
from portal.web.ids import as_id
from portal.web.request import Request
from portal.words import Words, count_text, text

SERVED = (HoursState.APPROVED, *WAITING)
DAYS = (30, 90, 180, 365)
NEVER = "never"
MOST_HOURS = 10_000
SERVED_WORDS: Mapping[str, Words] = {
    **{
        str(days): count_text("In the last %(n)s day", "In the last %(n)s days", days)
        for days in DAYS
    },
    **{
        f"not{days}": count_text("Not in the last %(n)s day", "Not in the last %(n)s days", days)
        for days in DAYS
    },
    NEVER: text("Never"),
}


def _mine(request: Request) -> ColumnElement[bool]:
    """The condition that an entry is of one of the programs whose people the viewer manages."""
    return in_viewers_programs(HoursEntry.program_id, request.viewer, Permission.PEOPLE_MANAGE)


def _span(request: Request) -> list[ColumnElement[bool]]:
    """The days that the address asks for."""
    first, last = request.asked_day("hours_from"), request.asked_day("hours_to")
    found = [HoursEntry.day >= first] if first else []
    return found + ([HoursEntry.day <= last] if last else [])


def _least(request: Request) -> int | None:
    hours = as_id(request.asked("hours_least"))
    return hours if hours is not None and hours <= MOST_HOURS else None


def _controls(request: Request) -> list[Control]:
    return [
        Control("served", text("Last served"), request.asked("served"), list(SERVED_WORDS.items())),
        Control(
            "hours_least",
            text("Approved hours, at least"),
            str(_least(request) or ""),
            type="number",
        ),
        Control("hours_from", text("Hours from"), request.asked("hours_from"), type="date"),
        Control("hours_to", text("Hours until"), request.asked("hours_to"), type="date"),
    ]


def _conditions(request: Request) -> list[ColumnElement[bool]]:
    found = []
    if (served := _served(request)) is not None:
        found.append(served)
    if least := _least(request):
        given = select(func.coalesce(func.sum(HoursEntry.minutes), 0)).where(
            HoursEntry.person_id == Person.id,
            HoursEntry.state == HoursState.APPROVED,
            _mine(request),
            *_span(request),
        )
        found.append(given.scalar_subquery() >= least * 60)
    return found


def _served(request: Request) -> ColumnElement[bool] | None:
    """The condition that a person served as long ago as the address asks."""
    which = request.asked("served")
    if which not in SERVED_WORDS:
        return None
    theirs = [
        HoursEntry.person_id == Person.id,
        HoursEntry.state.in_(SERVED),
        _mine(request),
    ]
    if which == NEVER:
        return ~exists().where(*theirs)
    today = clock.local_day(request.at, request.settings.timezone)
    since = today - int(which.removeprefix("not")) * clock.ONE_DAY
    lately = exists().where(*theirs, HoursEntry.day >= since)
    return ~lately if which.startswith("not") else lately


def _last_served(request: Request, people: Sequence[int]) -> Mapping[int, date]:
    return _by_person(
        request,
        select(HoursEntry.person_id, func.max(HoursEntry.day)).where(
            HoursEntry.person_id.in_(people), HoursEntry.state.in_(SERVED), _mine(request)
        ),
    )


def _hours(request: Request, people: Sequence[int]) -> Mapping[int, int]:
    """The approved minutes of people, in the days that the address asks for."""
    return _by_person(
        request,
        select(HoursEntry.person_id, func.sum(HoursEntry.minutes)).where(
            HoursEntry.person_id.in_(people),
            HoursEntry.state == HoursState.APPROVED,
            _mine(request),
            *_span(request),
        ),
    )


def _by_person(request: Request, found: Any) -> Mapping[int, Any]:
    rows = request.db.execute(found.group_by(HoursEntry.person_id)).all()
    return {row[0]: row[1] for row in rows}


FILTER = PeopleFilter(("served", "hours_least", "hours_from", "hours_to"), _controls, _conditions)
COLUMNS = (
    PeopleColumn("served", text("Last served"), _last_served, Shown.DAY),
    PeopleColumn("hours", text("Approved hours"), _hours, Shown.MINUTES),
)
