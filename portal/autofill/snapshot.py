"""Who could take which unfilled shift, as the list of them knows it, ready to be solved without a database."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import and_, select
from sqlalchemy.orm import Session, aliased

from portal.autofill.problem import Helper, Problem, Spot
from portal.permissions import Viewer
from portal.reads import among, rows
from portal.requirements.clearance import clearance
from portal.requirements.records import asking_of, records_of
from portal.shifts import gaps, helper_order
from portal.shifts.gaps import Gap, Which
from portal.shifts.group_models import Group, GroupMember, Keep
from portal.shifts.helper_facts import HelperFacts, load
from portal.shifts.helper_queries import Helper as Person
from portal.shifts.limits import is_minor

MOST = 400
"""Slots in one proposal."""

WORST = 9
"""The cost of whoever suits a spot least."""


def snapshot(db: Session, viewer: Viewer, which: Which, at: datetime) -> Problem:
    """The unfilled shifts of a viewer and everyone who could take one: free, cleared, and within limits."""
    found = [gap for gap in gaps.page(db, viewer, which, size=MOST).rows if gap.open]
    facts = load(db, viewer, found, at, which.zone)
    could = cleared(db, facts, found, at)
    cost: dict[int, dict[int, int]] = defaultdict(dict)
    people: dict[int, Person] = {}
    for gap in found:
        for place, person in enumerate(could[gap.id]):
            cost[person.id][gap.id] = min(place, WORST)
            people[person.id] = person
    spots = {gap.id: _spot(gap) for gap in found}
    programs = sorted({gap.program_id for gap in found})
    helpers = {one.id: _helper(facts, one, cost[one.id], programs) for one in people.values()}
    return Problem(spots, helpers, _apart(db, programs))


def _spot(gap: Gap) -> Spot:
    return Spot(
        gap.id,
        gap.shift_id,
        gap.program_id,
        gap.starts_at,
        gap.ends_at,
        gap.zone,
        min(gap.needed, gap.left),
        max(0, gap.adults_missing),
    )


def _helper(
    facts: HelperFacts, person: Person, cost: Mapping[int, int], programs: Sequence[int]
) -> Helper:
    limits = {
        program_id: facts.bounds.of(program_id, person.adult_on, facts.today)
        for program_id in programs
        if facts.bounds
    }
    work = tuple(facts.work.get(person.id, ()))
    return Helper(person.id, is_minor(person.adult_on, facts.today), work, limits, cost)


def cleared(
    db: Session, facts: HelperFacts, found: Sequence[Gap], at: datetime
) -> dict[int, list[Person]]:
    """Who could take each of some gaps, the best suited first; no one who was asked about it or said no."""
    could = {
        gap.id: sorted(
            (one for one in helper_order.fitting(facts, gap) if _may_be_asked(facts, gap, one)),
            key=lambda one, gap=gap: helper_order.order(facts, gap, one, at),  # type: ignore[misc]
        )
        for gap in found
    }
    asking = asking_of(db, {gap.position_id: gap.program_id for gap in found})
    people = sorted({one.id for some in could.values() for one in some})
    records = records_of(db, people, asking.values())
    return {
        gap.id: [
            one
            for one in could[gap.id]
            if clearance(records[one.id], asking[gap.position_id], gap.day).clear
        ]
        for gap in found
    }


def _may_be_asked(facts: HelperFacts, gap: Gap, person: Person) -> bool:
    asked = (gap.id, person.id) in facts.asked
    return not asked and not helper_order.said_no_to(facts, gap, person.id)


_one, _other = aliased(GroupMember), aliased(GroupMember)
_APART = (
    select(_one.person_id, _other.person_id, Group.program_id)
    .join(_other, and_(_other.group_id == _one.group_id, _other.person_id > _one.person_id))
    .join(Group, Group.id == _one.group_id)
    .where(Group.keep == Keep.APART, Group.ended_at.is_(None), among(Group.program_id, "programs"))
    .order_by(_one.person_id, _other.person_id)
)


def _apart(db: Session, programs: Sequence[int]) -> tuple[tuple[int, int, int], ...]:
    found = rows(db, _APART, {"programs": list(programs)})
    return tuple((one, other, program_id) for one, other, program_id in found)


def why_open(facts: HelperFacts, gap: Gap, free: int) -> Counter[str]:
    """Of those who have a gap's role, how many are "away", "busy" or at a limit, were "asked" or said no, and
    aren't "cleared"; `free` of them could take it."""
    every = {one.id: one for one in facts.helpers.get(gap.position_id, ())}
    fits = {one.id: one for one in helper_order.fitting(facts, gap)}
    found: Counter[str] = Counter()
    for person_id in every:
        if person_id in fits:
            continue
        away = any(first <= gap.day <= last for first, last in facts.away.get(person_id, ()))
        found["away" if away else "busy"] += 1
    asked = sum(not _may_be_asked(facts, gap, one) for one in fits.values())
    found["asked"] = asked
    found["cleared"] = max(0, len(fits) - asked - free)
    return found
