"""Rules: which proof a position, a program or the agency asks for, from which day on.

A change is a new version with a day from which it holds. Before it is saved, everyone who would not be
cleared any more is listed (see Preview).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import groupby
from operator import attrgetter
from typing import Any, NamedTuple

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session, selectinload

from portal import clock
from portal.act import Act
from portal.audit.log import record
from portal.people.models import Person, Status
from portal.permissions import Permission, Viewer
from portal.programs.models import Placement, PlacementState, Position, Program
from portal.programs.scopes import in_viewers_programs
from portal.reads import read
from portal.requirements.change_models import Cause
from portal.requirements.clearance import Days, cleared_days
from portal.requirements.credentials import note_change
from portal.requirements.models import Requirement, Rule, RuleOption, RuleVersion, Stage
from portal.requirements.records import asking_of, proofs_of, records_of
from portal.requirements.terms import Asking, Demand, RequirementRef, Version
from portal.web.errors import Refused, unless_seen
from portal.words import text

LOOK_AHEAD = timedelta(days=365)


@dataclass(frozen=True)
class Scope:
    """What a rule is for: the agency, a program, or one position of it."""

    program_id: int | None = None
    position_id: int | None = None


@dataclass(frozen=True)
class Terms:
    """What a version says. Without `requirement_ids` the rule asks nothing any more."""

    effective_on: date
    stage: Stage
    requirement_ids: tuple[int, ...]
    binds_all_on: date | None = None
    trainees: bool = False


@dataclass(frozen=True)
class Hit:
    """Someone who would not be cleared any more: for which position, and from which day on."""

    person_id: int
    name: str
    position: str
    on: date


def managed_rules(viewer: Viewer) -> Select[Rule]:
    """The rules one may change: those of one's programs; the agency's take the agency."""
    return select(Rule).where(
        in_viewers_programs(Rule.program_id, viewer, Permission.REQUIREMENTS_MANAGE)
    )


def readable_rules(viewer: Viewer) -> Select[Rule]:
    """The rules one may read: the agency's, too."""
    mine = in_viewers_programs(Rule.program_id, viewer, Permission.REQUIREMENTS_MANAGE)
    return select(Rule).where(or_(Rule.program_id.is_(None), mine))


def add_rule(act: Act, scope: Scope, terms: Terms, seen: str, today: date) -> Rule:
    """Ask for something new. Raises Preview unless whom it touches was looked at."""
    if not act.by.may_in(Permission.REQUIREMENTS_MANAGE, scope.program_id):
        raise Refused(fields={"position": text("Select one of your roles or programs.")})
    if not terms.requirement_ids:
        raise Refused(fields={"requirements": text("Select what the rule requires.")})
    _check(terms, today)
    rule = Rule(program_id=scope.program_id, position_id=scope.position_id)
    unless_seen(touched(act.db, rule, terms, today), seen)
    act.db.add(rule)
    act.db.flush()
    _write(act, rule, terms)
    return rule


def change_rule(act: Act, rule: Rule, terms: Terms, seen: str, today: date) -> None:
    """Make a rule say something else from a day on; what it said until then stays. Versions that have not
    begun yet, or begin on the same day, are replaced. Raises Preview unless whom it touches was looked at."""
    _check(terms, today)
    act.db.refresh(rule, with_for_update=True)
    replaced = [one for one in rule.versions if not _stays(one.effective_on, terms, today)]
    unless_seen(touched(act.db, rule, terms, today), seen)
    for version in replaced:
        act.db.delete(version)
    act.db.flush()
    act.db.expire(rule, ["versions"])
    _write(act, rule, terms)


def _stays(effective_on: date, terms: Terms, today: date) -> bool:
    """Whether a version of a rule stays when it gets new terms."""
    return effective_on <= today and effective_on != terms.effective_on


def _check(terms: Terms, today: date) -> None:
    if terms.effective_on < today:
        raise Refused(fields={"effective_on": text("Enter today or a later date.")})
    if terms.binds_all_on and terms.binds_all_on < terms.effective_on:
        raise Refused(fields={"binds_all_on": text("Enter a date on or after the start date.")})


def _write(act: Act, rule: Rule, terms: Terms) -> None:
    act.db.add(
        RuleVersion(
            rule_id=rule.id,
            effective_on=terms.effective_on,
            stage=terms.stage,
            trainees=terms.trainees,
            binds_all_on=terms.binds_all_on,
            made_by_id=act.by.person_id,
            made_at=act.at,
            options=[RuleOption(requirement_id=one) for one in terms.requirement_ids],
        )
    )
    act.db.flush()
    note_change(
        act.db, sorted({one.person_id for one in _holders(act.db, rule)}), Cause.RULE, act.at
    )
    record(act, "rule.changed", rule)


def touched(db: Session, rule: Rule, terms: Terms, today: date) -> list[Hit]:
    """Who serves now and is cleared, today or within a year, on a day on which they would not be with these
    terms; with the first such day."""
    people = _holders(db, rule)
    asking = asking_of(db, {one.position_id: one.program_id for one in people})
    proofs = proofs_of(db, terms.requirement_ids)
    changed = {one: _with(asked, rule, terms, proofs, today) for one, asked in asking.items()}
    records = records_of(db, {one.person_id for one in people}, changed.values())
    last = max(terms.binds_all_on or terms.effective_on, today) + LOOK_AHEAD
    hits = []
    for one in people:
        known, before = records[one.person_id], asking[one.position_id]
        was = cleared_days(known, before, today, last)
        stays = cleared_days(known, changed[one.position_id], today, last)
        if day := _first_lost(was, stays):
            hits.append(Hit(one.person_id, one.name, one.position, day))
    return hits


def _first_lost(was: Sequence[Days], stays: Sequence[Days]) -> date | None:
    """The first day of some spans that other spans leave out."""
    for day, last in was:
        for first, end in stays:
            if first <= day <= end:
                day = end + clock.ONE_DAY
        if day <= last:
            return day
    return None


def _holders(db: Session, rule: Rule) -> Sequence[Any]:
    """Who holds a position in a rule's scope."""
    scope = [Placement.state == PlacementState.ACTIVE, Person.status != Status.ENDED]
    if rule.program_id is not None:
        scope.append(Placement.program_id == rule.program_id)
    if rule.position_id is not None:
        scope.append(Placement.position_id == rule.position_id)
    return db.execute(
        select(
            Placement.person_id,
            Placement.position_id,
            Placement.program_id,
            Person.name,
            Position.name.label("position"),
        )
        .select_from(Placement)
        .join(Person, Person.id == Placement.person_id)
        .join(Position, Position.id == Placement.position_id)
        .where(*scope)
        .order_by(Person.name, Placement.id)
    ).all()


def _with(
    asking: Asking, rule: Rule, terms: Terms, proofs: Mapping[int, RequirementRef], today: date
) -> Asking:
    """What a position would ask with a rule's new terms."""
    version = Version(
        terms.effective_on, terms.stage, terms.requirement_ids, terms.binds_all_on, terms.trainees
    )
    others = tuple(one for one in asking.demands if one.id != rule.id)
    own = next((one for one in asking.demands if one.id == rule.id), None)
    versions = own.versions if own else ()
    past = tuple(one for one in versions if _stays(one.effective_on, terms, today))
    demand = Demand(rule.id or 0, rule.program_id, rule.position_id, (*past, version))
    return replace(asking, demands=(*others, demand), proofs={**asking.proofs, **proofs})


@dataclass(frozen=True)
class Line:
    """A rule as a list shows it: for what, and what it demands now or from its first day on."""

    rule: "RuleRow"
    version: Version
    coming: Version | None
    names: tuple[tuple[str, Mapping[str, Any]], ...]


class RuleRow(NamedTuple):
    """One version of a rule with one of the requirements it names."""

    id: int
    program_id: int | None
    program: str | None
    program_translations: Mapping[str, Any] | None
    position: str | None
    translations: Mapping[str, Any]
    effective_on: date
    stage: Stage
    binds_all_on: date | None
    trainees: bool
    requirement: str | None
    requirement_translations: Mapping[str, Any]


def list_rules(db: Session, viewer: Viewer, today: date, size: int = 500) -> list[Line]:
    """The rules a viewer may read, the agency's first; those that ask nothing any more are left out."""
    found = read(
        db,
        RuleRow,
        readable_rules(viewer)
        .join(RuleVersion, RuleVersion.rule_id == Rule.id)
        .outerjoin(RuleOption, RuleOption.rule_version_id == RuleVersion.id)
        .outerjoin(Requirement, Requirement.id == RuleOption.requirement_id)
        .outerjoin(Program, Program.id == Rule.program_id)
        .outerjoin(Position, Position.id == Rule.position_id)
        .with_only_columns(
            Rule.id,
            Rule.program_id,
            Program.name.label("program"),
            Program.translations.label("program_translations"),
            Position.name.label("position"),
            Position.translations,
            RuleVersion.effective_on,
            RuleVersion.stage,
            RuleVersion.binds_all_on,
            RuleVersion.trainees,
            Requirement.name.label("requirement"),
            Requirement.translations.label("requirement_translations"),
        )
        .order_by(
            Program.name.is_not(None),
            Program.name,
            Position.name.is_not(None),
            Position.name,
            Rule.id,
            RuleVersion.effective_on,
            RuleOption.id,
        )
        .limit(size * 4),
    )
    lines = []
    for _, of_rule in groupby(found, key=attrgetter("id")):
        by_day = {day: list(rows) for day, rows in groupby(of_rule, key=attrgetter("effective_on"))}
        begun = [day for day in by_day if day <= today]
        now, later = max(begun, default=min(by_day)), [day for day in by_day if day > today]
        coming = max(later, default=None)
        line = _line(by_day[now], by_day[coming] if coming and coming != now else None)
        if line.names or line.coming:
            lines.append(line)
    return lines


def _line(now: Sequence[RuleRow], coming: Sequence[RuleRow] | None) -> Line:
    names = tuple((row.requirement, row.requirement_translations) for row in now if row.requirement)
    return Line(now[0], _version(now), _version(coming) if coming else None, names)


def _version(rows: Sequence[RuleRow]) -> Version:
    first = rows[0]
    return Version(first.effective_on, first.stage, (), first.binds_all_on, first.trainees)


def versions_of(db: Session, rule: Rule) -> Sequence[RuleVersion]:
    """Everything a rule said and will say, the earliest first."""
    return db.scalars(
        select(RuleVersion)
        .where(RuleVersion.rule_id == rule.id)
        .options(selectinload(RuleVersion.options).joinedload(RuleOption.requirement))
        .order_by(RuleVersion.effective_on)
    ).all()
