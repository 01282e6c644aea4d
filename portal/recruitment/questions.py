"""The questions that a program composes for its applicants: writing them, asking them, keeping the answers."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from sqlalchemy import Select, exists, or_, select
from sqlalchemy.orm import Session, aliased

from portal.act import Act
from portal.audit.log import record
from portal.permissions import Permission, Viewer
from portal.programs.application_models import Application
from portal.programs.models import Position
from portal.programs.scopes import in_viewers_programs
from portal.recruitment.question_models import (
    CHOSEN,
    ApplicationAnswer,
    ApplicationQuestion,
    QuestionKind,
)
from portal.recruitment.refused_questions import why_refused
from portal.web.errors import Refused, unless_stale
from portal.words import text

MOST = 20
"""How many questions an applicant may be asked at most; more make them stop."""
MOST_OPTIONS = 20
YES, NO = "yes", "no"


def managed_questions(viewer: Viewer) -> Select[ApplicationQuestion]:
    """The questions of the programs a coordinator coordinates."""
    return select(ApplicationQuestion).where(
        in_viewers_programs(ApplicationQuestion.program_id, viewer, Permission.PROGRAMS_MANAGE)
    )


def to_approve(viewer: Viewer) -> Select[ApplicationQuestion]:
    """The questions that no administrator approved since their words were written."""
    return select(ApplicationQuestion).where(
        in_viewers_programs(ApplicationQuestion.program_id, viewer, Permission.AGENCY_MANAGE),
        ApplicationQuestion.approved_at.is_(None),
        ApplicationQuestion.closed_at.is_(None),
    )


def name_of(question_id: int) -> str:
    """What the field of a question is called in a form."""
    return f"question_{question_id}"


def add_question(act: Act, program_id: int, values: Mapping[str, Any]) -> ApplicationQuestion:
    """Write a question; whoever applies is asked it from now on, and an administrator approves it."""
    _check(act, program_id, QuestionKind(values["kind"]), values)
    _check_number(act, program_id)
    row = ApplicationQuestion(program_id=program_id, added_at=act.at, **values)
    _flag(act, row)
    act.db.add(row)
    record(act, "question.added", row)
    return row


def edit_question(
    act: Act, row: ApplicationQuestion, values: Mapping[str, Any], version: int | None
) -> None:
    """Change a question; how it is answered stays. Raises Stale if someone saved since `version` was shown."""
    unless_stale(values_of(row), version)
    _check(act, row.program_id, row.kind, values)
    before = [getattr(row, name) for name in WORDS]
    for name, value in values.items():
        setattr(row, name, value)
    if [getattr(row, name) for name in WORDS] != before:
        _flag(act, row)
    record(act, "question.edited", row)


def _check_number(act: Act, program_id: int) -> None:
    there = ApplicationQuestion.closed_at.is_(None), ApplicationQuestion.program_id == program_id
    if len(act.db.scalars(select(ApplicationQuestion.id).where(*there)).all()) >= MOST:
        raise Refused(text("A program can ask at most %(most)s questions.", most=MOST))


WORDS = ("label", "help", "options", "translations")
"""The columns of a question that applicants read."""


def values_of(row: ApplicationQuestion) -> dict[str, Any]:
    """A question's columns as its form holds them."""
    return {column.key: getattr(row, column.key) for column in type(row).__mapper__.column_attrs}


def _flag(act: Act, row: ApplicationQuestion) -> None:
    """New words wait for an administrator; their own do not."""
    own = act.by.may_in(Permission.AGENCY_MANAGE, row.program_id)
    row.approved_at = act.at if own else None


def _check(act: Act, program_id: int, kind: QuestionKind, values: Mapping[str, Any]) -> None:
    position_id = values.get("position_id")
    if position_id is not None:
        position = act.db.get(Position, position_id)
        if position is None or position.program_id != program_id:
            raise Refused(fields={"position_id": text("Select a role of this program.")})
    translations = values["translations"]
    for language, one in {"": values, **translations}.items():
        for name in WORDS[:3]:
            if why := why_refused([str(one.get(name, ""))]):
                raise Refused(fields={f"{name}_{language}".rstrip("_"): why})
    options = lines_of(values["options"])
    if kind not in (QuestionKind.CHOICE, QuestionKind.SEVERAL):
        return
    if not 2 <= len(options) <= MOST_OPTIONS or len(set(options)) < len(options):
        words = text("Enter 2 to %(most)s different answers, one per line.", most=MOST_OPTIONS)
        raise Refused(fields={"options": words})
    for language, one in translations.items():
        if one.get("options") and len(lines_of(one["options"])) != len(options):
            words = text("Enter as many lines as in English.")
            raise Refused(fields={f"options_{language}": words})


def lines_of(options: str) -> list[str]:
    """The answers to choose from."""
    return [line for one in options.splitlines() if (line := one.strip())]


def approve(act: Act, row: ApplicationQuestion, version: int | None) -> None:
    """An administrator finds that a question may be asked. Raises Stale if someone changed it since `version`
    was shown."""
    unless_stale(values_of(row), version)
    if row.approved_at is None:
        row.approved_at = act.at
        record(act, "question.approved", row)


def close(act: Act, row: ApplicationQuestion) -> None:
    """Stop asking a question. What was answered stays."""
    if row.closed_at is None:
        row.closed_at = act.at
        record(act, "question.closed", row)


def reopen(act: Act, row: ApplicationQuestion) -> None:
    """Ask a question again. Raises Refused where there are enough."""
    if row.closed_at is not None:
        _check_number(act, row.program_id)
        row.closed_at = None
        record(act, "question.reopened", row)


def asked_for(db: Session, position: Position) -> Sequence[ApplicationQuestion]:
    """What whoever applies for a position is asked, in order."""
    return db.scalars(
        select(ApplicationQuestion)
        .where(
            ApplicationQuestion.program_id == position.program_id,
            ApplicationQuestion.closed_at.is_(None),
            or_(
                ApplicationQuestion.position_id.is_(None),
                ApplicationQuestion.position_id == position.id,
            ),
        )
        .order_by(ApplicationQuestion.rank, ApplicationQuestion.id)
        .limit(MOST)
    ).all()


def keep_answers(act: Act, application: Application, values: Mapping[str, Any]) -> int:
    """Keep what was answered to the questions of the role, by the names of their fields; gives how many were
    answered. What was answered before stays."""
    known = answered(act.db, application.id)
    kept = 0
    for question in asked_for(act.db, application.position):
        if question.id in known or question.kind == QuestionKind.FILE:
            continue
        given = values.get(name_of(question.id)) or ()
        found = [given] if isinstance(given, str) else list(given)
        if not found:
            continue
        kept += 1
        for number, value in enumerate(found):
            row = ApplicationAnswer(
                application_id=application.id, question_id=question.id, number=number,
                asked=question.label, value=value,
            )  # fmt: skip
            act.db.add(row)
    return kept


def answered(db: Session, application_id: int) -> set[int]:
    """The questions an applicant answered, by id."""
    rows = select(ApplicationAnswer.question_id).where(
        ApplicationAnswer.application_id == application_id
    )
    return set(db.scalars(rows))


class Answer(NamedTuple):
    """One answer as the page of an application prints it."""

    question_id: int
    asked: str
    value: str
    kind: QuestionKind


def answers_of(db: Session, application_ids: Sequence[int]) -> dict[int, list[Answer]]:
    """What was answered in some applications, in the order of the questions."""
    rows: Any = db.execute(
        select(
            ApplicationAnswer.application_id,
            ApplicationAnswer.question_id,
            ApplicationAnswer.asked,
            ApplicationAnswer.value,
            ApplicationQuestion.kind,
        )
        .join(ApplicationQuestion, ApplicationQuestion.id == ApplicationAnswer.question_id)
        .where(ApplicationAnswer.application_id.in_(application_ids))
        .order_by(ApplicationQuestion.rank, ApplicationQuestion.id, ApplicationAnswer.number)
    )
    found: dict[int, list[Answer]] = {}
    for application_id, *rest in rows:
        found.setdefault(application_id, []).append(Answer(*rest))
    return found


def earlier_answers(
    db: Session, person_id: int, questions: Sequence[ApplicationQuestion]
) -> dict[str, Any]:
    """What someone answered to the same questions when they last applied, by the names of their fields."""
    rows: Any = db.execute(
        select(ApplicationAnswer.question_id, Application.id, ApplicationAnswer.value)
        .join(Application, Application.id == ApplicationAnswer.application_id)
        .where(
            Application.person_id == person_id,
            ApplicationAnswer.question_id.in_(
                [one.id for one in questions if one.kind != QuestionKind.FILE]
            ),
        )
        .order_by(Application.id.desc(), ApplicationAnswer.number)
    )
    latest: dict[int, tuple[int, list[str]]] = {}
    for question_id, application_id, value in rows:
        at, values = latest.setdefault(question_id, (application_id, []))
        if at == application_id:
            values.append(value)
    several = {one.id for one in questions if one.kind == QuestionKind.SEVERAL}
    return {
        name_of(question_id): values if question_id in several else values[0]
        for question_id, (_, values) in latest.items()
    }


def answers_so(question_id: int, value: str) -> Any:
    """Inside a query of applications: whether one answered a question so."""
    answer = aliased(ApplicationAnswer)
    return exists().where(
        answer.application_id == Application.id,
        answer.question_id == question_id,
        answer.value == value,
    )


def to_filter_by(db: Session, viewer: Viewer) -> Sequence[ApplicationQuestion]:
    """The questions by whose answers a list of applications can be filtered."""
    return db.scalars(
        select(ApplicationQuestion)
        .where(
            in_viewers_programs(
                ApplicationQuestion.program_id, viewer, Permission.PLACEMENTS_DECIDE
            ),
            ApplicationQuestion.kind.in_(CHOSEN),
            ApplicationQuestion.closed_at.is_(None),
        )
        .order_by(ApplicationQuestion.program_id, ApplicationQuestion.rank, ApplicationQuestion.id)
        .limit(2 * MOST)
    ).all()
