"""Cases: opening, changing and closing them, and erasing what was typed about them."""

import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, func, select, update
from sqlalchemy.orm import Session

from portal.act import Act
from portal.agency.settings import value_of
from portal.audit.log import record
from portal.cases import matches
from portal.cases.expiring import EXPIRES
from portal.cases.identifiers import Found, identifiers
from portal.cases.models import (
    LOOKING,
    Case,
    CaseEnd,
    DistrictSize,
    HelpRequest,
    Match,
    RequestState,
)
from portal.cases.scopes import reading_caseworkers
from portal.cases.settings import DISTRICT, WORDS_DAYS
from portal.people.models import Membership, Person
from portal.people.traits import Skill, SkillKind
from portal.programs.models import Program
from portal.settings import Settings
from portal.web.errors import Refused, unless_stale
from portal.words import Words, text

REFERENCE = re.compile(r"[A-Za-z0-9][A-Za-z0-9./-]{1,39}")
LIKE_A_WORD = re.compile(r"[A-Za-z]{5}")
COLUMNS = (
    "language_id", "district_id", "age", "needs", "safety", "contact_ways", "contact_from", "contact_until",
)  # fmt: skip
LOOKS_LIKE: Mapping[Found, Words] = {
    Found.PHONE: text("a phone number"),
    Found.SSN: text("a Social Security number"),
    Found.EMAIL: text("an email address"),
    Found.ADDRESS: text("an address"),
    Found.DOCKET: text("a docket or file number"),
    Found.NAME: text("a name"),
}


def open_case(
    act: Act,
    program: Program,
    caseworker_id: int,
    reference: str,
    values: Mapping[str, Any],
    settings: Settings,
) -> Case:
    """Write a case of a program under the agency's reference. A sensitive program takes none yet."""
    refuse_closed(program)
    if not is_reference(reference):
        words = text("Enter the reference your agency uses, such as 24-0117: no names, no spaces.")
        raise Refused(fields={"reference": words})
    same = select(Case.id).where(
        Case.program_id == program.id, func.lower(Case.reference) == reference.lower()
    )
    if act.db.scalar(same) is not None:
        words = text("This case is there already. Open it from the list to ask for someone.")
        raise Refused(fields={"reference": words})
    check_caseworker(act.db, program.id, caseworker_id)
    _check(act.db, program.id, values, settings)
    case = Case(
        program_id=program.id,
        reference=reference,
        caseworker_id=caseworker_id,
        opened_at=act.at,
        **{name: values[name] for name in COLUMNS},
    )
    act.db.add(case)
    act.db.flush()
    record(act, "case.added", case, _override(values))
    return case


def is_reference(typed: str) -> bool:
    """Whether a text can be a reference: digits and a few letters, nothing that looks like a name or a number
    by which someone is found."""
    finds = {kind for kind, _ in identifiers(typed)} - {Found.DOCKET}
    return (
        REFERENCE.fullmatch(typed) is not None
        and any(map(str.isdigit, typed))
        and not LIKE_A_WORD.search(typed)
        and not finds
    )


def edit_case(
    act: Act, case: Case, values: Mapping[str, Any], version: int | None, settings: Settings
) -> None:
    """Change what a match needs to know of a case."""
    act.db.refresh(case, with_for_update=True)
    unless_stale(case_values(case), version)
    refuse_ended(case)
    refuse_closed(case.program)
    _check(act.db, case.program_id, values, settings)
    for name in COLUMNS:
        setattr(case, name, values[name])
    act.db.flush()
    record(act, "case.edited", case, _override(values))


def _override(values: Mapping[str, Any]) -> str | None:
    """What the audit says where someone was sure that words tell of no one."""
    return "sure" if values.get("sure") else None


def case_values(case: Case) -> dict[str, Any]:
    """A case as its form holds it."""
    return {name: getattr(case, name) for name in (*COLUMNS, "version")}


def close_case(act: Act, case: Case, end: CaseEnd) -> None:
    """Close a case; no one is looked for any more. Twice is once."""
    matches.lock_helpers(act.db, Match.case_id == case.id)
    act.db.refresh(case, with_for_update=True)
    if case.closed_at:
        return
    case.closed_at, case.end = act.at, end
    for request in act.db.scalars(
        select(HelpRequest).where(HelpRequest.case_id == case.id, HelpRequest.state.in_(LOOKING))
    ):
        matches.end_all(act, request)
        request.state, request.ended_at = RequestState.WITHDRAWN, act.at
    act.db.flush()
    record(act, "case.closed", case, end)


def hand_over(act: Act, case: Case, caseworker_id: int) -> None:
    """Give a case, with what is asked for, to another caseworker of its program. Twice is once."""
    act.db.refresh(case, with_for_update=True)
    refuse_ended(case)
    if case.caseworker_id == caseworker_id:
        return
    check_caseworker(act.db, case.program_id, caseworker_id, "caseworker", case.id)
    case.caseworker_id = caseworker_id
    act.db.execute(
        update(HelpRequest)
        .where(HelpRequest.case_id == case.id, HelpRequest.state.in_(LOOKING))
        .values(caseworker_id=caseworker_id, version=HelpRequest.version + 1)
    )
    act.db.flush()
    record(act, "case.handed_over", case)


def refuse_closed(program: Program) -> None:
    """Raise Refused for a program that takes no cases: one that is closed or sensitive."""
    if program.closed_at:
        raise Refused(fields={"program": text("This program is closed.")})
    if program.sensitive:
        words = text(
            "Cases of a confidential program can't be kept here yet: encryption of fields, a second factor at "
            "sign-in, and retention of backups are not built."
        )
        raise Refused(fields={"program": words})


def refuse_ended(case: Case) -> None:
    """Raise Refused for a case that is closed."""
    if case.closed_at:
        raise Refused(text("This case is closed."))


def check_caseworker(
    db: Session,
    program_id: int,
    person_id: int,
    field: str = "requested_by",
    case_id: int | None = None,
) -> None:
    """Refuse someone who is no caseworker of the program, or has a conflict with its case."""
    theirs = reading_caseworkers(program_id, case_id or 0, person_id)
    if db.scalars(theirs).first() is None:
        raise Refused(fields={field: text("Select a caseworker of this program.")})


def refuse_identifiers(
    db: Session, program_id: int, words: Mapping[str, str], *, sure: bool
) -> None:
    """Refuse words in which something may tell who the client is, beside their field, unless one is `sure`; and
    any words in a program that became confidential."""
    given = {field: text_ for field, text_ in words.items() if text_}
    if given and db.get_one(Program, program_id).sensitive:
        no = text("Type nothing about a client of a confidential program.")
        raise Refused(fields=dict.fromkeys(given, no))
    if sure:
        return
    staff = db.scalars(
        select(Person.name)
        .join(Membership, Membership.person_id == Person.id)
        .where(Membership.program_id == program_id, Membership.until.is_(None))
    ).all()
    wrong = {}
    for field, value in words.items():
        if found := identifiers(value, staff):
            kind, piece = found[0]
            wrong[field] = text(
                "This looks like %(what)s: %(piece)s. Take it out, or check the box below if it doesn't tell "
                "who the client is.",
                what=LOOKS_LIKE[kind],
                piece=piece,
            )
    if wrong:
        raise Refused(fields=wrong)


def _check(db: Session, program_id: int, values: Mapping[str, Any], settings: Settings) -> None:
    refuse_identifiers(db, program_id, {"needs": values["needs"]}, sure=bool(values.get("sure")))
    first, last = values["contact_from"], values["contact_until"]
    if (first is None) != (last is None) or (first and last and last <= first):
        wrong = text("Enter both times, the later one last, or leave both blank.")
        raise Refused(fields={"contact_until": wrong})
    if values["language_id"] is not None:
        skill = db.get(Skill, values["language_id"])
        if skill is None or skill.kind != SkillKind.LANGUAGE:
            raise Refused(fields={"language_id": text("Select a language.")})
    if values["district_id"] is not None:
        skill = db.get(Skill, values["district_id"])
        size = db.get(DistrictSize, values["district_id"])
        if skill is None or skill.kind != SkillKind.DISTRICT or size is None:
            raise Refused(fields={"district_id": text("Select a district.")})
        if size.residents < value_of(db, DISTRICT, settings, program_id=program_id):
            few = text(
                "Too few people live there: it could tell who the client is. Select a larger one."
            )
            raise Refused(fields={"district_id": few})


def to_erase(db: Session, settings: Settings, at: datetime) -> Select[int]:
    """The closed cases whose words are kept for long enough."""
    last = at - timedelta(days=value_of(db, WORDS_DAYS, settings))
    return select(Case.id).where(Case.words_erased_at.is_(None), Case.closed_at <= last)


def erase_words(act: Act, case_id: int, settings: Settings) -> None:
    """Erase what was typed about a closed case: all that `expiring` declares."""
    due = to_erase(act.db, settings, act.at).where(Case.id == case_id).with_for_update()
    if act.db.scalar(due) is None:
        return
    case = act.db.get_one(Case, case_id)
    for one in EXPIRES:
        one.erase(act.db, case_id)
    act.db.expire_all()
    case.words_erased_at = act.at
    act.db.flush()
    record(act, "case.words_erased", case)
