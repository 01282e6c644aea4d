"""What is asked of people in a role, and what they have."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any


@dataclass(frozen=True, slots=True)
class RequirementRef:
    """A requirement as rules name it."""

    id: int
    kind: str
    name: str
    strict: bool
    translations: Mapping[str, Any] = field(default_factory=dict, hash=False, compare=False)


@dataclass(frozen=True, slots=True)
class Version:
    """What a rule demands from a day on: one of `options`; without any, nothing."""

    effective_on: date
    stage: str
    options: tuple[int, ...]
    binds_all_on: date | None = None
    trainees: bool = False


@dataclass(frozen=True, slots=True)
class Demand:
    """A rule with its versions, the earliest first. `program_id` and `position_id` are its scope."""

    id: int
    program_id: int | None
    position_id: int | None
    versions: tuple[Version, ...]

    def at(self, day: date) -> int:
        """Which version holds on a day, by its place; -1 before the first."""
        return sum(1 for version in self.versions if version.effective_on <= day) - 1


@dataclass(frozen=True, slots=True)
class Notice:
    """Something that holders of the position must have read by a day."""

    id: int
    title: str
    due_on: date
    translations: Mapping[str, Any] = field(default_factory=dict, hash=False, compare=False)


@dataclass(frozen=True, slots=True)
class Span:
    """Days on which a credential or a waiver counts, both included. `pending` waits for review; a waiver
    may be for one position only."""

    requirement_id: int
    first: date
    last: date | None = None
    pending: bool = False
    waiver: bool = False
    position_id: int | None = None

    def covers(self, day: date) -> bool:
        return self.first <= day and (self.last is None or day <= self.last)


@dataclass(frozen=True, slots=True)
class Service:
    """An episode in which a person holds a position."""

    position_id: int
    program_id: int
    starts_on: date
    ends_on: date | None = None

    def covers(self, day: date) -> bool:
        return self.starts_on <= day and (self.ends_on is None or day <= self.ends_on)


@dataclass(frozen=True, slots=True)
class Record:
    """What is known of one person. `adult_on` is the day they turn 18, None for adults. An `employee` of the
    agency may serve in the positions of `other_work`, which HR found to be another type of work. `against`
    are the requirements decided or revoked against them, and from which day; `first_served` is the day of
    their first shift in a position."""

    spans: tuple[Span, ...] = ()
    services: tuple[Service, ...] = ()
    first_served: Mapping[int, date] = field(default_factory=dict)
    read: frozenset[int] = frozenset()
    against: tuple[tuple[int, date], ...] = ()
    adult_on: date | None = None
    employee: bool = False
    other_work: frozenset[int] = frozenset()
    reviewed: frozenset[int] = frozenset()
    held: bool = False


NOTHING = Record()


@dataclass(frozen=True, slots=True)
class Asking:
    """What a position asks: its own rules, its program's and the agency's, and what is to be read. No one
    younger than `youngest`, in years, serves in it, and no minor without the `consent` of a parent or
    guardian."""

    position_id: int
    program_id: int
    demands: tuple[Demand, ...] = ()
    notices: tuple[Notice, ...] = ()
    proofs: Mapping[int, RequirementRef] = field(default_factory=dict)
    youngest: int = 18
    consent: RequirementRef | None = None
    review: bool = False
