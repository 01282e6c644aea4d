"""Comparing the people who could fill a gap: who fits it, and in which order, by reasons that can be said."""

import hashlib
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import Any

from portal import clock
from portal.people.availability import says_free
from portal.postal import miles_between, zip_in
from portal.programs.placements import covers
from portal.shifts.cover import NO
from portal.shifts.gaps import Gap
from portal.shifts.helper_facts import HelperFacts
from portal.shifts.helper_queries import Engaged, Helper
from portal.shifts.limits import is_minor
from portal.shifts.models import CAME
from portal.words import Words, count_text, text

TRIED_FOR = timedelta(hours=24)
"""For so long after a call someone stands behind those who were not called."""

NEAR = 5
"""Miles."""


def fitting(facts: HelperFacts, gap: Gap) -> Iterator[Helper]:
    """Who has the role on the day, is not engaged or away, was not on the shift, and may be asked."""
    seen: set[int] = set()
    for person in facts.helpers.get(gap.position_id, ()):
        if (
            person.id not in seen
            and covers(person, gap.day)
            and (gap.shift_id, person.id) not in facts.off
            and not _engaged_then(facts, gap, person.id)
            and not any(first <= gap.day <= last for first, last in facts.away.get(person.id, ()))
            and not _paused(facts, gap, person.id)
            and not _over_limit(facts, gap, person)
            and (gap.shift_id, person.id) not in facts.kept
            and not (gap.for_adults and is_minor(person.adult_on, facts.today))
        ):
            seen.add(person.id)  # two episodes of one role are one person
            yield person


def _engaged_then(facts: HelperFacts, gap: Gap, person_id: int) -> bool:
    return any(
        one.ends_at > gap.starts_at and one.starts_at < gap.ends_at
        for one in facts.engaged.get(person_id, ())
    )


def _over_limit(facts: HelperFacts, gap: Gap, person: Helper) -> bool:
    """Whether a gap would be too much for someone: they are left out, and nothing says why (SECURITY Z5)."""
    if not facts.bounds:
        return False
    limits = facts.bounds.of(gap.program_id, person.adult_on, gap.day)
    work = facts.work.get(person.id, ())
    return bool(limits.broken(work, gap.starts_at, gap.ends_at, gap.zone))


def _paused(facts: HelperFacts, gap: Gap, person_id: int) -> bool:
    if said_no_to(facts, gap, person_id):
        return False  # they stay on the line on which they said so
    return any(
        one.program_id == gap.program_id
        and (
            one.day == gap.day
            or one.position_id == gap.position_id
            or (one.until is not None and facts.today < one.until)
        )
        for one in facts.pauses.get(person_id, ())
    )


def said_no_to(facts: HelperFacts, gap: Gap, person_id: int) -> bool:
    """Whether a person said no to a gap: on the phone, or to a message."""
    asked = facts.asked.get((gap.id, person_id))
    return (asked is not None and asked.answer == NO) or (gap.id, person_id) in facts.nos


def was_tried(facts: HelperFacts, gap: Gap, person_id: int, at: datetime) -> bool:
    """Whether someone was asked about the gap, was called about it or lately about another, or is being
    called."""
    return (
        (gap.id, person_id) in facts.asked
        or person_id in facts.opened
        or any(
            one.slot_id == gap.id or one.at > at - TRIED_FOR
            for one in facts.calls.get(person_id, ())
        )
    )


def order(facts: HelperFacts, gap: Gap, person: Helper, at: datetime) -> tuple[Any, ...]:
    """What puts one person before another, the strongest reason first: says they're free, did it before,
    no shift beside it, near, asked least lately, longest without a shift. Equals take turns."""
    times = facts.times.get(person.id, ())
    free = says_free(times, gap.starts_at, gap.ends_at, gap.zone)
    miles = _miles(gap, person)
    last = max((one.ends_at for one in _own_shifts(facts, person.id)), default=None)
    return (
        0 if free else 2 if times else 1,
        _did_it(facts, gap, person.id) == 0,
        bool(_next_to(facts, gap, person.id)),
        miles is None or miles > NEAR,
        facts.asks.get(person.id, 0),
        last is not None,
        last or at,
        hashlib.sha256(f"{person.id} {gap.day}".encode()).digest(),
    )


def _own_shifts(facts: HelperFacts, person_id: int) -> list[Engaged]:
    """A person's shifts in the viewer's programs: what is elsewhere tells nothing here (SECURITY Z5)."""
    return [one for one in facts.engaged.get(person_id, ()) if facts.counts(one.program_id)]


def _did_it(facts: HelperFacts, gap: Gap, person_id: int) -> int:
    """How often a person came in the role of a gap lately."""
    return sum(
        one.position_id == gap.position_id and one.attendance in CAME
        for one in facts.engaged.get(person_id, ())
    )


def _next_to(facts: HelperFacts, gap: Gap, person_id: int) -> set[int]:
    """On which days beside a gap's a person has a shift: -1 the day before, 0 the same day, 1 the day after."""
    days = {
        (clock.local_day(one.starts_at, gap.zone) - gap.day).days
        for one in _own_shifts(facts, person_id)
    }
    return days & {-1, 0, 1}


def _within_a_week(facts: HelperFacts, gap: Gap, person_id: int) -> bool:
    week = timedelta(days=7)
    return any(
        one.ends_at > gap.starts_at - week and one.starts_at < gap.ends_at + week
        for one in _own_shifts(facts, person_id)
    )


def _miles(gap: Gap, person: Helper) -> float | None:
    return miles_between(zip_in(gap.address or ""), zip_in(person.mailing_address))


BESIDE = {
    -1: text("has a shift the day before"),
    0: text("has another shift that day"),
    1: text("has a shift the day after"),
}


def reasons(facts: HelperFacts, gap: Gap, person: Helper) -> Iterable[Words]:
    """What speaks for a person, the strongest first."""
    times = facts.times.get(person.id, ())
    if says_free(times, gap.starts_at, gap.ends_at, gap.zone):
        yield text("says they're free")
    if number := _did_it(facts, gap, person.id):
        yield count_text("did it once lately", "did it %(n)s times lately", number)
    if not _within_a_week(facts, gap, person.id):
        yield text("no shift within a week of it")
    if (miles := _miles(gap, person)) is not None and miles <= NEAR:
        yield count_text("about %(n)s mile away", "about %(n)s miles away", max(1, round(miles)))
    if asked := facts.asks.get(person.id):
        yield count_text("asked once in 30 days", "asked %(n)s times in 30 days", asked)
    else:
        yield text("not asked in 30 days")


def cautions(facts: HelperFacts, gap: Gap, person: Helper) -> Iterable[Words]:
    """What is good to know before calling a person."""
    times = facts.times.get(person.id, ())
    if times and not says_free(times, gap.starts_at, gap.ends_at, gap.zone):
        yield text("gave other times")
    for day in sorted(_next_to(facts, gap, person.id)):
        yield BESIDE[day]
