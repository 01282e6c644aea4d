"""What people are told about staying and leaving: the words, and when each is true."""

from datetime import datetime

from sqlalchemy.orm import Session

from portal import clock
from portal.lifecycle.first_shift_models import FirstShift
from portal.lifecycle.first_shifts import AGAIN_WORDS
from portal.lifecycle.message_kinds import FIRST_SHIFT, LETTER_WRITTEN, STAY
from portal.lifecycle.models import IssuedLetter
from portal.lifecycle.retention_models import Retention, RetentionState
from portal.messages.kinds import Envelope, Notice, Notices, Saying
from portal.settings import Settings
from portal.words import text


def _letter(db: Session, to: Envelope, settings: Settings, at: datetime) -> Saying | None:
    row = db.get(IssuedLetter, to.subject_id)
    if row is None or row.withdrawn_at is not None:
        return None
    return Saying(link=(text("Read the letter"), f"/me/letters/{row.id}"))


def _stay(db: Session, to: Envelope, settings: Settings, at: datetime) -> Saying | None:
    row = db.get(Retention, to.subject_id)
    if row is None or row.state != RetentionState.ASKED:
        return None
    day = clock.day_text(row.archive_on, to.language, at.year)
    answers = (("yes", text("Keep me on the list")), ("no", text("I'd like to leave")))
    return Saying({"day": day}, link=(text("Tell us"), f"/mail/{to.token}"), answers=answers)


def _first_shift(db: Session, to: Envelope, settings: Settings, at: datetime) -> Saying | None:
    row = db.get(FirstShift, to.subject_id)
    if row is None or row.answered_at is not None:
        return None
    answers = tuple((one.value, words) for one, words in AGAIN_WORDS.items())
    return Saying(link=(text("Tell us"), f"/mail/{to.token}"), answers=answers)


NOTICES: Notices = {
    STAY.name: Notice(
        STAY,
        text("Do you want to stay? (after 11 months without activity)"),
        text("Would you like to stay with {agency}?"),
        text(
            "Hello {name},\n\nWe haven't seen you for almost a year, and we'd love to keep you. "
            "Tell us with one press. If we don't hear from you by {day}, we'll make your record "
            "inactive. You can come back any time."
        ),
        _stay,
        ("day",),
    ),
    FIRST_SHIFT.name: Notice(
        FIRST_SHIFT,
        text("How was your first shift? (new volunteers)"),
        text("How was your first shift?"),
        text(
            "Hello {name},\n\nThank you for your first shift with {agency}! How was it? Would you come "
            "again? Tell us with one press, or sign in to write more."
        ),
        _first_shift,
    ),
    LETTER_WRITTEN.name: Notice(
        LETTER_WRITTEN,
        text("A letter was written"),
        text("A letter for you from {agency}"),
        text(
            "Hello {name},\n\nWe wrote you a letter. Sign in to read it, or to download it as a PDF."
        ),
        _letter,
    ),
}
