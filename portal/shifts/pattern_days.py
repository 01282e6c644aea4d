"""The days of a pattern: which it writes, when sign-up for each opens, and what becomes of one."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy.orm import Session

from portal import clock
from portal.programs.closures import Closed, closures_between
from portal.shifts.pattern_models import Pattern
from portal.shifts.recurrence import Occurrence, days_of, occurrence
from portal.web.errors import Refused
from portal.words import text

SHARED = ("site_id", "title", "note", "zone", "adults")
"""What shifts take over from their pattern as it is."""
MOST_SHIFTS = 1500


class Does(StrEnum):
    """What a change of a pattern does to one day."""

    ADD = "add"
    CHANGE = "change"
    REMOVE = "remove"
    KEEP = "keep"
    CLOSED = "closed"


@dataclass(frozen=True)
class Change:
    """One day: what happens, to which shift, with whom on it, and when it is then. Sign-up opens at `opens_at`;
    `opening` says that this is another time than before."""

    does: Does
    day: date
    to: Occurrence | None = None
    shift_id: int | None = None
    people: tuple[str, ...] = ()
    why: str = ""
    opens_at: datetime | None = None
    opening: bool = False


def opening_of(values: Mapping[str, Any], day: date) -> datetime | None:
    """When sign-up for a date of a pattern opens, by its rule; None: at once."""
    before = values.get("opens_days")
    if before is None:
        return None
    return clock.as_calendars_do(day - before * clock.ONE_DAY, values["opens_time"], values["zone"])


def pattern_values(pattern: Pattern) -> dict[str, Any]:
    """What a form sets of a pattern, with its version."""
    names = (
        *SHARED,
        "rule",
        "first_day",
        "last_day",
        "starts",
        "ends",
        "on_closures",
        "withdrawal_hours",
        "closes_hours",
        "opens_days",
        "opens_time",
        "version",
    )
    return {name: getattr(pattern, name) for name in names}


def new_days(
    db: Session, program_id: int, values: Mapping[str, Any], since: date, until: date
) -> list[Change]:
    """The days to write for a program, and those that a closure takes."""
    last = min(until, values["last_day"] or until)
    closures = closures_between(db, since, last)
    found = []
    for day in days_of(values["rule"], values["first_day"], since, last):
        if why := closed_on(closures, day, values, program_id):
            found.append(Change(Does.CLOSED, day, why=why))
        else:
            found.append(Change(Does.ADD, day, occurrence_on(values, day)))
    if len(found) > MOST_SHIFTS:
        raise Refused(text("That's too many shifts at once. Choose an earlier end."))
    return found


def occurrence_on(values: Mapping[str, Any], day: date) -> Occurrence:
    return occurrence(day, values["starts"], values["ends"], values["zone"])


def closed_on(
    closures: Sequence[Closed], day: date, values: Mapping[str, Any], program_id: int
) -> str:
    """The name of the closure that takes a day from a pattern, or ""."""
    if values["on_closures"]:
        return ""
    hours = values["starts"], values["ends"]
    place = values["site_id"], program_id
    return next((one.reason for one in closures if one.covers(day, *place, hours)), "")
