"""The statements that gather what is asked and what people have."""

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
    exists,
    literal_column,
    null,
    or_,
    select,
    type_coerce,
    union_all,
)
from sqlalchemy.orm import aliased

from portal.agency.models import AgencySetting
from portal.hours.models import HoursEntry, HoursState, Source
from portal.people.models import Person
from portal.programs.application_models import OPEN_APPLICATIONS, Application
from portal.programs.models import Placement, Position
from portal.reads import AnySelect, among
from portal.requirements.built_in import ADULT
from portal.requirements.employee_models import SameWork
from portal.requirements.evidence_models import Credential, Outcome, Waiver
from portal.requirements.models import (
    Reading,
    ReadingDone,
    Requirement,
    Rule,
    RuleOption,
    RuleVersion,
)
from portal.requirements.review_models import ScreeningHold, ScreeningReview
from portal.requirements.review_settings import LIST_REVIEW, SAFETY_CHECK

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


def _beside(what: str, row_id: Any, position_id: Any, version_id: Any, table: Any) -> AnySelect:
    """Something a position asks for beside the rules, in their shape."""
    proof = (
        (table.id, type_coerce(table.kind, String))
        if table is Requirement
        else (_number, literal_column("''"))
    )
    return select(
        row_id,
        table.program_id,
        position_id,
        version_id,
        _day,
        literal_column(f"'{what}'"),
        _day,
        _NO,
        *proof,
        table.name,
        literal_column("true", Boolean()),
        table.translations,
    )


_AGES = _beside("age", Position.id, Position.id, Position.youngest, Position).where(
    among(Position.id, "positions"), Position.youngest < ADULT
)
_REVIEWS: AnySelect = select(
    AgencySetting.id,
    AgencySetting.program_id,
    _number,
    _number,
    _day,
    literal_column("'review'"),
    _day,
    _NO,
    _number,
    AgencySetting.value,
    AgencySetting.name,
    _NO,
    null(),
).where(
    AgencySetting.name.in_((LIST_REVIEW.name, SAFETY_CHECK.name)),
    or_(AgencySetting.program_id.is_(None), among(AgencySetting.program_id, "programs")),
)
_CONSENTS = _beside("consent", Requirement.id, _number, _number, Requirement).where(
    among(Requirement.program_id, "programs"),
    Requirement.kind == literal_column("'guardian'"),  # as its partial index says it
    Requirement.closed_at.is_(None),
)


ASKED: CompoundSelect[Any] = union_all(_DEMANDS, _NOTICES, _AGES, _CONSENTS, _REVIEWS)
"""Rules with their versions and options, what is to be read, and from which age on (in place of the version)
or with which consent, in one shape."""


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


def _of_person(what: str, *columns: Any) -> AnySelect:
    """Something known of a person by itself."""
    return _part(what, Person.id, *columns).where(among(Person.id, "people"))


OF_PEOPLE = (
    _of_person("minor", _number, _number, _NO, Person.adult_on, _day, _day).where(
        Person.adult_on.is_not(None)
    ),
    _of_person("employee", SameWork.position_id, _number, SameWork.other, _day, _day, _day)
    .outerjoin(SameWork, and_(SameWork.person_id == Person.id, SameWork.job == Person.agency_job))
    .where(Person.agency_job != ""),
)
"""Who is a minor until when, and which work HR found to be another than an employee's, for the job they
have."""


RECORDS = union_all(
    *OF_PEOPLE,
    _part(
        "reviewed",
        ScreeningReview.person_id,
        ScreeningReview.program_id,
        _number,
        _NO,
        _day,
        _day,
        _day,
    ).where(
        among(ScreeningReview.person_id, "people"),
        ScreeningReview.cleared_at.is_not(None),
        exists().where(
            Application.id == ScreeningReview.application_id,
            Application.state.in_(OPEN_APPLICATIONS),
        ),
    ),
    _part("held", ScreeningHold.person_id, _number, _number, _NO, _day, _day, _day).where(
        among(ScreeningHold.person_id, "people")
    ),
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
    ).where(among(Placement.person_id, "people")),
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
