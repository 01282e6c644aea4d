"""What was asked for, what came of it, and what volunteers gave, by program and function.

Small numbers could tell who a client is, so counts from 1 to `least` - 1 are hidden (SECURITY P6). So is every
number from which one of them could be found: the total of its column, and how many were asked for in its line.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any, NamedTuple

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from portal import clock
from portal.cases.contact_models import Contact, ContactMatch
from portal.cases.models import HelpFunction, HelpRequest, Match, RequestState, Unmet
from portal.cases.scopes import ASK
from portal.permissions import Viewer
from portal.programs.models import Program
from portal.programs.scopes import in_viewers_programs
from portal.reads import read

MOST = 500
HIDDEN = -1
"""In place of a number that is too small to be shown."""
COUNTS = ("requested", "filled", "withdrawn", *(f"unmet_{one}" for one in Unmet), "visits")
"""What counts requests or visits: the numbers that are hidden when they are small."""
BESIDE = {"days": "filled", "minutes": "visits", "tenths": "visits"}
"""What says something about what another number counts, and is hidden with it."""


@dataclass(frozen=True)
class Line:
    """The numbers of one function of a program, or of all (`function` is None)."""

    program: str
    program_translations: Mapping[str, Any]
    function: str | None
    translations: Mapping[str, Any]
    numbers: Mapping[str, int]


class _Asked(NamedTuple):
    function_id: int
    requested: int
    filled: int
    withdrawn: int
    unmet_no_one: int
    unmet_no_time: int
    unmet_language: int
    unmet_area: int
    unmet_other: int


class _Given(NamedTuple):
    function_id: int
    visits: int
    minutes: int
    tenths: int


class _Function(NamedTuple):
    id: int
    name: str
    translations: Mapping[str, Any]
    program: str
    program_translations: Mapping[str, Any]


def lines(
    db: Session, viewer: Viewer, first: date, last: date, zone: str, least: int
) -> Sequence[Line]:
    """The numbers of a viewer's programs from a first day to a last one, with a total at the end."""
    span = clock.start_of_day(first, zone), clock.start_of_day(last + clock.ONE_DAY, zone)
    asked = {row.function_id: row for row in _asked(db, viewer, span)}
    days = _days_to_fill(db, viewer, span, zone)
    given = {row.function_id: row for row in _given(db, viewer, first, last)}
    found = []
    for row in _functions(db, viewer, asked.keys() | given.keys()):
        numbers = dict.fromkeys((*COUNTS, *BESIDE), 0)
        if row.id in asked:
            numbers |= asked[row.id]._asdict()
        if row.id in given:
            numbers |= given[row.id]._asdict()
        numbers["days"] = days.get(row.id, 0)
        del numbers["function_id"]
        found.append(
            Line(row.program, row.program_translations, row.name, row.translations, numbers)
        )
    return hide_small(found, least)


def hide_small(found: Sequence[Line], least: int) -> Sequence[Line]:
    """The lines without numbers that are too small, and their total, from which none can be found again."""
    hidden: dict[str, set[int]] = {}
    for name in COUNTS:
        values = [line.numbers[name] for line in found]
        gone = {place for place, value in enumerate(values) if 0 < value < least}
        hidden[name] = gone
    for place, line in enumerate(found):
        _hide_what_gives_away(hidden, place, line.numbers, least)
    shown = [
        replace(line, numbers=_shown(line.numbers, {n for n, at in hidden.items() if place in at}))
        for place, line in enumerate(found)
    ]
    if len(found) < 2:
        return shown
    whole = {name: sum(line.numbers[name] for line in found) for name in found[0].numbers}
    whole["days"] = _mean_days(found)
    few = {name for name in COUNTS if hidden[name] or 0 < whole[name] < least}
    return [*shown, Line("", {}, None, {}, _shown(whole, few))]


def _hide_what_gives_away(
    hidden: Mapping[str, set[int]], place: int, numbers: Mapping[str, int], least: int
) -> None:
    """Hide how many were asked for where that less the others would be a hidden or a small number."""
    parts = [name for name in COUNTS if name not in ("requested", "visits")]
    rest = numbers["requested"] - numbers["filled"]
    if 0 < rest < least:
        hidden["filled"].add(place)
    if any(place in hidden[name] for name in parts):
        hidden["requested"].add(place)


def _mean_days(found: Sequence[Line]) -> int:
    filled = sum(line.numbers["filled"] for line in found)
    days = sum(line.numbers["days"] * line.numbers["filled"] for line in found)
    return round(days / filled) if filled else 0


def _shown(numbers: Mapping[str, int], gone: set[str]) -> Mapping[str, int]:
    return {
        name: HIDDEN if name in gone or BESIDE.get(name) in gone else value
        for name, value in numbers.items()
    }


def _asked(db: Session, viewer: Viewer, span: tuple[Any, Any]) -> Sequence[_Asked]:
    """What was asked for within a span, by function."""

    def number(condition: Any) -> Any:
        return func.count(case((condition, 1)))

    filled = _filled().exists()
    return read(
        db,
        _Asked,
        select(
            HelpRequest.function_id,
            func.count().label("requested"),
            number(filled).label("filled"),
            number(HelpRequest.state == RequestState.WITHDRAWN).label("withdrawn"),
            *(number(HelpRequest.unmet == one).label(f"unmet_{one}") for one in Unmet),
        )
        .where(
            in_viewers_programs(HelpRequest.program_id, viewer, ASK),
            HelpRequest.since >= span[0],
            HelpRequest.since < span[1],
        )
        .group_by(HelpRequest.function_id),
    )


def _filled() -> Any:
    """Inside a query over requests: the matches to which a client said yes."""
    return (
        select(Match.id)
        .where(Match.request_id == HelpRequest.id, Match.agreed_on.is_not(None))
        .correlate(HelpRequest)
    )


def _days_to_fill(
    db: Session, viewer: Viewer, span: tuple[Any, Any], zone: str
) -> Mapping[int, int]:
    """The mean number of days from a request to a client's yes, by function."""
    rows = db.execute(
        select(HelpRequest.function_id, HelpRequest.since, func.min(Match.agreed_on))
        .join(Match, Match.request_id == HelpRequest.id)
        .where(
            in_viewers_programs(HelpRequest.program_id, viewer, ASK),
            HelpRequest.since >= span[0],
            HelpRequest.since < span[1],
            Match.agreed_on.is_not(None),
        )
        .group_by(HelpRequest.id, HelpRequest.function_id, HelpRequest.since)
    )
    days: dict[int, list[int]] = {}
    for function_id, since, agreed_on in rows:
        assert agreed_on
        passed = (agreed_on - clock.local_day(since, zone)) / timedelta(days=1)
        days.setdefault(function_id, []).append(max(0, int(passed)))
    return {function_id: round(sum(some) / len(some)) for function_id, some in days.items()}


def _given(db: Session, viewer: Viewer, first: date, last: date) -> Sequence[_Given]:
    """Visits, minutes and miles of days, by function; what was for two functions counts for the first."""
    function = (
        select(func.min(HelpRequest.function_id))
        .join(Match, Match.request_id == HelpRequest.id)
        .join(ContactMatch, ContactMatch.match_id == Match.id)
        .where(ContactMatch.contact_id == Contact.id)
        .correlate(Contact)
        .scalar_subquery()
    )
    each = (
        select(function.label("function_id"), Contact.minutes, Contact.tenths)
        .where(
            in_viewers_programs(Contact.program_id, viewer, ASK),
            Contact.day.between(first, last),
            Contact.made.is_(True),
            Contact.struck_at.is_(None),
        )
        .subquery()
    )
    return read(
        db,
        _Given,
        select(
            each.c.function_id,
            func.count().label("visits"),
            func.sum(each.c.minutes).label("minutes"),
            func.sum(each.c.tenths).label("tenths"),
        ).group_by(each.c.function_id),
    )


def _functions(db: Session, viewer: Viewer, ids: Any) -> Sequence[_Function]:
    return read(
        db,
        _Function,
        select(
            HelpFunction.id,
            HelpFunction.name,
            HelpFunction.translations,
            Program.name.label("program"),
            Program.translations.label("program_translations"),
        )
        .join(Program, Program.id == HelpFunction.program_id)
        .where(HelpFunction.id.in_(sorted(ids)), in_viewers_programs(Program.id, viewer, ASK))
        .order_by(Program.name, HelpFunction.name)
        .limit(MOST),
    )
