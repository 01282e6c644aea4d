"""The call list: writing down how a call went."""

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from portal.audit.log import record
from portal.messages.models import Message, State
from portal.permissions import Viewer
from portal.shifts import answers
from portal.training import offers
from portal.training.enrolments import ENROLMENT

OUTCOMES = {"reached": "reached", "word": "left word", "none": "no answer"}
"""How a call can go, and what a message keeps of it."""


def note_call(
    db: Session, by: Viewer, message: Message, outcome: str, longest: timedelta, at: datetime
) -> None:
    """Write down how a call went. Reached, it is done, and an offer's time to answer begins."""
    message.tries += 1
    message.why, message.next_at = OUTCOMES[outcome], at
    if outcome == "reached":
        message.state, message.sent_at = State.SENT, at
        if message.subject_kind == ENROLMENT:
            offers.reached(db, message.subject_id, longest, at)
        else:
            answers.reached(db, message.subject_kind, message.subject_id, longest, at)
    record(
        db, by, f"call.{outcome}", ("message", message.id), at=at, person_id=message.person_id,
        program_id=message.program_id,
    )  # fmt: skip
