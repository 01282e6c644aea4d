"""What is known of the people who could fill some gaps, read in the same few statements for any number."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from portal import clock
from portal.people.availability import Times
from portal.permissions import Permission, Viewer
from portal.reads import read_past, rows
from portal.shifts import helper_queries as queries
from portal.shifts.companions import kept_from
from portal.shifts.gap_models import CallOutcome
from portal.shifts.gaps import Gap
from portal.shifts.helper_queries import Asked, Called, Engaged, Helper, Pause
from portal.shifts.limits import Bounds, Work, bounds_of, work_around

MOST_PER_ROLE = 200
"""How many people with a role are looked at; of a role that more have, others each day, by turns."""

LATELY = timedelta(weeks=12)
"""What someone did is counted so far back."""

ASKED_LATELY = timedelta(days=30)
CALLS_SHOWN = timedelta(days=7)
"""How long coordinators see how a call went."""

OPEN_FOR = timedelta(minutes=10)
"""How long someone counts as being called after a coordinator opened them."""


@dataclass
class HelperFacts:
    """What is known of the people who have the roles of some gaps, by person where it is theirs."""

    today: date
    helpers: Mapping[int, Sequence[Helper]] = field(default_factory=dict)
    times: Mapping[int, Sequence[Times]] = field(default_factory=dict)
    away: Mapping[int, Sequence[tuple[date, date]]] = field(default_factory=dict)
    engaged: Mapping[int, Sequence[Engaged]] = field(default_factory=dict)
    own_programs: frozenset[int] | None = None
    asks: Mapping[int, int] = field(default_factory=dict)
    asked: Mapping[tuple[int, int], Asked] = field(default_factory=dict)
    off: frozenset[tuple[int, int]] = frozenset()
    calls: Mapping[int, Sequence[Called]] = field(default_factory=dict)
    nos: frozenset[tuple[int, int]] = frozenset()
    pauses: Mapping[int, Sequence[Pause]] = field(default_factory=dict)
    opened: Mapping[int, str] = field(default_factory=dict)
    bounds: Bounds = field(default_factory=Bounds)
    work: Mapping[int, Sequence[Work]] = field(default_factory=dict)
    kept: frozenset[tuple[int, int]] = frozenset()

    def counts(self, program_id: int | None) -> bool:
        """Whether the viewer may know of someone's shifts in a program (SECURITY Z5)."""
        return program_id is not None and (
            self.own_programs is None or program_id in self.own_programs
        )


def load(db: Session, viewer: Viewer, gaps: Sequence[Gap], at: datetime, zone: str) -> HelperFacts:
    """The facts for some gaps, as a viewer may know them."""
    today = clock.local_day(at, zone)
    facts = HelperFacts(today)
    if not gaps:
        return facts
    if not viewer.everywhere(Permission.SHIFTS_MANAGE):
        facts.own_programs = viewer.programs_with(Permission.SHIFTS_MANAGE)
    facts.helpers = _helpers(db, viewer, gaps, today)
    people = sorted({one.id for of_role in facts.helpers.values() for one in of_role})
    first, last = min(gap.starts_at for gap in gaps), max(gap.ends_at for gap in gaps)
    span = {
        "people": people,
        "first_day": clock.local_day(first, zone) - 2 * clock.ONE_DAY,
        "last_day": clock.local_day(last, zone) + clock.ONE_DAY,
        "since": at - LATELY,
        "last": last + timedelta(days=8),
    }
    facts.times = _by_person(rows(db, queries.TIMES, span), lambda row: Times(*row[1:]))
    facts.away = _by_person(rows(db, queries.AWAY, span), lambda row: (row[1], row[2]))
    facts.engaged = _by_person(read_past(db, Engaged, queries.ENGAGED, span))
    facts.bounds = bounds_of(db, {gap.program_id for gap in gaps})
    if facts.bounds:
        facts.work = work_around(db, people, first, last)
    facts.pauses = _by_person(read_past(db, Pause, queries.PAUSES, {"people": people}))
    _tell_of_asking(db, facts, gaps, people, at)
    _tell_of_calls(db, facts, viewer, people, at)
    return facts


def _tell_of_asking(
    db: Session, facts: HelperFacts, gaps: Sequence[Gap], people: Sequence[int], at: datetime
) -> None:
    since = {"people": people, "since": at - ASKED_LATELY}
    facts.asks = {
        row.person_id: row.number
        for row in rows(db, queries.ASKS, since | {"programs": _program_ids(facts, gaps)})
    }
    slots = {"slots": [gap.id for gap in gaps]}
    facts.asked = {
        (one.slot_id, one.person_id): one for one in read_past(db, Asked, queries.ASKED, slots)
    }
    shifts = {"shifts": sorted({gap.shift_id for gap in gaps})}
    kept = kept_from(db, shifts["shifts"], people)
    facts.kept = frozenset((one.shift_id, one.person_id) for one in kept)
    facts.off = frozenset((row.shift_id, row.person_id) for row in rows(db, queries.OFF, shifts))


def _program_ids(facts: HelperFacts, gaps: Iterable[Gap]) -> list[int]:
    """The programs whose asks are counted: those of the viewer, or of the gaps for who sees them all."""
    return sorted(facts.own_programs or {gap.program_id for gap in gaps})


def _tell_of_calls(
    db: Session, facts: HelperFacts, viewer: Viewer, people: Sequence[int], at: datetime
) -> None:
    since = at - CALLS_SHOWN
    told = [
        one
        for one in read_past(db, Called, queries.CALLS, {"people": people, "since": since})
        if one.public or facts.counts(one.program_id)
    ]
    facts.nos = frozenset(
        (one.slot_id, one.person_id) for one in told if one.outcome == CallOutcome.SAID_NO
    )
    facts.calls = _by_person(
        one if facts.counts(one.program_id) else one._replace(by_id=None)
        for one in told
        if one.at > since
    )
    facts.opened = _opened(db, facts, viewer, people, at)


def _opened(
    db: Session, facts: HelperFacts, viewer: Viewer, people: Sequence[int], at: datetime
) -> Mapping[int, str]:
    """Who of some people another coordinator has open, by whom; nothing of a sensitive program is told to those
    who don't hold it (SECURITY Z5)."""
    opened = {"people": people, "since": at - OPEN_FOR, "me": viewer.person_id}
    return {
        row.person_id: row.name
        for row in rows(db, queries.OPENED, opened)
        if row.public or facts.counts(row.program_id)
    }


def _by_person(found: Iterable[Any], made: Any = lambda row: row) -> dict[int, list[Any]]:
    """Rows by whose they are; the person comes first, or is named."""
    theirs: dict[int, list[Any]] = defaultdict(list)
    for row in found:
        theirs[row.person_id].append(made(row))
    return theirs


def _helpers(
    db: Session, viewer: Viewer, gaps: Sequence[Gap], today: date
) -> dict[int, list[Helper]]:
    """Who has the role of each gap, by position, in programs whose people the viewer sees."""
    everywhere = viewer.everywhere(Permission.PEOPLE_MANAGE)
    seen = viewer.programs_with(Permission.PEOPLE_MANAGE)
    roles = sorted({gap.position_id for gap in gaps if everywhere or gap.program_id in seen})
    found: dict[int, list[Helper]] = {role: [] for role in roles}
    if not roles:
        return found
    parameters: dict[str, Any] = {f"role{index}": role for index, role in enumerate(roles)}
    for index, first, last in rows(db, queries.ends_of_roles(len(roles)), parameters):
        number = (last or 0) - (first or 0) + 1
        parameters[f"turn{index}"] = (first or 0) + today.toordinal() * 7919 % number - 1
    parameters |= {"today": today, "most": MOST_PER_ROLE}
    for one in read_past(db, Helper, queries.with_roles(len(roles)), parameters):
        if len(found[one.position_id]) < MOST_PER_ROLE:
            found[one.position_id].append(one)
    return found


def opened_by_others(
    db: Session, viewer: Viewer, people: Collection[int], at: datetime
) -> Mapping[int, str]:
    """Who of some people another coordinator has open, and who that is."""
    facts = HelperFacts(at.date())
    if not viewer.everywhere(Permission.SHIFTS_MANAGE):
        facts.own_programs = viewer.programs_with(Permission.SHIFTS_MANAGE)
    return _opened(db, facts, viewer, sorted(people), at)
