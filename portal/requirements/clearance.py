"""Clearance: what a person has, against what a position asks, judged on the day that counts.

Everything here is pure. What it judges is loaded by portal/requirements/records.py, for one person
or for thousands in the same number of statements.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from portal.clock import ONE_DAY
from portal.requirements.built_in import asked_of, days_of
from portal.requirements.models import Kind, Stage
from portal.requirements.terms import (
    Asking,
    Demand,
    Notice,
    Record,
    RequirementRef,
    Service,
    Span,
    Version,
)


class State(StrEnum):
    """How a demand stands. The first three let people serve; WAITING was submitted and is not reviewed
    yet, LAPSES is there now and ends before the day, MISSING is neither."""

    MET = "met"
    WAIVED = "waived"
    KEPT = "kept"
    WAITING = "waiting"
    LAPSES = "lapses"
    MISSING = "missing"


CLEAR = (State.MET, State.WAIVED, State.KEPT)


@dataclass(frozen=True, slots=True)
class Item:
    """One demand, judged. `proof` is what meets it or comes closest, `until` its last day; `options` is all
    that would meet it. A notice to read has no options."""

    state: State
    stage: str = Stage.ALWAYS
    options: tuple[RequirementRef, ...] = ()
    proof: RequirementRef | None = None
    until: date | None = None
    notice: Notice | None = None

    @property
    def clear(self) -> bool:
        return self.state in CLEAR


@dataclass(frozen=True, slots=True)
class Clearance:
    """What everything adds up to for a person, a position and a day."""

    on: date
    items: tuple[Item, ...] = ()

    @property
    def clear(self) -> bool:
        return all(item.clear for item in self.items)

    @property
    def missing(self) -> list[Item]:
        """What stands in the way."""
        return [item for item in self.items if not item.clear]


def clearance(record: Record, asking: Asking, on: date, *, trainee: bool = False) -> Clearance:
    """Judge a person for a position on a local day; with `trainee`, for coming along to learn."""
    judge = _Judge(record, asking)
    items = [
        item
        for demand in asking.demands
        if (item := judge.item(demand, on, trainee=trainee)) is not None
    ]
    items += [judge.built_in(proof, on) for proof in asked_of(record, asking, on)]
    items += [
        Item(State.MET if notice.id in record.read else State.MISSING, notice=notice)
        for notice in asking.notices
        if notice.due_on < on
    ]
    return Clearance(on, tuple(items))


Days = tuple[date, date]
"""A span of days, both included."""


def cleared_days(
    record: Record, asking: Asking, first: date, last: date, *, trainee: bool = False
) -> list[Days]:
    """The spans of days between two on which a person is cleared for a position.

    Nothing can change but on the days that something names, so only those are judged.
    """
    days = sorted({first, *(day for day in _turns(record, asking) if first < day <= last)})
    found: list[Days] = []
    for begin, end in zip(days, [*(day - ONE_DAY for day in days[1:]), last], strict=True):
        if not clearance(record, asking, begin, trainee=trainee).clear:
            continue
        if found and found[-1][1] + ONE_DAY == begin:
            found[-1] = (found[-1][0], end)
        else:
            found.append((begin, end))
    return found


def _turns(record: Record, asking: Asking) -> Iterable[date]:
    """Every day on which a judgment may differ from the day before."""
    yield from days_of(record, asking)
    for span in record.spans:
        yield span.first
        if span.last:
            yield span.last + ONE_DAY
    for service in record.services:
        yield service.starts_on
        if service.ends_on:
            yield service.ends_on + ONE_DAY
    yield from (day for _, day in record.against)
    yield from (day + ONE_DAY for day in record.first_served.values())
    for demand in asking.demands:
        for version in demand.versions:
            yield version.effective_on
            if version.binds_all_on:
                yield version.binds_all_on
    yield from (notice.due_on + ONE_DAY for notice in asking.notices)


class _Judge:
    """One person against one position."""

    def __init__(self, record: Record, asking: Asking) -> None:
        self.record, self.asking = record, asking
        self.spans: dict[int, list[Span]] = {}
        for span in record.spans:
            if span.position_id in (None, asking.position_id):
                self.spans.setdefault(span.requirement_id, []).append(span)

    def item(self, demand: Demand, on: date, *, trainee: bool) -> Item | None:
        """One demand, judged; None where it asks nothing of this person on that day."""
        place = demand.at(on)
        if not self.asks(demand, place, on):
            return None
        version = demand.versions[place]
        if trainee and not version.trainees:
            return None
        options = tuple(self.asking.proofs[one] for one in version.options)
        if spans := self.met_by(version, on):
            best = min(spans, key=_best)
            state = State.WAIVED if best.waiver else State.MET
            proof = self.asking.proofs[best.requirement_id]
            return Item(state, version.stage, options, proof, best.last)
        if self.kept_by(demand, place, on):
            return Item(State.KEPT, version.stage, options)
        return self.in_the_way(version, options, on)

    def built_in(self, proof: RequirementRef, on: date) -> Item:
        """What the portal asks for by itself, judged: as if a rule asked for it, before anyone gets the
        position and ever after."""
        if proof.kind == Kind.SAME_WORK:
            found = self.asking.position_id in self.record.other_work
            return Item(State.MET if found else State.MISSING, Stage.APPLY, (proof,), proof)
        if proof.kind == Kind.LISTS:
            return Item(State.MISSING, Stage.APPLY, (proof,), proof)
        alone = Version(date.min, Stage.APPLY, (proof.id,))
        if spans := self.met_by(alone, on):
            return Item(State.MET, Stage.APPLY, (proof,), proof, min(spans, key=_best).last)
        return self.in_the_way(alone, (proof,), on)

    def asks(self, demand: Demand, place: int, on: date) -> bool:
        """Whether a version demands anything of this person on a day, by its stage."""
        if place < 0 or not demand.versions[place].options:
            return False
        stage = demand.versions[place].stage
        if stage == Stage.APPLY:
            position = self.asking.position_id
            return not any(
                one.position_id == position and one.covers(on) for one in self.record.services
            )
        if stage == Stage.FIRST:
            served = self.record.first_served.get(self.asking.position_id)
            return served is None or served >= on
        return True

    def grounds(self, demand: Demand, place: int, on: date) -> list[Span | Service]:
        """Why a person is cleared on a day under one version of a rule: what meets it and what they were
        spared by or, where nothing is asked of them, the episodes in which they serve."""
        if not self.asks(demand, place, on):
            return [
                one
                for one in self.record.services
                if one.position_id == self.asking.position_id and one.covers(on)
            ]
        return [*self.met_by(demand.versions[place], on), *self.kept_by(demand, place, on)]

    def met_by(self, version: Version, on: date) -> list[Span]:
        """The proofs and exceptions that satisfy a version on a day."""
        return [
            span
            for option in version.options
            for span in self.spans.get(option, ())
            if span.covers(on)
            and not (span.pending and self.asking.proofs[span.requirement_id].strict)
        ]

    def kept_by(self, demand: Demand, place: int, on: date) -> list[Span | Service]:
        """Credentials and service that grandfather a person past a new version of a rule. None after a decision
        against them."""
        version = demand.versions[place]
        if version.binds_all_on and on >= version.binds_all_on:
            return []
        eve = version.effective_on - ONE_DAY
        if any(what in version.options and eve < day <= on for what, day in self.record.against):
            return []
        return [one for one in self.grounds(demand, place - 1, eve) if one.covers(on)]

    def in_the_way(self, version: Version, options: tuple[RequirementRef, ...], on: date) -> Item:
        """The demand as unmet, with what comes closest to it."""
        spans = [span for option in version.options for span in self.spans.get(option, ())]
        waiting = [span for span in spans if span.pending and span.covers(on)]
        lapsed = [
            span for span in spans if not span.pending and span.last is not None and span.last < on
        ]
        for state, found in ((State.WAITING, waiting), (State.LAPSES, lapsed)):
            if found:
                nearest = max(found, key=lambda span: span.last or date.max)
                proof = self.asking.proofs[nearest.requirement_id]
                return Item(state, version.stage, options, proof, nearest.last)
        alone = options[0] if len(options) == 1 else None
        return Item(State.MISSING, version.stage, options, alone)


def _best(span: Span) -> tuple[bool, bool, int]:
    return span.waiver, span.pending, -(span.last or date.max).toordinal()
