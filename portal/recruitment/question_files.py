"""Files with which applicants answer a question: added to the application that is being filled in, each cleaned
by the reader before it is kept, and handed over with it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from portal.act import Act
from portal.programs.application_models import Application
from portal.programs.models import Position
from portal.recruitment.drafts import lock_draft
from portal.recruitment.models import ApplicationDraft
from portal.recruitment.question_models import (
    ApplicationAnswer,
    ApplicationFile,
    ApplicationQuestion,
    QuestionKind,
)
from portal.recruitment.questions import asked_for, keep_answers, name_of
from portal.requirements.evidence import File
from portal.web.errors import NotFound, Refused
from portal.words import text

LARGEST = 10 * 1024 * 1024
"""How large a file may come; the reader makes pictures smaller."""
MOST_KEPT = 5 * 1024 * 1024
"""How large one is kept: strangers could fill the disk."""


def add_file(
    db: Session, draft: ApplicationDraft, question_id: int, file: File, at: datetime
) -> None:
    """Keep the file of an answer, instead of the one before. One application that was sent stays as it is.
    Raises NotFound for a question that wants no file, and Refused beside it for one that is too large."""
    if question_id not in {one.id for one in _wanted(db, draft.opportunity.position)}:
        raise NotFound
    if len(file.data) > MOST_KEPT:
        raise Refused(fields={name_of(question_id): text("Select files under 5 MB.")})
    lock_draft(db, draft)
    if draft.application_id is not None:
        return
    row = db.scalar(_of(draft).where(ApplicationFile.question_id == question_id))
    if row is None:
        row = ApplicationFile(draft_id=draft.id, question_id=question_id)
        db.add(row)
    row.media_type, row.size, row.data, row.added_at = (
        file.media_type,
        len(file.data),
        file.data,
        at,
    )


def _wanted(db: Session, position: Position) -> list[ApplicationQuestion]:
    return [one for one in asked_for(db, position) if one.kind == QuestionKind.FILE]


def _of(draft: ApplicationDraft) -> Select[ApplicationFile]:
    return select(ApplicationFile).where(ApplicationFile.draft_id == draft.id)


def files_of(db: Session, draft: ApplicationDraft) -> Mapping[str, int]:
    """How large the files are that were added so far, in bytes, by the names of their fields."""
    rows = db.execute(
        _of(draft).with_only_columns(ApplicationFile.question_id, ApplicationFile.size)
    )
    return {name_of(row.question_id): row.size for row in rows}


def keep_all(
    act: Act, draft: ApplicationDraft, application: Application, values: Mapping[str, Any]
) -> None:
    """Keep what was answered in a draft to the questions of the role, in words and with files. Raises Refused
    beside each question that wants a file and has none."""
    keep_answers(act, application, values)
    act.db.flush()
    _hand_over(act.db, draft, application)


def _hand_over(db: Session, draft: ApplicationDraft, application: Application) -> None:
    asked = _wanted(db, application.position)
    rows = {row.question_id: row for row in db.scalars(_of(draft))} if asked else {}
    if missing := [one for one in asked if one.required and one.id not in rows]:
        raise Refused(fields={name_of(one.id): text("Add a file.") for one in missing})
    for one in asked:
        if one.id not in rows:
            continue
        rows[one.id].draft_id, rows[one.id].application_id = None, application.id
        db.add(
            ApplicationAnswer(
                application_id=application.id, question_id=one.id, number=0, asked=one.label,
                value="file",
            )
        )  # fmt: skip


def file_of(db: Session, application: Application, question_id: int) -> ApplicationFile:
    """The file with which an applicant answered a question. Raises NotFound if there is none."""
    row = db.scalar(
        select(ApplicationFile).where(
            ApplicationFile.application_id == application.id,
            ApplicationFile.question_id == question_id,
        )
    )
    if row is None:
        raise NotFound
    return row
