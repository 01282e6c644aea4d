"""Loading what clearance judges: two statements, for one person or for thousands.

`clearance_of` is for one person and day; `clearances` for any number of people, positions and days.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from sqlalchemy import (
    Boolean,
    CompoundSelect,
    Date,
    Integer,
    String,
    and_,
    case,
    cast,
    literal_column,
    null,
    or_,
    select,
    type_coerce,
    union_all,
)
from sqlalchemy.orm import Session, aliased

from portal.clock import ONE_DAY
from portal.hours.models import HoursEntry, HoursState, Source
from portal.programs.models import Placement, Position
from portal.programs.placements import MADE
from portal.reads import AnyRow, AnySelect, among, rows
from portal.requirements.clearance import (
    NOTHING,
    Asking,
    Clearance,
    Demand,
    Notice,
    Proof,
    Record,
    Service,
    Span,
    Version,
    clearance,
)
from portal.requirements.models import (
    Credential,
    Outcome,
    Reading,
    ReadingDone,
    Requirement,
    Rule,
    RuleOption,
    RuleVersion,
    Waiver,
)

_day, _number = cast(null(), Date()), cast(null(), Integer())
_NO = literal_column("false", Boolean())


def _in_scope(table: Any) -> Any:
    return or_(
        table.program_id.is_(None),
        and_(
            among(table.program_id, "programs"),
            or_(table.position_id.is_(None), among(table.position_id, "positions")),
        ),
    )


_DEMANDS = (
    select(
        Rule.id,
        Rule.program_id,
        Rule.position_id,
        RuleVersion.id.label("version_id"),
        RuleVersion.effective_on,
        type_coerce(RuleVersion.stage, String).label("stage"),
        RuleVersion.binds_all_on,
        RuleVersion.trainees,
        Requirement.id.label("requirement_id"),
        type_coerce(Requirement.kind, String).label("kind"),
        Requirement.name,
        Requirement.strict,
        Requirement.translations,
    )
    .join(RuleVersion, RuleVersion.rule_id == Rule.id)
    .outerjoin(RuleOption, RuleOption.rule_version_id == RuleVersion.id)
    .outerjoin(Requirement, Requirement.id == RuleOption.requirement_id)
    .where(_in_scope(Rule))
)
_NOTICES: AnySelect = select(
    Reading.id,
    Reading.program_id,
    Reading.position_id,
    _number,
    Reading.due_on,
    literal_column("'read'"),
    _day,
    _NO,
    _number,
    literal_column("''"),
    Reading.title,
    _NO,
    Reading.translations,
).where(Reading.ended_at.is_(None), _in_scope(Reading))
_ASKED: CompoundSelect[Any] = union_all(_DEMANDS, _NOTICES)
"""Rules with their versions and options, and what is to be read, in one shape."""


def programs_of(db: Session, position_ids: Collection[int]) -> dict[int, int]:
    """The program of each of some positions."""
    found = select(Position.id, Position.program_id).where(among(Position.id, "positions"))
    return {row.id: row.program_id for row in rows(db, found, {"positions": sorted(position_ids)})}


def asking_of(db: Session, positions: Mapping[int, int]) -> dict[int, Asking]:
    """What each of some positions asks; they are given with their programs."""
    scope = {"positions": sorted(positions), "programs": sorted({*positions.values()})}
    found = sorted(
        db.connection().execute(_ASKED, scope),
        key=lambda row: (row.effective_on, row.id, row.requirement_id or 0),
    )
    demands, proofs = _demands([row for row in found if row.stage != "read"])
    notices = [row for row in found if row.stage == "read"]
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
        )
        for position_id, program_id in positions.items()
    }


def proofs_of(db: Session, requirement_ids: Collection[int]) -> dict[int, Proof]:
    """Some requirements as rules name them."""
    found = select(
        Requirement.id,
        Requirement.kind,
        Requirement.name,
        Requirement.strict,
        Requirement.translations,
    ).where(among(Requirement.id, "ids"))
    return {row.id: Proof(*row) for row in rows(db, found, {"ids": sorted(requirement_ids)})}


def _holds_for(one: Any, position_id: int, program_id: int) -> bool:
    return one.program_id in (None, program_id) and one.position_id in (None, position_id)


def _demands(found: Sequence[AnyRow]) -> tuple[list[Demand], dict[int, Proof]]:
    proofs: dict[int, Proof] = {}
    versions: dict[int, dict[int, tuple[AnyRow, list[int]]]] = {}
    for row in found:
        _, options = versions.setdefault(row.id, {}).setdefault(row.version_id, (row, []))
        if row.requirement_id is not None:
            options.append(row.requirement_id)
            proofs[row.requirement_id] = Proof(
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


_later = aliased(Credential)
_first_served = (
    select(HoursEntry.day)
    .where(
        HoursEntry.person_id == Placement.person_id,
        HoursEntry.position_id == Placement.position_id,
        HoursEntry.source == Source.SHIFT,
        HoursEntry.state != HoursState.VOID,
        HoursEntry.minutes > 0,
    )
    .order_by(HoursEntry.day)
    .limit(1)
    .scalar_subquery()
)


def _part(what: str, *columns: Any) -> AnySelect:
    names = ("person_id", "key", "other", "pending", "first", "last", "turn")
    return select(
        cast(literal_column(f"'{what}'"), String(8)).label("what"),
        *(column.label(name) for name, column in zip(names, columns, strict=True)),
    )


_RECORDS = union_all(
    _part(
        "proof",
        Credential.person_id,
        Credential.requirement_id,
        _number,
        Credential.outcome == Outcome.SUBMITTED,
        Credential.effective_on,
        Credential.expires_on,
        _later.effective_on,
    )
    .outerjoin(_later, _later.supersedes_id == Credential.id)
    .where(
        among(Credential.person_id, "people"),
        among(Credential.requirement_id, "requirements"),
        Credential.outcome.in_((Outcome.SUBMITTED, Outcome.ACCEPTED)),
        or_(_later.id.is_(None), _later.outcome == Outcome.REVOKED),
    ),
    _part(
        "against",
        Credential.person_id,
        Credential.requirement_id,
        _number,
        Credential.outcome == Outcome.NOT_MET,
        Credential.effective_on,
        _day,
        _day,
    )
    .outerjoin(_later, _later.supersedes_id == Credential.id)
    .where(
        among(Credential.person_id, "people"),
        among(Credential.requirement_id, "requirements"),
        Credential.outcome.in_((Outcome.NOT_MET, Outcome.REVOKED)),
        _later.id.is_(None),
    ),
    _part(
        "waiver",
        Waiver.person_id,
        Waiver.requirement_id,
        Waiver.position_id,
        _NO,
        Waiver.first_day,
        Waiver.last_day,
        Waiver.ended_on,
    ).where(among(Waiver.person_id, "people"), among(Waiver.requirement_id, "requirements")),
    _part(
        "service",
        Placement.person_id,
        Placement.position_id,
        Placement.program_id,
        _NO,
        Placement.starts_on,
        Placement.ends_on,
        case((among(Placement.position_id, "positions"), _first_served), else_=_day),
    ).where(among(Placement.person_id, "people"), MADE),
    _part(
        "read",
        ReadingDone.person_id,
        ReadingDone.reading_id,
        _number,
        _NO,
        _day,
        _day,
        _day,
    ).where(among(ReadingDone.person_id, "people"), among(ReadingDone.reading_id, "readings")),
)
"""Credentials, exceptions, episodes and readings in one shape: whose, of what, from when to when. `turn` is
the day from which a credential or an exception was ended early; for an episode, the first day served."""


@dataclass
class _Gathered:
    spans: list[Span] = field(default_factory=list)
    against: list[tuple[int, date]] = field(default_factory=list)
    decided: list[tuple[int, date]] = field(default_factory=list)
    services: list[Service] = field(default_factory=list)
    served: dict[int, date] = field(default_factory=dict)
    read: set[int] = field(default_factory=set)

    def add(self, row: AnyRow) -> None:
        if row.what == "service":
            self.services.append(Service(row.key, row.other, row.first, row.last))
            if row.turn:
                self.served[row.key] = row.turn
        elif row.what == "read":
            self.read.add(row.key)
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
        )


def records_of(
    db: Session, person_ids: Collection[int], asking: Iterable[Asking]
) -> dict[int, Record]:
    """What is known of some people, as far as some positions ask for it."""
    every = [one for one in asking if one.demands or one.notices]
    if not every:
        return dict.fromkeys(person_ids, NOTHING)
    found = {person_id: _Gathered() for person_id in person_ids}
    parameters = {
        "people": sorted(person_ids),
        "positions": sorted({one.position_id for one in every}),
        "requirements": sorted({proof for one in every for proof in one.proofs}),
        "readings": sorted({notice.id for one in every for notice in one.notices}),
    }
    for row in db.connection().execute(_RECORDS, parameters):
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
