"""Requirements: the kinds of proof an agency asks for, and the wordings that belong to them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Select, exists, func, or_, select
from sqlalchemy.orm import Session, aliased

from portal.act import Act
from portal.audit.log import record
from portal.permissions import Permission, Viewer
from portal.programs.scopes import in_viewers_programs
from portal.requirements.change_models import Cause
from portal.requirements.check_models import OPEN_CHECKS, BackgroundCheck, RequirementText, TextKind
from portal.requirements.credentials import current_text, note_change
from portal.requirements.evidence_models import Credential, Outcome
from portal.requirements.kind_rules import check_terms
from portal.requirements.models import (
    BUILT_IN,
    CheckPath,
    Kind,
    Requirement,
    RuleOption,
    RuleVersion,
    Validity,
    Verifier,
)
from portal.requirements.scopes import CURRENT
from portal.web.errors import Refused, unless_stale
from portal.words import text

FIELDS = (
    "name", "description", "validity", "months", "yearly", "strict", "verifier", "translations",
    "after_id",
)  # fmt: skip


@dataclass(frozen=True)
class Steps:
    """One way of a background check: the wordings it needs before it may be used, and how many business
    days someone has to answer the first notice before anything is decided against them."""

    texts: tuple[TextKind, ...]
    wait_days: int = 5


_BOTH_NOTICES = (TextKind.FIRST_NOTICE, TextKind.SECOND_NOTICE)
_ABOUT_ORDERING = (TextKind.DISCLOSURE, TextKind.AUTHORIZATION)
STEPS: Mapping[str, Steps] = {
    CheckPath.COMPANY: Steps((*_ABOUT_ORDERING, TextKind.RIGHTS, *_BOTH_NOTICES)),
    CheckPath.REGISTER: Steps((*_ABOUT_ORDERING, *_BOTH_NOTICES), wait_days=10),
    CheckPath.DRIVING: Steps((*_ABOUT_ORDERING, TextKind.RIGHTS, *_BOTH_NOTICES)),
}
"""A company's report and a driving record are consumer reports, with the summary of rights (15 U.S.C.
1681b, 1681g). A state register has its own forms and gives no such report."""


def texts_of(requirement: Requirement) -> tuple[TextKind, ...]:
    """The kinds of wording that a requirement needs."""
    if requirement.kind == Kind.AGREEMENT:
        return (TextKind.AGREEMENT,)
    return STEPS[requirement.check_path].texts if requirement.check_path else ()


def managed_requirements(viewer: Viewer) -> Select[Requirement]:
    """The requirements one may change: those of one's programs; the agency's take the agency."""
    return select(Requirement).where(
        in_viewers_programs(Requirement.program_id, viewer, Permission.REQUIREMENTS_MANAGE)
    )


def newest_texts(viewer: Viewer) -> Select[RequirementText]:
    """The newest version of each text of the open requirements a viewer may change."""
    later = aliased(RequirementText)
    newer = exists().where(
        later.requirement_id == RequirementText.requirement_id,
        later.kind == RequirementText.kind,
        later.number > RequirementText.number,
    )
    mine = managed_requirements(viewer).where(Requirement.closed_at.is_(None))
    return (
        select(RequirementText)
        .where(RequirementText.requirement_id.in_(mine.with_only_columns(Requirement.id)), ~newer)
        .order_by(RequirementText.id)
    )


def usable_requirements(viewer: Viewer) -> Select[Requirement]:
    """The requirements one's rules may ask for, and one may read: the agency's, too."""
    return select(Requirement).where(
        or_(
            Requirement.program_id.is_(None),
            in_viewers_programs(Requirement.program_id, viewer, Permission.CREDENTIALS_SEE),
        )
    )


def in_rules(viewer: Viewer) -> Select[Requirement]:
    """Those of them that a rule may name: the open ones, without what the portal asks for by itself."""
    return usable_requirements(viewer).where(
        Requirement.closed_at.is_(None), Requirement.kind.not_in((Kind.TRIAL, *BUILT_IN))
    )


def add_requirement(act: Act, values: Mapping[str, Any], program_id: int | None) -> Requirement:
    """Add a kind of proof to the agency or to a program. What kind it is stays so."""
    _refuse_outsider(act.by, program_id)
    made = Requirement(program_id=program_id, kind=values["kind"], **_columns(values))
    if made.kind == Kind.BACKGROUND_CHECK:
        made.check_path, made.verifier = (
            values["check_path"] or CheckPath.COMPANY,
            Verifier.SCREENER,
        )
    _check_name(act.db, made, None)
    check_terms(act.db, made)
    act.db.add(made)
    act.db.flush()
    record(act, "requirement.added", made)
    return made


def edit_requirement(
    act: Act, requirement: Requirement, values: Mapping[str, Any], version: int | None
) -> None:
    """Change a kind of proof. Dates of credentials that are there already stay as they are."""
    unless_stale(requirement_values(requirement), version)
    was_strict = requirement.strict
    opened = values["verifier"] != requirement.verifier == Verifier.SCREENER
    if opened and act.db.scalar(
        select(Credential.id).where(Credential.requirement_id == requirement.id).limit(1)
    ):
        screeners = text("People submitted this for screeners only, so that can't change.")
        raise Refused(fields={"verifier": screeners})
    for name, value in _columns(values).items():
        setattr(requirement, name, value)
    if requirement.kind == Kind.BACKGROUND_CHECK:
        requirement.verifier = Verifier.SCREENER
    _check_name(act.db, requirement, requirement.id)
    check_terms(act.db, requirement)
    act.db.flush()
    if was_strict != requirement.strict:
        note_change(
            act.db, waiting_people(act.db, requirement.id), Cause.RULE, act.at, requirement.id
        )
    record(act, "requirement.edited", requirement)


def waiting_people(db: Session, requirement_id: int) -> set[int]:
    """Whose proof waits for review."""
    return set(
        db.scalars(
            select(Credential.person_id).where(
                Credential.requirement_id == requirement_id,
                Credential.outcome == Outcome.SUBMITTED,
                CURRENT,
            )
        )
    )


def requirement_values(requirement: Requirement) -> dict[str, Any]:
    """A requirement as its form holds it."""
    names = (*FIELDS, "kind", "check_path", "version")
    return {name: getattr(requirement, name) for name in names}


def close_requirement(act: Act, requirement: Requirement, today: date, *, closed: bool) -> None:
    """Ask for it no more, or again. Rules that name it have to be changed, and checks decided, first."""
    if closed and requirement.kind in BUILT_IN:
        raise Refused(text("The portal asks for this by itself, so it stays."))
    if closed and _in_use(act.db, requirement, today):
        raise Refused(text("A rule uses this, or a check is in progress. Change that first."))
    requirement.closed_at = act.at if closed else None
    record(act, "requirement.closed" if closed else "requirement.reopened", requirement)


def _in_use(db: Session, requirement: Requirement, today: date) -> bool:
    """Whether a version of a rule that holds or is to come names it, or a check of it is under way."""
    newer = aliased(RuleVersion)
    replaced = select(newer.id).where(
        newer.rule_id == RuleVersion.rule_id,
        newer.effective_on > RuleVersion.effective_on,
        newer.effective_on <= today,
    )
    named = (
        select(RuleOption.id)
        .join(RuleVersion, RuleVersion.id == RuleOption.rule_version_id)
        .where(RuleOption.requirement_id == requirement.id, ~replaced.exists())
    )
    under_way = select(BackgroundCheck.id).where(
        BackgroundCheck.requirement_id == requirement.id, BackgroundCheck.state.in_(OPEN_CHECKS)
    )
    return db.scalar(named.limit(1)) is not None or db.scalar(under_way.limit(1)) is not None


def add_text(
    act: Act,
    requirement: Requirement,
    kind: TextKind,
    body: str,
    translations: Mapping[str, Mapping[str, str]],
) -> RequirementText:
    """Write a new version of a wording. It may be used once someone has approved it."""
    if kind not in texts_of(requirement):
        raise Refused(text("This requirement has no such document."))
    last = select(func.max(RequirementText.number)).where(
        RequirementText.requirement_id == requirement.id, RequirementText.kind == kind
    )
    made = RequirementText(
        requirement_id=requirement.id,
        kind=kind,
        number=(act.db.scalar(last) or 0) + 1,
        body=body,
        translations=translations,
        made_by_id=act.by.person_id,
        made_at=act.at,
    )
    act.db.add(made)
    act.db.flush()
    record(act, "requirement.worded", requirement)
    return made


def approve_text(act: Act, wording: RequirementText, name: str, on: date) -> None:
    """Note who approved a wording, and on which day; it is used from now on."""
    if wording.approved_on is not None:
        raise Refused(text("This version was already approved."))
    wording.approved_by, wording.approved_on = name, on
    record(act, "requirement.approved", wording.requirement)


def missing_texts(db: Session, requirement: Requirement) -> list[TextKind]:
    """The wordings a requirement needs and no one has approved yet."""
    return [
        kind for kind in texts_of(requirement) if current_text(db, requirement.id, kind) is None
    ]


def lacking_texts(db: Session, requirements: Sequence[Requirement]) -> dict[int, int]:
    """For each of some requirements, how many of its wordings no one has approved yet: one statement."""
    found = db.execute(
        select(RequirementText.requirement_id, func.count(RequirementText.kind.distinct()))
        .where(
            RequirementText.requirement_id.in_([one.id for one in requirements]),
            RequirementText.approved_on.is_not(None),
        )
        .group_by(RequirementText.requirement_id)
    )
    approved = {row[0]: row[1] for row in found}
    return {one.id: len(texts_of(one)) - approved.get(one.id, 0) for one in requirements}


def _refuse_outsider(by: Viewer, program_id: int | None) -> None:
    if not by.may_in(Permission.REQUIREMENTS_MANAGE, program_id):
        raise Refused(fields={"program": text("Select one of your programs.")})


def _columns(values: Mapping[str, Any]) -> dict[str, Any]:
    found = {name: values[name] for name in FIELDS if name in values}
    if found.get("validity") != Validity.MONTHS:
        found["months"] = None
    if found.get("validity") != Validity.YEARLY:
        found["yearly"] = ""
    return found


def _check_name(db: Session, requirement: Requirement, own_id: int | None) -> None:
    same = select(Requirement.id).where(
        Requirement.program_id.is_not_distinct_from(requirement.program_id),
        Requirement.name == requirement.name,
        Requirement.id.is_distinct_from(own_id),
    )
    with db.no_autoflush:
        if db.scalar(same) is not None:
            raise Refused(fields={"name": text("This name is already in use.")})
