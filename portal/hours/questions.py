"""Questions: a person says that an entry of theirs is wrong, and gets an answer."""

from datetime import datetime

from sqlalchemy.orm import Session

from portal.hours.entries import correct, not_own, note
from portal.hours.models import HoursEntry, HoursQuestion, HoursState
from portal.hours.notices import ANSWERED
from portal.people.telling import tell
from portal.permissions import Viewer
from portal.web.errors import Refused
from portal.web.words import text


def ask(db: Session, by: Viewer, entry: HoursEntry, words: str, at: datetime) -> HoursQuestion:
    """Say that an entry of one's own is wrong. Until it is answered, it does not count."""
    db.refresh(entry, with_for_update=True)
    if entry.state not in (HoursState.SUBMITTED, HoursState.APPROVED):
        raise Refused(text("These hours were changed meanwhile, or you asked about them already."))
    entry.state = HoursState.DISPUTED
    question = HoursQuestion(entry_id=entry.id, words=words, asked_at=at)
    db.add(question)
    db.flush()
    note(db, by, entry, "questioned", at)
    return question


def answer(
    db: Session,
    by: Viewer,
    question: HoursQuestion,
    words: str,
    minutes: int | None,
    at: datetime,
) -> None:
    """Answer what somebody asked about their hours. With other `minutes` they are corrected, without
    they stand; either way they are approved with that."""
    entry = question.entry
    not_own(by, entry)
    db.refresh(entry, with_for_update=True)
    db.refresh(question)
    if question.answered_at:
        raise Refused(text("This was answered meanwhile."))
    question.answer, question.answered_at, question.answered_by_id = words, at, by.person_id
    if entry.state == HoursState.DISPUTED:
        if minutes is not None and minutes != entry.minutes:
            correct(db, by, entry, minutes, words[:300], at)
        else:
            entry.state = HoursState.APPROVED
            entry.approved_by_id, entry.approved_at = by.person_id, at
    note(db, by, entry, "answered", at)
    about = ("hours_question", question.id)
    tell(db, by, ANSWERED, about, [entry.person_id], at, program_id=entry.program_id)
