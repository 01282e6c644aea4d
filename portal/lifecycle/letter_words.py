"""What letters say: our words for each kind, the agency's own, and the facts that are filled in."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from portal import clock
from portal.act import Act, Ref
from portal.audit.log import record
from portal.hours.models import HoursEntry, HoursState
from portal.lifecycle.models import LetterKind, LetterWording
from portal.messages.compose import NAME, filled
from portal.programs.models import Placement, Position, Program
from portal.settings import Settings
from portal.web.durations import duration_words
from portal.web.errors import Refused, unless_stale
from portal.words import CATALOGS, Words, in_language, text

KIND_WORDS: Mapping[str, Words] = {
    LetterKind.THANKS.value: text("Thank-you letter"),
    LetterKind.SERVICE.value: text("Proof of service"),
    LetterKind.REFERENCE.value: text("Reference letter"),
    LetterKind.CLOSING.value: text("Closing letter"),
    LetterKind.MILESTONE.value: text("Certificate"),
}
OUR_WORDS: Mapping[LetterKind, Words] = {
    LetterKind.THANKS: text(
        "Dear {name},\n\nThank you for the {hours} you gave to {program}. It made a difference to people in "
        "our community.\n\nWe're glad you're with us."
    ),
    LetterKind.SERVICE: text(
        "This letter confirms that {name} volunteered with {program} from {first_day} to {last_day} and gave "
        "{hours} of service. This is what our time records show today."
    ),
    LetterKind.REFERENCE: text(
        "Hello,\n\n{name} has volunteered with {program} since {first_day} as {roles}. "
        "In that time, {name} gave {hours} of service."
    ),
    LetterKind.CLOSING: text(
        "Dear {name},\n\nYour time as a volunteer with {program} has ended. Thank you for the {hours} you gave "
        "from {first_day} to {last_day}. You're welcome to get in touch with us again."
    ),
    LetterKind.MILESTONE: text(
        "{name}\n\nhas given {milestone} as a volunteer with {program}.\n\nThank you from all of us."
    ),
}
WRITTEN_KINDS = {
    kind: words for kind, words in KIND_WORDS.items() if kind != LetterKind.MILESTONE.value
}
"""The letters that staff write as they wish; a certificate comes from a milestone."""
NAMES = ("name", "program", "agency", "hours", "first_day", "last_day", "roles")
"""What may stand in braces."""


@dataclass(frozen=True)
class Span:
    """The days a letter speaks of, as far as they are limited."""

    first: date | None = None
    last: date | None = None


def names_in(body: str) -> list[str]:
    """The names that still stand in braces."""
    return sorted(set(NAME.findall(body)))


def names_of(kind: LetterKind) -> tuple[str, ...]:
    """The names in braces that a kind of letter knows."""
    return (*NAMES, "milestone") if kind is LetterKind.MILESTONE else NAMES


def unknown_names(body: str, kind: LetterKind) -> list[str]:
    """The names in braces that a kind of letter doesn't know."""
    return sorted({name for name in NAME.findall(body) if name not in names_of(kind)})


def wording(db: Session, kind: LetterKind, program_id: int | None, language: str) -> str:
    """The words of a kind of letter in a language: the program's, else the agency's, else ours."""
    rows = db.scalars(
        select(LetterWording)
        .where(
            LetterWording.kind == kind,
            LetterWording.language == language,
            or_(LetterWording.program_id.is_(None), LetterWording.program_id == program_id),
        )
        .order_by(LetterWording.program_id.is_(None))
    ).all()
    return rows[0].body if rows else CATALOGS[language].say(OUR_WORDS[kind])


def own_wording(
    db: Session, kind: LetterKind, program_id: int | None, language: str
) -> LetterWording | None:
    """What a program, or the agency (None), wrote itself; None where it did not."""
    return db.scalar(
        select(LetterWording).where(
            LetterWording.kind == kind,
            LetterWording.language == language,
            LetterWording.program_id.is_not_distinct_from(program_id),
        )
    )


def wording_values(row: LetterWording | None) -> dict[str, Any]:
    """A wording as the form holds it; version 0 where there is none yet."""
    return {"body": row.body, "version": row.version} if row else {"body": "", "version": 0}


def save_wording(
    act: Act,
    kind: LetterKind,
    program_id: int | None,
    language: str,
    body: str,
    version: int | None,
) -> None:
    """Word a kind of letter; an empty one goes back to the agency's words, or ours.

    Raises Stale if someone else saved it since `version`, Refused for a name in braces that no letter knows.
    """
    if unknown := unknown_names(body, kind):
        wrong = text(
            "We don't know this name: %(wrong)s. You can use: %(known)s.",
            wrong=", ".join(f"{{{name}}}" for name in unknown),
            known=", ".join(f"{{{name}}}" for name in names_of(kind)),
        )
        raise Refused(fields={"body": wrong})
    row = own_wording(act.db, kind, program_id, language)
    unless_stale(wording_values(row), version or 0)
    if not body:
        if row is not None:
            act.db.delete(row)
    elif row is not None:
        row.body = body
    else:
        row = LetterWording(kind=kind, program_id=program_id, language=language, body=body)
        act.db.add(row)
    about = row or Ref("letter_wording", None, None, program_id)
    record(act, "letter_wording.edited", about, f"{kind} {language}")


def outside_name(program: Program | None, settings: Settings, language: str) -> str:
    """What a letter calls a program. A letter leaves the portal, so a sensitive one goes by its label, or by
    the agency's name (SECURITY P2)."""
    if program is None:
        return settings.agency_name
    if not program.sensitive:
        return in_language(language, program.name, program.translations, "name")
    label = in_language(language, program.public_label, program.translations, "public_label")
    return label or settings.agency_name


def facts(
    db: Session,
    people: Sequence[int],
    program: Program | None,
    span: Span,
    settings: Settings,
    language: str,
) -> Mapping[int, Mapping[str, str]]:
    """What is filled in for people: their approved hours and first and last day in a program and span, by the
    ledger, and their roles; three statements, however many they are. Whoever served on no day is left out."""
    of_program = HoursEntry.program_id == program.id if program else HoursEntry.id.is_not(None)
    rows = db.execute(
        select(
            HoursEntry.person_id,
            func.sum(HoursEntry.minutes).label("minutes"),
            func.min(HoursEntry.day).label("first"),
            func.max(HoursEntry.day).label("last"),
        )
        .where(
            HoursEntry.person_id.in_(people),
            HoursEntry.state == HoursState.APPROVED,
            of_program,
            *([HoursEntry.day >= span.first] if span.first else []),
            *([HoursEntry.day <= span.last] if span.last else []),
        )
        .group_by(HoursEntry.person_id)
    ).all()
    roles = _roles(db, people, program, language)
    say = CATALOGS[language].say
    return {
        row.person_id: {
            "program": outside_name(program, settings, language),
            "agency": settings.agency_name,
            "hours": say(duration_words(row.minutes)),
            "first_day": clock.day_text(row.first, language, 0),
            "last_day": clock.day_text(row.last, language, 0),
            "roles": ", ".join(roles.get(row.person_id, ())) or say(text("a volunteer")),
        }
        for row in rows
    }


def served_in(db: Session, people: Collection[int], program_id: int | None) -> set[int]:
    """Which of some people have approved hours in a program (None: in any)."""
    found = select(HoursEntry.person_id).where(
        HoursEntry.person_id.in_(sorted(people)), HoursEntry.state == HoursState.APPROVED
    )
    if program_id is not None:
        found = found.where(HoursEntry.program_id == program_id)
    return set(db.scalars(found.distinct()))


def usual_program(db: Session, person_id: int, programs: Sequence[int]) -> int | None:
    """The one of some programs in which a person last gave hours; else the first of them."""
    last = db.scalar(
        select(HoursEntry.program_id)
        .where(
            HoursEntry.person_id == person_id,
            HoursEntry.program_id.in_(programs),
            HoursEntry.state == HoursState.APPROVED,
        )
        .order_by(HoursEntry.day.desc())
        .limit(1)
    )
    return last or next(iter(programs), None)


def _roles(
    db: Session, people: Sequence[int], program: Program | None, language: str
) -> Mapping[int, list[str]]:
    """The roles people have or had in a program that may be named outside."""
    if program is None or program.sensitive:
        return {}
    rows = db.execute(
        select(Placement.person_id, Position.name, Position.translations)
        .join(Position, Position.id == Placement.position_id)
        .where(Placement.person_id.in_(people), Placement.program_id == program.id)
        .order_by(Placement.starts_on, Position.name)
    )
    found: dict[int, list[str]] = {}
    for row in rows:
        name = in_language(language, row.name, row.translations, "name")
        if name not in found.setdefault(row.person_id, []):
            found[row.person_id].append(name)
    return found


def written(body: str, name: str, values: Mapping[str, str]) -> str:
    """A wording with a person's facts filled in."""
    return filled(body, {**values, "name": name})
