"""Loading what clearance judges: two statements, for one person or for thousands.

`clearance_of` is for one person and day; `clearances` for any number of people, positions and days.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from sqlalchemy import (
    select,
)
from sqlalchemy.orm import Session

from portal.clock import ONE_DAY
from portal.programs.models import Position
from portal.reads import AnyRow, among, rows
from portal.requirements.built_in import ADULT
from portal.requirements.clearance import Clearance, clearance
from portal.requirements.models import (
    Requirement,
)
from portal.requirements.record_queries import ASKED, RECORDS
from portal.requirements.review_settings import LIST_REVIEW, SAFETY_CHECK
from portal.requirements.terms import (
    NOTHING,
    Asking,
    Demand,
    Notice,
    Record,
    RequirementRef,
    Service,
    Span,
    Version,
)

ON = SAFETY_CHECK.written(True)


def programs_of(db: Session, position_ids: Collection[int]) -> dict[int, int]:
    """The program of each of some positions."""
    found = select(Position.id, Position.program_id).where(among(Position.id, "positions"))
    return {row.id: row.program_id for row in rows(db, found, {"positions": sorted(position_ids)})}


def asking_of(db: Session, positions: Mapping[int, int]) -> dict[int, Asking]:
    """What each of some positions asks; they are given with their programs."""
    scope = {"positions": sorted(positions), "programs": sorted({*positions.values()})}
    by_stage: dict[str, list[AnyRow]] = {
        "read": [],
        "age": [],
        "consent": [],
        "review": [],
        "rule": [],
    }
    for row in db.connection().execute(ASKED, scope):
        by_stage.get(row.stage, by_stage["rule"]).append(row)
    demands, proofs = _demands(_in_order(by_stage["rule"]))
    notices = _in_order(by_stage["read"])
    ages = {row.id: row.version_id for row in by_stage["age"]}
    consents = {
        row.program_id: RequirementRef(
            row.id, row.kind, row.name, strict=True, translations=row.translations
        )
        for row in by_stage["consent"]
    }
    proofs |= {one.id: one for one in consents.values()}
    return {
        position_id: Asking(
            position_id,
            program_id,
            tuple(one for one in demands if _holds_for(one, position_id, program_id)),
            tuple(
                Notice(one.id, one.name, one.effective_on, one.translations)
                for one in notices
                if _holds_for(one, position_id, program_id)
            ),
            proofs,
            ages.get(position_id, ADULT),
            consents.get(program_id),
            _is_reviewed(by_stage["review"], program_id),
        )
        for position_id, program_id in positions.items()
    }


def _is_reviewed(found: Sequence[AnyRow], program_id: int) -> bool:
    """Whether screeners look up who applies to a program: its own setting goes before the agency's."""
    own = {(row.name, row.program_id): row.kind == ON for row in found}
    return any(
        own.get((name, program_id), own.get((name, None), False))
        for name in (LIST_REVIEW.name, SAFETY_CHECK.name)
    )


def _in_order(found: Sequence[AnyRow]) -> list[AnyRow]:
    return sorted(found, key=lambda row: (row.effective_on, row.id, row.requirement_id or 0))


def proofs_of(db: Session, requirement_ids: Collection[int]) -> dict[int, RequirementRef]:
    """Some requirements as rules name them."""
    found = select(
        Requirement.id,
        Requirement.kind,
        Requirement.name,
        Requirement.strict,
        Requirement.translations,
    ).where(among(Requirement.id, "ids"))
    return {
        row.id: RequirementRef(*row) for row in rows(db, found, {"ids": sorted(requirement_ids)})
    }


def _holds_for(one: Any, position_id: int, program_id: int) -> bool:
    return one.program_id in (None, program_id) and one.position_id in (None, position_id)


def _demands(found: Sequence[AnyRow]) -> tuple[list[Demand], dict[int, RequirementRef]]:
    proofs: dict[int, RequirementRef] = {}
    versions: dict[int, dict[int, tuple[AnyRow, list[int]]]] = {}
    for row in found:
        _, options = versions.setdefault(row.id, {}).setdefault(row.version_id, (row, []))
        if row.requirement_id is not None:
            options.append(row.requirement_id)
            proofs[row.requirement_id] = RequirementRef(
                row.requirement_id, row.kind, row.name, row.strict, row.translations
            )
    return [_demand(list(of_rule.values())) for of_rule in versions.values()], proofs


def _demand(versions: Sequence[tuple[AnyRow, list[int]]]) -> Demand:
    rule = versions[0][0]
    return Demand(
        rule.id,
        rule.program_id,
        rule.position_id,
        tuple(
            Version(row.effective_on, row.stage, tuple(options), row.binds_all_on, row.trainees)
            for row, options in versions
        ),
    )


@dataclass
class _Gathered:
    spans: list[Span] = field(default_factory=list)
    against: list[tuple[int, date]] = field(default_factory=list)
    decided: list[tuple[int, date]] = field(default_factory=list)
    services: list[Service] = field(default_factory=list)
    served: dict[int, date] = field(default_factory=dict)
    read: set[int] = field(default_factory=set)
    adult_on: date | None = None
    employee: bool = False
    other_work: set[int] = field(default_factory=set)
    reviewed: set[int] = field(default_factory=set)
    held: bool = False

    def add(self, row: AnyRow) -> None:
        if row.what == "service":
            self.services.append(Service(row.key, row.other, row.first, row.last))
            if row.turn:
                self.served[row.key] = row.turn
        elif row.what == "read":
            self.read.add(row.key)
        elif row.what == "minor":
            self.adult_on = row.first
        elif row.what == "reviewed":
            self.reviewed.add(row.key)
        elif row.what == "held":
            self.held = True
        elif row.what == "employee":
            self.employee = True
            if row.pending:
                self.other_work.add(row.key)
        elif row.what == "against":
            self.against.append((row.key, row.first))
            if row.pending:
                self.decided.append((row.key, row.first))
        else:
            self.span(row)

    def span(self, row: AnyRow) -> None:
        last = row.last
        if row.turn is not None:
            last = min(last or date.max, row.turn - ONE_DAY)
        if last is None or row.first <= last:
            self.spans.append(
                Span(row.key, row.first, last, bool(row.pending), row.what == "waiver", row.other)
            )

    def cut(self, span: Span) -> Span:
        """What is left of a credential once it was decided against its person; what is newer stays."""
        days = [
            day
            for what, day in self.decided
            if what == span.requirement_id and span.first < day and span.covers(day)
        ]
        return replace(span, last=min(days) - ONE_DAY) if days and not span.waiver else span

    def record(self) -> Record:
        return Record(
            tuple(map(self.cut, self.spans)),
            tuple(self.services),
            self.served,
            frozenset(self.read),
            tuple(self.against),
            self.adult_on,
            self.employee,
            frozenset(self.other_work),
            frozenset(self.reviewed),
            self.held,
        )


def records_of(
    db: Session, person_ids: Collection[int], asking: Iterable[Asking]
) -> dict[int, Record]:
    """What is known of some people, as far as some positions ask for it."""
    every = list(asking)
    if not every:
        return dict.fromkeys(person_ids, NOTHING)
    found = {person_id: _Gathered() for person_id in person_ids}
    parameters = {
        "people": sorted(person_ids),
        "positions": sorted({one.position_id for one in every}),
        "requirements": sorted({proof for one in every for proof in one.proofs}),
        "readings": sorted({notice.id for one in every for notice in one.notices}),
    }
    for row in db.connection().execute(RECORDS, parameters):
        found[row.person_id].add(row)
    return {person_id: one.record() for person_id, one in found.items()}


@dataclass(frozen=True, slots=True)
class Question:
    """Is this person cleared for that position on that day?"""

    person_id: int
    position_id: int
    day: date
    trainee: bool = False


def clearance_of(
    db: Session, person_id: int, position_id: int, on: date, *, trainee: bool = False
) -> Clearance:
    """A person's clearance for a position on a local day."""
    question = Question(person_id, position_id, on, trainee)
    return clearances(db, [question])[question]


def clearances(db: Session, questions: Collection[Question]) -> dict[Question, Clearance]:
    """The same for any number of questions, in a constant number of statements."""
    if not questions:
        return {}
    asking = asking_of(db, programs_of(db, {one.position_id for one in questions}))
    records = records_of(db, {one.person_id for one in questions}, asking.values())
    return {
        one: clearance(
            records[one.person_id], asking[one.position_id], one.day, trainee=one.trainee
        )
        for one in questions
    }
